//! Where an object or a transformer came from: the text of two annotations, written and read.

use std::collections::BTreeMap;

use ecow::EcoString;
use goyaml::{Data, Dialect, Entry, Format, Value, to_yaml};
use source::{Diagnostic, FileId, Result};

use crate::load::RepoSpec;
use crate::resource::{ResId, Resource, annotations};

/// Where an object came from.
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";

/// Where an object or a transformer came from. (upstream: `api/resource/origin.go`)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provenance {
    /// The file, as seen from the folder that is built.
    pub(crate) path: String,
    /// The Git repository, if it came from one.
    pub(crate) repo: EcoString,
    /// The branch, tag or commit, if the address names one.
    pub(crate) reference: EcoString,
    /// The kustomization or config that made it.
    pub(crate) configured_in: String,
    /// What is configured there.
    pub(crate) configured_by: Option<ConfiguredBy>,
}

/// A generator or transformer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConfiguredBy {
    /// `builtin`, mostly.
    pub(crate) api_version: EcoString,
    /// `PrefixTransformer`.
    pub(crate) kind: EcoString,
    /// The config's name, if it stands in a file of its own.
    pub(crate) name: EcoString,
    /// Its namespace.
    pub(crate) namespace: EcoString,
}

impl Provenance {
    /// The same, one file or folder further.
    pub(crate) fn append(&self, path: &str) -> Provenance {
        let Some(spec) = RepoSpec::parse(path) else {
            return Provenance { path: join(&self.path, path), ..self.clone() };
        };
        // Upstream takes the root of a repository for a folder of this name.
        let path = match join("", &spec.path) {
            root if root.is_empty() => "notCloned".to_owned(),
            path => path,
        };
        Provenance { path, repo: spec.repo, reference: spec.reference, ..self.clone() }
    }

    /// A field of a kustomization.
    pub(crate) fn builtin(&self, file_name: &str, plugin: &str) -> Provenance {
        Provenance {
            path: String::new(),
            repo: self.repo.clone(),
            reference: self.reference.clone(),
            configured_in: join(&self.path, file_name),
            configured_by: Some(ConfiguredBy {
                api_version: "builtin".into(),
                kind: plugin.into(),
                ..ConfiguredBy::default()
            }),
        }
    }

    /// A plugin config that came from somewhere. (upstream: `OriginFromCustomPlugin`)
    pub(crate) fn of_plugin(resource: &Resource) -> Result<Option<Provenance>> {
        let Some(known) = Provenance::of(resource)? else { return Ok(None) };
        let ResId { gvk, name, namespace, .. } = resource.cur_id().clone();
        Ok(Some(Provenance {
            path: String::new(),
            configured_in: known.path,
            configured_by: Some(ConfiguredBy {
                api_version: gvk.api_version(),
                kind: gvk.kind,
                name,
                namespace,
            }),
            ..known
        }))
    }

    /// What the annotation of an object says; none if it has none. (`GetOrigin`)
    pub(crate) fn of(resource: &Resource) -> Result<Option<Provenance>> {
        let Some(text) = annotations(resource.node()).remove(ORIGIN) else {
            return Ok(None);
        };
        read_origin(&text).map(Some).map_err(|words| own(resource, ORIGIN, words))
    }

    /// The lines of the annotation.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        put(&mut lines, "", "path", &self.path);
        put(&mut lines, "", "repo", &self.repo);
        put(&mut lines, "", "ref", &self.reference);
        put(&mut lines, "", "configuredIn", &self.configured_in);
        if let Some(by) = &self.configured_by {
            lines.push("configuredBy:".to_owned());
            put(&mut lines, "  ", "apiVersion", &by.api_version);
            put(&mut lines, "  ", "kind", &by.kind);
            put(&mut lines, "  ", "name", &by.name);
            put(&mut lines, "  ", "namespace", &by.namespace);
        }
        if lines.is_empty() {
            lines.push("{}".to_owned());
        }
        lines
    }

    /// The annotation. (upstream: `Origin.String`)
    pub(crate) fn text(&self) -> String {
        self.lines().into_iter().map(|line| line + "\n").collect()
    }

    /// The same as an item of a list.
    fn item(&self) -> String {
        let mut text = String::new();
        for (at, line) in self.lines().into_iter().enumerate() {
            if !line.is_empty() {
                text += if at == 0 { "- " } else { "  " };
            }
            text += &line;
            text.push('\n');
        }
        text
    }

    /// The annotation that lists what changed an object, and this behind what it says.
    /// (upstream: `AddTransformation`)
    pub(crate) fn added_to(&self, known: &str) -> Result<String, String> {
        let mut text = String::new();
        for origin in read_transformations(known)? {
            text += &origin.map_or_else(|| "- null\n".to_owned(), |origin| origin.item());
        }
        Ok(text + &self.item())
    }
}

/// Adds the lines of a field that says something.
fn put(lines: &mut Vec<String>, indent: &str, key: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let written = to_yaml(&Value::new(text), Format::Kyaml).unwrap_or_default();
    for (at, line) in written.trim_end_matches('\n').split('\n').enumerate() {
        lines.push(match (at, line) {
            (0, _) => format!("{indent}{key}: {line}"),
            (_, "") => String::new(),
            _ => format!("{indent}{line}"),
        });
    }
}

