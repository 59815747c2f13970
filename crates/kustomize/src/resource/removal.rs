//! What patches take away, remembered so that someone can say who did it.

use ecow::EcoString;
use goyaml::{Content, Node};
use source::{OriginId, Place, Span};

use super::ResId;

/// So many scalars of a part that was removed are remembered.
const MOST_LEAVES: usize = 128;

/// A part of an object that a patch took away.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Where it stood.
    pub path: Vec<PartStep>,
    /// The edit that took it away: what it was before, and where that is asked for.
    pub origin: OriginId,
    /// The scalars in it, the first of them if there are very many.
    pub leaves: Vec<Leaf>,
}

/// A scalar of what was removed.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Where it stood, from the part that was removed.
    pub path: Vec<PartStep>,
    /// Where it came from.
    pub place: Place,
    /// What it said.
    pub text: EcoString,
}

/// A step from a node to one in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartStep {
    /// To the value of a key.
    Key(EcoString),
    /// To an item of a list.
    Item {
        /// Which one, counted from 0.
        at: usize,
        /// A key that tells it from the others, and its value.
        named: Option<(EcoString, EcoString)>,
    },
}

impl PartStep {
    /// The step to an item, which has this key if it is told apart by one.
    pub(crate) fn item(at: usize, item: &Node, key: &str) -> PartStep {
        let name = item.get(key).and_then(Node::text);
        PartStep::Item { at, named: name.map(|name| (key.into(), name.into())) }
    }
}

/// An object that a patch took away.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// What it was called then.
    pub id: ResId,
    /// What it was called when it was read.
    pub org_id: ResId,
    /// The edit that took it away; what it was before is the place of its name.
    pub origin: OriginId,
    /// Where it was read.
    pub span: Span,
}

impl Removal {
    /// The removal of a node whose path is still to be said.
    pub(super) fn of(node: &Node, origin: OriginId) -> Removal {
        let mut leaves = Vec::new();
        below(node, &mut Vec::new(), &mut leaves);
        Removal { path: Vec::new(), origin, leaves }
    }
}

fn below(node: &Node, path: &mut Vec<PartStep>, leaves: &mut Vec<Leaf>) {
    if leaves.len() >= MOST_LEAVES {
        return;
    }
    match &node.content {
        Content::Mapping(entries) => {
            for (key, value) in entries {
                path.push(PartStep::Key(key.text().unwrap_or("").into()));
                below(value, path, leaves);
                path.pop();
            }
        }
        Content::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(PartStep::item(at, item, "name"));
                below(item, path, leaves);
                path.pop();
            }
        }
        Content::Scalar(text) => {
            let (path, place) = (path.clone(), node.place());
            leaves.push(Leaf { path, place, text: text.clone() });
        }
        Content::Alias(_) => {}
    }
}
