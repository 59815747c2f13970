//! `.Capabilities` and what is in it.

use std::ops::Range;
use std::sync::Arc;

use gotemplate::{Foreign, Func, Kind, List, Map, Object, Str, This, Type, Value, func};

use source::OriginId;

use crate::Compat;
use crate::capabilities::{Capabilities, HelmVersion, KubeVersion};

/// `.Capabilities`: Go's `*common.Capabilities`.
pub(super) struct CapabilitiesObject {
    pub(super) kube_version: Value,
    pub(super) api_versions: Value,
    pub(super) helm_version: Value,
    shown: String,
    compat: Compat,
}

struct KubeVersionObject {
    of: KubeVersion,
    compat: Compat,
    /// Does it lie where it was, so that its methods are found?
    in_place: bool,
    /// Where it is said.
    origin: OriginId,
}

struct HelmVersionObject(HelmVersion);

struct VersionSet(Arc<[String]>, Compat);

static KUBE_VERSION: &[Func] = &[
    func!("String", kube_string, Opaque),
    func!("GitVersion", kube_git_version, Opaque),
];

static VERSION_SET: &[Func] = &[func!("Has", has, Opaque)];

static CAPABILITIES: &[Func] = &[func!("Copy", copy, Silent)];

/// `.Capabilities` for templates; the Kubernetes version and the API versions are said there.
pub(super) fn capabilities(
    of: &Capabilities,
    compat: Compat,
    [kube, api]: [OriginId; 2],
) -> Value {
    let object = CapabilitiesObject {
        kube_version: Value::from(Object::new(KubeVersionObject {
            of: of.kube_version.clone(),
            compat,
            in_place: true,
            origin: kube,
        }))
        .with_origin(kube),
        api_versions: Value::from(Object::new(VersionSet(
            of.api_versions.clone(),
            compat,
        )))
        .with_origin(api),
        helm_version: Value::from(Object::new(HelmVersionObject(
            of.helm_version.clone(),
        ))),
        shown: format!(
            "&{{{} [{}] {}}}",
            kube_fields(&of.kube_version, compat),
            of.api_versions.join(" "),
            helm_fields(&of.helm_version)
        ),
        compat,
    };
    Value::from(Object::new(object))
}

/// A type of Helm's, which the package of charts had in Helm 3.
fn named(compat: Compat, helm4: &'static str, helm3: &'static str) -> &'static str {
    match compat {
        Compat::Helm4 => helm4,
        Compat::Helm3 => helm3,
    }
}

fn kube_fields(of: &KubeVersion, compat: Compat) -> String {
    let KubeVersion { version, normalized, major, minor } = of;
    match compat {
        Compat::Helm4 => format!("{{{version} {normalized} {major} {minor}}}"),
        Compat::Helm3 => format!("{{{version} {major} {minor}}}"),
    }
}

fn helm_fields(of: &HelmVersion) -> String {
    let HelmVersion { version, git_commit, git_tree_state, go_version, .. } = of;
    let client = of.kube_client_version;
    match client {
        "" => format!("{{{version} {git_commit} {git_tree_state} {go_version}}}"),
        _ => format!("{{{version} {git_commit} {git_tree_state} {go_version} {client}}}"),
    }
}

fn record(fields: &[(&'static str, Value)]) -> Value {
    let entries = fields.iter().map(|(key, value)| (Str::new(key), value.clone()));
    Value::from(Map::of(Type::Any, entries))
}

impl Foreign for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        named(self.compat, "*common.Capabilities", "*chartutil.Capabilities")
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(match name {
            "KubeVersion" => self.kube_version.clone(),
            "APIVersions" => self.api_versions.clone(),
            "HelmVersion" => self.helm_version.clone(),
            _ => return None,
        })
    }

    fn methods(&self) -> &'static [Func] {
        CAPABILITIES
    }

    fn print(&self) -> String {
        self.shown.clone()
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("KubeVersion", self.kube_version.clone()),
            ("APIVersions", self.api_versions.clone()),
            ("HelmVersion", self.helm_version.clone()),
        ])
    }

    fn plain(&self) -> Option<Value> {
        self.json_fields().map(|fields| record(&fields))
    }
}

