//! [`Abstract`]: what is known of a value without executing anything.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ecow::EcoString;

use super::PathId;

/// What is known of a value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Abstract {
    /// Nothing, but that no part of it is an entry of the values.
    #[default]
    Unknown,
    /// A text that the template itself says.
    Text(EcoString),
    /// A text that begins like this.
    Prefix(EcoString),
    /// An entry of the values.
    At(PathId),
    /// A map with these entries; those of unknown keys are under one key that stands for any.
    Map(Rc<BTreeMap<EcoString, Abstract>>),
    /// A whole number that the template itself says.
    Number(i64),
    /// A list of these elements, in this order.
    List(Rc<Vec<Abstract>>),
    /// A list of such elements, in any number.
    Items(Rc<BTreeSet<Abstract>>),
    /// One of these.
    OneOf(Rc<BTreeSet<Abstract>>),
}

impl Abstract {
    /// The key that stands for keys that are not known; no YAML says it.
    pub(super) const ANY: &'static str = "\0";

    /// A map with these entries.
    #[must_use]
    pub fn map<K: Into<EcoString>>(
        entries: impl IntoIterator<Item = (K, Abstract)>,
    ) -> Abstract {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
        Abstract::Map(Rc::new(entries.collect()))
    }

    pub(super) fn items(items: impl IntoIterator<Item = Abstract>) -> Abstract {
        Abstract::Items(Rc::new(items.into_iter().collect()))
    }

    /// What is one of these: maps with maps and lists with lists become one.
    pub(super) fn one_of(values: impl IntoIterator<Item = Abstract>) -> Abstract {
        let mut all: BTreeSet<Abstract> = BTreeSet::new();
        let mut maps: Option<BTreeMap<EcoString, Abstract>> = None;
        let mut lists: Option<Vec<Abstract>> = None;
        let mut items: Option<BTreeSet<Abstract>> = None;
        let mut open: Vec<Abstract> = values.into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Abstract::OneOf(values) => open.extend(values.iter().cloned()),
                Abstract::Map(entries) => match &mut maps {
                    None => maps = Some((*entries).clone()),
                    Some(known) => {
                        for (key, value) in entries.iter() {
                            let old = known.remove(key);
                            let both = old.into_iter().chain([value.clone()]);
                            known.insert(key.clone(), Abstract::one_of(both));
                        }
                    }
                },
                Abstract::List(list) => match lists.take() {
                    None => lists = Some((*list).clone()),
                    Some(known) if known.len() == list.len() => {
                        let pairs = known.into_iter().zip(list.iter().cloned());
                        lists =
                            Some(pairs.map(|(a, b)| Abstract::one_of([a, b])).collect());
                    }
                    Some(known) => {
                        let all = items.get_or_insert_default();
                        all.extend(known.into_iter().chain(list.iter().cloned()));
                    }
                },
                Abstract::Items(more) => {
                    items.get_or_insert_default().extend(more.iter().cloned());
                }
                other => {
                    all.insert(other);
                }
            }
        }
        all.extend(maps.map(|entries| Abstract::Map(Rc::new(entries))));
        all.extend(lists.map(|list| Abstract::List(Rc::new(list))));
        all.extend(items.map(|items| Abstract::Items(Rc::new(items))));
        match all.len() {
            0 => Abstract::Unknown,
            1 => all.into_iter().next().unwrap_or_default(),
            _ => Abstract::OneOf(Rc::new(all)),
        }
    }

    /// All texts that it can be; `None` if it can be something else.
    pub(super) fn texts(&self) -> Option<Vec<EcoString>> {
        match self {
            Abstract::Text(text) => Some(vec![text.clone()]),
            Abstract::OneOf(values) => {
                let texts = values.iter().map(|value| match value {
                    Abstract::Text(text) => Some(text.clone()),
                    _ => None,
                });
                texts.collect()
            }
            _ => None,
        }
    }

    /// Its alternatives.
    pub(super) fn each(&self) -> Vec<Abstract> {
        match self {
            Abstract::OneOf(values) => values.iter().cloned().collect(),
            other => vec![other.clone()],
        }
    }

    /// Is an entry of the values in it?
    pub(super) fn holds_path(&self) -> bool {
        match self {
            Abstract::Unknown
            | Abstract::Text(_)
            | Abstract::Prefix(_)
            | Abstract::Number(_) => false,
            Abstract::At(_) => true,
            Abstract::Map(entries) => entries.values().any(Abstract::holds_path),
            Abstract::List(values) => values.iter().any(Abstract::holds_path),
            Abstract::Items(values) | Abstract::OneOf(values) => {
                values.iter().any(Abstract::holds_path)
            }
        }
    }
}
