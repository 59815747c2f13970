//! Renders that are shared explain each caller's own files.

use std::sync::Arc;

use helm::{
    Capabilities, Compat, Manifests, Options, Ownership, Release, RenderOptions,
    Renderer, ValuesLayer,
};
use source::{
    FileId, FixedAmbient, MemoryWorld, Origins, Place, Rendered, Role, SourceMap, Span,
    VPath,
};

fn world() -> MemoryWorld {
    MemoryWorld::new()
        .with("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
        .with("c/values.yaml", "replicas: 1\nname: x\n")
        .with(
            "c/templates/a.yaml",
            "kind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n",
        )
}

fn options(seed: Option<&str>) -> RenderOptions {
    RenderOptions {
        release: Release {
            name: "r".into(),
            namespace: "default".into(),
            is_upgrade: false,
        },
        named_at: helm::NamedAt::default(),
        capabilities: Arc::new(Capabilities::default_for(Compat::Helm4)),
        compat: Compat::Helm4,
        skip_schema_validation: false,
        ambient: Arc::new(FixedAmbient { now: (0, 0), seed: 1 }),
        seed: seed.map(Into::into),
    }
}

/// The causes of the replicas that a render printed.
fn causes(sources: &SourceMap, manifests: &Manifests) -> Vec<(Role, String)> {
    let manifest = &manifests.files[0];
    let rendered = Rendered {
        marks: manifest.marks.clone(),
        trace: manifests.trace.clone(),
        slots: manifests.slots.clone(),
        given: Arc::from([]),
    };
    let file = sources.add_rendered("c/a", manifest.text.clone(), rendered);
    let at = manifest.text.find("replicas: ").expect("a line") + "replicas: ".len();
    let place = Place::Span(Span::new(file, at, at + 1));
    let causes = sources.causes(&Origins::new(), place);
    let shown = |span| {
        let place = sources.location(span).expect("a place");
        format!("{}:{}:{}", place.path, place.line, place.column)
    };
    causes.into_iter().map(|c| (c.role, shown(c.span))).collect()
}

#[test]
fn equal_values_share_a_render_and_keep_their_own_causes() {
    use source::LayerKind::{Chart, File};
    let (world, sources, renderer) = (world(), SourceMap::new(), Renderer::new());
    let path = VPath::new("c").unwrap();
    let chart =
        renderer.charts.load(&world, &path, &sources, Ownership::Vendored).unwrap();
    let values = |path: &str, text: &str| -> Options {
        let id: FileId = sources.add(path, text);
        Options { layers: vec![ValuesLayer::File(id)], flags: Vec::new() }
    };
    let one = values("one.yaml", "replicas: 3\n");
    let two = values("two.yaml", "# more\nreplicas: 3\n");
    let options = options(None);
    let one = renderer.render(&chart, &one, &options, &sources).unwrap();
    let two = renderer.render(&chart, &two, &options, &sources).unwrap();
    assert!(Arc::ptr_eq(&one.trace, &two.trace), "one render");
    assert!(Arc::ptr_eq(&one.files[0].text, &two.files[0].text));
    let expect = |place: &str| {
        [
            (Role::Value(File), place.to_owned()),
            (Role::Shadowed(Chart), "c/values.yaml:1:11".to_owned()),
            (Role::Template, "c/templates/a.yaml:3:13".to_owned()),
        ]
    };
    assert_eq!(causes(&sources, &one), expect("one.yaml:1:11"));
    assert_eq!(causes(&sources, &two), expect("two.yaml:2:11"));
}

#[test]
fn threads_that_start_together_share_one_render() {
    let (world, sources, renderer) = (world(), SourceMap::new(), Renderer::new());
    let path = VPath::new("c").unwrap();
    let chart =
        renderer.charts.load(&world, &path, &sources, Ownership::Vendored).unwrap();
    let start = std::sync::Barrier::new(6);
    let render = || {
        start.wait();
        let values = Options::default();
        renderer.render(&chart, &values, &options(None), &sources).unwrap().trace
    };
    let traces: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(render)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(traces.iter().all(|trace| Arc::ptr_eq(trace, &traces[0])));
}

#[test]
fn threads_share_one_chart() {
    let (world, sources, renderer) = (world(), SourceMap::new(), Renderer::new());
    let path = VPath::new("c").unwrap();
    let render = |n: usize| {
        let text = format!("replicas: {}\n", n % 2);
        let id = sources.add(format!("{n}.yaml"), text);
        let values = Options { layers: vec![ValuesLayer::File(id)], flags: Vec::new() };
        let charts = &renderer.charts;
        let chart = charts.load(&world, &path, &sources, Ownership::Vendored).unwrap();
        let made = renderer.render(&chart, &values, &options(None), &sources);
        made.unwrap().files[0].text.to_string()
    };
    let texts = std::thread::scope(|scope| {
        let render = &render;
        let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || render(n))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()
    });
    for (n, text) in texts.iter().enumerate() {
        assert!(text.ends_with(&format!("replicas: {}\n", n % 2)), "{text}");
    }
}
