//! An explanation for programs.

use serde_json::{Value, json};
use source::{Cause, Role, SourceMap};

use super::{Explanation, Field};

/// The explanations as one document.
#[must_use]
pub fn document(sources: &SourceMap, explanations: &[Explanation<'_>]) -> Value {
    let objects = explanations.iter().map(|explanation| {
        let object = &explanation.object;
        let fields: Vec<Value> =
            explanation.fields.iter().map(|field| of_field(sources, field)).collect();
        json!({
            "cluster": object.render.cluster(),
            "component": object.render.component(),
            "kind": object.kind(),
            "namespace": object.namespace(),
            "name": object.name(),
            "fields": fields,
        })
    });
    json!({"version": 1, "objects": objects.collect::<Vec<_>>()})
}

fn of_field(sources: &SourceMap, field: &Field) -> Value {
    let causes = field.causes.iter().filter_map(|cause| of_cause(sources, cause));
    json!({
        "path": field.path.to_string(),
        "value": field.value,
        "secret": field.value.is_none(),
        "causes": causes.collect::<Vec<_>>(),
    })
}

fn of_cause(sources: &SourceMap, cause: &Cause) -> Option<Value> {
    let place = sources.location(cause.span)?;
    let role = match cause.role {
        Role::Data => "data",
        Role::Value(_) => "value",
        Role::Shadowed(_) => "shadowed",
        Role::Template => "template",
        Role::Include => "include",
        Role::Reason => "reason",
        Role::Edit(_) => "edit",
        Role::Before => "before",
    };
    let by = match cause.role {
        Role::Edit(by) => Value::from(by),
        _ => Value::Null,
    };
    Some(json!({
        "role": role,
        "by": by,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "excerpt": sources.file(cause.span.file).excerpt(place.line),
    }))
}
