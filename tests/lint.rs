//! `lint`: levels, a baseline, and what `build` makes of findings.

use crate::fixture::Repo;

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n";

/// The fleet with a secret that nobody encrypted.
fn with_secret() -> Repo {
    let repo = Repo::fleet();
    let list = "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.write("base/web/secret.yaml", SECRET);
    repo
}

#[test]
fn a_finding_of_level_error_fails_and_keeps_the_output_as_it_was() {
    let repo = with_secret();
    let ran =
        repo.run(&["lint"]).exits(1).prints(&["error[SEC002]", "base/web/secret.yaml:"]);
    assert!(!ran.out.contains("hunter2"), "{}", ran.out);
    repo.run(&["build"]).exits(1).says(&["nothing was written", "--no-lint"]);
    assert!(repo.files("rendered").is_empty());
    repo.run(&["build", "--no-lint"]).exits(0).says(&["lints were not run"]);
    assert_eq!(repo.files("rendered").len(), 8);
}

#[test]
fn levels_are_set_by_the_configuration() {
    let repo = with_secret();
    repo.write("thanos-gitops.yaml", "lints:\n  SEC002: warning\n");
    repo.run(&["lint"]).exits(0).prints(&["warning[SEC002]"]);
    repo.run(&["lint", "--max-warnings", "0"]).exits(1);
    repo.write("thanos-gitops.yaml", "lints:\n  unencrypted-secret-manifest: off\n");
    let ran = repo.run(&["lint"]).exits(0);
    assert!(!ran.out.contains("SEC002"), "{}", ran.out);
}

#[test]
fn a_baseline_leaves_out_what_is_known_even_if_its_line_moved() {
    let repo = with_secret();
    let report = repo.run(&["lint", "--format", "json"]).exits(1).out;
    repo.write("known.json", &report);
    repo.run(&["lint", "--baseline", "known.json"]).exits(0);
    repo.write("base/web/secret.yaml", &format!("# moved\n\n{SECRET}"));
    repo.run(&["lint", "--baseline", "known.json"]).exits(0);
    repo.write("base/web/other.yaml", &SECRET.replace("name: s", "name: other"));
    let list = "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n- other.yaml\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.run(&["lint", "--baseline", "known.json"]).exits(1);
    repo.run(&["lint", "--baseline", "gone.json"]).exits(2).says(&["gone.json"]);
    repo.run(&["lint", "--baseline", "base/web/secret.yaml"])
        .exits(2)
        .says(&["it is no JSON report"]);
}

#[test]
fn deprecated_fields_are_rewritten_and_build_the_same() {
    let repo = Repo::fleet();
    let list =
        "# what it is\nbases: # old\n- ../web\ncommonLabels:\n  team: shop # ours\n";
    repo.write("base/more/kustomization.yaml", list);
    let before = repo.run(&["render", "base/more"]).exits(0).out;
    let fixed = "# what it is\nresources: # old\n- ../web\nlabels:\n- includeSelectors: true\n  \
                 pairs:\n    team: shop # ours\n";
    let ran = repo.run(&["lint", "--fix"]);
    assert!(!ran.out.contains("KUST007"), "{}", ran.out);
    assert_eq!(repo.read("base/more/kustomization.yaml"), fixed);
    assert_eq!(repo.run(&["render", "base/more"]).exits(0).out, before);
}

#[test]
fn a_fix_is_written_where_the_file_is_however_the_root_is_spelt() {
    let old = "bases:\n- ../web\n";
    for root in ["repo", "./repo", "repo/.", "repo/../repo"] {
        let outer = Repo::new(&[]);
        for (path, text) in crate::fixture::FLEET {
            outer.write(&format!("repo/{path}"), text);
        }
        outer.write("repo/base/more/kustomization.yaml", old);
        let before = outer.files(".").len();
        outer.run(&["lint", "--fix", root]).exits(0).says(&["mended 1 finding"]);
        let fixed = outer.read("repo/base/more/kustomization.yaml");
        assert_eq!(fixed, "resources:\n- ../web\n", "{root}");
        assert_eq!(outer.files(".").len(), before, "{root}");
    }
}

