//! `crds`: OpenAPI definitions of custom kinds, whose fields say what they refer to.
//! (upstream: `accumulator/loadconfigfromcrds.go`)

use ecow::EcoString;
use goyaml::{Kind, Node};
use source::{Diagnostic, Result};

use crate::config::{NameBackReference, TransformerConfig};
use crate::context::Context;
use crate::kustomization::Text;
use crate::load::{Folder, document};
use crate::resource::{FieldSpec, Gvk, merge_one};
use crate::upstream::{Upstream, wrong_kind};

const MAPPING: &str =
    "write a mapping from the names of types to their OpenAPI definitions";
/// How deep definitions may refer to each other.
const DEPTH: usize = 100;

/// Adds the fields that the definitions of the files mark.
pub(crate) fn add_crd_config(
    context: &mut Context<'_>,
    folder: &Folder,
    paths: &[Text],
    config: &mut TransformerConfig,
) -> Result<()> {
    for path in paths {
        let loaded = folder.load(context, path)?;
        let step =
            format!("unable to parse open API definition from '{}'", path.as_str());
        let read = document(context, loaded.file);
        let Some(definitions) = read.map_err(|error| error.within(&step))? else {
            continue;
        };
        if definitions.entries().is_none() {
            let error = wrong_kind(Kind::Mapping, &definitions);
            return Err(error.within(&step).hint(MAPPING));
        }
        let mut added = TransformerConfig::default();
        let failed = |words: &str| {
            let shown = path.as_str();
            Diagnostic::error(path.span, format!("`{shown}`: {words}")).says(words)
        };
        let mut sorted: Vec<_> = definitions.entries().unwrap_or(&[]).iter().collect();
        sorted.sort_by(|a, b| a.0.text().cmp(&b.0.text()));
        for (name, definition) in sorted {
            let name = name.text().unwrap_or("");
            if definition.entries().is_none() && !definition.is_null() {
                let message = format!("`{name}` is no OpenAPI definition");
                let words = format!(
                    "{step}: json: cannot unmarshal this into Go value of type \
                     accumulator.OpenAPIDefinition"
                );
                return Err(Diagnostic::error(definition.span, message)
                    .says(words)
                    .hint(MAPPING));
            }
            if !looks_like_a_kind(&definitions, name) {
                continue;
            }
            let kind = name.rsplit('.').next().unwrap_or(name);
            let mut walk = Walk {
                definitions: &definitions,
                gvk: Gvk::new("", "", kind),
                config: &mut added,
                path: Vec::new(),
            };
            walk.definition(name).map_err(failed)?;
        }
        config.merge(&added).map_err(|words| failed(&words))?;
    }
    Ok(())
}

fn properties<'a>(definitions: &'a Node, name: &str) -> Option<&'a Node> {
    let definition = definitions.get(name)?;
    let schema = definition.get("Schema").or_else(|| definition.get("schema"))?;
    schema.get("properties")
}

fn looks_like_a_kind(definitions: &Node, name: &str) -> bool {
    let properties = properties(definitions, name);
    let has = |field| properties.is_some_and(|p| p.get(field).is_some());
    has("kind") && has("apiVersion") && has("metadata")
}

struct Walk<'a> {
    definitions: &'a Node,
    gvk: Gvk,
    config: &'a mut TransformerConfig,
    path: Vec<EcoString>,
}

impl Walk<'_> {
    fn definition(&mut self, name: &str) -> std::result::Result<(), &'static str> {
        if self.path.len() > DEPTH {
            return Err("the definitions refer to each other without an end");
        }
        let Some(properties) = properties(self.definitions, name) else { return Ok(()) };
        for (field, property) in properties.entries().unwrap_or(&[]) {
            self.path.push(field.text().unwrap_or("").into());
            let done = self.property(property);
            self.path.pop();
            done?;
        }
        Ok(())
    }

    fn property(&mut self, property: &Node) -> std::result::Result<(), &'static str> {
        let spec = self.spec(None);
        let word = |key| property.get(key).and_then(Node::as_str);
        if word("x-kubernetes-annotation").is_some() {
            merge_one(&mut self.config.common_annotations, &spec)?;
        }
        if word("x-kubernetes-label-selector").is_some() {
            merge_one(&mut self.config.common_labels, &spec)?;
        }
        if word("x-kubernetes-identity").is_some() {
            merge_one(&mut self.config.name_prefix, &spec)?;
        }
        let version = word("x-kubernetes-object-ref-api-version");
        let kind = word("x-kubernetes-object-ref-kind");
        if let (Some(version), Some(kind)) = (version, kind) {
            let key = word("x-kubernetes-object-ref-name-key").unwrap_or("name");
            let reference = NameBackReference {
                gvk: Gvk::new("", version, kind),
                referrers: vec![self.spec(Some(key))],
            };
            self.config.add_name_reference(&reference)?;
        }
        match property.get("$ref").and_then(Node::text) {
            Some(name) => self.definition(name),
            None => Ok(()),
        }
    }

    fn spec(&self, last: Option<&str>) -> FieldSpec {
        let mut path = self.path.clone();
        path.extend(last.map(EcoString::from));
        FieldSpec { gvk: self.gvk.clone(), path: path.join("/").into(), create: false }
    }
}
