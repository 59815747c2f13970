//! Break the template in the way a lint's page shows: the finding names the line of the edit.

use std::path::Path;

use source::{DiskWorld, OverlayWorld, SourceMap, VPath, World};
use thanos_gitops::{Date, RenderOptions};

const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

/// One edit of the template and where the finding must be.
struct Break {
    lint: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    /// The text of the line that the finding must name, after the edit.
    line: &'static str,
}

const BREAKS: &[Break] = &[
    Break {
        lint: "SEC001",
        file: "overlays/cluster-01-central/monitoring-stack/values-central.yaml",
        old: "grafana:\n",
        new: "grafana:\n  adminPassword: admin1234\n",
        line: "adminPassword: admin1234",
    },
    Break {
        lint: "SEC002",
        file: "overlays/cluster-01-central/secrets/objstore.yaml",
        old: "# The object store",
        new: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: objstore\nstringData:\n  key: AKIA\n---\n#",
        line: "stringData:",
    },
    Break {
        lint: "S3001",
        file: "overlays/cluster-01-central/secrets/objstore.yaml",
        old: "type: S3",
        new: "type: FILESYSTEM",
        line: "type: FILESYSTEM",
    },
    Break {
        lint: "LBL001",
        file: "overlays/cluster-02-edge/monitoring-stack/values-edge.yaml",
        old: "      cluster: cluster-02-edge\n",
        new: "",
        line: "environment: production",
    },
    Break {
        lint: "LBL002",
        file: "overlays/cluster-03-edge/monitoring-stack/values-edge.yaml",
        old: "cluster: cluster-03-edge\n      region: kr-east",
        new: "cluster: cluster-02-edge\n      region: kr-south",
        line: "cluster: cluster-02-edge",
    },
    Break {
        lint: "ING001",
        file: "overlays/cluster-01-central/thanos/values-central.yaml",
        old: "    enabled: true\n    ingressClassName: nginx\n    hostname: thanos-receive",
        new: "    enabled: false\n    ingressClassName: nginx\n    hostname: thanos-receive",
        line: "enabled: false",
    },
    Break {
        lint: "ING003",
        file: "overlays/cluster-01-central/monitoring-stack/values-central.yaml",
        old: "    tls:\n      - secretName: grafana-tls\n        hosts:\n          - grafana.central.example.com\n",
        new: "",
        line: "- grafana.central.example.com",
    },
    Break {
        lint: "ING003",
        file: "overlays/cluster-01-central/thanos/values-central.yaml",
        old: "ssl-redirect: \"true\"",
        new: "ssl-redirect: \"false\"",
        line: "ssl-redirect: \"false\"",
    },
];

#[test]
fn findings_name_the_line_of_the_edit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let world = DiskWorld::new(&root, Path::new("")).expect("the template");
    for case in BREAKS {
        let path = VPath::new(case.file).expect("a path");
        let bytes = world.read(&path).expect("the file");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let lint = case.lint;
        assert!(text.contains(case.old), "{lint}: {} has changed", case.file);
        let edited = text.replacen(case.old, case.new, 1);
        let found = lint_with(&world, path, &edited);
        let own: Vec<_> = found.iter().filter(|(code, ..)| *code == lint).collect();
        let at_the_edit = own
            .iter()
            .any(|(_, file, line)| *file == case.file && line.contains(case.line));
        assert!(at_the_edit, "{lint}: found {found:?}");
    }
}

#[test]
fn the_template_has_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let world = DiskWorld::new(&root, Path::new("")).expect("the template");
    assert_eq!(findings(&world), []);
}

fn lint_with(
    world: &DiskWorld,
    path: VPath,
    text: &str,
) -> Vec<(&'static str, String, String)> {
    findings(&OverlayWorld::new(world, vec![(path, text.as_bytes().to_vec())]))
}

/// Code, file and the text of the line of every finding.
fn findings(world: &dyn World) -> Vec<(&'static str, String, String)> {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).expect("it loads");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    for render in &renders {
        assert!(render.outcome.is_ok(), "{:?}", render.outcome.as_ref().err());
    }
    let linked = thanos_gitops::link(&repo, &renders);
    let found = thanos_gitops::lint(linked, TODAY);
    let place = |d: &source::Diagnostic| {
        let place = sources.location(d.span).expect("a place");
        let file = sources.file(d.span.file);
        let text = file.text.get(file.line_range(place.line)).unwrap_or("");
        (d.code, place.path, text.to_owned())
    };
    found.iter().map(place).collect()
}
