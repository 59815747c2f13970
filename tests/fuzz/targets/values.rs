//! Any text as YAML: what is read can be written and read again, and is then the same.
#![no_main]

use fuzz::{chart, render};
use goyaml::{
    Data, Dialect, Format, Value, decode, document_to_yaml, parse, parse_first, to_yaml,
};
use helm::Options;
use libfuzzer_sys::fuzz_target;
use source::FileId;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for (dialect, format) in [(Dialect::V2, Format::Sigs), (Dialect::V3, Format::Kyaml)] {
        let (documents, _faults) = parse(&text, FileId::NONE, dialect);
        documents.iter().for_each(|document| drop(document_to_yaml(document)));
        let Ok(Some(document)) = parse_first(&text, FileId::NONE, dialect) else {
            continue;
        };
        let Ok(value) = decode(&document.root, dialect) else { continue };
        // Upstream writes a text `<<` so that it reads it as a merge.
        if !text.contains("<<") && !text.contains('\\') {
            round_trip(&value, dialect, format);
        }
    }
    let files = [(String::new(), data)];
    let printed = render(&chart(&files), "c", &Options::default());
    drop(printed);
});

fn round_trip(value: &Value, dialect: Dialect, format: Format) {
    let Ok(written) = to_yaml(value, format) else { return };
    let again = parse_first(&written, FileId::NONE, dialect);
    let again = again.unwrap_or_else(|fault| panic!("{fault:?}\n{written}"));
    let Some(document) = again else {
        assert!(matches!(value.data, Data::Null), "{written:?}");
        return;
    };
    let again = decode(&document.root, dialect);
    let again = again.unwrap_or_else(|faults| panic!("{faults:?}\n{written}"));
    assert!(same(value, &again), "{value:?}\n{again:?}\n{written}");
}

/// Are two values equal, if numbers that print alike are?
fn same(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Seq(a), Data::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, entry)| {
                    b.get(key).is_some_and(|other| same(&entry.value, &other.value))
                })
        }
        (Data::Float(a), Data::Float(b)) => a.to_bits() == b.to_bits() || a.is_nan(),
        (Data::Float(a), Data::Int(b)) => *a == *b as f64,
        (Data::Float(a), Data::Uint(b)) => *a == *b as f64,
        (a, b) => format!("{a:?}") == format!("{b:?}"),
    }
}
