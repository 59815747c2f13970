//! Strategic merge: one tree laid over another.
//!
//! [`merge2`] mirrors kyaml v0.21.1, `yaml/merge2` and `yaml/walk`: every field of both trees
//! is walked, guided by the schema of the object. What it does *not* do is upstream's choice:
//! `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList` are plain fields to it.
//! Lists are in `list.rs`, directives in `directive.rs`.

mod directive;
mod elements;
mod list;

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};
use rustc_hash::FxHashMap;
use schema::{OpenApi, Type};
use source::{Diagnostic, Place, Result};

use self::directive::Directive;
pub(super) use self::directive::asked;
use crate::resource::{Before, Editor, PartStep, is_nil_or_empty, quote_old_words};
use crate::upstream::wrong_kind;

/// Trees that are nested deeper are refused.
const MAX_DEPTH: usize = 1000;

/// Where items that only the patch has are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListOrder {
    /// Before the others: patches of resources.
    Prepend,
    /// After the others: values of charts.
    Append,
}

/// Lays `patch` over `dest` as Kustomize does with the values of charts; `None` if nothing is
/// left. (kyaml: `merge2.Merge(patch, dest)`)
///
/// Values of both keep their places; nothing is recorded.
pub(crate) fn merge2(patch: &Node, dest: Node) -> Result<Option<Node>> {
    let mut merged = dest;
    let schema = OpenApi::builtin();
    let (order, editor) = (ListOrder::Append, None);
    let mut merge = Merge { schema: &schema, editor, order, depth: 0 };
    Ok(match merge.walk(Some(&mut merged), Some(patch.clone()), None)? {
        Outcome::Clear => None,
        Outcome::Keep => Some(merged),
        Outcome::Take(node) => Some(node),
    })
}

/// Lays a patch over an object; `false` if nothing is left of it.
/// (upstream: `filters/patchstrategicmerge`, `Resource.ApplyFilter`)
///
/// What is taken from the patch keeps the patch's places, and its origin is an edit. A
/// `$patch: replace` of the whole object does nothing: upstream drops the result.
pub(super) fn patch_object(
    patch: Node,
    dest: &mut Node,
    schema: &OpenApi,
    editor: &mut Editor<'_>,
) -> Result<bool> {
    let (order, editor) = (ListOrder::Prepend, Some(editor));
    let mut merge = Merge { schema, editor, order, depth: 0 };
    match merge.walk(Some(dest), Some(patch), None)? {
        Outcome::Clear => Ok(false),
        Outcome::Keep | Outcome::Take(_) => Ok(true),
    }
}

/// What becomes of a field or item.
enum Outcome {
    /// It goes.
    Clear,
    /// The destination's node stays; it was changed in place.
    Keep,
    /// The patch's node takes its place.
    Take(Node),
}

struct Merge<'a, 'e, 'o> {
    schema: &'a OpenApi,
    editor: Option<&'e mut Editor<'o>>,
    order: ListOrder,
    depth: usize,
}

