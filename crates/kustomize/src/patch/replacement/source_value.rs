//! The value that is copied.

use ::source::{Diagnostic, OriginId, Result};
use ecow::EcoString;
use goyaml::{Content, Kind, Node};

use super::{DEFAULT_FIELD_PATH, all_ids, path, refuse_uneven};
use crate::kustomization::{FieldOptions, Replacement, SourceSelector};
use crate::patch::selector::{candidates, id_of};
use crate::resource::{ResMap, Resource, is_nil_or_empty};

/// What stands for a secret in messages.
pub(super) use source::MASK;

/// A value, and the field that it is read from again when that field was changed: upstream holds
/// the node itself.
pub(super) struct SourceValue {
    /// The value.
    pub(super) node: Node,
    /// Does it come from a Secret? Then no message shows it.
    pub(super) secret: bool,
    field: Option<Field>,
}

/// A field of the object at a position.
struct Field {
    at: usize,
    /// Positions of entries and items. Replacements add behind the last ones, so a node stays
    /// where it is, whatever its path may mean meanwhile.
    way: Vec<usize>,
    /// The origins of what it stands in: once one of these is replaced, the source is a node
    /// that stands nowhere.
    above: Vec<OriginId>,
}

impl Field {
    fn new(at: usize, object: &Node, path: &[EcoString]) -> Option<Field> {
        let way = path::way_to(object, path)?;
        let above = Field::origins_above(object, &way);
        Some(Field { at, way, above })
    }

    fn origins_above(object: &Node, way: &[usize]) -> Vec<OriginId> {
        let mut at = object;
        let mut origins = Vec::with_capacity(way.len());
        for step in way {
            origins.push(at.origin);
            match path::below(at, *step) {
                Some(below) => at = below,
                None => break,
            }
        }
        origins
    }

    fn find<'n>(&self, object: &'n Node) -> Option<&'n Node> {
        self.way.iter().try_fold(object, |at, step| path::below(at, *step))
    }
}

impl SourceValue {
    /// Is it a part of the object at `at` that may be changed while it is copied?
    pub(super) fn is_live_in(&self, at: usize) -> bool {
        self.field.as_ref().is_some_and(|field| field.at == at)
    }

    /// Makes the value what it is once the fields of a path are made in the object at `at`: the
    /// source may be where they are made, and upstream makes them before it copies.
    pub(super) fn foresee(
        &mut self,
        at: usize,
        object: &Node,
        path: &str,
        embedded: bool,
    ) {
        if !self.is_live_in(at) || self.node.kind() == Kind::Scalar {
            return;
        }
        let mut made = object.clone();
        let visit = &mut |_: &mut Node, _: &[usize]| Ok(());
        let mut matcher = path::PathMatcher::new(Some(self.node.kind()), embedded, visit);
        if matcher.walk(&mut made, &path::split(path)).is_ok() {
            self.refresh(at, &made);
        }
    }

    /// Says that the object at `at` was changed, and may be the source.
    pub(super) fn refresh(&mut self, at: usize, object: &Node) {
        let Some(field) = self.field.as_ref().filter(|field| field.at == at) else {
            return;
        };
        match field.find(object) {
            Some(node) if field.above == Field::origins_above(object, &field.way) => {
                self.node = node.clone();
            }
            _ => self.field = None,
        }
    }
}

impl From<Node> for SourceValue {
    fn from(node: Node) -> SourceValue {
        SourceValue { node, secret: false, field: None }
    }
}

/// The value of a replacement. (upstream: `getReplacement`)
pub(super) fn find(replacement: &Replacement, resources: &ResMap) -> Result<SourceValue> {
    match (&replacement.source, &replacement.source_value) {
        (Some(_), Some(_)) => {
            let message = "value and resource selectors are mutually exclusive";
            Err(Diagnostic::error(replacement.span, message)
                .hint("keep either `source` or `sourceValue`"))
        }
        (None, Some(value)) => {
            Ok(Node::untagged(value.value.clone()).at(value.span).into())
        }
        (Some(source), None) => from_object(source, resources),
        (None, None) => Ok(Node::null().into()),
    }
}

