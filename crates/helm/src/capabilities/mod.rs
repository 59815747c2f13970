//! What a chart may ask about the cluster: `.Capabilities`.

mod api_versions;
mod kube_version;

use std::sync::Arc;

pub use kube_version::KubeVersion;

use crate::Compat;

/// What a chart may ask about the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Capabilities {
    /// The Kubernetes version.
    pub kube_version: KubeVersion,
    /// The API versions, and `group/version/Kind` where a caller adds them.
    pub api_versions: Arc<[String]>,
    /// What Helm says of itself.
    pub helm_version: HelmVersion,
}

/// What Helm says of itself: `.Capabilities.HelmVersion`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HelmVersion {
    /// `v4.2`
    pub version: &'static str,
    /// The commit it was built from; empty in a build from the module.
    pub git_commit: &'static str,
    /// `clean`, or empty in a build from the module.
    pub git_tree_state: &'static str,
    /// The Go version it was built with.
    pub go_version: &'static str,
    /// The Kubernetes client it was built with; not known to Helm 3.
    pub kube_client_version: &'static str,
}

impl Capabilities {
    /// What `helm template` knows without being told: Kubernetes 1.36 and its API versions.
    #[must_use]
    pub fn default_for(compat: Compat) -> Capabilities {
        Capabilities {
            kube_version: KubeVersion::parse("v1.36.0", compat).unwrap_or_default(),
            api_versions: api_versions::KNOWN.iter().map(|v| (*v).to_owned()).collect(),
            helm_version: HelmVersion::of(compat),
        }
    }

    /// Adds `--api-versions`.
    #[must_use]
    pub fn with_api_versions(
        mut self,
        more: impl IntoIterator<Item = String>,
    ) -> Capabilities {
        self.api_versions = self.api_versions.iter().cloned().chain(more).collect();
        self
    }
}

impl HelmVersion {
    fn of(compat: Compat) -> HelmVersion {
        let (version, kube_client_version) = match compat {
            Compat::Helm4 => ("v4.2", "v1.36"),
            Compat::Helm3 => ("v3.21", ""),
        };
        HelmVersion {
            version,
            git_commit: "",
            git_tree_state: "",
            go_version: "go1.26.8",
            kube_client_version,
        }
    }
}
