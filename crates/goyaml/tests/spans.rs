//! Places: of nodes, keys, comments, faults and written ranges.

use goyaml::{Dialect, Emitter, Format, Node, Scalar, Step, decode, parse};
use source::{Origin, Origins, SourceMap};

fn first(text: &str) -> (SourceMap, Node) {
    let map = SourceMap::new();
    let file = map.add("a.yaml", text);
    let (documents, faults) = parse(text, file, Dialect::V3);
    assert!(faults.is_empty(), "{faults:?}");
    let root = documents.into_iter().next().unwrap().root;
    (map, root)
}

#[test]
fn nodes_know_their_bytes() {
    let text = "\
a: 'x y'   # note
b: &n !!str 12
c:
  - d: |
      line 한
        more

  - [e, {f: g}]
h:
";
    let (map, root) = first(text);
    let at =
        |path: &[Step<'_>]| map.text(root.lookup(path.iter().copied()).unwrap().span);
    assert_eq!(at(&["a".into()]), "'x y'");
    assert_eq!(at(&["b".into()]), "12");
    let item = [Step::Key("c"), Step::Index(0)];
    assert_eq!(at(&item), "d: |\n      line 한\n        more");
    assert_eq!(at(&["c".into(), 1.into()]), "[e, {f: g}]");
    assert_eq!(at(&["c".into(), 1.into(), 1.into()]), "{f: g}");
    assert_eq!(at(&["h".into()]), "");
    assert_eq!(map.text(root.key_span("c").unwrap()), "c");
    assert_eq!(root.span.end as usize, text.len() - 1);
}

#[test]
fn expanded_nodes_keep_the_place_of_their_definition() {
    let text = "base: &b {x: 1}\nuse:\n  <<: *b\n  y: 2\nagain: *b\n";
    let (map, mut root) = first(text);
    root.expand(goyaml::EXPANSION_BUDGET).unwrap();
    let used = root.get("use").unwrap();
    let keys: Vec<_> = used.entries().unwrap().iter().map(|(k, _)| k.text()).collect();
    assert_eq!(keys, [Some("y"), Some("x")]);
    let place = map.location(used.get("x").unwrap().span).unwrap();
    assert_eq!((place.line, place.column), (1, 14));
    assert_eq!(root.get("again"), root.get("base"));
    assert_eq!(goyaml::node_to_yaml(&root).matches('&').count(), 0);
}

#[test]
fn comments_have_places() {
    let text = "# one\na: 1 # two\nb: |  # three\n  # text\n# four\n";
    for dialect in [Dialect::V2, Dialect::V3] {
        let (documents, _) = parse(text, source::FileId::NONE, dialect);
        let found: Vec<_> = documents[0]
            .comments
            .iter()
            .map(|comment| (comment.text(text), comment.own_line))
            .collect();
        let expected =
            [("# one", true), ("# two", false), ("# three", false), ("# four", true)];
        assert_eq!(found, expected, "{dialect:?}");
    }
}

#[test]
fn faults_have_both_places() {
    let text = "a: 1\nb: 2\na: 3\n";
    let (map, root) = first(text);
    let fault = &decode(&root, Dialect::V3).unwrap_err()[0];
    assert_eq!(fault.message, "mapping key \"a\" already defined at line 1");
    assert_eq!(map.location(fault.span).unwrap().line, 3);
    assert_eq!(map.location(fault.other.unwrap()).unwrap().line, 1);
    let diagnostic = fault.diagnostic();
    assert_eq!((diagnostic.labels.len(), diagnostic.hints.len()), (1, 1));
}

#[test]
fn what_was_read_before_a_fault_is_kept() {
    let text = "a: 1\nb:\n  c: [d, e\nf: g\n";
    let (documents, faults) = parse(text, source::FileId::NONE, Dialect::V3);
    assert_eq!(faults.len(), 1);
    let root = &documents[0].root;
    assert_eq!(root.get("a").and_then(Node::text), Some("1"));
    let items = root.lookup(["b".into(), "c".into()]).and_then(Node::items);
    assert_eq!(items.map(<[Node]>::len), Some(2));
}

#[test]
fn written_ranges_have_origins() {
    let mut origins = Origins::new();
    let mut origin = || origins.add(Origin::Source(source::Span::NONE));
    let (key, value, empty) = (origin(), origin(), origin());
    let mut emitter = Emitter::new(Format::Sigs);
    emitter.begin_map(source::OriginId::NONE);
    emitter.key("a", key);
    emitter.begin_seq(source::OriginId::NONE);
    emitter.scalar(Scalar::Str("x: y"), value);
    emitter.begin_map(empty);
    emitter.end();
    emitter.end();
    emitter.end();
    let emitted = emitter.finish().unwrap();
    assert_eq!(emitted.text, "a:\n- 'x: y'\n- {}\n");
    let ranges = emitted.marks.iter().map(|(start, end, origin)| {
        (&emitted.text[*start as usize..*end as usize], *origin)
    });
    assert!(ranges.eq([("a", key), ("'x: y'", value), ("{}", empty)]));
}