#[test]
#[cfg(unix)]
fn a_fix_of_a_linked_file_is_written_where_the_link_leads() {
    let repo = Repo::fleet();
    repo.write("base/shared.yaml", "bases:\n- ../web\n");
    repo.write("base/more/x", "");
    let link = repo.at("base/more/kustomization.yaml");
    std::os::unix::fs::symlink("../shared.yaml", &link).unwrap();
    repo.run(&["lint", "--fix"]).exits(0).says(&["mended 1 finding"]);
    assert!(link.is_symlink());
    assert_eq!(repo.read("base/shared.yaml"), "resources:\n- ../web\n");
}

#[test]
fn what_kustomize_swallows_is_told_by_render_strict() {
    let repo = Repo::fleet();
    let patch = "resources: [../web]\npatches:\n- target: {kind: Gateway}\n  patch: |-\n    \
                 - op: remove\n      path: /spec\n";
    repo.write("base/more/kustomization.yaml", patch);
    let ran = repo.run(&["render", "base/more"]).exits(0);
    assert!(!ran.err.contains("KUST001"), "{}", ran.err);
    let ran = repo.run(&["render", "--strict", "base/more"]).exits(1);
    assert!(ran.err.contains("error[KUST001]: no object matches"), "{}", ran.err);
    assert!(ran.err.contains("base/more/kustomization.yaml:3:18"), "{}", ran.err);
    assert_eq!(ran.out, "");
    repo.write("base/more/kustomization.yaml", "namespace: shop\nresources: [../web]\n");
    repo.run(&["render", "--strict", "base/more"]).exits(0).prints(&["namespace: shop"]);
}

#[test]
fn what_one_cluster_allows_stands_in_the_others() {
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n\
                   spec:\n  rules:\n  - host: web.example.com\n";
    let repo = Repo::fleet();
    let resources = "resources:\n- service.yaml\n- config.yaml\n- ingress.yaml\n";
    repo.write("base/web/kustomization.yaml", resources);
    repo.write("base/web/ingress.yaml", ingress);
    let patch = |allowed: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  \
             annotations:\n    thanos-gitops/allow: {allowed}\n"
        )
    };
    let overlay = "namespace: central\nresources:\n- ../../../base/web\npatches:\n- path: allow.yaml\n";
    repo.write("overlays/cluster-01-central/web/kustomization.yaml", overlay);
    repo.write(
        "overlays/cluster-01-central/web/allow.yaml",
        &patch("ING003 a mesh encrypts"),
    );
    repo.run(&["lint", "--cluster", "cluster-01-central"]).exits(0);
    let ran = repo.run(&["lint"]).exits(1);
    assert_eq!(ran.out.matches("error[ING003]").count(), 1, "{}", ran.out);
    assert!(ran.out.contains("in: cluster-02-edge "), "{}", ran.out);
}

#[test]
fn an_allowance_in_a_base_is_of_use_if_one_cluster_needs_it() {
    let repo = Repo::fleet();
    let resources = "resources:\n- service.yaml\n- config.yaml\n- ingress.yaml\n";
    repo.write("base/web/kustomization.yaml", resources);
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  \
                   annotations: {thanos-gitops/allow: ING003 a mesh encrypts}\n\
                   spec:\n  tls: [{hosts: [web.example.com], secretName: tls}]\n  \
                   rules:\n  - host: web.example.com\n";
    repo.write("base/web/ingress.yaml", ingress);
    let ran = repo.run(&["lint"]).exits(1);
    assert!(ran.out.contains("suppression of ING003 hides nothing"), "{}", ran.out);
    repo.write(
        "overlays/cluster-02-edge/web/patch.yaml",
        "- {op: remove, path: /spec/tls}\n",
    );
    let edge = "namespace: edge\nresources:\n- ../../../base/web\npatches:\n\
                - {path: patch.yaml, target: {kind: Ingress}}\n";
    repo.write("overlays/cluster-02-edge/web/kustomization.yaml", edge);
    repo.run(&["lint"]).exits(0);
}

