//! What decided that a field is there, beyond the branches of its own template.

use source::{MemoryWorld, Role, SourceMap};
use thanos_gitops::explain::{FieldPath, Files, Unreached, fields, reach, targets};
use thanos_gitops::fleet::Object;
use thanos_gitops::{Render, RenderOptions};

const KUSTOMIZATION: &str = "\
helmGlobals: {chartHome: ../../../charts}
helmCharts:
- name: c
  releaseName: demo
  valuesFile: values.yaml
";

const CONFIG: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {v: own}\n";

/// A chart `c` of these files, and the values that it is given.
struct Chart<'a> {
    files: &'a [(&'a str, &'a str)],
    values: &'a str,
}

impl Chart<'_> {
    fn with_objects<R>(&self, see: &dyn Fn(&SourceMap, &[Object<'_>]) -> R) -> R {
        let mut world = MemoryWorld::new();
        world.insert("overlays/edge/app/kustomization.yaml", KUSTOMIZATION);
        world.insert("overlays/edge/app/values.yaml", self.values);
        for (path, text) in self.files {
            world.insert(&format!("charts/c/{path}"), *text);
        }
        let sources = SourceMap::new();
        let repo = thanos_gitops::load(&world, &sources).expect("it loads");
        let renders = thanos_gitops::render(&repo, &RenderOptions::default());
        let render: &Render = renders.first().expect("a target");
        let built = render.built().expect("it builds");
        let object = |resource| Object { render, built, resource };
        let objects: Vec<Object<'_>> = built.resources.iter().map(object).collect();
        see(&sources, &objects)
    }

    /// The reasons for a field: file, line, and what stands there.
    fn reasons(&self, name: &str, path: &str) -> Vec<String> {
        self.with_objects(&|sources, objects| {
            let object = objects.iter().find(|object| object.name() == name);
            let path = FieldPath::parse(path).expect("a path");
            let found = fields(sources, object.expect("the object"), &path);
            let causes = &found.first().expect("the field").causes;
            let reasons = causes.iter().filter(|cause| cause.role == Role::Reason);
            let line = |cause: &source::Cause| {
                let at = sources.location(cause.span).expect("a place");
                let text = sources.text(cause.span);
                let name = at.path.rsplit('/').next().unwrap_or("");
                let first = text.trim().lines().next().unwrap_or("");
                format!("{name}:{} {first}", at.line)
            };
            reasons.map(line).collect()
        })
    }

    /// What the first value of the values file reaches: a field of each object, or why none.
    fn reached(&self) -> Result<Vec<String>, Option<Unreached>> {
        self.with_objects(&|sources, objects| {
            let file = sources.add("overlays/edge/app/values.yaml", self.values);
            let targets = targets(sources, file, Some(1));
            let found = reach(Files::of(sources, file), targets, objects, true);
            let first = found.first().expect("a value");
            let all = first.fields.iter();
            let fields: Vec<String> =
                all.map(|field| format!("{} {}", field.name, field.path)).collect();
            match fields.is_empty() {
                true => Err(first.why.map(|(why, _)| why)),
                false => Ok(fields),
            }
        })
    }
}

const PARENT: &str = "\
apiVersion: v2
name: c
version: 1.0.0
dependencies:
- name: sub
  version: 1.0.0
  condition: sub.enabled,global.sub
  tags: [extra]
";

const SUB: &str = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";

fn with_subchart<'a>(values: &'a str, files: &'a [(&'a str, &'a str)]) -> Chart<'a> {
    Chart { files, values }
}

const SUBCHART: &[(&str, &str)] = &[
    ("Chart.yaml", PARENT),
    ("templates/own.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n"),
    ("charts/sub/Chart.yaml", SUB),
    ("charts/sub/templates/m.yaml", CONFIG),
];

#[test]
fn a_condition_switches_a_subchart_on() {
    let chart = with_subchart("sub: {enabled: true}\n", SUBCHART);
    let reasons = ["values.yaml:1 true", "Chart.yaml:5 name: sub"];
    assert_eq!(chart.reasons("m", "data.v"), reasons);
    assert!(chart.reasons("n", "metadata.name").is_empty());
    let reached = chart.reached().expect("it reaches something");
    assert!(reached.contains(&"m data.v".to_owned()), "{reached:?}");
}

#[test]
fn a_condition_switches_a_subchart_off() {
    let chart = with_subchart("sub: {enabled: false}\n", SUBCHART);
    assert_eq!(chart.reached(), Err(Some(Unreached::SwitchedOff)));
}

#[test]
fn a_tag_switches_a_subchart_on() {
    let chart = with_subchart("tags: {extra: true}\n", SUBCHART);
    let reasons = ["values.yaml:1 true", "Chart.yaml:5 name: sub"];
    assert_eq!(chart.reasons("m", "data.v"), reasons);
}

#[test]
fn a_subchart_that_no_value_switches_has_no_reason() {
    let chart = with_subchart("other: 1\n", SUBCHART);
    assert!(chart.reasons("m", "data.v").is_empty());
}

#[test]
fn an_annotation_makes_a_hook_of_a_document() {
    let hook = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n  annotations:\n    \
                {{- toYaml .Values.annotations | nindent 4 }}\ndata: {v: own}\n";
    let files = [
        ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("templates/m.yaml", hook),
    ];
    let values = "annotations:\n  helm.sh/hook: post-install\n";
    let chart = Chart { files: &files, values };
    assert_eq!(chart.reasons("m", "data.v"), ["values.yaml:2 post-install"]);
}
