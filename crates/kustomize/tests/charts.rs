//! What a chart engine is asked for, and what becomes of its answer.

use std::sync::{Arc, Mutex};

use goyaml::{Format, to_yaml};
use kustomize::{
    ChartOutput, ChartRenderer, ChartRequest, Compat, Options, ValuesSource, build, print,
};
use source::{MemoryWorld, Rendered, SlotTable, SourceMap, Trace, VPath};

/// Prints one object that repeats the request.
struct Echo<'a> {
    sources: &'a SourceMap,
    asked: Mutex<Vec<ChartRequest>>,
}

impl ChartRenderer for Echo<'_> {
    fn render(&self, request: &ChartRequest) -> source::Result<ChartOutput> {
        let mut text = format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  \
             annotations: {{}}\ndata:\n",
            request.release_name
        );
        for (at, layer) in request.values.iter().enumerate() {
            let values = match &layer.source {
                ValuesSource::File(file) => self.sources.file(*file).text.to_string(),
                ValuesSource::Merged(value) => {
                    to_yaml(value, Format::Sigs).expect("values can be written")
                }
            };
            text.push_str(&format!("  v{at}: {values:?}\n"));
        }
        self.asked.lock().expect("one thread").push(request.clone());
        Ok(ChartOutput {
            text,
            rendered: Rendered {
                marks: Arc::from([]),
                trace: Arc::new(Trace::default()),
                slots: Arc::new(SlotTable::default()),
                given: Arc::from([]),
            },
        })
    }
}

const CHART: &str = "\
namespace: top
helmCharts:
- name: thing
  releaseName: rel
  valuesInline: {a: null, c: {d: 1}, e: yes}
  additionalValuesFiles: [more.yaml]
  apiVersions: [x/v1]
";

fn world() -> MemoryWorld {
    MemoryWorld::new()
        .with("base/charts/thing/Chart.yaml", "name: thing\n")
        .with("base/charts/thing/values.yaml", "a: 1\nb: 2\nc: {x: y}\n")
        .with("base/more.yaml", "m: 1\n")
        .with("base/kustomization.yaml", CHART)
        .with("over/kustomization.yaml", "resources: [../base]\nnamespace: above\n")
}

fn built(world: &MemoryWorld, root: &str, compat: Compat) -> (String, Vec<ChartRequest>) {
    let sources = SourceMap::new();
    let echo = Echo { sources: &sources, asked: Mutex::default() };
    let options = Options { compat, enable_helm: true, ..Options::default() };
    let root = VPath::new(root).expect("a path");
    let built = build(world, &sources, &root, &options, &echo);
    let text = built.and_then(|b| print(&b.resources)).unwrap_or_else(|e| e.message);
    (text, echo.asked.into_inner().expect("one thread"))
}

#[test]
fn values_are_merged_as_kyaml_does() {
    let (text, asked) = built(&world(), "base", Compat::V5_8);
    assert_eq!(
        text,
        "apiVersion: v1\ndata:\n  v0: |\n    b: 2\n    c:\n      d: 1\n      x: \"y\"\n    \
         e: true\n  v1: |\n    m: 1\nkind: ConfigMap\nmetadata:\n  name: rel\n"
    );
    assert_eq!(asked[0].namespace, "top");
    assert_eq!(asked[0].api_versions, ["x/v1"]);
    assert_eq!(asked[0].chart.as_str(), "base/charts/thing");
}

#[test]
fn the_namespace_reaches_what_a_chart_made_in_5_7_only() {
    let (text, _) = built(&world(), "over", Compat::V5_8);
    assert!(!text.contains("namespace:"), "{text}");
    let (text, _) = built(&world(), "over", Compat::V5_7);
    assert!(text.contains("namespace: above"), "{text}");
}

/// What the charts of `base` are told, if it and the kustomization above say or do not say a
/// namespace: recorded from charts that print `.Release.Namespace`.
#[test]
fn charts_inherit_a_namespace_in_5_8_only() {
    let none = CHART.replace("namespace: top\n", "");
    let own = CHART.replace("releaseName", "namespace: own\n  releaseName");
    for (base, above, in_5_7, in_5_8) in [
        (CHART, "namespace: above\n", "", "top"),
        (&none, "namespace: above\n", "", "above"),
        (&none, "", "", ""),
        (&own, "namespace: above\n", "own", "own"),
    ] {
        let over = format!("resources: [../base]\n{above}");
        let world = world()
            .with("base/kustomization.yaml", base)
            .with("over/kustomization.yaml", &over);
        for (compat, namespace) in [(Compat::V5_7, in_5_7), (Compat::V5_8, in_5_8)] {
            let (_, asked) = built(&world, "over", compat);
            assert_eq!(asked[0].namespace, namespace, "{compat:?} {base} {above}");
        }
    }
}

#[test]
fn a_missing_chart_says_where_it_was_looked_for() {
    let entry = "helmCharts:\n- {name: c, version: 1.2.3, repo: https://x.test}\n";
    let world = MemoryWorld::new().with("kustomization.yaml", entry);
    let (text, _) = built(&world, "", Compat::V5_8);
    assert_eq!(text, "no chart found at 'charts/c-1.2.3/c', and a build pulls none");
}