#[test]
fn a_target_that_does_not_compile_hides_no_findings_of_the_others() {
    let repo = with_secret();
    let broken = "resources:\n- gone.yaml\n";
    repo.write("overlays/cluster-02-edge/other/kustomization.yaml", broken);
    repo.run(&["lint"])
        .exits(2)
        .prints(&["error[SEC002]", "base/web/secret.yaml:"])
        .says(&["gone.yaml", "kept targets from compiling"]);
    let report = repo.run(&["lint", "--format", "json"]).exits(2);
    report.prints(&["SEC002", "gone.yaml"]);
}

#[test]
fn a_baseline_holds_from_any_folder() {
    let repo = Repo::fleet();
    let values = "grafana:\n  adminPassword: hunter2hunter2\n";
    repo.write("overlays/cluster-02-edge/web/values.yaml", values);
    let report = repo.run(&["lint", "--format", "json"]).exits(1).out;
    repo.write("baseline.json", &report);
    repo.run(&["lint", "--baseline", "baseline.json"]).exits(0);
    let inside = ["lint", "../..", "--baseline", "../../baseline.json"];
    let mut below = repo.command(&inside);
    let ran = below.current_dir(repo.at("overlays/cluster-02-edge")).output().unwrap();
    assert_eq!(crate::fixture::Ran::of(ran).exits(0).out, "");
}

#[test]
fn defaults_of_an_upstream_chart_are_not_the_teams_secrets() {
    let repo = Repo::fleet();
    let chart = |name: &str, more: &str| {
        repo.write(
            &format!("charts/{name}/Chart.yaml"),
            &format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n{more}"),
        );
        let values = "adminPassword: prom-operator\n";
        repo.write(&format!("charts/{name}/values.yaml"), values);
    };
    chart("upstream", "");
    chart("hub", "annotations: {artifacthub.io/license: Apache-2.0}\n");
    chart("cared-for", "sources: [https://x]\nmaintainers: [{name: x}]\n");
    chart("own", "sources: [https://x]\n");
    repo.write(
        "overlays/cluster-02-edge/charts/kustomization.yaml",
        "helmGlobals: {chartHome: ../../../charts}\nhelmCharts:\n\
         - name: upstream\n  repo: https://charts.example.com\n  \
         releaseName: a\n- name: own\n  releaseName: b\n",
    );
    let out = repo.run(&["lint"]).out;
    assert!(
        out.contains("error[SEC001]") && out.contains("charts/own/values.yaml:1"),
        "{out}"
    );
    assert_eq!(out.matches("SEC001").count(), 1, "{out}");
}

#[test]
fn what_is_encoded_is_found_at_its_whole_text() {
    let repo = Repo::fleet();
    // `type: FILESYSTEM`, `config: {}`
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: objstore\ndata:\n  \
                  objstore.yml: dHlwZTogRklMRVNZU1RFTQpjb25maWc6IHt9Cg==\n";
    repo.write("base/web/service.yaml", secret);
    let report = repo.run(&["lint", "--format", "github"]).exits(1).out;
    let place = "::error file=base/web/service.yaml,line=6,col=17,endLine=6,endColumn=57,\
                 title=S3001::";
    assert!(report.contains(place), "{report}");
}

#[test]
fn settings_of_lints_are_checked() {
    let cases = [
        (
            "LBL001: {required: {cluster: x}}",
            "`required` must be a list of texts",
            "1:28",
        ),
        (
            "LBL001: {required: [cluster, 1]}",
            "`required` must be a list of texts",
            "1:28",
        ),
        ("HELM008: {defaults: maybe}", "`defaults` must be true or false", "1:29"),
        ("HELM008: {default: true}", "did you mean `defaults`?", "1:19"),
    ];
    for (text, words, place) in cases {
        let repo = Repo::fleet();
        repo.write("thanos-gitops.yaml", &format!("lints: {{{text}}}\n"));
        let place = format!("thanos-gitops.yaml:{place}");
        repo.run(&["lint"]).exits(2).says(&[words, &place]);
    }
    let repo = Repo::fleet();
    repo.write("thanos-gitops.yaml", "lints: {LBL001: {required: cluster}}\n");
    repo.run(&["lint"]).exits(0);
}

