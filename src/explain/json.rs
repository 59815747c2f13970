//! An explanation for programs.

use serde_json::{Value, json};
use source::{Cause, LayerKind, Origins, Place, Role, SourceMap, Span};

use super::{Explanation, Field, FieldPath, Gone, removed};
use crate::mask::Mask;
use crate::report::document::{location, object, position, schema_of};

/// The explanations as one document.
#[must_use]
pub fn document(sources: &SourceMap, explanations: &[Explanation<'_>]) -> Value {
    let objects = explanations.iter().map(|explanation| {
        let object = &explanation.object;
        let origins = &object.built.origins;
        let fields = explanation.fields.iter();
        let fields = fields.map(|field| of_field(sources, origins, field));
        json!({
            "cluster": object.render.cluster(),
            "component": object.render.component(),
            "group": object.group(),
            "kind": object.kind(),
            "namespace": object.resource.cur_id().namespace.as_str(),
            "name": object.name(),
            "fields": fields.collect::<Vec<_>>(),
        })
    });
    json!({"version": 1, "objects": objects.collect::<Vec<_>>()})
}

/// The objects that patches took away as one document: each has one field, itself.
#[must_use]
pub fn gone_document(sources: &SourceMap, gone: &[Gone<'_>]) -> Value {
    let objects = gone.iter().map(|gone| {
        let (id, edit) = (&gone.deleted.id, gone.deleted.origin);
        let place = Place::Origin(edit);
        let origins = &gone.built.origins;
        let field = Field {
            path: FieldPath::default(),
            value: Some(String::new()),
            text: String::new(),
            mask: Mask::default(),
            causes: sources.causes(origins, place),
            place,
            removed: Some(gone.removed()),
        };
        json!({
            "cluster": gone.render.cluster(),
            "component": gone.render.component(),
            "group": id.gvk.group.as_str(),
            "kind": id.gvk.kind.as_str(),
            "namespace": id.namespace.as_str(),
            "name": id.name.as_str(),
            "fields": [of_field(sources, origins, &field)],
        })
    });
    json!({"version": 1, "objects": objects.collect::<Vec<_>>()})
}

fn of_field(sources: &SourceMap, origins: &Origins, field: &Field) -> Value {
    let steps = removed::steps(sources, origins, field);
    let shown = |text: Option<&str>| text.and_then(|text| field.mask.shown(text));
    let text = (field.removed.is_none()).then_some(&*field.text);
    let steps = steps.iter().enumerate().map(|(n, step)| {
        let next = steps.get(n + 1);
        let after = next.map_or(text, |next| next.was.as_deref());
        let causes = step.causes.iter().map(|cause| of_cause(sources, cause));
        json!({
            "by": step.edit.map(|(by, _)| by),
            "location": step.edit.map_or(Value::Null, |(_, at)| location(sources, at)),
            "before": shown(step.was.as_deref()),
            "after": shown(after),
            "causes": causes.collect::<Vec<_>>(),
        })
    });
    let main = sources.written_at(origins, field.place, &field.causes);
    let main = main.map_or(Span::NONE, |cause| sources.found_at(cause));
    json!({
        "path": field.path.to_string(),
        "value": text.and(field.value.as_deref()),
        "secret": field.value.is_none(),
        "location": location(sources, main),
        "removed": field.removed.map_or(Value::Null, |edit| {
            location(sources, removed::asked(sources, origins, edit).0)
        }),
        "steps": steps.collect::<Vec<_>>(),
    })
}

fn of_cause(sources: &SourceMap, cause: &Cause) -> Value {
    let role = match cause.role {
        Role::Data => "data",
        Role::Text | Role::Template => "template",
        Role::Value(_) => "value",
        Role::Shadowed(_) => "shadowed",
        Role::Include => "include",
        Role::Reason => "reason",
        Role::Before => "before",
        Role::Edit(_) => "edit",
    };
    let layer = match cause.role {
        Role::Value(kind) | Role::Shadowed(kind) => Value::from(layer_word(kind)),
        _ => Value::Null,
    };
    json!({
        "role": role,
        "layer": layer,
        "location": location(sources, sources.found_at(cause)),
    })
}

fn layer_word(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Chart => "chart",
        LayerKind::File => "file",
        LayerKind::Inline => "inline",
        LayerKind::Set => "flag",
        LayerKind::Release => "release",
    }
}

/// The JSON Schema of [`document`].
///
/// The committed copy is `schemas/explain.v1.schema.json`; a test compares them.
#[must_use]
pub fn json_schema() -> Value {
    let text = || json!({"type": "string"});
    let maybe = || json!({"type": ["string", "null"]});
    let roles =
        ["data", "template", "value", "shadowed", "include", "reason", "before", "edit"];
    let layers = json!(["chart", "file", "inline", "flag", "release", null]);
    let causes = object(&[
        ("role", json!({"enum": roles})),
        ("layer", json!({"enum": layers})),
        ("location", position()),
    ]);
    let steps = object(&[
        ("by", maybe()),
        ("location", position()),
        ("before", maybe()),
        ("after", maybe()),
        ("causes", json!({"type": "array", "items": causes})),
    ]);
    let fields = object(&[
        ("path", text()),
        ("value", maybe()),
        ("secret", json!({"type": "boolean"})),
        ("location", position()),
        ("removed", position()),
        ("steps", json!({"type": "array", "items": steps})),
    ]);
    let objects = object(&[
        ("cluster", text()),
        ("component", text()),
        ("group", text()),
        ("kind", text()),
        ("namespace", text()),
        ("name", text()),
        ("fields", json!({"type": "array", "items": fields})),
    ]);
    let objects = json!({"type": "array", "items": objects});
    schema_of("thanos-gitops explain", &[("objects", objects)])
}
