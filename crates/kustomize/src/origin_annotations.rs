//! `buildMetadata: [originAnnotations, transformerAnnotations]`.
//!
//! Annotations that say which file an object came from and what changed it. They are kept on
//! the objects during a build that asks for any metadata, as upstream does, and dropped at
//! its end if they were not asked for.

use std::collections::BTreeMap;

use ecow::EcoString;
use goyaml::{Data, Dialect, Format, Node, Tag, Value, to_yaml};
use source::{Diagnostic, FileId, Result, Span};

use crate::Compat;
use crate::context::Context;
use crate::load::RepoSpec;
use crate::resource::{ResId, ResMap, Resource, annotations, new_key, set_annotations};

/// Where an object came from.
pub(crate) const ORIGIN: &str = "config.kubernetes.io/origin";
/// What changed it.
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Annotations of kyaml's own that never reach the output.
const INTERNAL: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];

/// The one that came with v5.8.
const HELM_GENERATED: &str = "internal.config.kubernetes.io/helm-generated";

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
        let path = match spec.path.is_empty() {
            true => "notCloned".to_owned(),
            false => join("", &spec.path),
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
    pub(crate) fn of_plugin(resource: &Resource) -> Option<Provenance> {
        let text = annotations(resource.node()).remove(ORIGIN)?;
        let ResId { gvk, name, namespace, .. } = resource.cur_id().clone();
        let find = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or("").trim_matches(['"', '\''])
        };
        Some(Provenance {
            path: String::new(),
            repo: find("repo: ").into(),
            reference: find("ref: ").into(),
            configured_in: find("path: ").to_owned(),
            configured_by: Some(ConfiguredBy {
                api_version: gvk.api_version(),
                kind: gvk.kind,
                name,
                namespace,
            }),
        })
    }

    /// The lines of the annotation.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |indent: &str, key: &str, text: &str| {
            if !text.is_empty() {
                lines.push(format!("{indent}{key}: {}", scalar(text)));
            }
        };
        line("", "path", &self.path);
        line("", "repo", &self.repo);
        line("", "ref", &self.reference);
        line("", "configuredIn", &self.configured_in);
        if let Some(by) = &self.configured_by {
            lines.push("configuredBy:".to_owned());
            let mut line = |key: &str, text: &str| {
                if !text.is_empty() {
                    lines.push(format!("  {key}: {}", scalar(text)));
                }
            };
            line("apiVersion", &by.api_version);
            line("kind", &by.kind);
            line("name", &by.name);
            line("namespace", &by.namespace);
        }
        lines
    }

    fn text(&self) -> String {
        self.lines().into_iter().map(|line| line + "\n").collect()
    }

    /// Sets the annotation that says where an object came from; all become strings.
    pub(crate) fn annotate(&self, resource: &mut Resource) {
        set(resource, ORIGIN, self.text());
    }

    /// Adds the annotation to an object that was read from a file; the others stay as they
    /// are. (`AnnotateAll`)
    pub(crate) fn annotate_read(&self, resource: &mut Resource) {
        resource.make_annotations();
        resource.edit(|node| {
            let metadata = node.get_mut("metadata");
            if let Some(map) = metadata.and_then(|m| m.get_mut("annotations")) {
                map.set(ORIGIN, Node::string(self.text()));
            }
        });
    }
}

/// A text as go-yaml writes it.
fn scalar(text: &str) -> String {
    let written = to_yaml(&Value::new(text), Format::Kyaml).unwrap_or_default();
    written.trim_end_matches('\n').to_owned()
}

fn set(resource: &mut Resource, key: &str, text: String) {
    let mut map = annotations(resource.node());
    map.insert(key.into(), text.into());
    resource.edit(|node| set_annotations(node, &map));
}

/// Says of objects that have no origin where they came from. (`AddOriginAnnotation`)
pub(crate) fn add_origin(resources: &mut [Resource], provenance: &Provenance) {
    for resource in resources {
        if !annotations(resource.node()).contains_key(ORIGIN) {
            provenance.annotate(resource);
        }
    }
}

