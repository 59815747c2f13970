//! Any bytes as a template: parsed, or refused with an error, and the error printed.
#![no_main]

use std::sync::{Arc, LazyLock};

use gotemplate::{Funcs, TemplateSet};
use libfuzzer_sys::fuzz_target;
use source::FileId;

static FUNCS: LazyLock<Arc<Funcs>> = LazyLock::new(|| {
    let tables = helm::funcs::tables(helm::Compat::Helm4);
    Arc::new(tables.into_iter().fold(Funcs::builtins(), Funcs::with))
});

fuzz_target!(|data: &[u8]| {
    let mut set = TemplateSet::new(FUNCS.clone());
    if let Err(error) = set.parse("c/templates/a.yaml", data, FileId::NONE) {
        assert!(!error.to_string().is_empty());
    }
});