/// An error about an annotation that someone wrote and upstream takes for its own.
pub(crate) fn own(resource: &Resource, key: &str, words: String) -> Box<Diagnostic> {
    Diagnostic::error(resource.node().span, words)
        .hint(format!("the annotation `{key}` is Kustomize's own; remove it"))
}

/// The struct in an annotation. (upstream: `GetOrigin`)
pub(crate) fn read_origin(text: &str) -> Result<Provenance, String> {
    origin(&read(text)?.data)
}

/// The list of structs in an annotation, some of them null. (upstream: `GetTransformations`)
fn read_transformations(text: &str) -> Result<Vec<Option<Provenance>>, String> {
    let item = |item: &Value| match item.is_null() {
        true => Ok(None),
        false => origin(&item.data).map(Some),
    };
    match &read(text)?.data {
        Data::Null => Ok(Vec::new()),
        Data::Seq(items) => items.iter().map(item).collect(),
        other => Err(wrong(other, "value of type resource.Transformations")),
    }
}

fn read(text: &str) -> Result<Value, String> {
    let lead = |why: String| format!("error converting YAML to JSON: {why}");
    let (documents, faults) = goyaml::parse(text, FileId::NONE, Dialect::V2);
    if !faults.is_empty() {
        return Err(lead(goyaml::upstream_text(&faults)));
    }
    let Some(document) = documents.first() else { return Ok(Value::null()) };
    goyaml::decode(&document.root, Dialect::V2)
        .map_err(|faults| lead(goyaml::upstream_text(&faults)))
}

fn origin(data: &Data) -> Result<Provenance, String> {
    let mut origin = Provenance::default();
    let whole = "value of type resource.Origin";
    for (key, value) in fields(data, whole)? {
        let text = |wanted: &str| text(value, &format!("struct field Origin.{wanted}"));
        match key.to_lowercase().as_str() {
            "path" => origin.path = text("path")?.unwrap_or(origin.path),
            "repo" => origin.repo = text("repo")?.map_or(origin.repo, Into::into),
            "ref" => {
                origin.reference = text("ref")?.map_or(origin.reference, Into::into);
            }
            "configuredin" => {
                let old = origin.configured_in;
                origin.configured_in = text("configuredIn")?.unwrap_or(old);
            }
            "configuredby" => {
                configured_by(value, origin.configured_by.get_or_insert_default())?;
            }
            _ => {}
        }
    }
    let says_nothing = |by: &ConfiguredBy| *by == ConfiguredBy::default();
    origin.configured_by = origin.configured_by.filter(|by| !says_nothing(by));
    Ok(origin)
}

fn configured_by(data: &Data, by: &mut ConfiguredBy) -> Result<(), String> {
    let whole = "struct field Origin.configuredBy of type yaml.ResourceIdentifier";
    for (key, value) in fields(data, whole)? {
        let (field, name) = match key.to_lowercase().as_str() {
            "apiversion" => (&mut by.api_version, "TypeMeta.apiVersion"),
            "kind" => (&mut by.kind, "TypeMeta.kind"),
            "name" => (&mut by.name, "NameMeta.name"),
            "namespace" => (&mut by.namespace, "NameMeta.namespace"),
            _ => continue,
        };
        match value {
            Data::Null => {}
            Data::Str(text) => *field = text.clone(),
            // Upstream makes no texts of what stands in embedded structs.
            other => {
                let place = format!("ResourceIdentifier.configuredBy.{name}");
                return Err(wrong(
                    other,
                    &format!("struct field {place} of type string"),
                ));
            }
        }
    }
    Ok(())
}

/// The entries of a map as Go reads them out of JSON: by their keys; none of a null.
fn fields<'d>(
    data: &'d Data,
    wanted: &str,
) -> Result<BTreeMap<&'d str, &'d Data>, String> {
    match data {
        Data::Null => Ok(BTreeMap::new()),
        Data::Map(map) => {
            let pair = |(key, entry): (&'d EcoString, &'d Entry)| {
                (key.as_str(), &entry.value.data)
            };
            Ok(map.iter().map(pair).collect())
        }
        other => Err(wrong(other, wanted)),
    }
}

/// A text; numbers and truth values become one, a null says nothing.
/// (sigs.k8s.io/yaml: `convertToJSONableObject`)
fn text(data: &Data, place: &str) -> Result<Option<String>, String> {
    Ok(Some(match data {
        Data::Null => return Ok(None),
        Data::Str(text) => text.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Uint(value) => value.to_string(),
        Data::Float(value) => {
            // As many digits as tell it from others of 32 bits.
            #[expect(clippy::cast_possible_truncation, reason = "as upstream does")]
            let short = (*value as f32).to_string();
            goyaml::format_float(short.parse().unwrap_or(*value))
        }
        Data::Seq(_) | Data::Map(_) => {
            return Err(wrong(data, &format!("{place} of type string")));
        }
    }))
}

fn wrong(found: &Data, wanted: &str) -> String {
    let found = found.json_kind();
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into \
         Go {wanted}"
    )
}

/// Joins paths and cleans the result, as Go's `filepath.Join` does.
fn join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}