impl<'a> Merge<'a, '_, '_> {
    /// Decides about one place that exists in one of the trees or in both.
    fn walk(
        &mut self,
        dest: Option<&mut Node>,
        patch: Option<Node>,
        known: Option<Type<'a>>,
    ) -> Result<Outcome> {
        let dest_kind = dest.as_deref().and_then(kind_of);
        let patch_kind = patch.as_ref().and_then(kind_of);
        let Some(kind) = dest_kind.or(patch_kind) else {
            // A null that the text spells out stays; one that is only implied goes.
            let spelt =
                dest.is_some_and(|d| d.text().is_some_and(|text| !text.is_empty()));
            let keep = spelt && patch.is_none();
            return Ok(if keep { Outcome::Keep } else { Outcome::Clear });
        };
        if let Some(patch) =
            patch.as_ref().filter(|_| patch_kind.is_some_and(|k| k != kind))
        {
            let mut error = wrong_kind(kind, patch);
            if let Some(dest) = dest {
                error = error.label(dest.span, "the field that it would change");
            }
            return Err(error);
        }
        let ty = known.or_else(|| self.type_of(dest.as_deref(), patch.as_ref()));
        let mut dest = dest.filter(|_| dest_kind.is_some());
        if let (Some(dest), Some(patch)) = (&mut dest, &patch) {
            style_of_empty(dest, patch);
        }
        self.enter(patch.as_ref().or(dest.as_deref()))?;
        let outcome = match kind {
            Kind::Mapping => self.walk_map(dest, patch, ty),
            Kind::Sequence if ty.is_some_and(|ty| ty.is_merged()) => {
                self.walk_list(dest, patch, ty)
            }
            Kind::Scalar | Kind::Sequence => Ok(match patch {
                Some(patch) if patch.is_null() => Outcome::Clear,
                // What stays the same was not set by the patch.
                Some(patch) => match dest {
                    Some(dest) if dest.kind() == Kind::Scalar && *dest == patch => {
                        dest.untagged = patch.untagged;
                        // It may be one of several that are one upstream.
                        if let Some(editor) = self.editor.as_deref_mut() {
                            editor.replaced(Some(dest.place()), dest);
                        }
                        Outcome::Keep
                    }
                    _ => Outcome::Take(patch),
                },
                None => Outcome::Keep,
            }),
            Kind::Alias => Ok(Outcome::Clear),
        };
        self.depth -= 1;
        outcome
    }

    /// Walks what is in the patch alone, and so in both trees from then on.
    fn walk_same(&mut self, node: &mut Node, known: Option<Type<'a>>) -> Result<bool> {
        let ty = known.or_else(|| self.type_of(Some(node), None));
        let Some(kind) = kind_of(node) else { return Ok(false) };
        self.enter(Some(node))?;
        let keep = match kind {
            Kind::Mapping => match directive::take(node)? {
                Directive::Delete => Ok(false),
                Directive::Replace | Directive::Merge => {
                    self.same_map(node, ty).map(|()| true)
                }
            },
            Kind::Sequence if ty.is_some_and(|ty| ty.is_merged()) => {
                match directive::take_list(node)? {
                    Directive::Delete => Ok(false),
                    Directive::Replace | Directive::Merge => {
                        self.same_list(node, ty).map(|()| true)
                    }
                }
            }
            Kind::Scalar | Kind::Sequence => Ok(true),
            Kind::Alias => Ok(false),
        };
        self.depth -= 1;
        keep
    }

    fn walk_map(
        &mut self,
        dest: Option<&mut Node>,
        patch: Option<Node>,
        ty: Option<Type<'a>>,
    ) -> Result<Outcome> {
        match (dest, patch) {
            (Some(_), Some(patch)) if patch.is_null() => Ok(Outcome::Clear),
            (Some(dest), Some(mut patch)) => match directive::take(&mut patch)? {
                Directive::Delete => Ok(Outcome::Clear),
                Directive::Merge => self.merge_maps(dest, Some(patch), ty),
                Directive::Replace => {
                    self.same_map(&mut patch, ty)?;
                    Ok(Outcome::Take(patch))
                }
            },
            (Some(dest), None) => self.merge_maps(dest, None, ty),
            (None, Some(mut patch)) => {
                // Upstream ignores a directive that it does not know, here alone.
                if let Ok(Directive::Delete) = directive::take(&mut patch) {
                    return Ok(Outcome::Clear);
                }
                self.same_map(&mut patch, ty)?;
                Ok(Outcome::Take(patch))
            }
            (None, None) => Ok(Outcome::Clear),
        }
    }

