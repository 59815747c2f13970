//! The working tree of values: Go's types, Go's shared maps, and who set what.

use std::cell::RefCell;
use std::rc::Rc;

use ecow::EcoString;
use gotemplate::SortedMap;
use source::{Layer, LayerKind, Span};

/// The entries of a map, in the order in which templates range over them.
pub(crate) type Map = SortedMap<EcoString, Node>;

/// A map as Go has it: a reference, so that a change is seen through every alias.
pub(crate) type MapRef = Rc<RefCell<Map>>;

/// A value and the places that set it.
///
/// Cloning shares maps, as assignment does in Go; [`Node::deep_copy`] does not.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The value.
    pub(crate) data: Data,
    /// The place that won.
    pub(crate) layer: Layer,
    /// The places that lost, the weakest first.
    pub(crate) shadowed: Vec<Layer>,
}

/// A value: what `encoding/json` and strvals make.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// `--set a=1`
    Int(i64),
    /// `a: 1` in a file
    Float(f64),
    /// `a: x`
    Str(EcoString),
    /// `a: [1]`
    List(Rc<Vec<Node>>),
    /// `a: {b: 1}`
    Map(MapRef),
}

impl Data {
    /// An empty map.
    pub(crate) fn empty_map() -> Data {
        Data::Map(MapRef::default())
    }

    /// The name of the value's type as Go prints it.
    pub(crate) fn go_type(&self) -> &'static str {
        match self {
            Data::Null => "nil",
            Data::Bool(_) => "bool",
            Data::Int(_) => "int64",
            Data::Float(_) => "float64",
            Data::Str(_) => "string",
            Data::List(_) => "[]interface {}",
            Data::Map(_) => "map[string]interface {}",
        }
    }

    /// Is this `null`?
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Data::Null)
    }

    /// The map, if it is one.
    pub(crate) fn map(&self) -> Option<&MapRef> {
        match self {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl Node {
    /// A value that one place set.
    pub(crate) fn new(data: Data, kind: LayerKind, span: Span) -> Node {
        Node { data, layer: Layer { kind, span }, shadowed: Vec::new() }
    }

    /// A value that no place set.
    pub(crate) fn made_up(data: Data) -> Node {
        Node::new(data, LayerKind::Chart, Span::NONE)
    }

    /// The map, if it is one.
    pub(crate) fn map(&self) -> Option<&MapRef> {
        self.data.map()
    }

    /// Records that this value won over `loser`.
    pub(crate) fn shadow(&mut self, loser: &Node) {
        let mut all = loser.shadowed.clone();
        all.push(loser.layer);
        // Kustomize hands the chart's own file in as if it were the user's.
        let own = |l: &Layer| l.span == self.layer.span;
        if let Some(default) = all.iter().find(|l| own(l)) {
            self.layer.kind = default.kind;
        }
        all.retain(|l| {
            !l.span.is_none()
                && l.span != self.layer.span
                && !self.shadowed.iter().any(|s| s.span == l.span)
        });
        if !all.is_empty() {
            all.append(&mut self.shadowed);
            self.shadowed = all;
        }
    }

    /// A copy that shares no map with this one.
    pub(crate) fn deep_copy(&self) -> Node {
        let data = match &self.data {
            Data::Map(map) => Data::Map(deep_copy(map)),
            Data::List(list) if list.iter().any(holds_map) => {
                Data::List(Rc::new(list.iter().map(Node::deep_copy).collect()))
            }
            other => other.clone(),
        };
        Node { data, layer: self.layer, shadowed: self.shadowed.clone() }
    }
}

/// A copy of a map that shares nothing with it.
pub(crate) fn deep_copy(map: &MapRef) -> MapRef {
    let copy = map.borrow().iter().map(|(k, v)| (k.clone(), v.deep_copy())).collect();
    Rc::new(RefCell::new(copy))
}

/// Copies what others share of a node, and leaves the rest as it is.
pub(crate) fn unshare(node: &mut Node) {
    let is_own = match &mut node.data {
        Data::Map(map) if Rc::strong_count(map) == 1 => {
            map.borrow_mut().values_mut().for_each(unshare);
            true
        }
        Data::Map(_) => false,
        Data::List(list) => match Rc::get_mut(list) {
            Some(items) => {
                items.iter_mut().for_each(unshare);
                true
            }
            None => false,
        },
        _ => true,
    };
    if !is_own {
        *node = node.deep_copy();
    }
}

fn holds_map(node: &Node) -> bool {
    match &node.data {
        Data::Map(_) => true,
        Data::List(list) => list.iter().any(holds_map),
        _ => false,
    }
}

/// A map with the entries of both, `b` winning, maps merged. (`loader.MergeMaps`)
pub(crate) fn merge_maps(a: &MapRef, b: &MapRef) -> MapRef {
    let mut out: Map = a.borrow().clone();
    for (key, value) in b.borrow().iter() {
        let mut value = value.clone();
        if let Some(old) = out.get(key) {
            if let (Some(old), Some(new)) = (old.map(), value.map()) {
                value.data = Data::Map(merge_maps(old, new));
            }
            value.shadow(old);
        }
        out.insert(key.clone(), value);
    }
    Rc::new(RefCell::new(out))
}