impl Foreign for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        named(self.compat, "common.KubeVersion", "chartutil.KubeVersion")
    }

    fn field(&self, name: &str) -> Option<Value> {
        let text = match name {
            "Version" => &self.of.version,
            "Major" => &self.of.major,
            "Minor" => &self.of.minor,
            _ => return None,
        };
        Some(Value::str(text).with_origin(self.origin))
    }

    fn methods(&self) -> &'static [Func] {
        if self.in_place { KUBE_VERSION } else { &[] }
    }

    fn string(&self) -> Option<String> {
        self.in_place.then(|| self.of.normalized.clone())
    }

    fn print(&self) -> String {
        kube_fields(&self.of, self.compat)
    }

    fn go_syntax(&self) -> String {
        let fields = self.fields().unwrap_or_default().into_iter();
        let shown = fields.map(|(name, value)| {
            let text = value.as_str().map(|text| gotemplate::fmt::quote(text.as_bytes()));
            format!("{name}:{}", text.unwrap_or_default())
        });
        format!("{}{{{}}}", self.type_name(), shown.collect::<Vec<_>>().join(", "))
    }

    fn copied(&self) -> Option<Object> {
        let of = KubeVersion { normalized: String::new(), ..self.of.clone() };
        let (compat, in_place, origin) = (self.compat, false, self.origin);
        Some(Object::new(KubeVersionObject { of, compat, in_place, origin }))
    }

    fn detached(&self) -> Option<Object> {
        let (of, compat, origin) = (self.of.clone(), self.compat, self.origin);
        Some(Object::new(KubeVersionObject { of, compat, in_place: false, origin }))
    }

    fn fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let mut fields = vec![
            ("Version", Value::str(&self.of.version)),
            ("normalizedVersion", Value::str(&self.of.normalized)),
            ("Major", Value::str(&self.of.major)),
            ("Minor", Value::str(&self.of.minor)),
        ];
        if self.compat == Compat::Helm3 {
            fields.remove(1);
        }
        Some(fields)
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("Version", Value::str(&self.of.version)),
            ("Major", Value::str(&self.of.major)),
            ("Minor", Value::str(&self.of.minor)),
        ])
    }

    fn plain(&self) -> Option<Value> {
        self.json_fields().map(|fields| record(&fields))
    }
}

impl Foreign for HelmVersionObject {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(Value::str(match name {
            "Version" => self.0.version,
            "GitCommit" => self.0.git_commit,
            "GitTreeState" => self.0.git_tree_state,
            "GoVersion" => self.0.go_version,
            "KubeClientVersion" if !self.0.kube_client_version.is_empty() => {
                self.0.kube_client_version
            }
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        helm_fields(&self.0)
    }

    fn fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let mut fields = vec![
            ("Version", Value::str(self.0.version)),
            ("GitCommit", Value::str(self.0.git_commit)),
            ("GitTreeState", Value::str(self.0.git_tree_state)),
            ("GoVersion", Value::str(self.0.go_version)),
        ];
        if !self.0.kube_client_version.is_empty() {
            fields.push(("KubeClientVersion", Value::str(self.0.kube_client_version)));
        }
        Some(fields)
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let fields = [
            ("version", self.0.version),
            ("git_commit", self.0.git_commit),
            ("git_tree_state", self.0.git_tree_state),
            ("go_version", self.0.go_version),
            ("kube_client_version", self.0.kube_client_version),
        ];
        let said = fields.into_iter().filter(|(_, text)| !text.is_empty());
        Some(said.map(|(key, text)| (key, Value::str(text))).collect())
    }

    fn plain(&self) -> Option<Value> {
        self.json_fields().map(|fields| record(&fields))
    }
}

impl VersionSet {
    fn list(&self) -> List {
        List::strings(self.0.iter().map(String::as_str))
    }
}

impl Foreign for VersionSet {
    fn type_name(&self) -> &'static str {
        named(self.1, "common.VersionSet", "chartutil.VersionSet")
    }

    fn kind(&self) -> Kind {
        Kind::List
    }

    fn methods(&self) -> &'static [Func] {
        VERSION_SET
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn slice(&self, range: Range<usize>) -> Option<Value> {
        let part = self.0.get(range)?;
        Some(Value::from(Object::new(VersionSet(part.into(), self.1))))
    }

    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        let values = self.0.iter().map(Value::str).enumerate();
        let at = |n: usize| Value::int(i64::try_from(n).unwrap_or(0));
        Some(values.map(|(n, value)| (at(n), value)).collect())
    }

    fn print(&self) -> String {
        format!("[{}]", self.0.join(" "))
    }

    fn go_syntax(&self) -> String {
        let quoted = |version: &String| gotemplate::fmt::quote(version.as_bytes());
        let versions: Vec<String> = self.0.iter().map(quoted).collect();
        format!("{}{{{}}}", self.type_name(), versions.join(", "))
    }

    fn plain(&self) -> Option<Value> {
        Some(Value::from(self.list()))
    }
}

/// `KubeVersion.String`
fn kube_string(this: This<KubeVersionObject>) -> String {
    this.0.of.normalized.clone()
}

/// `KubeVersion.GitVersion`
fn kube_git_version(this: This<KubeVersionObject>) -> String {
    this.0.of.version.clone()
}

/// `VersionSet.Has`
fn has(this: This<VersionSet>, version: String) -> bool {
    this.0.0.contains(&version)
}

/// `Capabilities.Copy`: nothing can be changed here, so it is the same.
fn copy(this: This<CapabilitiesObject>) -> Object {
    let of = &this.0;
    Object::new(CapabilitiesObject {
        kube_version: of.kube_version.clone(),
        api_versions: of.api_versions.clone(),
        helm_version: of.helm_version.clone(),
        shown: of.shown.clone(),
        compat: of.compat,
    })
}
