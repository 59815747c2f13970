//! The crate under test, on the same tree in memory.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kustomize::{Compat, NoCharts, Options, Reorder, build, print};
use source::{Diagnostic, MemoryWorld, SourceMap, VPath};

use crate::peer::Answer;
use crate::tree::Tree;

/// Builds a tree.
pub fn answer(tree: &Tree) -> Answer {
    let run = catch_unwind(AssertUnwindSafe(|| run(tree)));
    run.unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
        Answer {
            out: String::new(),
            error: format!("PANIC: {}", words.unwrap_or_default()),
            warnings: String::new(),
        }
    })
}

fn run(tree: &Tree) -> Answer {
    let mut world = MemoryWorld::new();
    for (path, text) in tree.texts() {
        world.insert(&path, text.into_bytes());
    }
    let sources = SourceMap::new();
    let reorder = match tree.reorder {
        "none" => Reorder::None,
        "legacy" => Reorder::Legacy,
        _ => Reorder::Unspecified,
    };
    let compat = if tree.is_5_7 { Compat::V5_7 } else { Compat::V5_8 };
    let options = Options { reorder, compat, ..Options::default() };
    let root = VPath::new(&tree.dir).expect("a path");
    let mut warnings = String::new();
    let built = build(&world, &sources, &root, &options, &NoCharts).and_then(|built| {
        for warning in &built.warnings {
            warnings.push_str(&warning.message);
            warnings.push('\n');
        }
        print(&built.resources)
    });
    match built {
        Ok(out) => Answer { out, error: String::new(), warnings },
        Err(error) => {
            Answer { out: String::new(), error: shown(&sources, &error), warnings }
        }
    }
}

fn shown(sources: &SourceMap, error: &Diagnostic) -> String {
    let place = sources.location(error.span);
    let place = place.map(|l| format!("{}:{}:{}: ", l.path, l.line, l.column));
    format!("{}{}", place.unwrap_or_default(), error.message)
}
