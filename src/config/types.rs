//! The configuration as the program reads it.

use std::collections::BTreeMap;

use source::{Severity, Span, VPath};

/// The whole configuration, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where things are in the repository.
    pub paths: Paths,
    /// How output is laid out in files.
    pub layout: Layout,
    /// What holds for clusters that do not say otherwise.
    pub defaults: ClusterConfig,
    /// Clusters by name, as the file lists them; folders may add others.
    pub clusters: BTreeMap<String, ClusterConfig>,
    /// Levels and settings by lint, under the name or code that the file uses.
    pub lints: BTreeMap<String, LintConfig>,
    /// What stands for randomness in a build; public, because it is committed.
    pub seed: String,
    /// What stands for the clock in a build, in seconds since 1970-01-01 UTC.
    pub clock: i64,
    /// Facts of the whole fleet that lints ask for: `buckets`, `external`, `critical`.
    pub facts: BTreeMap<String, Setting>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            paths: Paths::default(),
            layout: Layout::default(),
            defaults: ClusterConfig::default(),
            clusters: BTreeMap::new(),
            lints: BTreeMap::new(),
            seed: "thanos-gitops".to_owned(),
            // 2026-01-01T00:00:00Z: any date does, as long as it is the same in every build.
            clock: 1_767_225_600,
            facts: BTreeMap::new(),
        }
    }
}

/// Where things are, all relative to the repository's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Shared bases, one folder a component.
    pub base: VPath,
    /// One folder a cluster, in it one folder a component.
    pub overlays: VPath,
    /// Where the file says so; [`Span::NONE`] if it does not.
    pub overlays_said: Span,
    /// Charts that the repository vendors.
    pub charts: VPath,
    /// Where the output goes.
    pub output: VPath,
}

impl Default for Paths {
    fn default() -> Paths {
        let path = |text| VPath::new(text).unwrap_or_else(VPath::root);
        Paths {
            base: path("base"),
            overlays: path("overlays"),
            overlays_said: Span::NONE,
            charts: path("charts"),
            output: path("rendered"),
        }
    }
}

/// What the configuration says about one cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterConfig {
    /// Where the entry stands, if the file has one.
    pub span: Option<Span>,
    /// `central` or `edge`; otherwise inferred from the name.
    pub role: Option<Said<Role>>,
    /// A word of the team's own: `production`, `staging`.
    pub environment: Option<Said<String>>,
    /// The Kubernetes version that charts see.
    pub kubernetes_version: Option<Said<String>>,
    /// More API versions that charts see: `monitoring.coreos.com/v1`.
    pub api_versions: Option<Said<Vec<String>>>,
    /// Which releases of the tools to be compatible with.
    pub compat: Compat,
    /// Facts that lints ask for, each by its key.
    pub facts: BTreeMap<String, Setting>,
}

/// What the configuration says of a cluster, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What it says.
    pub value: T,
    /// Where; [`Span::NONE`] for what is inferred.
    pub span: Span,
}

/// Which releases of the tools to be compatible with; `None` where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compat {
    /// Kustomize's release.
    pub kustomize: Option<KustomizeVersion>,
    /// Helm's release.
    pub helm: Option<HelmVersion>,
    /// Which files a kustomization may read.
    pub load_restrictor: Option<LoadRestrictor>,
}

/// Which files a kustomization may read, in Kustomize's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadRestrictor {
    /// `LoadRestrictionsRootOnly`: those in or below its own folder.
    #[default]
    RootOnly,
    /// `LoadRestrictionsNone`: all of the repository.
    None,
}

/// A release line of Kustomize.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KustomizeVersion {
    /// `"5.7"`
    V5_7,
    /// `"5.8"`
    #[default]
    V5_8,
}

/// A release line of Helm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HelmVersion {
    /// `"3"`
    V3,
    /// `"4"`
    #[default]
    V4,
}

/// What a cluster is in the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// It gathers the others' data: Query, Store, Compactor, Grafana.
    Central,
    /// It sends its data to a central cluster.
    Edge,
}

impl Role {
    /// Infers the role from a cluster's name: `cluster-01-central`, `edge-seoul`.
    ///
    /// A word of the name decides; `None` if no word says anything, or two disagree.
    #[must_use]
    pub fn infer(name: &str) -> Option<Role> {
        const CENTRAL: &[&str] = &["central", "center", "hub", "mgmt", "management"];
        const EDGE: &[&str] = &["edge", "spoke", "agent", "biz"];
        let mut found = None;
        for word in name.split(|c: char| !c.is_ascii_alphabetic()) {
            let word = word.to_ascii_lowercase();
            let role = match word.as_str() {
                word if CENTRAL.contains(&word) => Role::Central,
                word if EDGE.contains(&word) => Role::Edge,
                _ => continue,
            };
            if found.is_some_and(|earlier| earlier != role) {
                return None;
            }
            found = Some(role);
        }
        found
    }
}

/// How output is laid out in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One file a resource: `default_service_grafana.yaml`.
    #[default]
    Resources,
    /// One file a component: `manifests.yaml`.
    Stream,
}

/// At which level a lint reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// It reports with this severity.
    At(Severity),
}

/// What the configuration says about one lint.
#[derive(Clone, Debug, PartialEq)]
pub struct LintConfig {
    /// Where the lint is named.
    pub span: Span,
    /// Its level; `None` leaves the lint's own.
    pub level: Option<Level>,
    /// Its settings, by key.
    pub settings: BTreeMap<String, Setting>,
}

/// A value of the configuration and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The key's place.
    pub key: Span,
    /// The value's place.
    pub span: Span,
    /// The value.
    pub value: SettingValue,
}

/// The value of a [`Setting`].
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// `text`, `2h`, and whatever is neither number nor boolean.
    Text(String),
    /// `3`
    Number(f64),
    /// `true`
    Flag(bool),
    /// `[a, b]`
    List(Vec<Setting>),
    /// `{a: b}`
    Map(BTreeMap<String, Setting>),
}

impl Setting {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            SettingValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.value {
            SettingValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            SettingValue::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The texts of a list; one text is a list of one.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            SettingValue::Text(text) => vec![text],
            SettingValue::List(list) => list.iter().filter_map(Setting::text).collect(),
            _ => Vec::new(),
        }
    }

    /// The entries, if it is a map.
    #[must_use]
    pub fn map(&self) -> Option<&BTreeMap<String, Setting>> {
        match &self.value {
            SettingValue::Map(map) => Some(map),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn roles_are_words_of_the_name() {
        assert_eq!(Role::infer("cluster-01-central"), Some(Role::Central));
        assert_eq!(Role::infer("Edge_Seoul"), Some(Role::Edge));
        assert_eq!(Role::infer("hedgehog"), None);
        assert_eq!(Role::infer("central-edge"), None);
    }
}
