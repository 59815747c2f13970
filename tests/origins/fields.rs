//! The fields of a build, and the places that each of them names.

use std::collections::HashMap;

use goyaml::Node;
use source::{Cause, Place, Role, SourceMap, World};
use thanos_gitops::explain::{FieldPath, fields, of_key};
use thanos_gitops::fleet::Object;
use thanos_gitops::{Render, RenderOptions};

/// Builds a repository; `None` if something of it does not build, or cannot be printed: a
/// template that writes a key twice is found only then.
pub(super) fn render(
    world: &dyn World,
    sources: &SourceMap,
    renderer: Option<&helm::Renderer>,
) -> Option<Vec<Render>> {
    let repo = thanos_gitops::load(world, sources).ok()?;
    let options = RenderOptions { charts: renderer, ..RenderOptions::default() };
    let renders = thanos_gitops::render(&repo, &options);
    let prints = |object: &Object<'_>| kustomize::typed(object.node()).is_ok();
    let builds =
        |render: &Render| render.outcome.is_ok() && objects(render).iter().all(prints);
    renders.iter().all(builds).then_some(renders)
}

/// The objects of a render.
pub(super) fn objects(render: &Render) -> Vec<Object<'_>> {
    let built = render.built().into_iter();
    let all = built.flat_map(|built| built.resources.iter().map(move |r| (built, r)));
    all.map(|(built, resource)| Object { render, built, resource }).collect()
}

/// Which file a name is of, from where to where, and is it data?
struct Name {
    start: u32,
    end: u32,
    data: bool,
    field: usize,
}

/// The build that changes are compared with.
pub(super) struct Base {
    pub(super) renders: Vec<Render>,
    /// Every field: its target's number, its object's, its path.
    fields: Vec<(usize, usize, String)>,
    names: HashMap<String, Vec<Name>>,
    unnamed: Vec<String>,
}

impl Base {
    pub(super) fn new(sources: &SourceMap, renders: Vec<Render>) -> Base {
        let (mut all, mut names, mut unnamed) = (Vec::new(), HashMap::new(), Vec::new());
        for (target, render) in renders.iter().enumerate() {
            for (number, object) in objects(render).iter().enumerate() {
                for field in fields(sources, object, &FieldPath::default()) {
                    let path = field.path.to_string();
                    let placed = |c: &&Cause| sources.location(c.span).is_some();
                    if !field.causes.iter().any(|c| placed(&c)) {
                        let label = object.label();
                        unnamed.push(format!("{} {label} {path}", render.cluster()));
                    }
                    for cause in &field.causes {
                        let file = sources.file(cause.span.file).path.clone();
                        let (start, end) = range(cause);
                        let (data, field) = (is_data(cause.role), all.len());
                        let name = Name { start, end, data, field };
                        names.entry(file).or_insert_with(Vec::new).push(name);
                    }
                    all.push((target, number, path));
                }
            }
        }
        Base { renders, fields: all, names, unnamed }
    }

    /// How many fields there are.
    pub(super) fn count(&self) -> usize {
        self.fields.len()
    }

    /// The fields that name no place.
    pub(super) fn without_origin(&self) -> Vec<String> {
        self.unnamed.clone()
    }

    /// The fields that name a range of a file as their data.
    pub(super) fn naming(
        &self,
        file: &str,
        start: u32,
        end: u32,
    ) -> Vec<&(usize, usize, String)> {
        let names = self.names.get(file).map(Vec::as_slice).unwrap_or_default();
        let touched = names.iter().filter(|n| n.data && n.start < end && start < n.end);
        let mut found: Vec<usize> = touched.map(|name| name.field).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|field| &self.fields[field]).collect()
    }
}

/// Does what stands at `place`, below these keys, name a range of a file, as data or as a
/// reason?
pub(super) fn names(
    sources: &SourceMap,
    render: &Render,
    place: Place,
    keys: &[Place],
    (file, start, end): (&str, u32, u32),
) -> bool {
    let Some(built) = render.built() else { return false };
    let touches = |cause: &Cause| {
        let (from, to) = range(cause);
        from < end && start < to && sources.file(cause.span.file).path == file
    };
    sources.causes(&built.origins, place).iter().any(touches)
        || keys
            .iter()
            .any(|key| of_key(sources, &built.origins, *key).iter().any(touches))
}

fn range(cause: &Cause) -> (u32, u32) {
    (cause.span.start, cause.span.end.max(cause.span.start + 1))
}

fn is_data(role: Role) -> bool {
    matches!(role, Role::Data | Role::Text | Role::Value(_) | Role::Edit(_))
}

/// A leaf: a scalar, or something empty.
pub(super) fn is_leaf(node: &Node) -> bool {
    node.entries().is_none_or(<[_]>::is_empty) && node.items().is_none_or(<[_]>::is_empty)
}
