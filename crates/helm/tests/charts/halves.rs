//! Charts of many templates, whose latter half a second thread executes: the same as one of
//! few.

use std::sync::Arc;

use helm::{Limits, Manifests, Options, Ownership, Renderer};
use source::{MemoryWorld, Origins, Place, Rendered, SourceMap, Span, VPath};

/// Behind a template, so that no line moves: enough of these are worth a thread.
fn filler(long: bool) -> String {
    let words = if long { 10_000 } else { 1 };
    format!("{{{{- /* {} */}}}}", "filler ".repeat(words))
}

struct Run {
    result: source::Result<Manifests>,
    sources: SourceMap,
}

/// Templates by their names, executed from the last name to the first.
fn render(templates: &[(&str, &str)], long: bool, limits: Limits) -> Run {
    let end = filler(long);
    let values = "a: 1\nb: {c: two}\nlist: [x, q]\n";
    let mut world = MemoryWorld::new()
        .with("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
        .with("c/values.yaml", values);
    for (name, text) in templates {
        world = world.with(&format!("c/templates/{name}"), format!("{text}{end}"));
    }
    let sources = SourceMap::new();
    let mut renderer = Renderer::new().with_two_threads(true);
    renderer.limits = limits;
    let path = VPath::new("c").expect("a path");
    let chart = renderer.charts.load(&world, &path, &sources, Ownership::Repository);
    let chart = chart.expect("the chart loads");
    let options = super::memo::options(None);
    let result = renderer.render(&chart, &Options::default(), &options, &sources);
    Run { result, sources }
}

impl Run {
    fn text(&self) -> String {
        let manifests = self.result.as_ref().expect("it renders");
        manifests.to_stdout(&helm::Selection::default()).expect("it prints")
    }

    /// What each byte of each manifest is there for.
    fn causes(&self) -> Vec<String> {
        let manifests = self.result.as_ref().expect("it renders");
        let mut found = Vec::new();
        for manifest in &manifests.files {
            let rendered = Rendered {
                marks: manifest.marks.clone(),
                trace: manifests.trace.clone(),
                slots: manifests.slots.clone(),
                given: Arc::from([]),
            };
            let file = self.sources.add_rendered(
                manifest.path.as_str(),
                manifest.text.clone(),
                rendered,
            );
            for at in 0..manifest.text.len() {
                let place = Place::Span(Span::new(file, at, at + 1));
                for cause in self.sources.causes(&Origins::new(), place) {
                    let place = self.sources.location(cause.span).expect("a place");
                    found.push(format!("{at} {:?} {place:?}", cause.role));
                }
            }
        }
        found
    }

    fn error(&self) -> String {
        let error = self.result.as_ref().expect_err("it fails");
        format!("{} {:?}", error.message, self.sources.location(error.span))
    }
}

const HELPERS: (&str, &str) =
    ("_h.tpl", "{{- define \"h\" }}{{ .Values.b.c | quote }}{{ end }}");

#[test]
fn every_byte_has_the_same_causes() {
    let templates = [
        HELPERS,
        ("a.yaml", "kind: A\na: {{ .Values.a }}\nh: {{ include \"h\" . }}\n"),
        ("b.yaml", "{{- if .Values.b.c }}\nkind: B\nl: {{ .Values.list }}\n{{- end }}\n"),
        (
            "c.yaml",
            "kind: C\nx:\n{{- range $i, $v := .Values.list }}\n- {{ $v }}\n{{- end }}\n",
        ),
        (
            "d.yaml",
            "kind: D\ny:\n{{ toYaml .Values | indent 2 }}\n{{ .Chart.Name }}: {{ tpl \"{{ .Values.a }}\" . }}\n",
        ),
    ];
    let short = render(&templates, false, Limits::default());
    let long = render(&templates, true, Limits::default());
    assert_eq!(short.text(), long.text());
    let (short, long) = (short.causes(), long.causes());
    assert!(short.len() > 100, "{}", short.len());
    assert_eq!(short, long);
}

#[test]
fn what_a_template_sets_those_after_it_see() {
    // Recorded: Helm executes z.yaml before the others.
    let templates = [
        ("a.yaml", "kind: A\nseen: {{ .Values.seen }}\nc: {{ .Values.b.c }}\n"),
        ("b.yaml", "kind: B\nlist: {{ .Values.list }}\n"),
        ("y.yaml", "kind: Y\nseen: {{ .Values.seen }}\n"),
        (
            "z.yaml",
            "{{- $_ := set .Values.b \"c\" \"three\" -}}\n{{- $_ = set .Values \"seen\" true -}}\nkind: Z\n",
        ),
    ];
    let expect = "---\n# Source: c/templates/a.yaml\nkind: A\nseen: true\nc: three\n\
                  ---\n# Source: c/templates/b.yaml\nkind: B\nlist: [x q]\n\
                  ---\n# Source: c/templates/z.yaml\nkind: Z\n\
                  ---\n# Source: c/templates/y.yaml\nkind: Y\nseen: true\n";
    for long in [false, true] {
        assert_eq!(render(&templates, long, Limits::default()).text(), expect);
    }
}

#[test]
fn the_first_failure_is_told() {
    let fails = "kind: A\nx: {{ fail .Values.b.c }}\n";
    let fine = "kind: B\n";
    for files in [
        [("a.yaml", fails), ("b.yaml", fine), ("z.yaml", fine)],
        [("a.yaml", fine), ("b.yaml", fine), ("z.yaml", fails)],
        [("a.yaml", fails), ("b.yaml", fails), ("z.yaml", fails)],
    ] {
        let short = render(&files, false, Limits::default());
        let long = render(&files, true, Limits::default());
        assert_eq!(short.error(), long.error());
    }
}

#[test]
fn limits_hold_for_both_halves_together() {
    let loops = "kind: A\nx: [{{ range until 300 }}{{ . }},{{ end }}]\n";
    let files =
        [("a.yaml", loops), ("b.yaml", loops), ("y.yaml", loops), ("z.yaml", loops)];
    let limits = |steps| Limits { steps, ..Limits::default() };
    assert!(render(&files, true, limits(6_000)).result.is_ok());
    let one = render(&files, false, limits(2_000)).error();
    assert!(one.contains("template takes more than 2000 steps"), "{one}");
    assert_eq!(render(&files, true, limits(2_000)).error(), one);
}
