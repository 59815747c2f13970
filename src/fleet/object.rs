//! One object of one cluster.

use goyaml::{Node, Step};
use kustomize::Resource;
use source::{Subject, Tracepoint};

use super::ClusterObjects;

use crate::render::Built;
use crate::{Cluster, Render};

/// An object of the final manifests, and the render that made it.
#[derive(Clone, Copy)]
pub struct Object<'r> {
    /// The render that made it.
    pub render: &'r Render,
    /// What the render holds besides.
    pub built: &'r Built,
    /// The object itself.
    pub resource: &'r Resource,
}

impl<'r> Object<'r> {
    /// The objects of a render; none if it failed.
    pub(crate) fn of_render(render: &'r Render) -> impl Iterator<Item = Object<'r>> {
        render.built().into_iter().flat_map(move |built| {
            built.resources.iter().map(move |resource| Object { render, built, resource })
        })
    }

    /// The cluster that it is for.
    #[must_use]
    pub fn cluster(&self) -> &'r Cluster {
        &self.render.target.cluster
    }

    /// Its root node.
    #[must_use]
    pub fn node(&self) -> &'r Node {
        self.resource.node()
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &'r str {
        &self.resource.cur_id().gvk.kind
    }

    /// Its API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'r str {
        &self.resource.cur_id().gvk.group
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'r str {
        &self.resource.cur_id().name
    }

    /// Its namespace; `default` if it names none.
    #[must_use]
    pub fn namespace(&self) -> &'r str {
        match self.resource.cur_id().namespace.as_str() {
            "" => "default",
            namespace => namespace,
        }
    }

    /// Is it of this group and kind, whatever the version?
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind() == kind && self.group() == group
    }

    /// The node at the end of a path of keys.
    #[must_use]
    pub fn get(&self, keys: &[&str]) -> Option<&'r Node> {
        self.node().lookup(keys.iter().map(|key| Step::Key(key)))
    }

    /// The text at the end of a path of keys.
    #[must_use]
    pub fn text(&self, keys: &[&str]) -> Option<&'r str> {
        self.get(keys).filter(|node| !node.is_null()).and_then(Node::text)
    }

    /// How messages name it: ``Ingress `monitoring/grafana` ``.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} `{}`", self.kind(), self.full_name())
    }

    /// `namespace/name`, or the name alone if it has no namespace.
    #[must_use]
    pub fn full_name(&self) -> String {
        match self.resource.cur_id().namespace.as_str() {
            "" => self.name().to_owned(),
            namespace => format!("{namespace}/{}", self.name()),
        }
    }

    /// How the field at a JSON pointer came to be; `None` if there is no such field.
    #[must_use]
    pub fn chain(
        &self,
        cluster: &ClusterObjects<'_>,
        field: &str,
    ) -> Option<Vec<Tracepoint>> {
        let mut node = self.node();
        for step in field.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            node = match node.items() {
                Some(items) => items.get(step.parse::<usize>().ok()?)?,
                None => node.get(&step)?,
            };
        }
        let sources = cluster.repo.sources;
        Some(sources.chain(&sources.causes(&self.built.origins, node.place())))
    }

    /// The subject of a finding about it.
    #[must_use]
    pub fn subject(&self, field: &str) -> Subject {
        let kind = match self.group() {
            "" => self.kind().to_owned(),
            group => format!("{group}/{}", self.kind()),
        };
        Subject {
            clusters: vec![self.cluster().name.clone()],
            object: format!("{kind} {}", self.full_name()),
            field: field.to_owned(),
        }
    }
}
