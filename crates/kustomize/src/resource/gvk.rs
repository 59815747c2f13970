//! Group, version and kind.

use std::fmt;

use ecow::EcoString;

/// The group, version and kind of an object. (kyaml: `resid/gvk.go`, `Gvk`)
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    /// The API group; empty for the core group.
    pub group: EcoString,
    /// The API version.
    pub version: EcoString,
    /// The kind.
    pub kind: EcoString,
}

impl Gvk {
    /// Makes a Gvk of its parts.
    pub fn new(
        group: impl Into<EcoString>,
        version: impl Into<EcoString>,
        kind: impl Into<EcoString>,
    ) -> Gvk {
        Gvk { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// Splits `apiVersion` at its first slash.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Gvk {
        let (group, version) = split_api_version(api_version);
        Gvk::new(group, version, kind)
    }

    /// The `apiVersion` field: `group/version`, or the version alone.
    #[must_use]
    pub fn api_version(&self) -> EcoString {
        match self.group.is_empty() {
            true => self.version.clone(),
            false => ecow::eco_format!("{}/{}", self.group, self.version),
        }
    }

    /// Is this one of those that `selector` means? Its empty parts mean any.
    #[must_use]
    pub fn is_selected(&self, selector: &Gvk) -> bool {
        let fits = |own: &str, wanted: &str| wanted.is_empty() || own == wanted;
        fits(&self.group, &selector.group)
            && fits(&self.version, &selector.version)
            && fits(&self.kind, &selector.kind)
    }

    /// `group_version_kind` with `~G`, `~V`, `~K` for the empty: the legacy order compares it.
    #[must_use]
    pub fn sort_string(&self) -> String {
        let or = |text: &EcoString, none: &'static str| match text.is_empty() {
            true => EcoString::from(none),
            false => text.clone(),
        };
        let (group, version) = (or(&self.group, "~G"), or(&self.version, "~V"));
        format!("{group}_{version}_{}", or(&self.kind, "~K"))
    }
}

/// Splits an `apiVersion` into group and version. (kyaml: `ParseGroupVersion`)
#[must_use]
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

impl fmt::Display for Gvk {
    /// As upstream's messages have it: `Deployment.v1.apps`, `Service.v1.[noGrp]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &'_ EcoString, none: &str| match text.is_empty() {
            true => none.to_owned(),
            false => text.to_string(),
        };
        let (kind, version) = (or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"));
        write!(f, "{kind}.{version}.{}", or(&self.group, "[noGrp]"))
    }
}