    fn merge_maps(
        &mut self,
        dest: &mut Node,
        patch: Option<Node>,
        ty: Option<Type<'a>>,
    ) -> Result<Outcome> {
        let mut incoming = entries_by_key(patch);
        let Content::Mapping(entries) = &mut dest.content else {
            return Ok(Outcome::Keep);
        };
        let mut slots: Vec<Option<(Node, Node)>> =
            std::mem::take(entries).into_iter().map(Some).collect();
        for at in walking_order(&slots, incoming.len()) {
            let Some(slot) = slots.get_mut(at) else { continue };
            let Some((key, mut value)) = slot.take() else { continue };
            let name = key.text().unwrap_or("");
            let field = ty.and_then(|ty| ty.field(name));
            let (before, known) = (Before::of(&value), self.removed());
            let patch = incoming.remove(name);
            let asked = patch.as_ref().and_then(|(key, value)| asked(Some(key), value));
            let patch = patch.map(|(_, value)| value);
            let outcome = self.walk(Some(&mut value), patch, field)?;
            self.note_removed(&outcome, &value, asked);
            self.within(known, || PartStep::Key(name.into()));
            match outcome {
                Outcome::Clear => {}
                Outcome::Keep => {
                    quote_old_words(&mut value);
                    *slot = Some((key, value));
                }
                Outcome::Take(mut node) => {
                    let hidden = keep_style(&value, &mut node);
                    self.record(before, &mut node);
                    if let (Some(tag), Some(editor)) =
                        (hidden, self.editor.as_deref_mut())
                    {
                        editor.hide(node.origin, tag);
                    }
                    *slot = Some((key, node));
                }
            }
        }
        let mut kept: Vec<(Node, Node)> = slots.into_iter().flatten().collect();
        let mut added: Vec<_> = incoming.into_iter().collect();
        added.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (name, (key, value)) in added {
            let field = ty.and_then(|ty| ty.field(&name));
            if let Outcome::Take(mut node) = self.walk(None, Some(value), field)? {
                quote_old_words(&mut node);
                self.record(Before::default(), &mut node);
                kept.push((key, node));
            }
        }
        *entries = kept;
        Ok(Outcome::Keep)
    }

    fn same_map(&mut self, node: &mut Node, ty: Option<Type<'a>>) -> Result<()> {
        let Content::Mapping(entries) = &mut node.content else { return Ok(()) };
        let mut kept = Vec::with_capacity(entries.len());
        for (key, mut value) in std::mem::take(entries) {
            let field = ty.and_then(|ty| ty.field(key.text().unwrap_or("")));
            if self.walk_same(&mut value, field)? {
                quote_old_words(&mut value);
                kept.push((key, value));
            }
        }
        *entries = kept;
        Ok(())
    }

    /// The schema of an object that stands anywhere in a tree. (kyaml: `Walker.GetSchema`)
    fn type_of(&self, dest: Option<&Node>, patch: Option<&Node>) -> Option<Type<'a>> {
        [dest, patch].into_iter().flatten().find_map(|node| {
            let text = |key| {
                let value = node.get(key).filter(|n| !is_nil_or_empty(n))?;
                value.text().filter(|text| !text.is_empty())
            };
            self.schema.for_gvk(text("apiVersion")?, text("kind")?)
        })
    }

    /// Records that a node came from the patch, and each scalar below it.
    fn record(&mut self, before: Before, node: &mut Node) {
        let Some(editor) = self.editor.as_deref_mut() else { return };
        let after = known_place(node.place());
        let place = before.place;
        node.origin = editor.record(before, after);
        let mut root = true;
        node.walk_mut(&mut |below| {
            if !std::mem::take(&mut root) && below.kind() == Kind::Scalar {
                below.origin =
                    editor.record(Before::default(), known_place(below.place()));
            }
        });
        editor.replaced(place, node);
    }

    /// Records what an outcome takes away, if the patch asks for that.
    fn note_removed(&mut self, outcome: &Outcome, old: &Node, asked: Option<Place>) {
        let Some(editor) = self.editor.as_deref_mut() else { return };
        match outcome {
            Outcome::Clear if asked.is_some() && !old.is_null() => {
                editor.remove(old, asked);
            }
            // What `$patch: replace` leaves out.
            Outcome::Take(new) => {
                let (Some(old), Some(_)) = (old.entries(), new.entries()) else { return };
                for (key, value) in old {
                    let name = key.text().unwrap_or("");
                    if new.get(name).is_none() {
                        let known = editor.removed();
                        editor.remove(value, known_place(new.place()));
                        editor.within(known, || PartStep::Key(name.into()));
                    }
                }
            }
            _ => {}
        }
    }

    fn removed(&self) -> usize {
        self.editor.as_deref().map_or(0, Editor::removed)
    }

    fn within(&mut self, known: usize, step: impl FnOnce() -> PartStep) {
        if let Some(editor) = self.editor.as_deref_mut() {
            editor.within(known, step);
        }
    }

    /// Does something that is done because of these places, too.
    fn because_of<T>(
        &mut self,
        places: Vec<Place>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let reason = self.editor.as_deref_mut().map(|editor| {
            let reason = editor.reason();
            editor.and_because_of(places);
            reason
        });
        let done = run(self);
        if let (Some(editor), Some(reason)) = (self.editor.as_deref_mut(), reason) {
            editor.set_reason(reason);
        }
        done
    }

    fn enter(&mut self, node: Option<&Node>) -> Result<()> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        let span = node.map_or(source::Span::NONE, |node| node.span);
        Err(Diagnostic::error(span, "the patch or its target is nested too deeply")
            .hint(format!("nest no more than {MAX_DEPTH} levels")))
    }
}

