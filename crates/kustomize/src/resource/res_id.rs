//! What an object is called.

use std::fmt;

use ecow::EcoString;

use super::Gvk;

/// The namespace of things that have none. (kyaml: `TotallyNotANamespace`)
pub(crate) const NOT_A_NAMESPACE: &str = "_non_namespaceable_";
const DEFAULT_NAMESPACE: &str = "default";

/// The identity of an object: what it is, its name, its namespace.
/// (kyaml: `resid/resid.go`, `ResId`)
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResId {
    /// Group, version and kind.
    pub gvk: Gvk,
    /// The name.
    pub name: EcoString,
    /// The namespace as written; empty if none is.
    pub namespace: EcoString,
    /// Is the kind known to live outside of namespaces?
    pub cluster_scoped: bool,
}

impl ResId {
    /// The namespace that counts: `default` for none, a word of its own for kinds that live
    /// in no namespace.
    #[must_use]
    pub fn effective_namespace(&self) -> &str {
        if self.cluster_scoped {
            return NOT_A_NAMESPACE;
        }
        match self.namespace.as_str() {
            "" => DEFAULT_NAMESPACE,
            namespace => namespace,
        }
    }

    /// Same kind and name, whatever the namespace. (`GvknEquals`)
    #[must_use]
    pub fn gvkn_equals(&self, other: &ResId) -> bool {
        self.name == other.name && self.gvk == other.gvk
    }

    /// Same effective namespace. (`IsNsEquals`)
    #[must_use]
    pub fn is_ns_equals(&self, other: &ResId) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Same kind, name and effective namespace. (`Equals`)
    #[must_use]
    pub fn same(&self, other: &ResId) -> bool {
        self.gvkn_equals(other) && self.is_ns_equals(other)
    }

    /// Does `selector` mean this object? Its empty parts mean any. (`IsSelectedBy`)
    #[must_use]
    pub fn is_selected_by(&self, selector: &ResId) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty() || selector.is_ns_equals(self))
            && self.gvk.is_selected(&selector.gvk)
    }

    /// The string that the legacy order compares within one Gvk.
    #[must_use]
    pub fn sort_string(&self) -> String {
        format!("{}|{}", self.gvk, self.sort_rest())
    }

    /// What [`sort_string`](ResId::sort_string) says after the kind.
    pub(crate) fn sort_rest(&self) -> String {
        let or = |text: &'_ EcoString, none: &'static str| match text.is_empty() {
            true => EcoString::from(none),
            false => text.clone(),
        };
        let (namespace, name) = (or(&self.namespace, "~X"), or(&self.name, "~N"));
        format!("{namespace}|{name}")
    }
}

impl fmt::Display for ResId {
    /// As upstream's messages have it: `Deployment.v1.apps/web.[noNs]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &'_ EcoString, none: &str| match text.is_empty() {
            true => none.to_owned(),
            false => text.to_string(),
        };
        let name = or(&self.name, "[noName]");
        write!(f, "{}/{name}.{}", self.gvk, or(&self.namespace, "[noNs]"))
    }
}
