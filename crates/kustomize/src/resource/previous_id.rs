//! What an object was called before.

use ecow::EcoString;

/// A name, namespace and kind that an object had before something changed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousId {
    /// The name.
    pub name: EcoString,
    /// The effective namespace.
    pub namespace: EcoString,
    /// The kind.
    pub kind: EcoString,
}

impl PreviousId {
    /// Does it add one text to each of upstream's lists?
    pub(super) fn is_one_in_each_list(&self) -> bool {
        let one = |text: &EcoString| !text.is_empty() && !text.contains(',');
        one(&self.name) && one(&self.namespace) && one(&self.kind)
    }
}

/// Upstream's lists of former names, namespaces and kinds, each one text with commas in an
/// annotation. (upstream: `Resource.setPreviousId`, `utils.PrevIds`)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FormerLists {
    names: Vec<EcoString>,
    namespaces: Vec<EcoString>,
    kinds: Vec<EcoString>,
}

impl FormerLists {
    /// The lists of these ids.
    pub(super) fn of(ids: &[PreviousId]) -> FormerLists {
        let mut lists = FormerLists::default();
        ids.iter().for_each(|id| lists.push(id));
        lists
    }

    /// Adds an id; empty texts are skipped.
    pub(super) fn push(&mut self, id: &PreviousId) {
        let append = |list: &mut Vec<EcoString>, text: &EcoString| {
            if !text.is_empty() {
                list.extend(text.split(',').map(EcoString::from));
            }
        };
        append(&mut self.names, &id.name);
        append(&mut self.namespaces, &id.namespace);
        append(&mut self.kinds, &id.kind);
    }

    /// The ids that the lists make; none if they differ in length.
    pub(super) fn ids(&self) -> Option<Vec<PreviousId>> {
        if self.names.is_empty() {
            return Some(Vec::new());
        }
        // A list that is not there counts as one empty text.
        let or_nothing = |list: &[EcoString]| match list {
            [] => vec![EcoString::new()],
            list => list.to_vec(),
        };
        let (namespaces, kinds) = (or_nothing(&self.namespaces), or_nothing(&self.kinds));
        if self.names.len() != namespaces.len() || self.names.len() != kinds.len() {
            return None;
        }
        let rest = namespaces.into_iter().zip(kinds);
        let ids = self.names.iter().cloned().zip(rest);
        Some(
            ids.map(|(name, (namespace, kind))| PreviousId { name, namespace, kind })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{FormerLists, PreviousId};

    fn id(name: &str, kind: &str) -> PreviousId {
        let (name, namespace, kind) = (name.into(), "default".into(), kind.into());
        PreviousId { name, namespace, kind }
    }

    #[test]
    fn lists_of_different_lengths_make_no_ids() {
        let known = |ids: &[PreviousId]| FormerLists::of(ids).ids().map(|ids| ids.len());
        assert_eq!(known(&[id("a", "K"), id("b", "K")]), Some(2));
        assert_eq!(known(&[id("", "K")]), Some(0));
        assert_eq!(known(&[id("a", "")]), Some(1));
        assert_eq!(known(&[id("a", "K"), id("", "K")]), None);
        assert_eq!(known(&[id("a,b", "K")]), None);
    }
}
