//! Finding, and making, the fields that a [`FieldSpec`] names.

use ecow::EcoString;
use goyaml::{Content, Kind, Node, Style, Tag};
use source::{Diagnostic, Result};

use super::field_spec::Steps;
use super::metadata::set_field;
use super::{Before, Editor, FieldSpec, Resource};

/// What a missing field is made as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Create {
    /// Missing fields stay missing.
    Nothing,
    /// A scalar with this tag; [`Tag::Null`] stands for none, so that the text tells.
    Scalar(Tag),
    /// A mapping.
    Mapping,
}

/// Calls `set` for each field of the object that one of `specs` names.
/// (upstream: `filters/fsslice`)
pub(crate) fn visit_fields(
    resource: &mut Resource,
    specs: &[FieldSpec],
    create: Create,
    editor: &mut Editor<'_>,
    set: &mut dyn FnMut(&mut Editor<'_>, &mut Node) -> Result<()>,
) -> Result<()> {
    specs.iter().try_for_each(|spec| visit_field(resource, spec, create, editor, set))
}

/// Calls `set` for each field of the object that `spec` names.
/// (upstream: `filters/fieldspec/fieldspec.go`, v0.21.1)
///
/// Nothing happens to objects of another kind. Sequences on the way are walked through
/// whether or not the path says `[]`.
pub(crate) fn visit_field(
    resource: &mut Resource,
    spec: &FieldSpec,
    create: Create,
    editor: &mut Editor<'_>,
    set: &mut dyn FnMut(&mut Editor<'_>, &mut Node) -> Result<()>,
) -> Result<()> {
    if !resource.cur_id().gvk.is_selected(&spec.gvk) {
        return Ok(());
    }
    let create = if spec.create { create } else { Create::Nothing };
    visit_path(resource, &spec.path, create, editor, set)
}

/// Calls `set` for each field of the object at `path`, whatever its kind.
pub(crate) fn visit_path(
    resource: &mut Resource,
    path: &str,
    create: Create,
    editor: &mut Editor<'_>,
    set: &mut dyn FnMut(&mut Editor<'_>, &mut Node) -> Result<()>,
) -> Result<()> {
    let steps = Steps::of(path);
    let result = resource.edit_below(steps.first(), editor, |node, editor| {
        Walk { create, editor, set }.walk(node, steps)
    });
    result.map_err(|mut error| {
        let id = resource.cur_id();
        error.message =
            format!("considering field '{path}' of object {id}: {}", error.message);
        error
    })
}

/// Why a step that leads into a mapping cannot be a field's name. (kyaml: `PathGetter`)
fn no_field_name(name: &str) -> Option<String> {
    let is_list_index = name.starts_with('[') && name.ends_with(']');
    match name.parse::<i64>() {
        Ok(index) if index < 0 => Some(format!("array index {index} cannot be negative")),
        Ok(_) => {
            Some("wrong node kind: expected SequenceNode but got MappingNode".into())
        }
        Err(_) if name == "*" => Some("wildcard is not supported in PathGetter".into()),
        Err(_) if name == "-" || is_list_index => {
            Some("wrong node kind: expected SequenceNode but got MappingNode".into())
        }
        Err(_) => None,
    }
}

struct Walk<'a, 'e> {
    create: Create,
    editor: &'a mut Editor<'e>,
    set: &'a mut dyn FnMut(&mut Editor<'_>, &mut Node) -> Result<()>,
}

impl Walk<'_, '_> {
    fn walk(&mut self, node: &mut Node, steps: Steps<'_>) -> Result<()> {
        let Some((step, rest)) = steps.split_first() else {
            return (self.set)(self.editor, node).map_err(|e| e.at(node.span));
        };
        if node.is_null() {
            return Ok(());
        }
        let span = node.span;
        match &mut node.content {
            Content::Sequence(items) => {
                let walked = items.iter_mut().try_for_each(|item| self.walk(item, steps));
                walked.map_err(|mut error| {
                    let why = std::mem::take(&mut error.message);
                    error.message = format!("visit traversal on path: [{steps}]: {why}");
                    error
                })
            }
            Content::Mapping(_) => self.step(node, &step, rest),
            Content::Scalar(_) | Content::Alias(_) => {
                Err(Diagnostic::error(span, "expected sequence or mapping node").hint(
                    "the field leads through here: a mapping or a list belongs here",
                ))
            }
        }
    }

    fn step(&mut self, map: &mut Node, step: &str, rest: Steps<'_>) -> Result<()> {
        let (name, is_sequence) = match step.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (step, false),
        };
        if name.is_empty() {
            let message = "cannot set or create an empty field name";
            return Err(Diagnostic::error(map.span, message));
        }
        let name = name.trim();
        if let Some(fault) = no_field_name(name) {
            let message = format!("fieldName: {name}: {fault}");
            return Err(Diagnostic::error(map.span, message));
        }
        let made = || match self.create {
            Create::Nothing => None,
            _ if is_sequence => None,
            Create::Scalar(tag) if rest.is_empty() => {
                Some((Content::Scalar(EcoString::new()), tag))
            }
            Create::Mapping | Create::Scalar(_) => {
                Some((Content::Mapping(Vec::new()), Tag::Map))
            }
        };
        if let Some(field) = map.get_mut(name) {
            if field.is_null() {
                self.fill_null(field, made(), is_sequence);
            }
            return self.walk(field, rest);
        }
        let Some((content, tag)) = made() else { return Ok(()) };
        set_field(map, name, self.editor.made(content, tag));
        match map.get_mut(name) {
            Some(field) => self.walk(field, rest),
            None => Ok(()),
        }
    }

    /// A null becomes what would have been made in its place; a null that the path takes for
    /// a sequence becomes an empty one, even where nothing is created.
    fn fill_null(
        &mut self,
        field: &mut Node,
        made: Option<(Content, Tag)>,
        is_sequence: bool,
    ) {
        let (content, tag) = match made {
            _ if is_sequence => (Content::Sequence(Vec::new()), Tag::Seq),
            // Upstream changes kind and tag alone: the text of the null stays.
            Some((Content::Scalar(_), tag)) => (field.content.clone(), tag),
            Some(made) => made,
            None => return,
        };
        let before = Before::of(field);
        field.origin = self.editor.record(before, None);
        field.content = content;
        field.tag = tag;
        field.style = match field.kind() {
            Kind::Scalar => Style::Plain,
            _ => Style::Block,
        };
        if tag == Tag::Null {
            field.set_untagged();
        }
    }
}
