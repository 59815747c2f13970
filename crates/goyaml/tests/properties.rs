//! What holds for every input.

use goyaml::{
    Content, Data, Dialect, Format, Html, Map, Meta, Node, Style, Value, decode,
    document_to_yaml, parse, parse_first, parse_json, read_text, to_json, to_yaml,
};
use proptest::prelude::*;
use source::{FileId, SourceMap, Span};

const REAL: &str = include_str!("cases/read.txt");

/// Strings that YAML finds hard. (`<<` alone is left out: upstream writes it as a merge key.)
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        "[a-z]{1,8}",
        Just("\n".to_owned()),
        Just("  ".to_owned()),
        Just("\t".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("- ".to_owned()),
        Just("한국 é \u{1f600}".to_owned()),
        Just("\u{0}\u{1b}\r\n".to_owned()),
        "(yes|null|~|0x1f|1e3|12:30|2001-01-01|<<x|\\.inf)",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::Int),
        (i64::MAX as u64 + 1..).prop_map(Data::Uint),
        (-1e9..1e9f64).prop_map(|f| Data::Float(f + 0.5)),
        text().prop_map(|text| Data::Str(text.into())),
    ];
    let leaf = leaf.prop_map(Value::new);
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::new),
            prop::collection::vec((text(), inner), 0..5).prop_map(|entries| {
                let entries = entries.into_iter().map(|(key, v)| (key.into(), v.into()));
                Value::new(entries.collect::<Map>())
            }),
        ]
    })
}

/// Pieces of real documents, cut and joined anywhere.
fn broken() -> impl Strategy<Value = String> {
    let cut = (0..REAL.len(), 0..120usize).prop_map(|(at, length)| {
        let bytes = REAL.as_bytes();
        let piece = &bytes[at..(at + length).min(bytes.len())];
        String::from_utf8_lossy(piece).replace("\\n", "\n").replace("\\\"", "\"")
    });
    prop::collection::vec(cut, 1..5).prop_map(|pieces| pieces.concat())
}

/// Every node lies within its parent and on character boundaries, in order.
fn check_spans(node: &Node, within: Span, text: &str) {
    assert!(within.contains(node.span), "{:?} in {within:?}", node.span);
    assert!(text.get(node.span.range()).is_some());
    match &node.content {
        Content::Scalar(_) | Content::Alias(_) => {}
        Content::Sequence(items) => {
            items.iter().for_each(|item| check_spans(item, node.span, text));
        }
        Content::Mapping(entries) => {
            for (key, value) in entries {
                assert!(key.span.start <= value.span.start);
                check_spans(key, node.span, text);
                check_spans(value, node.span, text);
            }
        }
    }
}

fn check_all(text: &str) {
    let map = SourceMap::new();
    let file = map.add("a.yaml", text);
    for dialect in [Dialect::V2, Dialect::V3] {
        let (documents, faults) = parse(text, file, dialect);
        for fault in &faults {
            assert!(text.get(fault.span.range()).is_some());
            assert!(!fault.upstream().is_empty());
        }
        for mut document in documents {
            check_spans(&document.root, document.span, text);
            if let Ok(value) = decode(&document.root, dialect) {
                let _json = to_json(&value, Html::Raw);
                let _yaml = to_yaml(&value, Format::Sigs);
            }
            let _secrets = goyaml::secret_spans(&document.root, &map);
            let _written = document_to_yaml(&document);
            let _expanded = document.root.expand(goyaml::EXPANSION_BUDGET);
        }
    }
}

/// v3 writes literals whose first line starts with a tab, and cannot read them.
const TAB_BUG: &str = "found a tab character where an indentation space is expected";

fn read_back(text: &str, dialect: Dialect) -> Option<Value> {
    match parse_first(text, FileId::NONE, dialect) {
        Ok(document) => Some(decode(&document.unwrap().root, dialect).unwrap()),
        Err(fault) if dialect == Dialect::V3 && fault.message == TAB_BUG => None,
        Err(fault) => panic!("{}\n{text}", fault.upstream()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_reads_back(value in value()) {
        for format in [Format::V2, Format::Sigs, Format::Pretty, Format::Kyaml] {
            let dialect = match format {
                Format::V2 | Format::Sigs => Dialect::V2,
                Format::Pretty | Format::Kyaml => Dialect::V3,
            };
            let written = to_yaml(&value, format).unwrap();
            if let Some(read) = read_back(&written, dialect) {
                prop_assert_eq!(&read, &value, "{}", written);
            }
        }
    }

    #[test]
    fn json_reads_back(value in value()) {
        let json = to_json(&value, Html::Escaped).unwrap();
        prop_assert_eq!(&parse_json(&json, FileId::NONE).unwrap(), &value);
    }

    #[test]
    fn a_written_document_reads_back(text in broken()) {
        if let Ok(Some(document)) = parse_first(&text, FileId::NONE, Dialect::V3) {
            let mut root = document.root.clone();
            // Comments move, and folded text grows, each time that upstream writes it.
            root.walk_mut(&mut |node| {
                if let Some(meta) = &mut node.meta {
                    **meta = Meta { tag: meta.tag.take(), ..Meta::default() };
                }
                if node.style == Style::Folded {
                    node.style = Style::Literal;
                }
            });
            if root.expand(goyaml::EXPANSION_BUDGET).is_ok() {
                let written = goyaml::node_to_yaml(&root);
                let again = parse_first(&written, FileId::NONE, Dialect::V3);
                if let Ok(Some(again)) = again {
                    prop_assert_eq!(goyaml::node_to_yaml(&again.root), written);
                }
            }
        }
    }

    #[test]
    fn nothing_panics_on_broken_documents(text in broken()) {
        check_all(&text);
    }

    #[test]
    fn nothing_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _read = read_text(&bytes, FileId::NONE);
        let text = String::from_utf8_lossy(&bytes);
        check_all(&text);
        let _json = parse_json(&text, FileId::NONE);
    }

    #[test]
    fn nothing_panics_on_indicators(text in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\t~a1<]{0,60}") {
        check_all(&text);
    }
}
