//! Replacements: a value of one object copied into fields of others.
//! (upstream: `filters/replacement/replacement.go`, v0.21.1)
//!
//! The grammar of field paths is in `path.rs`; fields inside of JSON or YAML that a string holds
//! in `embedded.rs`; reading replacements from files in `configure.rs`.

mod configure;
mod embedded;
mod path;
mod set;
mod source_value;

pub(crate) use configure::configure_replacements;
pub(crate) use path::field_value;

use ::source::{Diagnostic, Place, Result};
use goyaml::Kind;

use self::set::Setter;
use self::source_value::SourceValue;
use super::selector::{
    Matcher, candidates, id_of, misses_at, note_catch_all, short, wanted,
};
use super::strategic_merge::identity;
use crate::context::Context;
use crate::kustomization::{Replacement, Selector, TargetSelector, Text};
use crate::resource::{Misfit, ResId, ResMap, Resource};
use crate::transformer::Transformer;
use crate::upstream::Upstream;
use crate::{Compat, NoteKind};

const DEFAULT_FIELD_PATH: &str = "metadata.name";

/// The replacements of one kustomization.
pub(crate) struct Replacements {
    replacements: Vec<Replacement>,
}

impl Transformer for Replacements {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        for replacement in &self.replacements {
            apply(replacement, context, resources)?;
        }
        resources.drop_empties();
        Ok(())
    }
}

fn apply(
    replacement: &Replacement,
    context: &mut Context<'_>,
    resources: &mut ResMap,
) -> Result<()> {
    let none = replacement.source.is_none() && replacement.source_value.is_none();
    if none || replacement.targets.is_empty() {
        let message = "replacements must specify a source and at least one target";
        let missing = if none { "source:" } else { "targets:" };
        return Err(
            Diagnostic::error(replacement.span, message).hint(format!("add `{missing}`"))
        );
    }
    let mut value = source_value::find(replacement, resources)?;
    let (changes, notes) = (context.origins.changes(), context.notes.len());
    for target in &replacement.targets {
        apply_target(&mut value, target, replacement, context, resources)?;
    }
    let silent = context.notes.get(notes..).unwrap_or_default();
    let reached = silent.iter().all(|note| note.kind != NoteKind::Replacement);
    if reached && context.origins.changes() == changes {
        let text = "the replacement changes nothing: its targets have the value already";
        context.note(NoteKind::Transformer, replacement.span, text);
    }
    Ok(())
}

fn apply_target(
    value: &mut SourceValue,
    target: &TargetSelector,
    replacement: &Replacement,
    context: &mut Context<'_>,
    resources: &mut ResMap,
) -> Result<()> {
    let Some(select) = &target.select else {
        let message = "target must specify resources to select";
        return Err(Diagnostic::error(target.span, message).hint("add `select:`"));
    };
    let exact = context.options.compat == Compat::V5_7;
    let compile = |selector: &Selector| match exact {
        true => Matcher::exact(selector),
        false => Matcher::new(selector),
    };
    let step = "error creating target selector";
    let compile = |selector| compile(selector).map_err(|error| error.within(step));
    let matcher = compile(select)?;
    let rejects = target.reject.iter().map(compile).collect::<Result<Vec<_>>>()?;
    let default = Text { value: DEFAULT_FIELD_PATH.into(), span: target.span };
    let paths = match target.field_paths.as_slice() {
        [] => std::slice::from_ref(&default),
        paths => paths,
    };
    let mut reached = 0;
    for at in 0..resources.len() {
        let Some(resource) = resources.get(at) else { continue };
        if !is_meant(resource, &matcher, target, &rejects)? {
            continue;
        }
        reached += 1;
        let Some(resource) = resources.get_mut(at) else { continue };
        let id = short(resource.cur_id());
        let loses_history = paths.iter().any(|path| {
            matches!(path.as_str(), "metadata" | "metadata.annotations")
                && value.node.kind() != Kind::Scalar
        });
        let mut misfits = Vec::new();
        let hidden = resource.hidden_tags().to_vec();
        let mut editor = context.editor("replacements", replacement.span.head());
        editor.because_of(identity(resource.node()));
        editor.and_because_of(select.places().chain(source_places(replacement)));
        let reason = editor.reason();
        resource.edit_with(&mut editor, |node, editor| {
            paths.iter().try_for_each(|path| {
                editor.set_reason(reason);
                editor.and_because_of([Place::Span(path.span)]);
                if target.options.as_ref().is_some_and(|options| options.create) {
                    value.foresee(at, node, path.as_str(), !exact);
                }
                let mut setter = Setter {
                    source: value,
                    at,
                    embedded: !exact,
                    options: target.options.as_ref(),
                    hidden: &hidden,
                };
                let copied = setter.copy_into(node, path, editor, &mut misfits);
                copied.map_err(|e| e.label(node.span, format!("the target {id}")))
            })
        })?;
        context.misfits.extend(misfits.into_iter().map(|misfit| Misfit {
            error: misfit.error.label(resource.node().span, format!("the target {id}")),
            ..misfit
        }));
        if loses_history {
            // Upstream's own annotations were among those that are gone.
            resource.forget_history();
        }
    }
    let span = if select.span.is_none() { target.span } else { select.span };
    if reached > 0 {
        note_catch_all(context, select, span, (reached, resources.len()));
    } else {
        let known = candidates(resources, select);
        let text = format!("no object matches `{}`", wanted(select));
        let span = misses_at(resources, select, span);
        context.note_with(NoteKind::Replacement, span, text, known);
    }
    Ok(())
}

/// Where a replacement says what it copies.
fn source_places(replacement: &Replacement) -> Vec<Place> {
    let Some(source) = &replacement.source else { return Vec::new() };
    let path = Some(&source.field_path).filter(|path| !path.is_empty());
    let path = path.map(|path| Place::Span(path.span));
    source.object.places().chain(path).collect()
}

/// Is an object a target? Labels and annotations are asked first, as upstream does.
fn is_meant(
    resource: &Resource,
    matcher: &Matcher,
    target: &TargetSelector,
    rejects: &[Matcher],
) -> Result<bool> {
    refuse_uneven(resource, "")?;
    let ids = all_ids(resource);
    let selected = ids.iter().any(|id| matcher.selects_id(id));
    if !matcher.metadata(resource)? || !selected {
        return Ok(false);
    }
    for (reject, matcher) in target.reject.iter().zip(rejects) {
        let by_metadata =
            !reject.annotation_selector.is_empty() || !reject.label_selector.is_empty();
        if by_metadata && matcher.metadata(resource)? {
            return Ok(false);
        }
        let by_id = id_of(reject) != ResId::default();
        if by_id && ids.iter().any(|id| matcher.selects_id(id)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What upstream cannot name, it can neither select nor pass over.
fn refuse_uneven(resource: &Resource, step: &str) -> Result<()> {
    if !resource.has_uneven_history() {
        return Ok(());
    }
    let message = format!(
        "{step}number of previous names, number of previous namespaces, number of previous \
         kinds not equal"
    );
    Err(Diagnostic::error(resource.node().span, message).hint(
        "a patch took the name or kind of this object away, or the name holds a comma",
    ))
}

/// Every id of an object; none counts as cluster-scoped here. (upstream: `MakeResIds`)
fn all_ids(resource: &Resource) -> Vec<ResId> {
    let current = ResId { cluster_scoped: false, ..resource.cur_id().clone() };
    std::iter::once(current).chain(resource.prev_ids()).collect()
}
