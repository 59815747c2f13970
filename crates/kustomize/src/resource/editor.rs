//! The one setter.

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};
use source::{Diagnostic, Origin, OriginId, Origins, Place, Span};

use super::metadata::{appended, quoted_string, set_field};
use super::{PartStep, Removal};

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
    /// What decided that the entry is applied.
    reason: OriginId,
    overwritten: Vec<(OriginId, Node)>,
    hidden: Vec<(OriginId, Tag)>,
    /// What was taken away; the paths have their last step first.
    removed: Vec<Removal>,
}

/// The entries that one call after the other made; see [`Editor::share_entry`].
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(super) origin: Option<OriginId>,
    pub(super) count: usize,
}

/// A text in a field whose tag does not fit it: an error, if it is still there in the end.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The edit that set the text.
    pub(crate) origin: OriginId,
    /// What is to be said.
    pub(crate) error: Box<Diagnostic>,
}

/// What stood where an edit goes.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Where it came from; `None` if nothing stood there.
    pub place: Option<Place>,
    /// Its text, if it was a scalar.
    pub text: Option<EcoString>,
}

impl Before {
    /// What a node is before it changes.
    #[must_use]
    pub fn of(node: &Node) -> Before {
        let text = match &node.content {
            Content::Scalar(text) => Some(text.clone()),
            _ => None,
        };
        Before { place: known(node.place()), text }
    }
}

/// How the tag of a scalar that is set comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarTag {
    /// None: the text says what it is, in the style of the scalar that it replaces.
    Nothing,
    /// A string, whatever the text.
    Str,
    /// An integer, unless the scalar that it replaces is quoted.
    Int,
}

