//! Whole charts against what Helm printed.
//!
//! A case is a folder: `chart/` (or `chart.link`, the path of another case's chart), `args` as
//! they are typed, and `expect.yaml` (standard output) or `expect.err` (the error's text), both
//! recorded from Helm 4.2.4, or with `--compat 3` from 3.21.4.

mod memo;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm::{
    Capabilities, Chart, Compat, KubeVersion, Options, Ownership, Release, RenderOptions,
    Renderer, Selection, SetFlag, SetFlagKind, ValuesLayer,
};
use source::{DiskWorld, FixedAmbient, SourceMap, VPath};

/// The folder of all cases.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts/cases")
}

#[expect(clippy::disallowed_methods, reason = "tests read their data")]
fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// What a case asks for.
#[derive(Default)]
struct Case {
    release: String,
    namespace: String,
    is_upgrade: bool,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    values: Options,
    selection: Selection,
    compat: Compat,
}

fn case(folder: &Path, sources: &SourceMap) -> Case {
    let arguments = text(&folder.join("args")).unwrap_or_default();
    let mut made = Case {
        release: "r".to_owned(),
        namespace: "default".to_owned(),
        ..Case::default()
    };
    let mut words = arguments.split_whitespace().map(str::to_owned);
    while let Some(flag) = words.next() {
        let mut value = || words.next().expect("a flag's value");
        match flag.as_str() {
            "--name" => made.release = value(),
            "-n" => made.namespace = value(),
            "-f" => {
                for file in value().split(',') {
                    let text = text(&folder.join(file)).expect("a values file");
                    let id = sources.add(file, text);
                    made.values.layers.push(ValuesLayer::File(id));
                }
            }
            "--compat" => {
                assert_eq!(value(), "3");
                made.compat = Compat::Helm3;
            }
            "--is-upgrade" => made.is_upgrade = true,
            "--kube-version" => made.kube_version = Some(value()),
            "-a" | "--api-versions" => {
                made.api_versions.extend(value().split(',').map(str::to_owned));
            }
            "--include-crds" => made.selection.include_crds = true,
            "--no-hooks" => made.selection.no_hooks = true,
            "--skip-tests" => made.selection.skip_tests = true,
            "-s" | "--show-only" => made.selection.show_only.push(value()),
            flag => {
                use SetFlagKind::{File, Json, Literal, Set, String};
                let kinds = [Json, Set, String, File, Literal];
                let kind = kinds.into_iter().find(|k| k.name() == flag);
                let kind = kind.unwrap_or_else(|| panic!("unknown flag {flag}"));
                let flag = SetFlag { kind, text: value(), files: Vec::new() };
                made.values.flags.push(flag);
            }
        }
    }
    made
}

fn load(
    folder: &Path,
    renderer: &Renderer,
    sources: &SourceMap,
) -> source::Result<Arc<Chart>> {
    let link = text(&folder.join("chart.link"));
    let chart = link.as_deref().map_or("chart", str::trim);
    let world = DiskWorld::new(&cases(), Path::new("")).expect("the folder of cases");
    let name = folder.file_name().and_then(|n| n.to_str()).expect("a name");
    let path = VPath::new(name).and_then(|p| p.join(chart)).expect("a path");
    renderer.charts.load(&world, &path, sources, Ownership::Repository)
}

fn render(folder: &Path, sources: &SourceMap) -> source::Result<String> {
    let case = case(folder, sources);
    let renderer = Renderer::new();
    let chart = load(folder, &renderer, sources)?;
    let mut capabilities =
        Capabilities::default_for(case.compat).with_api_versions(case.api_versions);
    if let Some(version) = case.kube_version {
        capabilities.kube_version =
            KubeVersion::parse(&version, case.compat).expect("a version");
    }
    let options = RenderOptions {
        release: Release {
            name: case.release.into(),
            namespace: case.namespace.into(),
            is_upgrade: case.is_upgrade,
        },
        named_at: helm::NamedAt::default(),
        capabilities: Arc::new(capabilities),
        compat: case.compat,
        skip_schema_validation: false,
        ambient: Arc::new(FixedAmbient { now: (0, 0), seed: 1 }),
        seed: None,
    };
    let manifests = renderer.render(&chart, &case.values, &options, sources)?;
    manifests.to_stdout(&case.selection)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests list their data")]
fn charts_render_as_helm_renders_them() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut wrong = String::new();
    for folder in folders {
        let sources = SourceMap::new();
        let got = render(&folder, &sources).map_err(|fault| fault.message);
        let expect = match text(&folder.join("expect.yaml")) {
            Some(stdout) => Ok(stdout),
            None => Err(text(&folder.join("expect.err")).unwrap().trim().to_owned()),
        };
        if got != expect {
            let (Ok(got) | Err(got)) = got;
            let (Ok(expect) | Err(expect)) = expect;
            wrong += &format!("== {}\n{got}\n-- expected\n{expect}\n", folder.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
