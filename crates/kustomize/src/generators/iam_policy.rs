//! `IAMPolicyGenerator`: reached through `generators:` alone.

use goyaml::Node;
use source::{Diagnostic, Result, Span};

use super::Generator;
use crate::context::Context;
use crate::kustomization::Text;
use crate::resource::Resource;

/// Makes a service account of Google's Kubernetes. (upstream: `filters/iampolicygenerator`)
pub(crate) struct IamPolicy {
    /// `cloud`: the cloud, of which upstream knows `gke` alone. It has to be given.
    pub(crate) cloud: Text,
    /// `kubernetesService.name`: the name of the service account in the cluster.
    pub(crate) kubernetes_name: Text,
    /// `kubernetesService.namespace`: its namespace. Default: none.
    pub(crate) namespace: Text,
    /// `serviceAccount.name`: the name of the cloud's service account.
    pub(crate) name: Text,
    /// `serviceAccount.projectId`: the cloud's project.
    pub(crate) project_id: Text,
}

impl Generator for IamPolicy {
    fn entry(&self) -> Span {
        self.cloud.span
    }

    fn generate(&self, context: &mut Context<'_>) -> Result<Vec<Resource>> {
        if self.cloud.as_str() != "gke" {
            let message =
                format!("cloud provider {} not supported yet", self.cloud.as_str());
            return Err(Diagnostic::error(self.cloud.span, message).hint("write `gke`"));
        }
        let account = format!(
            "{}@{}.iam.gserviceaccount.com",
            self.name.as_str(),
            self.project_id.as_str()
        );
        let text = |text: &Text| Node::scalar(text.value.clone()).at(text.span);
        let mut annotations = Node::mapping(Vec::new());
        let account = Node::string(account).at(self.name.span);
        annotations.set("iam.gke.io/gcp-service-account", account);
        let mut metadata = Node::mapping(Vec::new());
        metadata.set("annotations", annotations);
        metadata.set("name", text(&self.kubernetes_name));
        if !self.namespace.is_empty() {
            metadata.set("namespace", text(&self.namespace));
        }
        let mut node = Node::mapping(Vec::new()).at(self.cloud.span);
        node.set("apiVersion", Node::string("v1"));
        node.set("kind", Node::string("ServiceAccount"));
        node.set("metadata", metadata);
        Ok(vec![context.resource(node)])
    }
}
