//! Memory is bounded by jobs, not by clusters: what charts made is let go.

use source::{MemoryWorld, SourceMap};
use thanos_gitops::lint::Linked;
use thanos_gitops::{Date, RenderOptions};

const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

/// Clusters with a chart each, whose Prometheus all send under one label.
fn fleet(clusters: usize) -> MemoryWorld {
    let template = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata:\n  \
                    name: main\n  namespace: monitoring\nspec:\n  externalLabels:\n    \
                    cluster: {{ .Values.label }}\n  remoteWrite:\n  - url: https://x\n";
    let mut world = MemoryWorld::new()
        .with("charts/own/Chart.yaml", "apiVersion: v2\nname: own\nversion: 0.1.0\n")
        .with("charts/own/templates/prometheus.yaml", template);
    for n in 0..clusters {
        let folder = format!("overlays/edge-{n}/own");
        let kustomization = "helmGlobals: {chartHome: ../../../charts}\nhelmCharts:\n\
                             - name: own\n  releaseName: own\n  valuesFile: values.yaml\n";
        world.insert(&format!("{folder}/kustomization.yaml"), kustomization);
        world
            .insert(&format!("{folder}/values.yaml"), format!("label: same\nown: {n}\n"));
    }
    world
}

#[test]
fn texts_of_charts_are_let_go_and_findings_are_the_same() {
    let world = fleet(5);
    let kept = SourceMap::new();
    let repo = thanos_gitops::load(&world, &kept).expect("it loads");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    let expected = thanos_gitops::lint(thanos_gitops::link(&repo, &renders), TODAY);
    assert_eq!(kept.footprint().texts, 5);

    let sources = SourceMap::new();
    let repo = thanos_gitops::load(&world, &sources).expect("it loads");
    let mut linked = Linked::new(&repo);
    let options = RenderOptions::default();
    thanos_gitops::render::each(&repo, &options, &mut |render| linked.add(render));
    let found = linked.finish(TODAY);
    assert_eq!(sources.footprint().texts, 0);

    let told = |sources: &SourceMap, found: &[source::Diagnostic]| -> Vec<String> {
        let place = |span| sources.location(span);
        let one = |d: &source::Diagnostic| {
            let chain: Vec<_> =
                d.chain.iter().map(|s| (place(s.span), &s.text)).collect();
            let at = place(d.span);
            format!("{} {at:?} {} {:?} {chain:?}", d.code, d.message, d.subject)
        };
        found.iter().map(one).collect()
    };
    let told_once = told(&sources, &found);
    assert_eq!(told_once, told(&kept, &expected));
    let traced =
        |text: &&String| text.starts_with("LBL002") && text.contains("values.yaml");
    assert_eq!(told_once.iter().filter(traced).count(), 4, "{told_once:#?}");
}
