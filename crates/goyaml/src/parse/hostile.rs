//! Inputs that are made to hurt: work grows with their length, never faster.

use source::FileId;

use super::Documents;
use crate::fault::upstream_text;
use crate::{Dialect, Format, decode, parse, to_yaml};

fn repeat(pieces: impl Fn(usize) -> String, count: usize) -> String {
    (0..count).map(pieces).collect()
}

/// Makes a text of a size.
type Shape = fn(usize) -> String;

const SHAPES: &[(&str, Shape)] = &[
    ("open brackets", |n| "[".repeat(n)),
    ("open braces", |n| "[{".repeat(n)),
    ("many keys", |n| repeat(|i| format!("k{i}: v\n"), n)),
    ("equal keys", |n| "k: v\n".repeat(n)),
    ("flow keys", |n| format!("{{{}}}", repeat(|i| format!("k{i}: v,"), n))),
    ("flow items", |n| format!("[{}]", "a ".repeat(n))),
    ("long plain", |n| format!("a: {}", "x ".repeat(n))),
    ("long quoted", |n| format!("a: \"{}\"", "x\\n ".repeat(n))),
    ("long literal", |n| format!("a: |\n{}", "  x\n".repeat(n))),
    ("plain over lines", |n| format!("a: {}", "x\n  ".repeat(n))),
    ("blank lines", |n| format!("a: x{}  b", "\n".repeat(n))),
    ("dashes", |n| "- ".repeat(n)),
    ("questions", |n| "? ".repeat(n)),
    ("anchors", |n| repeat(|i| format!("k{i}: &a{i} v\n"), n)),
    ("aliases", |n| format!("a: &a 1\n{}", repeat(|i| format!("k{i}: *a\n"), n))),
    ("comments", |n| format!("a: 1\n{}b: 2", "# c\n\n".repeat(n))),
    ("item comments", |n| repeat(|i| format!("- # c\n  a: {i}\n"), n)),
    ("quotes", |n| "'".repeat(n)),
    ("tabs", |n| "\t".repeat(n)),
    ("documents", |n| "---\n".repeat(n)),
    ("deep", |n| repeat(|i| format!("{}a:\n", " ".repeat(i.min(300))), n)),
];

#[test]
fn steps_grow_with_the_length() {
    for (name, shape) in SHAPES {
        for dialect in [Dialect::V2, Dialect::V3] {
            let text = shape(2_000);
            let mut documents = Documents::new(&text, FileId::NONE, dialect);
            let _read = documents.by_ref().count();
            let steps = documents.steps();
            assert!(steps <= 2 * text.len() + 10, "{name}: {steps} of {}", text.len());
        }
    }
}

#[test]
fn nothing_hostile_overflows() {
    for (_, shape) in SHAPES {
        let text = shape(20_000);
        let (documents, _faults) = parse(&text, FileId::NONE, Dialect::V3);
        for document in &documents {
            if let Ok(value) = decode(&document.root, Dialect::V3) {
                let _written = to_yaml(&value, Format::Sigs);
            }
        }
    }
}

#[test]
fn aliases_do_not_multiply() {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(",");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    for dialect in [Dialect::V2, Dialect::V3] {
        let (mut documents, _) = parse(&text, FileId::NONE, dialect);
        let faults = decode(&documents[0].root, dialect).unwrap_err();
        assert_eq!(upstream_text(&faults), "yaml: document contains excessive aliasing");
        let fault = documents[0].root.expand(crate::EXPANSION_BUDGET).unwrap_err();
        assert_eq!(fault.message, "document contains excessive aliasing");
    }
}

#[test]
fn control_characters_are_refused() {
    let (documents, faults) = parse("a: 1\nb: \u{7f}\n", FileId::NONE, Dialect::V2);
    assert!(documents.is_empty());
    assert_eq!(upstream_text(&faults), "yaml: control characters are not allowed");
    assert_eq!(faults[0].span.range(), 8..9);
}
