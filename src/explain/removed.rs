//! What is not there because a patch took it away: fields, and whole objects.

use kustomize::{Deleted, Leaf, Removal};
use source::{Cause, Origin, Origins, Place, Role, SourceMap, Span, Step};

use super::{Field, FieldPath, Removed};
use crate::Render;
use crate::fleet::Object;
use crate::mask::Mask;
use crate::render::Built;

/// An object that a patch took away.
#[derive(Clone, Copy)]
pub struct Gone<'r> {
    /// The render that does not hold it.
    pub render: &'r Render,
    /// What the render holds besides.
    pub built: &'r Built,
    /// What is known of it.
    pub deleted: &'r Deleted,
}

impl<'r> Gone<'r> {
    /// The objects that are missing in these renders.
    pub(super) fn of(renders: &'r [Render]) -> impl Iterator<Item = Gone<'r>> {
        let built = renders.iter().filter_map(|render| Some((render, render.built()?)));
        built.flat_map(|(render, built)| {
            built.deleted.iter().map(move |deleted| Gone { render, built, deleted })
        })
    }

    /// Its namespace and name: `monitoring/query`.
    pub(super) fn full_name(&self) -> String {
        let id = &self.deleted.id;
        match id.namespace.as_str() {
            "" => id.name.to_string(),
            namespace => format!("{namespace}/{}", id.name),
        }
    }

    /// What took it away.
    pub(super) fn removed(&self) -> Removed {
        Removed::Edit(self.deleted.origin)
    }

    /// How it came to be, and to go.
    pub(super) fn steps(&self, sources: &SourceMap) -> Vec<Step> {
        sources.steps(&self.built.origins, Place::Origin(self.deleted.origin))
    }
}

/// The scalars at or below `path` that patches took away, and that are not there again.
pub(super) fn fields(
    sources: &SourceMap,
    object: &Object<'_>,
    path: &FieldPath,
) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    // Of a field that went twice, the last patch counts.
    for removal in object.resource.removed().iter().rev() {
        for leaf in &removal.leaves {
            let way = removal.path.iter().chain(&leaf.path);
            let Some(path) = path.leading_to(object.node(), way) else { continue };
            if fields.iter().all(|known| known.path != path) {
                fields.push(field(sources, object, removal, leaf, path));
            }
        }
    }
    fields.sort_by(|one, other| one.path.cmp(&other.path));
    fields
}

fn field(
    sources: &SourceMap,
    object: &Object<'_>,
    removal: &Removal,
    leaf: &Leaf,
    path: FieldPath,
) -> Field {
    let causes = sources.causes(&object.built.origins, leaf.place);
    let mask = Mask::of(sources, &causes, super::is_secret(object, &path));
    let (value, text) = (mask.shown(&leaf.text), leaf.text.to_string());
    let (place, removed) = (leaf.place, Some(Removed::Edit(removal.origin)));
    Field { path, value, text, mask, causes, place, removed }
}

/// How a field came to be, the edit that took it away included.
pub(super) fn steps(sources: &SourceMap, origins: &Origins, field: &Field) -> Vec<Step> {
    let mut steps = sources.steps(origins, field.place);
    let last = match field.removed {
        Some(Removed::Edit(edit)) if field.place != Place::Origin(edit) => {
            sources.steps(origins, Place::Origin(edit)).pop()
        }
        Some(Removed::Null(span)) => {
            Some(Step { edit: Some(("null value", span)), was: None, causes: Vec::new() })
        }
        _ => None,
    };
    let was = Some(field.text.as_str().into());
    steps.extend(last.map(|step| Step { was, ..step }));
    steps
}

/// Where a removal is written, and the lines that asked for it.
pub(super) fn asked(
    sources: &SourceMap,
    origins: &Origins,
    removed: Removed,
) -> (Span, Vec<Cause>) {
    let edit = match removed {
        Removed::Null(span) => return (span, vec![Cause { span, role: Role::Data }]),
        Removed::Edit(edit) => edit,
    };
    let Some(Origin::Edit { by, config, after, .. }) = origins.get(edit) else {
        return (Span::NONE, Vec::new());
    };
    let mut causes = after.map_or(Vec::new(), |after| sources.causes(origins, after));
    let written = causes.iter().find(|cause| cause.role == Role::Data);
    let written = written.map_or(config, |cause| cause.span);
    causes.push(Cause { span: config, role: Role::Edit(by) });
    (written, causes)
}

/// `overlays/edge/web/patch.yaml:12`
pub(super) fn place(sources: &SourceMap, origins: &Origins, removed: Removed) -> String {
    let (written, _) = asked(sources, origins, removed);
    match sources.location(written) {
        Some(at) => format!("{}:{}", at.path, at.line),
        None => "a patch".to_owned(),
    }
}