impl<'a> Editor<'a> {
    /// The setter for one entry of a kustomization.
    pub fn new(by: &'static str, config: Span, origins: &'a mut Origins) -> Editor<'a> {
        let (overwritten, hidden, removed) = (Vec::new(), Vec::new(), Vec::new());
        let reason = OriginId::NONE;
        Editor { by, config, origins, reason, overwritten, hidden, removed }
    }

    /// Says that what follows is done because of these nodes: a patch applies because its
    /// target has that name.
    pub(crate) fn because_of<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>) {
        let reasons: Vec<OriginId> =
            nodes.into_iter().map(|node| self.origin_of(node.place())).collect();
        self.reason = self.origins.union(reasons);
    }

    /// Says of what follows that these places, too, are why it is done.
    pub(crate) fn and_because_of(&mut self, places: impl IntoIterator<Item = Place>) {
        let mut reasons = vec![self.reason];
        reasons.extend(places.into_iter().map(|place| self.origin_of(place)));
        self.reason = self.origins.union(reasons);
    }

    /// Says that what follows is done because of these places alone.
    pub(crate) fn because_of_places(&mut self, places: [Option<Place>; 2]) {
        self.reason = OriginId::NONE;
        self.and_because_of(places.into_iter().flatten());
    }

    /// Why what follows is done.
    pub(crate) fn reason(&self) -> OriginId {
        self.reason
    }

    /// Says again why what follows is done.
    pub(crate) fn set_reason(&mut self, reason: OriginId) {
        self.reason = reason;
    }

    /// The place of what was made from two others.
    pub(crate) fn both(&mut self, one: Place, other: Place) -> Option<Place> {
        let parts = [self.origin_of(one), self.origin_of(other)];
        let both = self.origins.union(parts);
        (!both.is_none()).then_some(Place::Origin(both))
    }

    fn origin_of(&mut self, place: Place) -> OriginId {
        match place {
            Place::Span(span) if span.is_none() => OriginId::NONE,
            Place::Span(span) => self.origins.add(Origin::Source(span)),
            Place::Origin(origin) => origin,
        }
    }

    /// The nodes that were set anew since the last call, by the origin that they had.
    pub(super) fn take_overwritten(&mut self) -> Vec<(OriginId, Node)> {
        std::mem::take(&mut self.overwritten)
    }

    /// Says that upstream gives a tag to the text in quotes that this edit set.
    ///
    /// The tag is not written, and the text is read back as a string, until someone puts a
    /// text there that the tag does not fit.
    pub(crate) fn hide(&mut self, edit: OriginId, tag: Tag) {
        self.hidden.push((edit, tag));
    }

    /// The tags that were hidden since the last call.
    pub(super) fn take_hidden(&mut self) -> Vec<(OriginId, Tag)> {
        std::mem::take(&mut self.hidden)
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
    pub fn record(&mut self, before: Before, after: Option<Place>) -> OriginId {
        let (by, config) = (self.by, self.config);
        let after = match self.reason.is_none() {
            true => after,
            false => {
                let data = after.map_or(OriginId::NONE, |place| self.origin_of(place));
                Some(Place::Origin(self.origins.because(data, self.reason)))
            }
        };
        let Before { place: before, text: was } = before;
        self.origins.add(Origin::Edit { by, config, before, after, was })
    }

    /// Records that a node goes, because of what stands at `asked`.
    ///
    /// The path to it is said by [`within`](Self::within), from the inside to the outside.
    pub(crate) fn remove(&mut self, node: &Node, asked: Option<Place>) {
        let origin = self.record(Before::of(node), asked);
        self.removed.push(Removal::of(node, origin));
    }

    /// How many nodes went since the last call of [`take_removed`](Self::take_removed).
    pub(crate) fn removed(&self) -> usize {
        self.removed.len()
    }

    /// Says that all nodes that went, the first `known` aside, are behind this step.
    pub(crate) fn within(&mut self, known: usize, step: impl FnOnce() -> PartStep) {
        if let Some(new @ [_, ..]) = self.removed.get_mut(known..) {
            let step = step();
            new.iter_mut().for_each(|removal| removal.path.push(step.clone()));
        }
    }

    /// What went since the last call.
    pub(super) fn take_removed(&mut self) -> Vec<Removal> {
        let mut removed = std::mem::take(&mut self.removed);
        removed.iter_mut().for_each(|removal| removal.path.reverse());
        removed
    }

    /// Replaces a node by another one, which says where it is written.
    pub fn replace(&mut self, node: &mut Node, value: Node) {
        let (before, origin) = (Before::of(node), node.origin);
        if *node != value {
            self.origins.changed();
        }
        *node = value;
        node.origin = self.record(before, known(node.place()));
        self.overwrote(origin, node);
    }

    /// Puts a node that is recorded already in the place of another.
    pub(crate) fn overwrite(&mut self, node: &mut Node, value: Node) {
        let origin = node.origin;
        if *node != value {
            self.origins.changed();
        }
        *node = value;
        self.overwrote(origin, node);
    }

    /// Says that something is not as it was, for those who write into nodes themselves.
    pub(crate) fn changed(&mut self) {
        self.origins.changed();
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
        let (before, origin) = (Before::of(node), node.origin);
        let style = match node.kind() {
            Kind::Scalar => node.style,
            _ => Style::Plain,
        };
        let span = node.span;
        let mut value = Node::scalar(text);
        if before.text.as_deref() != value.text() {
            self.origins.changed();
        }
        // What stands in quotes is read back as a string, whatever tag it was given.
        if style != Style::Plain || tag == ScalarTag::Str {
            value.tag = Tag::Str;
        }
        value.style = style;
        value.untagged = tag == ScalarTag::Nothing;
        value.span = span;
        value.origin = self.record(before, after);
        if style != Style::Plain && tag == ScalarTag::Int {
            self.hide(value.origin, Tag::Int);
        }
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
        let value = match tag {
            ScalarTag::Str => quoted_string(text.into()),
            ScalarTag::Int => Node::scalar(text),
            ScalarTag::Nothing => appended(text.into()),
        };
        self.origins.changed();
        let origin = self.record(Before::default(), after);
        set_field(map, key, value.from_origin(origin));
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
        if let Some(old) = map.get(key) {
            // Two specs may name one field.
            if shared.origin == Some(old.origin) {
                return;
            }
            return self.set_entry(map, key, text.clone(), ScalarTag::Str, None);
        }
        let origin = match shared.origin {
            Some(origin) => origin,
            None => self.record(Before::default(), None),
        };
        shared.origin = Some(origin);
        shared.count += 1;
        self.origins.changed();
        set_field(map, key, quoted_string(text.clone()).from_origin(origin));
    }

    /// Adds an entry of any shape at the end of a mapping, or replaces its value.
    pub fn set_node(&mut self, map: &mut Node, key: &str, value: Node) {
        match map.get_mut(key) {
            Some(old) => self.replace(old, value),
            None => {
                let mut value = value;
                self.origins.changed();
                value.origin = self.record(Before::default(), known(value.place()));
                set_field(map, key, value);
            }
        }
    }

    /// An empty mapping or sequence, or an empty scalar, that the edit makes.
    pub(crate) fn made(&mut self, content: Content, tag: Tag) -> Node {
        let style = match content {
            Content::Scalar(_) => Style::Plain,
            _ => Style::Block,
        };
        self.origins.changed();
        let origin = self.record(Before::default(), None);
        Node::new(content, tag, style).from_origin(origin)
    }
}

fn known(place: Place) -> Option<Place> {
    match place {
        Place::Span(span) if span.is_none() => None,
        place => Some(place),
    }
}
