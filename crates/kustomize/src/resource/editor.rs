//! The one setter.

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};
use source::{Origin, OriginId, Origins, Place, Span};

/// Changes fields, and records each change in the build target's arena.
///
/// One per entry of a kustomization: `by` is the entry's field name, `config` its place.
pub struct Editor<'a> {
    /// The field of the kustomization: `patches`, `namePrefix`.
    pub by: &'static str,
    /// The entry.
    pub config: Span,
    /// The arena.
    pub origins: &'a mut Origins,
    overwritten: Vec<(OriginId, Node)>,
}

/// The entries that one call after the other made; see [`Editor::share_entry`].
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(super) origin: Option<OriginId>,
    pub(super) count: usize,
}

/// How the tag of a scalar that is set comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarTag {
    /// As a reader would resolve the text in the style of the scalar that it replaces.
    Resolve,
    /// A string, whatever the text.
    Str,
    /// An integer, unless the scalar that it replaces is quoted.
    Int,
}

impl<'a> Editor<'a> {
    /// The setter for one entry of a kustomization.
    pub fn new(by: &'static str, config: Span, origins: &'a mut Origins) -> Editor<'a> {
        Editor { by, config, origins, overwritten: Vec::new() }
    }

    /// The nodes that were set anew since the last call, by the origin that they had.
    pub(super) fn take_overwritten(&mut self) -> Vec<(OriginId, Node)> {
        std::mem::take(&mut self.overwritten)
    }

    fn overwrote(&mut self, before: OriginId, node: &Node) {
        if !before.is_none() {
            self.overwritten.push((before, node.clone()));
        }
    }

    /// Says that `node` stands where `before` stood, for those who put it there themselves.
    pub(crate) fn replaced(&mut self, before: Option<Place>, node: &Node) {
        if let Some(Place::Origin(origin)) = before {
            self.overwrote(origin, node);
        }
    }

    /// Records an edit; for those who build nodes themselves.
    pub fn record(&mut self, before: Option<Place>, after: Option<Place>) -> OriginId {
        let (by, config) = (self.by, self.config);
        self.origins.add(Origin::Edit { by, config, before, after })
    }

    /// Replaces a node by another one, which says where it is written.
    pub fn replace(&mut self, node: &mut Node, value: Node) {
        let (before, origin) = (node.place(), node.origin);
        *node = value;
        node.origin = self.record(known(before), known(node.place()));
        self.overwrote(origin, node);
    }

    /// Puts a node that is recorded already in the place of another.
    pub(crate) fn overwrite(&mut self, node: &mut Node, value: Node) {
        let origin = node.origin;
        *node = value;
        self.overwrote(origin, node);
    }

    /// Replaces the text of a scalar and keeps its style, as kyaml's `FieldSetter` does.
    ///
    /// `after` is where the text is written, if not in the entry itself.
    pub fn set_scalar(
        &mut self,
        node: &mut Node,
        text: impl Into<EcoString>,
        tag: ScalarTag,
        after: Option<Place>,
    ) {
        let (before, origin) = (known(node.place()), node.origin);
        let style = match node.kind() {
            Kind::Scalar => node.style,
            _ => Style::Plain,
        };
        let span = node.span;
        let mut value = Node::scalar(text);
        // What stands in quotes is read back as a string, whatever tag it was given.
        if style != Style::Plain || tag == ScalarTag::Str {
            value.tag = Tag::Str;
        }
        value.style = style;
        value.span = span;
        value.origin = self.record(before, after);
        *node = value;
        self.overwrote(origin, node);
    }

    /// Sets the value of a key of a mapping; an old scalar's style is kept.
    pub fn set_entry(
        &mut self,
        map: &mut Node,
        key: &str,
        text: impl Into<EcoString>,
        tag: ScalarTag,
        after: Option<Place>,
    ) {
        if let Some(old) = map.get_mut(key) {
            return self.set_scalar(old, text, tag, after);
        }
        // A text that is appended is quoted if a reader might take it for something else.
        let mut value = Node::string(text);
        if tag == ScalarTag::Int {
            value = Node::scalar(value.text().unwrap_or(""));
        }
        value.origin = self.record(None, after);
        map.set(key, value);
    }

    /// Sets the text of a key in several mappings of one object, one call each.
    ///
    /// `shared` holds the origin of the entries that are made: upstream appends one and the
    /// same node to all of them, so a later change of one changes all
    /// (see [`Resource::edit_with`](super::Resource::edit_with)).
    pub(crate) fn share_entry(
        &mut self,
        map: &mut Node,
        key: &str,
        text: &EcoString,
        shared: &mut Shared,
    ) {
        if map.get(key).is_some() {
            return self.set_entry(map, key, text.clone(), ScalarTag::Str, None);
        }
        let origin = match shared.origin {
            Some(origin) => origin,
            None => self.record(None, None),
        };
        shared.origin = Some(origin);
        shared.count += 1;
        map.set(key, Node::string(text.clone()).from_origin(origin));
    }

    /// Adds an entry of any shape at the end of a mapping, or replaces its value.
    pub fn set_node(&mut self, map: &mut Node, key: &str, value: Node) {
        match map.get_mut(key) {
            Some(old) => self.replace(old, value),
            None => {
                let mut value = value;
                value.origin = self.record(None, known(value.place()));
                map.set(key, value);
            }
        }
    }

    /// An empty mapping or sequence, or an empty scalar, that the edit makes.
    pub(crate) fn made(&mut self, content: Content, tag: Tag) -> Node {
        let style = match content {
            Content::Scalar(_) => Style::Plain,
            _ => Style::Block,
        };
        let origin = self.record(None, None);
        Node::new(content, tag, style).from_origin(origin)
    }
}

fn known(place: Place) -> Option<Place> {
    match place {
        Place::Span(span) if span.is_none() => None,
        place => Some(place),
    }
}