/// A component with a chart that has no release name.
const NAMELESS: &str = "helmCharts:\n- name: app\n  valuesFile: values.yaml\n";

#[test]
fn what_a_fault_says_no_finding_says_again() {
    let repo = Repo::fleet();
    repo.write("overlays/cluster-02-edge/app/kustomization.yaml", NAMELESS);
    repo.write("overlays/cluster-02-edge/app/values.yaml", "a: 1\n");
    let chart = "overlays/cluster-02-edge/app/charts/app";
    repo.write(
        &format!("{chart}/Chart.yaml"),
        "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    );
    let ran = repo.run(&["lint"]).exits(2).says(&["error[KUST009]: chart `app`"]);
    assert!(!ran.out.contains("KUST009"), "{}", ran.out);
    let remote = "resources:\n- https://git.example.com/a/b//c?ref=main\n";
    repo.write("overlays/cluster-02-edge/app/kustomization.yaml", remote);
    let ran = repo.run(&["lint"]).exits(2).says(&["is not fetched by a build"]);
    assert!(!ran.out.contains("REPO011"), "{}", ran.out);
}

#[test]
fn of_a_kustomization_with_a_fault_nothing_is_known() {
    let repo = Repo::fleet();
    let cut = NAMELESS.replace("values.yaml", "\"values.yaml") + "  releaseName: app\n";
    repo.write("overlays/cluster-02-edge/app/kustomization.yaml", &cut);
    let ran = repo.run(&["lint"]).exits(2).says(&["found unexpected end of stream"]);
    assert_eq!(ran.out, "");
}

#[test]
fn the_count_stands_below_what_it_counts() {
    let repo = with_secret();
    let program = crate::fixture::program();
    let mut both = std::process::Command::new("sh");
    both.args(["-c", &format!("'{program}' lint 2>&1")]).current_dir(repo.path());
    let text = String::from_utf8(both.output().unwrap().stdout).unwrap();
    assert!(text.ends_with("\n1 error\n"), "{text}");
}

#[test]
fn a_baseline_of_another_version_is_refused() {
    let repo = with_secret();
    repo.write("known.json", "{\"version\": 2, \"findings\": []}");
    let ran = repo.run(&["lint", "--baseline", "known.json"]).exits(2);
    ran.says(&["`known.json`: it is a JSON report of another version"]);
}

#[test]
fn jobs_are_counted_from_one() {
    let ran = Repo::fleet().run(&["lint", "--jobs", "0"]).exits(2);
    ran.says(&["invalid value '0' for '--jobs <N>': it is a number from 1 on"]);
}

#[test]
fn the_name_of_a_key_in_a_vault_is_no_secret() {
    let repo = Repo::fleet();
    let external = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\n\
                    spec:\n  data:\n  - secretKey: password\n    remoteRef: {key: a/b}\n";
    repo.write("base/web/external.yaml", external);
    repo.write("base/web/secret.yaml", SECRET);
    let list =
        "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n- external.yaml\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.run(&["lint"]).exits(1).prints(&["(1 key: password)"]);
}

/// An agent that sends its data away.
const AGENT: &str = "apiVersion: monitoring.coreos.com/v1alpha1\nkind: PrometheusAgent\n\
    metadata: {name: p, namespace: mon}\nspec:\n  externalLabels: {cluster: cluster-02-edge}\n  \
    remoteWrite: [{url: \"https://r.example.com/api/v1/receive\"}]\n";

#[test]
fn two_of_one_cluster_are_told_apart_otherwise_than_by_its_name() {
    let repo = Repo::fleet();
    for component in ["one", "two"] {
        let folder = format!("overlays/cluster-02-edge/{component}");
        repo.write(&format!("{folder}/agent.yaml"), AGENT);
        repo.write(&format!("{folder}/kustomization.yaml"), "resources: [agent.yaml]\n");
    }
    let ran =
        repo.run(&["lint"]).exits(1).prints(&["error[LBL002]", "build one of them only"]);
    assert!(!ran.out.contains("give each cluster its own label"), "{}", ran.out);
}

/// A Query that no chart made.
const QUERY: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: q, namespace: mon}\nspec:\n  \
    selector: {matchLabels: {app: q}}\n  template:\n    metadata: {labels: {app: q}}\n    spec:\n      \
    containers:\n      - name: q\n        image: quay.io/thanos/thanos:v0.41.0\n        args: [query]\n";

