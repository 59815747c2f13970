//! Templates that would take forever, or all memory, end with an error that says so.
//!
//! A case is a line: a template, ` --> `, and words of its error; or ` --> ok` where the
//! template looks dangerous and is not. The bounds are smaller than those of a real render, so
//! that the tests are fast; what one function may do at most is as it always is.

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{
    Executor, Funcs, Limits, Map, MissingKey, TemplateSet, Value, with_stack,
};
use helm::{Compat, Host};
use source::{FileId, FixedAmbient, Origins};

const CASES: &str = include_str!("cases.txt");

fn outcome(funcs: &Arc<Funcs>, template: &str) -> Result<usize, String> {
    let mut set = TemplateSet::new(funcs.clone());
    let reason = |error: Box<gotemplate::Error>| error.root().message.clone();
    set.parse("c/templates/a.yaml", template.as_bytes(), FileId::NONE).map_err(reason)?;
    let ambient = FixedAmbient { now: (1_700_000_000, 0), seed: 1 };
    let limits =
        Limits { steps: 100_000, output: 1 << 24, memory: 1 << 26, ..Limits::default() };
    let mut executor = Executor::new(Arc::new(set), Origins::new())
        .with_host(Rc::new(Host::new(Arc::new(ambient), Compat::Helm4)))
        .with_missing_key(MissingKey::Zero)
        .with_limits(limits);
    let dot = Value::from(Map::new());
    executor.execute("c/templates/a.yaml", dot).map(|out| out.text.len()).map_err(reason)
}

#[test]
fn nothing_runs_forever() {
    let tables = helm::funcs::tables(Compat::Helm4);
    let funcs = Arc::new(tables.into_iter().fold(Funcs::builtins(), Funcs::with));
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|line| !line.is_empty()) {
        let (template, expected) =
            line.rsplit_once(" --> ").expect("a case has an arrow");
        let told = with_stack(|| outcome(&funcs, template));
        let fits = match &told {
            Ok(_) => expected == "ok",
            Err(words) => words.contains(expected),
        };
        if !fits {
            wrong.push(format!("{template}\n  expected: {expected}\n  was: {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