/// Notes a transformer on all objects; it made those that have no origin.
/// (`AddTransformerAnnotation`)
pub(crate) fn add_transformation(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    provenance: &Provenance,
) -> Result<()> {
    for resource in resources.iter_mut() {
        resource.unshare_annotations(&mut context.editor("buildMetadata", Span::NONE));
        let map = annotations(resource.node());
        if !map.contains_key(ORIGIN) {
            provenance.annotate(resource);
            continue;
        }
        if let Some(words) = map.get(ORIGIN).and_then(|text| no_origin(text)) {
            let span = resource.node().span;
            return Err(Diagnostic::error(span, words).hint(format!(
                "the annotation `{ORIGIN}` is Kustomize's own; remove it"
            )));
        }
        let lines = provenance.lines().into_iter().enumerate();
        let item: String = lines
            .map(|(n, line)| format!("{}{line}\n", if n == 0 { "- " } else { "  " }))
            .collect();
        let known = map.get(TRANSFORMATIONS).map_or("", EcoString::as_str);
        set(resource, TRANSFORMATIONS, format!("{known}{item}"));
    }
    Ok(())
}

/// Drops what does not belong into the output, and writes annotations as upstream leaves
/// them: sorted strings, no empty map.
/// (upstream: `RemoveBuildAnnotations`, `RemoveOriginAnnotations`,
/// `RemoveTransformerAnnotations`)
pub(crate) fn clean(
    resources: &mut ResMap,
    compat: Compat,
    keep_origin: bool,
    keep_transformations: bool,
) {
    for resource in resources.iter_mut() {
        let mut map = annotations(resource.node());
        let had = !map.is_empty() || resource.has_history();
        for key in INTERNAL {
            map.remove(*key);
        }
        if compat == Compat::V5_8 {
            map.remove(HELM_GENERATED);
        }
        if !keep_origin {
            map.remove(ORIGIN);
        }
        if !keep_transformations {
            map.remove(TRANSFORMATIONS);
        }
        if had || !keep_origin || !keep_transformations {
            resource.edit(|node| write(node, &map));
        }
    }
}

fn write(node: &mut Node, map: &BTreeMap<EcoString, EcoString>) {
    let current = node.get("metadata").and_then(|m| m.get("annotations"));
    let unchanged = current.and_then(Node::entries).is_some_and(|entries| {
        entries.len() == map.len()
            && !map.is_empty()
            && entries.iter().all(|(key, value)| {
                let key = key.text().map(new_key);
                value.tag == Tag::Str && key.is_some_and(|key| key.tag == Tag::Str)
            })
    });
    let no_metadata = node.get("metadata").is_none();
    if !unchanged && (current.is_some() || !map.is_empty() || no_metadata) {
        set_annotations(node, map);
    }
}

/// Why the text of an annotation is no origin; upstream reads it as a struct.
pub(crate) fn no_origin(text: &str) -> Option<String> {
    let wrong = |found: &Data, field: &str, wanted: &str| {
        let found = match found {
            Data::Null => return None,
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::Uint(_) | Data::Float(_) => "number",
            Data::Str(_) => "string",
            Data::Seq(_) => "array",
            Data::Map(_) => "object",
        };
        let place = match field {
            "" => "Go value of type resource.Origin".to_owned(),
            field => format!("Go struct field Origin.{field} of type {wanted}"),
        };
        Some(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} \
             into {place}"
        ))
    };
    let (documents, faults) = goyaml::parse(text, FileId::NONE, Dialect::V2);
    if !faults.is_empty() {
        let why = goyaml::upstream_text(&faults);
        return Some(format!("error converting YAML to JSON: {why}"));
    }
    let root = &documents.first()?.root;
    let value = goyaml::decode(root, Dialect::V2).ok()?;
    let Data::Map(map) = &value.data else { return wrong(&value.data, "", "") };
    let texts = ["path", "repo", "ref", "configuredIn"].into_iter().find_map(|field| {
        let data = &map.get(field)?.value.data;
        wrong(data, field, "string").filter(|_| !matches!(data, Data::Str(_)))
    });
    texts.or_else(|| {
        let data = &map.get("configuredBy")?.value.data;
        let wanted = "yaml.ResourceIdentifier";
        wrong(data, "configuredBy", wanted).filter(|_| !matches!(data, Data::Map(_)))
    })
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
