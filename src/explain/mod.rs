//! Where each field of a final manifest came from.
//!
//! [`explain`] finds the objects that a [`Query`] means and, for each of their scalars, the
//! lines that had a part in it. `text.rs` and `json.rs` arrange the answer; `path.rs` reads
//! field paths.

mod json;
mod path;
mod text;

use goyaml::{Node, Step};
use source::{Cause, Place, is_secret_key};

use crate::Repo;
use crate::fleet::{ClusterObjects, Object};

pub use json::document;
pub use path::FieldPath;
pub use text::write;

/// Which objects and fields to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The kind, in any case.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The namespace; any if `None`.
    pub namespace: Option<String>,
    /// The field; all if empty.
    pub path: FieldPath,
}

/// The answer for one object.
pub struct Explanation<'r> {
    /// The object.
    pub object: Object<'r>,
    /// Its fields, in the order of the manifest.
    pub fields: Vec<Field>,
}

/// One scalar and what made it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Where it is in the object.
    pub path: FieldPath,
    /// Its text as it may be shown; `None` if it is secret.
    pub value: Option<String>,
    /// Its text, for comparisons only: it may be secret.
    pub text: String,
    /// The lines that had a part in it, nearest first.
    pub causes: Vec<Cause>,
}

impl Query {
    /// Reads `Deployment/query`, with the namespace after a dot or before a second slash:
    /// `Deployment/query.monitoring`, `Deployment/monitoring/query`.
    pub fn parse(object: &str, path: &str) -> Result<Query, String> {
        let parts: Vec<&str> = object.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, name] => (*kind, None, *name),
            [kind, namespace, name] => (*kind, Some((*namespace).to_owned()), *name),
            _ => return Err(format!("`{object}` is no KIND/NAME")),
        };
        if kind.is_empty() || name.is_empty() {
            return Err(format!("`{object}` is no KIND/NAME"));
        }
        let path = FieldPath::parse(path)?;
        Ok(Query { kind: kind.to_owned(), name: name.to_owned(), namespace, path })
    }

    /// Does it mean this object?
    ///
    /// A name may hold dots; so `query.monitoring` is tried as a whole first, and then as
    /// name and namespace.
    fn means(&self, object: &Object<'_>) -> bool {
        if !object.kind().eq_ignore_ascii_case(&self.kind) {
            return false;
        }
        if object.name() == self.name {
            return self.namespace.as_deref().is_none_or(|n| n == object.namespace());
        }
        self.namespace.is_none()
            && self.name.rsplit_once('.').is_some_and(|(name, namespace)| {
                object.name() == name && object.namespace() == namespace
            })
    }
}

/// Explains every object of the cluster that the query means.
#[must_use]
pub fn explain<'r>(
    repo: &Repo<'_>,
    cluster: &ClusterObjects<'r>,
    query: &Query,
) -> Vec<Explanation<'r>> {
    let objects = cluster.objects.iter().filter(|object| query.means(object));
    objects
        .map(|object| {
            let fields = fields(repo, object, &query.path);
            Explanation { object: *object, fields }
        })
        .collect()
}

/// The scalars of an object at or below `path`.
#[must_use]
pub fn fields(repo: &Repo<'_>, object: &Object<'_>, path: &FieldPath) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut at = FieldPath::default();
    let Some(node) = path.resolve(object.node(), &mut at) else { return fields };
    let mut walk = Leaves { repo, object, fields: &mut fields };
    walk.node(&mut at, node);
    fields
}

struct Leaves<'a> {
    repo: &'a Repo<'a>,
    object: &'a Object<'a>,
    fields: &'a mut Vec<Field>,
}

impl Leaves<'_> {
    fn node(&mut self, at: &mut FieldPath, node: &Node) {
        for (key, value) in node.entries().unwrap_or_default() {
            at.push(Step::Key(key.text().unwrap_or("")));
            self.node(at, value);
            at.pop();
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            at.push(Step::Index(index));
            self.node(at, item);
            at.pop();
        }
        let is_empty = |n: &Node| {
            n.entries().is_some_and(<[_]>::is_empty)
                || n.items().is_some_and(<[_]>::is_empty)
        };
        if node.text().is_some() || is_empty(node) {
            self.leaf(at, node);
        }
    }

    fn leaf(&mut self, at: &FieldPath, node: &Node) {
        let causes = self.causes(node.place());
        let text = match node.entries() {
            Some(_) => "{}",
            None => node.text().unwrap_or("[]"),
        };
        let sources = self.repo.sources;
        let tainted = |c: &Cause| sources.file(c.span.file).is_tainted(c.span);
        let secret = self.object.is("", "Secret")
            && at.starts_with_any(&["data", "stringData"])
            || at.last_key().is_some_and(is_secret_key)
            || causes.iter().any(tainted);
        let value = (!secret).then(|| text.to_owned());
        let text = text.to_owned();
        self.fields.push(Field { path: at.clone(), value, text, causes });
    }

    fn causes(&self, place: Place) -> Vec<Cause> {
        self.repo.sources.causes(&self.object.built.origins, place)
    }
}
