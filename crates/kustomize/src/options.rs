//! [`Options`]: what a build is asked for.

use ecow::EcoString;

/// What a build is asked for; the defaults are those of `kustomize build`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which release is mirrored.
    pub compat: Compat,
    /// `--enable-helm`
    pub enable_helm: bool,
    /// `--load-restrictor LoadRestrictionsRootOnly`
    pub restrict_to_root: bool,
    /// `--reorder`
    pub reorder: Reorder,
    /// `--enable-managedby-label`
    pub managed_by_label: bool,
    /// `--helm-kube-version`
    pub helm_kube_version: EcoString,
    /// `--helm-api-versions`
    pub helm_api_versions: Vec<EcoString>,
    /// `--helm-debug`
    pub helm_debug: bool,
    /// Is it noted, too, what is set to what stood there? That takes a copy of each object
    /// that is patched.
    pub note_effects: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            compat: Compat::V5_8,
            enable_helm: false,
            restrict_to_root: true,
            reorder: Reorder::Unspecified,
            managed_by_label: false,
            helm_kube_version: EcoString::new(),
            helm_api_versions: Vec::new(),
            helm_debug: false,
            note_effects: false,
        }
    }
}

/// A release of Kustomize whose behaviour is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    /// 5.7: `namespace` reaches what charts made; charts inherit no namespace of a parent.
    V5_7,
    /// 5.8.1
    V5_8,
}

impl Compat {
    /// What `app.kubernetes.io/managed-by` says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Compat::V5_7 => "kustomize-v5.7.1",
            Compat::V5_8 => "kustomize-v5.8.1",
        }
    }
}

/// `--reorder`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reorder {
    /// The flag is not given: legacy.
    Unspecified,
    /// By kind.
    Legacy,
    /// As read.
    None,
}