fn from_object(source: &SourceSelector, resources: &ResMap) -> Result<SourceValue> {
    let (at, object) = select(source, resources)?;
    let parts = path::split(match source.field_path.as_str() {
        "" => DEFAULT_FIELD_PATH,
        path => path,
    });
    let field_path = match source.field_path.as_str() {
        "" => DEFAULT_FIELD_PATH,
        path => path,
    };
    let span = match source.field_path.span.is_none() {
        true => source.object.span,
        false => source.field_path.span,
    };
    let found = path::lookup(object.node(), &parts).map_err(|e| {
        let message = format!("error looking up replacement source: {e}");
        Diagnostic::error(span, message)
            .label(object.node().span, "in this object")
            .hint("`.` parts keys, a number or `[key=value]` picks an item of a list")
    })?;
    let Some(found) = found.filter(|node| !is_nil_or_empty(node)) else {
        let id = id_of(&source.object);
        let message =
            format!("fieldPath `{field_path}` is missing for replacement source {id}");
        return Err(Diagnostic::error(span, message)
            .label(object.node().span, "the source object")
            .hint("name a field that the source object has"));
    };
    let options = source.options.as_ref();
    let whole = options.is_none_or(|options| options.delimiter.is_empty());
    let secret = object.cur_id().gvk.kind == "Secret";
    let node = refine(options, found, secret)?;
    let field = whole.then(|| Field::new(at, object.node(), &parts)).flatten();
    Ok(SourceValue { node, secret, field })
}

/// The one object that a selector means. (upstream: `selectSourceNode`)
fn select<'a>(
    source: &SourceSelector,
    resources: &'a ResMap,
) -> Result<(usize, &'a Resource)> {
    let uneven = |resource| refuse_uneven(resource, "error getting node IDs: ");
    resources.iter().try_for_each(uneven)?;
    let selector = id_of(&source.object);
    let named = |resource: &Resource| {
        let name = &selector.name;
        name.is_empty()
            || resource.cur_id().name == *name
            || resource.previous().iter().any(|previous| previous.name == *name)
    };
    let mut matches = resources.iter().enumerate().filter(|(_, resource)| {
        named(resource) && all_ids(resource).iter().any(|id| id.is_selected_by(&selector))
    });
    let span = source.object.span;
    let Some(first) = matches.next() else {
        let message = format!("nothing selected by {}", describe(source));
        return Err(
            Diagnostic::error(span, message).hint(candidates(resources, &source.object))
        );
    };
    if let Some((_, second)) = matches.next() {
        let message = format!("multiple matches for selector {}", describe(source));
        return Err(Diagnostic::error(span, message)
            .label(first.1.node().span, "one match")
            .label(second.node().span, "another match")
            .hint("name the source's kind, name and namespace"));
    }
    Ok(first)
}

/// Upstream's words for a source. (`SourceSelector.String`)
fn describe(source: &SourceSelector) -> String {
    let mut words = vec![id_of(&source.object).to_string()];
    if !source.field_path.is_empty() {
        words.push(source.field_path.value.to_string());
    }
    if let Some(options) = &source.options
        && (!options.delimiter.is_empty() || options.create)
    {
        let delimiter = options.delimiter.as_str();
        words.push(format!("{delimiter}({}), create={}", options.index, options.create));
    }
    words.join(":")
}

/// The part of a text that the options ask for. (upstream: `getRefinedValue`)
fn refine(options: Option<&FieldOptions>, node: &Node, secret: bool) -> Result<Node> {
    let Some(options) = options.filter(|o| !o.delimiter.is_empty()) else {
        return Ok(node.clone());
    };
    let span = options.delimiter.span;
    let Some(text) = node.text().filter(|_| node.kind() == Kind::Scalar) else {
        let message = "delimiter option can only be used with scalar nodes";
        return Err(Diagnostic::error(span, message)
            .label(node.span, "the source field")
            .hint("drop `delimiter`, or name a field that holds a text"));
    };
    let index = usize::try_from(options.index).ok();
    let part = index.and_then(|index| text.split(options.delimiter.as_str()).nth(index));
    let Some(part) = part else {
        let shown = if secret { MASK } else { text };
        let message =
            format!("options.index {} is out of bounds for value {shown}", options.index);
        let parts = text.split(options.delimiter.as_str()).count();
        return Err(Diagnostic::error(span, message)
            .label(node.span, "the source field")
            .hint(format!("parts are counted from 0, and there are {parts}")));
    };
    let mut refined = node.clone();
    refined.content = Content::Scalar(EcoString::from(part));
    if refined.untagged {
        refined.set_untagged();
    }
    Ok(refined)
}