/// The order in which upstream walks the entries: sorted. It counts where several are changed,
/// and one of them is a part of another.
fn walking_order(entries: &[Option<(Node, Node)>], incoming: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    if incoming > 1 {
        let name = |at: &usize| entries.get(*at)?.as_ref()?.0.text();
        order.sort_by(|a, b| name(a).cmp(&name(b)));
    }
    order
}

/// The kind of a node that is not null.
fn kind_of(node: &Node) -> Option<Kind> {
    (!node.is_null()).then(|| node.kind())
}

fn known_place(place: Place) -> Option<Place> {
    match place {
        Place::Span(span) if span.is_none() => None,
        place => Some(place),
    }
}

fn entries_by_key(patch: Option<Node>) -> FxHashMap<EcoString, (Node, Node)> {
    let Some(Content::Mapping(entries)) = patch.map(|patch| patch.content) else {
        return FxHashMap::default();
    };
    let mut map = FxHashMap::default();
    for (key, value) in entries {
        let name = EcoString::from(key.text().unwrap_or(""));
        map.entry(name).or_insert((key, value));
    }
    map
}

/// What is put between brackets that were empty stands there as the patch has it.
/// (kyaml: `SetStyle`)
fn style_of_empty(dest: &mut Node, patch: &Node) {
    let empty = match &dest.content {
        Content::Mapping(entries) => entries.is_empty(),
        Content::Sequence(items) => items.is_empty(),
        Content::Scalar(_) | Content::Alias(_) => false,
    };
    if empty && !patch.is_null() {
        dest.style = patch.style;
    }
}

/// Gives a node the style of the one that it replaces. (kyaml: `FieldSetter`)
///
/// A number in quotes is read back as a string, and so it is one; its tag is handed back.
fn keep_style(old: &Node, new: &mut Node) -> Option<Tag> {
    if new.kind() != Kind::Scalar {
        new.style = match old.kind() {
            Kind::Scalar | Kind::Alias => Style::Block,
            Kind::Mapping | Kind::Sequence => old.style,
        };
        return None;
    }
    if new.is_null() {
        return None;
    }
    new.style = match old.kind() {
        Kind::Scalar => old.style,
        _ => Style::Plain,
    };
    if new.untagged {
        new.set_untagged();
    } else if new.style != Style::Plain
        && new.tag == Node::scalar(new.text().unwrap_or("")).tag
    {
        let tag = std::mem::replace(&mut new.tag, Tag::Str);
        return (tag != Tag::Str).then_some(tag);
    }
    None
}
