//! Random and clock functions: something else each time in `template`, the same in `build`.

use crate::fixture::Repo;

const CHART: &str = "overlays/cluster-02-edge/web/charts/own";

/// Everything that a chart can draw, where it harms nobody.
const DRAWN: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: drawn\ndata:
  text: {{ randAlphaNum 12 }}-{{ randAlpha 6 }}
  digits: x{{ randNumeric 9 }}-{{ randInt 0 1000000 }}
  bytes: {{ randBytes 9 }}
  ascii: {{ randAscii 9 | b64enc }}
  uuid: {{ uuidv4 }}
  mixed: {{ shuffle \"abcdefghijklmnop\" }}
  cert: {{ (genSelfSignedCert \"a.example\" nil nil 10).Cert | b64enc }}
  hash: {{ bcrypt \"x\" }}
  entry: {{ htpasswd \"u\" \"p\" }}
  aes: {{ encryptAES \"0123456789abcdef0123456789abcdef\" \"x\" }}
  now: {{ now | quote }}
";

fn repo(template: &str) -> Repo {
    let repo = Repo::fleet();
    repo.write(
        "overlays/cluster-02-edge/web/kustomization.yaml",
        "helmCharts:\n- name: own\n  releaseName: own\n",
    );
    let chart = "apiVersion: v2\nname: own\nversion: 1.0.0\n";
    repo.write(&format!("{CHART}/Chart.yaml"), chart);
    repo.write(&format!("{CHART}/values.yaml"), "password: \"\"\n");
    repo.write(&format!("{CHART}/templates/a.yaml"), template);
    // The chart leaves the namespace to whoever applies it.
    repo.write("thanos-gitops.yaml", "lints:\n  KUST006: off\n");
    repo
}

#[test]
fn a_build_repeats_and_a_template_does_not() {
    let (one, two) = (repo(DRAWN), repo(DRAWN));
    one.run(&["build"]).exits(0);
    two.run(&["build"]).exits(0);
    assert_eq!(one.files("rendered"), two.files("rendered"));
    one.run(&["build", "--check"]).exits(0);
    let first = one.run(&["template", "own", CHART]).exits(0).out;
    let second = one.run(&["template", "own", CHART]).exits(0).out;
    let pairs = first.lines().zip(second.lines());
    let drawn = pairs.filter(|(line, _)| line.starts_with("  ") && line.contains(": "));
    let same: Vec<_> =
        drawn.filter(|(a, b)| a == b && !a.contains("name: drawn")).collect();
    assert!(same.is_empty(), "{same:?}");
}

#[test]
fn a_seed_of_its_own_gives_other_values() {
    let (one, two) = (repo(DRAWN), repo(DRAWN));
    two.write("thanos-gitops.yaml", "seed: another\nlints:\n  KUST006: off\n");
    one.run(&["build"]).exits(0);
    two.run(&["build"]).exits(0);
    assert_ne!(one.files("rendered"), two.files("rendered"));
}

#[test]
fn a_drawn_password_stops_the_build() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: own\nstringData:
  password: {{ default (randAlphaNum 9) .Values.password | quote }}\n";
    let repo = repo(secret);
    repo.run(&["build"]).exits(1).says(&[
        "error[REPO007]: `randAlphaNum` makes `stringData.password` of Secret `own`",
        "charts/own/templates/a.yaml:6:",
        "charts/own/values.yaml:1:",
    ]);
    assert!(repo.files("rendered").is_empty());
    repo.write(&format!("{CHART}/values.yaml"), "password: from-elsewhere\n");
    repo.run(&["build", "--no-lint"]).exits(0);
}

#[test]
fn a_drawn_password_is_found_wherever_it_is_read() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\ndata:
  app.yaml: |
    id: {{ uuidv4 }}
    db:
      password: {{ randAlphaNum 9 }}
  ca.pem: |
    {{- (genCA \"x\" 1).Key | nindent 4 }}\n";
    let ran = repo(config).run(&["lint"]).exits(1).says(&["2 errors"]);
    for words in [
        "`randAlphaNum` makes `data.app.yaml.db.password` of ConfigMap `own`",
        "`genCA` makes `data.ca.pem` of ConfigMap `own`",
    ] {
        assert!(ran.out.contains(words), "{}", ran.out);
    }
}
