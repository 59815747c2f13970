//! Patches and replacements, by the page: each file of `tests/patches` holds many small trees,
//! what the real Kustomize v5.8.1 printed of them, or what our error says (upstream refuses
//! them too).

use std::fmt::Write as _;

use goyaml::Step;
use kustomize::{Built, Compat, NoCharts, NoteKind, Options, Reorder, build, print};
use source::{MemoryWorld, Role, SourceMap, VPath};

/// The name of a case, its files in order, and what is expected.
type Case = (String, Vec<(String, String)>);

fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push((name.to_owned(), Vec::new()));
            continue;
        }
        let (_, files) = cases.last_mut().expect("a page begins with a case");
        // What looks like a document separator is part of a file.
        match line.strip_prefix("--- ") {
            Some(file) => files.push((file.to_owned(), String::new())),
            None => {
                let (_, text) = files.last_mut().expect("a case begins with a file");
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    cases
}

fn world(files: &[(String, String)]) -> MemoryWorld {
    files.iter().fold(MemoryWorld::new(), |world, (path, text)| {
        world.with(&format!("app/{path}"), text)
    })
}

fn run(sources: &SourceMap, files: &[(String, String)]) -> source::Result<Built> {
    run_as(Compat::V5_8, sources, files)
}

fn run_as(
    compat: Compat,
    sources: &SourceMap,
    files: &[(String, String)],
) -> source::Result<Built> {
    let options = Options { compat, reorder: Reorder::None, ..Options::default() };
    let root = VPath::new("app").expect("a path");
    build(&world(files), sources, &root, &options, &NoCharts)
}

fn answer(files: &[(String, String)]) -> String {
    let sources = SourceMap::new();
    let error = match run(&sources, files).and_then(|built| print(&built.resources)) {
        Ok(text) => return text,
        Err(error) => error,
    };
    let mut text = String::new();
    if let Some(place) = sources.location(error.span) {
        let _ = write!(text, "{}:{}:{}: ", place.path, place.line, place.column);
    }
    text.push_str(&error.message);
    error.hints.iter().for_each(|hint| text.push_str(&format!("\nhint: {hint}")));
    text.push('\n');
    text
}

fn check(page: &str) {
    let mut wrong = String::new();
    for (name, mut files) in cases(page) {
        let (_, expected) = files.pop().expect("a case ends with what is expected");
        let found = answer(&files);
        if found != expected {
            let _ =
                write!(wrong, "=== {name}\n--- expected\n{expected}--- found\n{found}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn strategic_merge() {
    check(include_str!("patches/strategic.txt"));
}

#[test]
fn json_patches() {
    check(include_str!("patches/json.txt"));
}

#[test]
fn replacements() {
    check(include_str!("patches/replacements.txt"));
}

const TREE: &str = "\
=== tree
--- r.yaml
apiVersion: v1
kind: Service
metadata:
  name: s
spec:
  type: A
  clusterIP: B
  externalName: C
  sessionAffinity: D
--- p.yaml
apiVersion: v1
kind: Service
metadata:
  name: s
spec:
  type: ClusterIP
  clusterIP: B
--- kustomization.yaml
resources: [r.yaml]
patches:
- path: p.yaml
- target: {kind: Service}
  patch: |-
    - op: replace
      path: /spec/externalName
      value: x
- target: {kind: Nothing}
  patch: |-
    - op: remove
      path: /spec
replacements:
- source: {kind: Service, fieldPath: metadata.name}
  targets:
  - select: {kind: Service}
    fieldPaths: [spec.sessionAffinity]
";

#[test]
fn what_was_changed_leads_to_the_lines_that_changed_it() {
    let (_, files) = cases(TREE).remove(0);
    let sources = SourceMap::new();
    let built = run(&sources, &files).expect("the tree builds");
    let service = built.resources.get(0).expect("the service is there");
    let causes = |field: &str| -> Vec<(String, Role)> {
        let path = [Step::Key("spec"), Step::Key(field)];
        let node = service.node().lookup(path).expect("the field is there");
        let causes = sources.causes(&built.origins, node.place());
        let line = |cause: &source::Cause| {
            let place = sources.location(cause.span).expect("a place");
            (format!("{}:{}", place.path, place.line), cause.role)
        };
        causes.iter().map(line).collect()
    };
    let place = |file: &str, line: u32| format!("app/{file}:{line}");
    let patched = [
        (place("p.yaml", 6), Role::Data),
        (place("r.yaml", 2), Role::Reason),
        (place("r.yaml", 4), Role::Reason),
        (place("p.yaml", 2), Role::Reason),
        (place("p.yaml", 4), Role::Reason),
        (place("kustomization.yaml", 3), Role::Edit("patches")),
        (place("r.yaml", 6), Role::Before),
    ];
    assert_eq!(causes("type"), patched);
    assert_eq!(causes("clusterIP"), [(place("r.yaml", 7), Role::Data)]);
    let inline = [
        (place("kustomization.yaml", 8), Role::Data),
        (place("r.yaml", 2), Role::Reason),
        (place("r.yaml", 4), Role::Reason),
        (place("kustomization.yaml", 4), Role::Reason),
        (place("kustomization.yaml", 6), Role::Reason),
        (place("kustomization.yaml", 7), Role::Reason),
        (place("kustomization.yaml", 4), Role::Edit("patches")),
        (place("r.yaml", 8), Role::Before),
    ];
    assert_eq!(causes("externalName"), inline);
    let replaced = [
        (place("r.yaml", 4), Role::Data),
        (place("r.yaml", 2), Role::Reason),
        (place("r.yaml", 4), Role::Reason),
        (place("kustomization.yaml", 16), Role::Reason),
        (place("kustomization.yaml", 14), Role::Reason),
        (place("kustomization.yaml", 14), Role::Reason),
        (place("kustomization.yaml", 17), Role::Reason),
        (place("kustomization.yaml", 14), Role::Edit("replacements")),
        (place("r.yaml", 9), Role::Before),
    ];
    assert_eq!(causes("sessionAffinity"), replaced);
    let [note] = built.notes.as_slice() else { panic!("{:?}", built.notes) };
    assert_eq!(note.kind, NoteKind::Patch);
    assert!(note.hint.contains("objects here: Service/s"), "{}", note.hint);
}

const OLD: &str = "\
=== expressions are names, and strings are strings
--- r.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cm
data:
  a: '{\"b\": 1}'
--- kustomization.yaml
resources: [r.yaml]
replacements:
- sourceValue: x
  targets:
  - select: {name: c.}
    fieldPaths: [data.a.b]
";

#[test]
fn before_5_8_replacements_know_no_expressions_and_no_embedded_fields() {
    let (_, mut files) = cases(OLD).remove(0);
    let sources = SourceMap::new();
    let old = run_as(Compat::V5_7, &sources, &files).expect("nothing is selected");
    assert_eq!(old.notes.len(), 1);
    let text = run(&sources, &files).and_then(|built| print(&built.resources));
    assert!(text.expect("the tree builds").contains("{\"b\": 1}"));
    let (_, kustomization) = files.last_mut().expect("two files");
    *kustomization = kustomization.replace("c.}", "cm}");
    let error =
        run_as(Compat::V5_7, &sources, &files).expect_err("a string has no fields");
    assert!(error.message.contains("wrong node kind"), "{}", error.message);
}
