//! What is mentioned, and what is not.

use std::sync::Arc;

use source::FileId;

use super::{Abstract, Paths};
use crate::{Funcs, TemplateSet};

fn paths(templates: &[(&str, &str)]) -> Paths {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins()));
    for (name, text) in templates {
        set.parse(name, text, FileId::NONE).unwrap();
    }
    let dot = Abstract::map([("Values", Abstract::At(Paths::ROOT))]);
    let mut paths = Paths::new();
    let look = |name: &str| crate::look::of_builtin(name);
    paths.collect(&set, look, [(templates[0].0, dot)]);
    paths
}

fn mentions(template: &str, path: &str) -> bool {
    paths(&[("t", template)]).mentions(path.split('.'))
}

#[test]
fn chains_branches_and_variables_are_followed() {
    let text = "{{ if .Values.a.on }}{{ .Values.a.b }}{{ end }}\
                {{ with .Values.w }}{{ .x }}{{ else }}{{ $.Values.y }}{{ end }}\
                {{ $v := .Values.v }}{{ $v.x }}{{ (index .Values \"q\").r }}";
    for path in ["a.on", "a.b", "w.x", "y", "v.x", "q.r", "a.b.c"] {
        assert!(mentions(text, path), "{path}");
    }
    for path in ["b", "a.c", "w.y", "v.y", "q.x", "x"] {
        assert!(!mentions(text, path), "{path}");
    }
}

#[test]
fn loops_mention_the_entries_of_every_item() {
    let text = "{{ range $k, $v := .Values.list }}{{ $v.name }}{{ end }}";
    assert!(mentions(text, "list.0.name"));
    assert!(!mentions(text, "list.0.nmae"));
    // Which entry is looked up is not known: all of them may be.
    let text = "{{ range .Values.other }}{{ (index $.Values .key).name }}{{ end }}";
    assert!(mentions(text, "anything.name"));
    assert!(!mentions(text, "anything.nmae"));
}

#[test]
fn includes_are_followed_with_what_they_are_given() {
    let set = [
        ("t", "{{ template \"one\" .Values.a }}"),
        ("d", "{{ define \"one\" }}{{ .x }}{{ template \"one\" . }}{{ end }}"),
    ];
    let found = paths(&set);
    assert!(found.mentions(["a", "x"]));
    assert!(!found.mentions(["a", "y"]));
    assert!(!found.mentions(["x"]));
}

#[test]
fn what_an_iteration_assigns_the_next_one_sees() {
    let text = "{{ $at := .Values }}{{ range .Values.steps }}\
                {{ $at = $at.next }}{{ end }}{{ $at.leaf }}";
    assert!(mentions(text, "next.leaf"));
    assert!(!mentions(text, "next.other"));
}
