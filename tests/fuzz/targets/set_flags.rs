//! Any texts of `--set` and its kin, over any values, in any order.
#![no_main]

use fuzz::{chart, parts, render};
use helm::{Options, SetFlag, SetFlagKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut options = Options::default();
    let parts = parts(data);
    for (kind, text) in parts.iter().skip(1) {
        let kind = match kind.as_str() {
            "json" => SetFlagKind::Json,
            "string" => SetFlagKind::String,
            "file" => SetFlagKind::File,
            "literal" => SetFlagKind::Literal,
            _ => SetFlagKind::Set,
        };
        let text = String::from_utf8_lossy(text).into_owned();
        let files = vec![("f".to_owned(), "text of\na file".to_owned())];
        options.flags.push(SetFlag { kind, text, files });
    }
    if parts.len() == 1 {
        let text = String::from_utf8_lossy(data).into_owned();
        for kind in [
            SetFlagKind::Set,
            SetFlagKind::String,
            SetFlagKind::Json,
            SetFlagKind::Literal,
            SetFlagKind::File,
        ] {
            let flag = SetFlag { kind, text: text.clone(), files: Vec::new() };
            let options = Options { flags: vec![flag], ..Options::default() };
            drop(render(&world(b""), "c", &options));
        }
        return;
    }
    drop(render(&world(parts[0].1), "c", &options));
});

fn world(values: &[u8]) -> source::MemoryWorld {
    let template: &[u8] = b"a: {{ toYaml .Values }}\n";
    chart(&[(String::new(), values), ("templates/a.yaml".to_owned(), template)])
}
