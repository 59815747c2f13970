//! Comparing values as upstream's `test` does: scalars by their JSON text.

use goyaml::{Data, Html, Value};
use source::{FileId, SourceMap};

/// Knows how a scalar is spelt in JSON.
pub(super) struct Spelling<'a> {
    /// The texts.
    pub(super) sources: &'a SourceMap,
    /// The file whose scalars are JSON as they stand, if the patch is JSON.
    pub(super) json: Option<FileId>,
}

impl Spelling<'_> {
    /// Are two values equal? `1` and `1.0` are not. (upstream: `lazyNode.equal`)
    pub(super) fn same(&self, a: &Value, b: &Value) -> bool {
        match (&a.data, &b.data) {
            (Data::Null, Data::Null) => true,
            (Data::Map(a), Data::Map(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, a)| {
                        b.get(key).is_some_and(|b| self.same(&a.value, &b.value))
                    })
            }
            (Data::Seq(a), Data::Seq(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b))
            }
            (Data::Map(_) | Data::Seq(_), _) | (_, Data::Map(_) | Data::Seq(_)) => false,
            (Data::Null, _) | (_, Data::Null) => false,
            _ => self.spelling(a) == self.spelling(b),
        }
    }

    fn spelling(&self, value: &Value) -> String {
        if self.json.is_some_and(|file| file == value.span.file) {
            let text = self.sources.text(value.span);
            if !text.is_empty() {
                return text;
            }
        }
        goyaml::to_json(value, Html::Escaped).unwrap_or_default()
    }
}
