//! What a user hands in: files, trees and flags, merged the way `helm template` merges.

use std::rc::Rc;
use std::sync::Arc;

use goyaml::Value;
use source::{Diagnostic, FileId, LayerKind, Layering, Result, SourceMap, Span};

use super::load::{from_value, load_values, of_defaults};
use super::{Data, MapRef, Node, merge_maps};
use crate::Compat;
use crate::strvals;

/// What a user hands in besides the chart's own defaults.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and trees, the weakest first.
    pub layers: Vec<ValuesLayer>,
    /// Flags; they win over all layers, in the order of their kinds, as in Helm.
    pub flags: Vec<SetFlag>,
}

/// One layer of values.
#[derive(Clone, Debug)]
pub enum ValuesLayer {
    /// A values file that the source map holds: `-f`.
    File(FileId),
    /// A tree that was parsed already, typed as the caller wants templates to see it.
    Tree {
        /// The values.
        values: Arc<Value>,
        /// Which layer its spans belong to.
        kind: LayerKind,
        /// What is known of its merging.
        layering: Arc<Layering>,
    },
}

/// One flag that sets values.
#[derive(Clone, Debug)]
pub struct SetFlag {
    /// Which flag.
    pub kind: SetFlagKind,
    /// Its text: `a.b=1,c=2`.
    pub text: String,
    /// For `--set-file`: the files that the text names, and what they hold.
    pub files: Vec<(String, String)>,
}

/// The flags that set values, in the order in which Helm applies them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SetFlagKind {
    /// `--set-json`
    Json,
    /// `--set`
    Set,
    /// `--set-string`
    String,
    /// `--set-file`
    File,
    /// `--set-literal`
    Literal,
}

impl SetFlagKind {
    /// The flag as it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SetFlagKind::Json => "--set-json",
            SetFlagKind::Set => "--set",
            SetFlagKind::String => "--set-string",
            SetFlagKind::File => "--set-file",
            SetFlagKind::Literal => "--set-literal",
        }
    }
}

/// All layers and flags in one map. (`Options.MergeValues` of `pkg/cli/values`)
pub(crate) fn merge_options(
    options: &Options,
    sources: &SourceMap,
    compat: Compat,
) -> Result<MapRef> {
    let mut base = MapRef::default();
    for layer in &options.layers {
        let map = match layer {
            ValuesLayer::File(id) => file(*id, sources, compat)?,
            ValuesLayer::Tree { values, kind, layering } => {
                let mut node = from_value(values, *kind);
                attribute(&mut node, layering);
                node.map().cloned().unwrap_or_default()
            }
        };
        base = merge_maps(&base, &map);
    }
    let mut flags: Vec<&SetFlag> = options.flags.iter().collect();
    flags.sort_by_key(|flag| flag.kind);
    for flag in flags {
        base = apply(flag, base, sources, compat)?;
    }
    Ok(base)
}

/// Says of each value of a tree which layer it is of, and which layers lost against it.
fn attribute(node: &mut Node, layering: &Layering) {
    let span = node.layer.span;
    if let Some((_, kind)) = layering.kinds.iter().find(|(file, _)| *file == span.file) {
        node.layer.kind = *kind;
    }
    if let Some(lost) = layering.lost.get(&span) {
        node.shadowed.clone_from(lost);
    }
    match &mut node.data {
        Data::Map(map) => {
            let mut map = map.borrow_mut();
            map.values_mut().for_each(|value| attribute(value, layering));
        }
        Data::List(list) => {
            let items = Rc::make_mut(list);
            items.iter_mut().for_each(|item| attribute(item, layering));
        }
        _ => {}
    }
}

fn file(id: FileId, sources: &SourceMap, compat: Compat) -> Result<MapRef> {
    let file = sources.file(id);
    let values = load_values(&file.text, id).map_err(|mut fault| {
        let words = told(&fault.message, compat);
        fault.message = format!("failed to parse {}: {words}", file.path);
        fault
    })?;
    Ok(of_defaults(&values, LayerKind::File, compat))
}

/// What is wrong with a values file; Helm 3 knows no documents in it.
pub(crate) fn told(words: &str, compat: Compat) -> &str {
    match compat {
        Compat::Helm4 => words,
        Compat::Helm3 => {
            words.strip_prefix("cannot unmarshal yaml document: ").unwrap_or(words)
        }
    }
}

/// Refuses the name of a file that is no URL either: Helm reads it as one first. The error is
/// Helm's. (options.go: `readFile`)
pub fn check_path(name: &str) -> std::result::Result<(), String> {
    crate::funcs::Url::parse(name.as_bytes()).map(|_| ())
}

fn apply(
    flag: &SetFlag,
    base: MapRef,
    sources: &SourceMap,
    compat: Compat,
) -> Result<MapRef> {
    let text = &flag.text;
    let name = flag.kind.name();
    let id = sources.add(name, text.as_str());
    let fault = |words: String| {
        let span = Span::new(id, 0, text.len());
        Diagnostic::error(span, format!("failed parsing {name} data{words}"))
    };
    let because = |words: String| fault(format!(": {words}"));
    match flag.kind {
        SetFlagKind::Json if compat == Compat::Helm4 && text.trim().starts_with('{') => {
            let object = strvals::json_object(text.trim(), id)
                .ok_or_else(|| fault(format!(" JSON: {text}")))?;
            return Ok(merge_maps(&base, &object));
        }
        SetFlagKind::Json => {
            strvals::parse_json(text, id, &base).map_err(|_| fault(format!(" {text}")))?
        }
        SetFlagKind::Set => strvals::parse_into(text, id, &base).map_err(because)?,
        SetFlagKind::String => {
            strvals::parse_into_string(text, id, &base).map_err(because)?;
        }
        SetFlagKind::Literal => {
            strvals::parse_literal_into(text, id, &base).map_err(because)?;
        }
        SetFlagKind::File => {
            let read = |path: &str| {
                check_path(path)?;
                let found = flag.files.iter().find(|(name, _)| name == path);
                found
                    .map(|(_, text)| super::Data::Str(text.as_str().into()))
                    .ok_or_else(|| format!("open {path}: no such file or directory"))
            };
            strvals::parse_into_file(text, id, &base, &read).map_err(because)?;
        }
    }
    Ok(base)
}
