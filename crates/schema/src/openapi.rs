//! The schema of a build: what is built in, or what `openapi:` says.

use std::sync::{Arc, OnceLock};

use goyaml::Node;

use crate::table::Table;
use crate::types::Type;

const KUBERNETES: &str = include_str!("../data/v1.21.2.txt");
const KUSTOMIZE_GROUP: &str = "kustomize.config.k8s.io/";

/// Do objects of a kind live in namespaces?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// They do.
    Namespaced,
    /// They do not.
    Cluster,
}

/// What is known of kinds and their fields. Cheap to clone, shared by threads.
#[derive(Clone, Debug, Default)]
pub struct OpenApi {
    custom: Option<Arc<Table>>,
    without_builtin: bool,
}

impl OpenApi {
    /// Kubernetes v1.21.2, as kyaml v0.21.1 has it.
    #[must_use]
    pub fn builtin() -> OpenApi {
        OpenApi::default()
    }

    /// What an `openapi: {path: …}` file puts in place of the built-in definitions.
    ///
    /// As upstream has it, nothing built in is left but the kinds of Kustomize itself and the
    /// table of scopes. (kyaml: `openapi.go`, `SetSchema`, `initSchema`)
    #[must_use]
    pub fn with_custom(&self, document: &Node) -> OpenApi {
        let table = Table::new(crate::custom::table_text(document));
        OpenApi { custom: Some(Arc::new(table)), without_builtin: true }
    }

    /// What an `openapi:` file of a base adds, when resources were read before it.
    ///
    /// Upstream then keeps what it had parsed: the built-in definitions stay.
    #[must_use]
    pub fn extended(&self, document: &Node) -> OpenApi {
        OpenApi { without_builtin: false, ..self.with_custom(document) }
    }

    /// Is a custom document in use?
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.custom.is_some()
    }

    /// The type of the objects of a kind; `None` if the schema does not know it.
    /// (kyaml: `SchemaForResourceType`)
    #[must_use]
    pub fn for_gvk(&self, api_version: &str, kind: &str) -> Option<Type<'_>> {
        let key = key(api_version, kind);
        if let Some(table) = self.custom.as_deref()
            && let Some(number) = table.kind(&key)
        {
            return Some(Type::definition(self, table, number));
        }
        let own = api_version.starts_with(KUSTOMIZE_GROUP);
        if self.without_builtin && !own {
            return None;
        }
        let number = builtin_table().kind(&key)?;
        Some(Type::definition(self, builtin_table(), number))
    }

    /// Do the objects of a kind live in namespaces? `None` if that is not known.
    ///
    /// The built-in answers come first, whatever the custom document says.
    /// (kyaml: `IsNamespaceScoped`)
    #[must_use]
    pub fn scope(&self, api_version: &str, kind: &str) -> Option<Scope> {
        let key = key(api_version, kind);
        let builtin = builtin_table().scope(&key);
        builtin.or_else(|| self.custom.as_deref()?.scope(&key))
    }

    /// Are the objects of a kind known to live outside of namespaces?
    /// (kyaml: `IsCertainlyClusterScoped`)
    #[must_use]
    pub fn is_cluster_scoped(&self, api_version: &str, kind: &str) -> bool {
        self.scope(api_version, kind) == Some(Scope::Cluster)
    }

    /// The definition that a custom document's reference names but does not hold.
    pub(crate) fn builtin_definition(&self, name: &str) -> Option<(&Table, usize)> {
        if self.without_builtin {
            return None;
        }
        Some((builtin_table(), builtin_table().named(name)?))
    }
}

fn key(api_version: &str, kind: &str) -> String {
    format!("{api_version}/{kind}")
}

fn builtin_table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::new(KUBERNETES))
}

/// Are the objects of a kind known to live outside of namespaces, by the built-in table?
#[must_use]
pub fn is_cluster_scoped(api_version: &str, kind: &str) -> bool {
    builtin_table().scope(&key(api_version, kind)) == Some(Scope::Cluster)
}

#[cfg(test)]
mod tests {
    use super::{OpenApi, Scope, is_cluster_scoped};
    use crate::Kind;

    const CONTAINERS: &[&str] = &["spec", "template", "spec", "containers"];

    #[test]
    fn merge_keys_of_a_deployment() {
        let schema = OpenApi::builtin();
        let deployment = schema.for_gvk("apps/v1", "Deployment").unwrap();
        let containers = deployment.lookup(CONTAINERS).unwrap();
        assert_eq!(containers.strategy(), "merge");
        assert_eq!(containers.merge_key(), Some("name"));
        let ports = containers.lookup(&["[]", "ports"]).unwrap();
        let keys: Vec<_> = ports.merge_keys().collect();
        assert_eq!(keys, ["containerPort", "protocol"]);
        assert!(!containers.lookup(&["[]", "args"]).unwrap().is_merged());
        let volumes =
            deployment.lookup(&["spec", "template", "spec", "volumes"]).unwrap();
        assert_eq!(volumes.strategy(), "merge,retainKeys");
        let labels = deployment.lookup(&["metadata", "labels"]).unwrap();
        assert_eq!(labels.kind(), Kind::Map);
        assert_eq!(labels.field("anything").unwrap().kind(), Kind::String);
        let finalizers = deployment.lookup(&["metadata", "finalizers"]).unwrap();
        assert!(finalizers.is_merged() && finalizers.merge_key().is_none());
        assert!(deployment.field("nope").is_none());
    }

    #[test]
    fn a_type_that_refers_to_itself_is_walked_as_deep_as_asked() {
        let schema = OpenApi::builtin();
        let crd = schema.for_gvk("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        let mut at = crd
            .unwrap()
            .lookup(&["spec", "versions", "[]", "schema", "openAPIV3Schema"])
            .unwrap();
        for _ in 0..100 {
            at = at.lookup(&["properties", "x"]).unwrap();
        }
        assert_eq!(at.field("type").unwrap().kind(), Kind::String);
    }

    #[test]
    fn scopes() {
        let schema = OpenApi::builtin();
        assert_eq!(schema.scope("v1", "Pod"), Some(Scope::Namespaced));
        assert_eq!(schema.scope("v1", "Namespace"), Some(Scope::Cluster));
        assert_eq!(
            schema.scope("policy/v1beta1", "PodSecurityPolicy"),
            Some(Scope::Cluster)
        );
        assert_eq!(schema.scope("example.com/v1", "Thing"), None);
        assert!(is_cluster_scoped("rbac.authorization.k8s.io/v1", "ClusterRole"));
        assert!(!is_cluster_scoped("rbac.authorization.k8s.io/v1", "Role"));
    }
}