#[test]
fn what_is_missing_is_looked_for_in_the_chart_of_the_component() {
    let repo = Repo::fleet();
    let folder = "overlays/cluster-01-central";
    repo.write(&format!("{folder}/thanos/query.yaml"), QUERY);
    repo.write(
        &format!("{folder}/thanos/kustomization.yaml"),
        "resources: [query.yaml]\n",
    );
    let other = format!("{folder}/other");
    let list =
        "helmCharts: [{name: c, releaseName: c, namespace: mon, valuesFile: v.yaml}]\n";
    repo.write(&format!("{other}/kustomization.yaml"), list);
    repo.write(&format!("{other}/v.yaml"), "ingress: {enabled: false}\n");
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    repo.write(&format!("{other}/charts/c/Chart.yaml"), chart);
    let template = "{{ if .Values.ingress.enabled }}\nkind: Ingress\nquery: logs\n{{ end }}\n---\n\
                    apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: mon}\n";
    repo.write(&format!("{other}/charts/c/templates/ingress.yaml"), template);
    let ran = repo.run(&["lint"]).exits(1);
    ran.prints(&["no Ingress that reaches query\n  --> overlays/cluster-01-central/thanos/query.yaml:12:16"]);
}

#[test]
fn what_an_allowance_hides_is_unknown_until_all_is_built() {
    let repo = Repo::fleet();
    let folder = "overlays/cluster-01-central/agent";
    let allowed = AGENT.replace(
        "  externalLabels: {cluster: cluster-02-edge}\n",
        "  externalLabels:\n    cluster: cluster-02-edge # thanos-gitops: allow(LBL003) it moves\n",
    );
    repo.write(&format!("{folder}/agent.yaml"), &allowed);
    repo.write(&format!("{folder}/kustomization.yaml"), "resources: [agent.yaml]\n");
    repo.run(&["lint"]).exits(0);
    let ran = repo.run(&["lint", "--cluster", "cluster-02-edge"]).exits(0);
    assert!(!ran.out.contains("SUP001"), "{}", ran.out);
    repo.run(&["build", "--cluster", "cluster-02-edge"]).exits(0);
    repo.write(
        &format!("{folder}/kustomization.yaml"),
        "resources: [agent.yaml, gone.yaml]\n",
    );
    let ran = repo.run(&["lint"]).exits(2);
    assert!(!ran.out.contains("SUP001"), "{}", ran.out);
    repo.write(&format!("{folder}/kustomization.yaml"), "resources: [agent.yaml]\n");
    repo.write(
        &format!("{folder}/agent.yaml"),
        &allowed.replace("cluster: cluster-02-edge", "cluster: cluster-01-central"),
    );
    repo.run(&["lint"]).exits(1).prints(&["hides nothing"]);
}

#[test]
fn allowances_are_read_with_and_without_a_blank_and_told_if_they_cannot_be() {
    let cases = [
        ("#thanos-gitops:allow(LBL003) it moves", ""),
        ("# thanos-gitops: allow LBL003 it moves", "suppression without brackets"),
        ("# thanos-gitops: allow(LBL003 it moves", "suppression without brackets"),
        ("# thanos-gitops: allowed once", "error[LBL003]"),
    ];
    for (comment, told) in cases {
        let repo = Repo::fleet();
        let folder = "overlays/cluster-01-central/agent";
        let agent = AGENT.replace(
            "{cluster: cluster-02-edge}",
            &format!("\n    cluster: cluster-02-edge {comment}"),
        );
        repo.write(&format!("{folder}/agent.yaml"), &agent);
        repo.write(&format!("{folder}/kustomization.yaml"), "resources: [agent.yaml]\n");
        let ran = repo.run(&["lint"]).exits(i32::from(!told.is_empty()));
        ran.prints(&[told]);
    }
}
