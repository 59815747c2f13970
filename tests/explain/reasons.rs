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

/// A chart `c` of these files, the values that it is given, and what else its kustomization
/// says.
#[derive(Default)]
struct Chart<'a> {
    files: &'a [(&'a str, &'a str)],
    values: &'a str,
    entry: &'a str,
    config: &'a str,
}

impl Chart<'_> {
    fn with_renders<R>(&self, see: &dyn Fn(&SourceMap, &[Render]) -> R) -> R {
        let mut world = MemoryWorld::new();
        let kustomization = format!("{KUSTOMIZATION}{}", self.entry);
        world.insert("overlays/edge/app/kustomization.yaml", kustomization);
        world.insert("overlays/edge/app/values.yaml", self.values);
        world.insert("thanos-gitops.yaml", self.config);
        for (path, text) in self.files {
            world.insert(&format!("charts/c/{path}"), *text);
        }
        let sources = SourceMap::new();
        let repo = thanos_gitops::load(&world, &sources).expect("it loads");
        let renders = thanos_gitops::render(&repo, &RenderOptions::default());
        see(&sources, &renders)
    }

    /// The reasons for a field: file, line, and what stands there.
    fn reasons(&self, name: &str, path: &str) -> Vec<String> {
        self.with_renders(&|sources, renders| {
            let render = renders.first().expect("a target");
            let built = render.built().expect("it builds");
            let mut objects =
                built.resources.iter().map(|resource| Object { render, built, resource });
            let object = objects.find(|object| object.name() == name);
            let path = FieldPath::parse(path).expect("a path");
            let found = fields(sources, &object.expect("the object"), &path);
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
        self.with_renders(&|sources, renders| {
            let file = sources.add("overlays/edge/app/values.yaml", self.values);
            let targets = targets(sources, file, Some(1));
            let found = reach(Files::of(sources, file), targets, renders, true);
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
    Chart { files, values, ..Chart::default() }
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
fn a_condition_switches_the_definitions_of_a_subchart_on() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
                      metadata: {name: things.example.com}\n";
    let files = [
        ("Chart.yaml", PARENT),
        ("charts/sub/Chart.yaml", SUB),
        ("charts/sub/crds/things.yaml", definition),
    ];
    let with_definitions = |values| {
        let entry = "  includeCRDs: true\n";
        Chart { files: &files, values, entry, ..Chart::default() }
    };
    let chart = with_definitions("sub: {enabled: true}\n");
    let reasons = ["values.yaml:1 true", "Chart.yaml:5 name: sub"];
    assert_eq!(chart.reasons("things.example.com", "kind"), reasons);
    let chart = with_definitions("other: 1\n");
    assert!(chart.reasons("things.example.com", "kind").is_empty());
}

/// A chart that asks what the cluster is.
const ASKING: &[(&str, &str)] = &[
    ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
    (
        "templates/m.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n  \
         {{- if semverCompare \">=1.30\" .Capabilities.KubeVersion.Version }}\n  v: own\n  {{- end }}\n  \
         {{- if .Capabilities.APIVersions.Has \"example.com/v1\" }}\n  w: own\n  {{- end }}\n",
    ),
];

#[test]
fn what_the_cluster_is_decides() {
    let entry = "  kubeVersion: 1.31.0\n  apiVersions: [example.com/v1]\n";
    let chart = Chart { files: ASKING, values: "a: 1\n", entry, ..Chart::default() };
    let version = [
        "kustomization.yaml:6 1.31.0",
        "m.yaml:5 {{- if semverCompare \">=1.30\" .Capabilities.KubeVersion.Version }}",
    ];
    assert_eq!(chart.reasons("m", "data.v"), version);
    let has = [
        "kustomization.yaml:7 example.com/v1",
        "m.yaml:8 {{- if .Capabilities.APIVersions.Has \"example.com/v1\" }}",
    ];
    assert_eq!(chart.reasons("m", "data.w"), has);
}

#[test]
fn what_the_configuration_says_of_the_cluster_decides() {
    let config = "defaults:\n  kubernetesVersion: 1.29.0\nclusters:\n  edge:\n    \
                  kubernetesVersion: 1.31.0\n    apiVersions: [example.com/v1]\n";
    let chart = Chart { files: ASKING, values: "a: 1\n", config, ..Chart::default() };
    let version = [
        "thanos-gitops.yaml:5 1.31.0",
        "m.yaml:5 {{- if semverCompare \">=1.30\" .Capabilities.KubeVersion.Version }}",
    ];
    assert_eq!(chart.reasons("m", "data.v"), version);
    let has = [
        "thanos-gitops.yaml:6 example.com/v1",
        "m.yaml:8 {{- if .Capabilities.APIVersions.Has \"example.com/v1\" }}",
    ];
    assert_eq!(chart.reasons("m", "data.w"), has);
}

#[test]
fn labels_stand_in_selectors_because_the_entry_says_so() {
    let chart = Chart {
        files: &[
            ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
            ("templates/s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"),
        ],
        values: "a: 1\n",
        entry: "labels:\n- pairs: {team: web}\n  includeSelectors: true\n",
        ..Chart::default()
    };
    let reasons = ["kustomization.yaml:8 true"];
    assert_eq!(chart.reasons("s", "spec.selector.team"), reasons);
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
    let chart = Chart { files: &files, values, ..Chart::default() };
    assert_eq!(chart.reasons("m", "data.v"), ["values.yaml:2 post-install"]);
}
