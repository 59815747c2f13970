//! What functions say of where their results came from.
//!
//! Slot 0 is `.a` ("x"), slot 1 `.b` (1.0), slot 2 `.y` (YAML text), slot 3 `.e` ("").

use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{Executor, Map, MissingKey, Str, TemplateSet, Value, with_stack};
use helm::{Compat, Host};
use source::{FileId, FixedAmbient, Origin, OriginId, Origins, SlotId};

/// Renders with every marked range in brackets, its origins behind it.
fn marked(template: &'static str) -> String {
    with_stack(move || {
        let mut set = TemplateSet::new(super::functions(Compat::Helm4));
        set.parse("t", template.as_bytes(), FileId::NONE).expect("the template parses");
        let origins = Origins::with_slots(4);
        let slot = |n| origins.slot(SlotId(n));
        let values = [
            ("a", Value::str("x").with_origin(slot(0))),
            ("b", Value::from(1.0).with_origin(slot(1))),
            ("y", Value::str("k: v\nl: [w]\n").with_origin(slot(2))),
            ("e", Value::str("").with_origin(slot(3))),
        ];
        let dot: Map = values.into_iter().map(|(k, v)| (Str::from(k), v)).collect();
        let ambient = Arc::new(FixedAmbient { now: (0, 0), seed: 0 });
        let mut executor = Executor::new(Arc::new(set), origins)
            .with_host(Rc::new(Host::new(ambient, Compat::Helm4)))
            .with_missing_key(MissingKey::Zero);
        let output = executor.execute("t", Value::from(dot)).expect("it renders");
        let origins = executor.finish().origins;
        let text = String::from_utf8_lossy(&output.text).into_owned();
        let mut out = String::new();
        let mut at = 0;
        for mark in output.marks.iter().filter(|mark| !mark.origin.is_none()) {
            let shown = show(&origins, mark.origin);
            let (start, end) = (mark.start as usize, mark.end as usize);
            let _ = write!(out, "{}[{}]{shown}", &text[at..start], &text[start..end]);
            at = end;
        }
        out + &text[at..]
    })
}

/// `0` a slot, `0+1` a union, `0<1` slot 0 because of slot 1.
fn show(origins: &Origins, id: OriginId) -> String {
    match origins.get(id) {
        None => String::new(),
        Some(Origin::Slot(slot)) => slot.0.to_string(),
        Some(Origin::Union(all)) => {
            let all: Vec<String> = all.iter().map(|id| show(origins, *id)).collect();
            all.join("+")
        }
        Some(Origin::Because { data, reason }) => {
            format!("{}<{}", show(origins, data), show(origins, reason))
        }
        Some(Origin::Key(slot)) => format!("{}:", slot.0),
        Some(Origin::Line { of, line }) => format!("{}#{line}", show(origins, of)),
        Some(Origin::Drawn { by, .. }) => by.to_owned(),
        Some(_) => "~".to_owned(),
    }
}

#[test]
fn transparent_functions_move_marks() {
    let cases = [
        ("{{ .a | indent 2 }}", "[  x]0"),
        (
            "{{ toYaml (dict \"p\" .a \"q\" (list .b)) | nindent 2 }}",
            "\n  p: [x]0\n  q:\n  - [1]1",
        ),
        ("{{ quote .a .b }}", "\"[x]0\" \"[1]1\""),
        (
            "{{ toJson (dict \"p\" .a \"q\" (list .b dict)) }}",
            "{\"p\":[\"x\"]0,\"q\":[[1]1,{}]}",
        ),
        ("{{ toPrettyJson (dict \"p\" .b) }}", "{\n  \"p\": [1]1\n}"),
        ("{{ toRawJson (list .a) | quote }}", "\"[[\\\"x\\\"]0]\""),
        ("{{ (toJson (dict \"p\" .a) | fromJson).p }}", "[x]0"),
        ("{{ printf \"%s-\" .a | replace \"-\" \"+\" }}", "[x]0+"),
        ("{{ (fromYaml .y).k }}", "[v]2"),
        ("{{ first (fromYaml .y).l }}", "[w]2"),
        ("{{ list .a .b | join \",\" }}", "[x]0,[1]1"),
        ("{{ cat .a .b }}", "[x]0 [1]1"),
        ("{{ index (splitList \"-\" (printf \"%s-%v\" .a .b)) 1 }}", "[1]1"),
        ("{{ (merge (dict \"k\" .a) (dict \"m\" .b)).m }}", "[1]1"),
        ("{{ (deepCopy (dict \"k\" .a)).k }}", "[x]0"),
        ("{{ tpl \"{{ .a }}!\" . }}", "[x]0!"),
    ];
    for (template, expected) in cases {
        assert_eq!(marked(template), expected, "{template}");
    }
}

#[test]
fn opaque_functions_unite_and_decisions_have_reasons() {
    let cases = [
        ("{{ add .b .b }}", "[2]1"),
        ("{{ printf \"%s%v\" .a .b | sha1sum | trunc 3 }}", "[16d]0+1"),
        ("{{ default .a .e }}", "[x]0<3"),
        ("{{ ternary .a .b (eq .e \"\") }}", "[x]0<3"),
        ("{{ coalesce .e .a }}", "[x]0<3"),
        ("{{ required \"needed\" .a }}", "[x]0"),
        ("{{ uuidv4 | len }}", "[36]<uuidv4"),
        ("{{ index (until (int .b)) 0 }}", "[0]<1"),
        ("{{ default (now | date \"2006\") .e }}", "[1970]now<3"),
    ];
    for (template, expected) in cases {
        assert_eq!(marked(template), expected, "{template}");
    }
}
