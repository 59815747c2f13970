//! From files to a chart.
//!
//! Follows `pkg/chart/v2/loader/load.go` of Helm 4.2. Subcharts are taken in the order of
//! their names, where upstream takes them in the order of a Go map.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use source::{Diagnostic, FileId, Result, SourceMap, Span};

use super::archive::load_archive_files;
use super::buffered::Buffered;
use super::templates::{Ahead, ParsedTemplates};
use super::{Chart, ChartFile, Metadata, Ownership};
use crate::Compat;
use crate::values::{Defaults, load_values, told, values_text, yaml_document};

/// How deep charts may nest in `charts/`.
const MAX_DEPTH: usize = 32;

/// Makes charts of files and puts the files into the source map.
pub(super) struct Loader<'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) ownership: Ownership,
    pub(super) compat: Compat,
    /// Who parses the templates that are found.
    pub(super) ahead: &'a Ahead,
}

/// What is collected while the files of one chart are sorted.
#[derive(Default)]
struct Parts {
    metadata: Option<Metadata>,
    chart_yaml: FileId,
    values: Option<Defaults>,
    schema: Option<ChartFile>,
    templates: Vec<ChartFile>,
    files: Vec<ChartFile>,
    subcharts: BTreeMap<String, Vec<Buffered>>,
}

impl Loader<'_> {
    /// The chart that these files are; `shown` is the folder that people know them by,
    /// `parent` the path of the chart whose dependency it is: `chart/charts/sub`.
    pub(super) fn load_files(
        &self,
        files: Vec<Buffered>,
        shown: &str,
        parent: Option<&str>,
        depth: usize,
    ) -> Result<Chart> {
        if depth > MAX_DEPTH {
            let words = format!("charts nest more than {MAX_DEPTH} deep in `{shown}`");
            return Err(Diagnostic::error(Span::NONE, words));
        }
        let mut parts = Parts { chart_yaml: FileId::NONE, ..Parts::default() };
        if let Some(file) = files.iter().find(|f| f.name == "Chart.yaml") {
            self.chart_yaml(&mut parts, file, shown, depth)?;
        }
        let (templates, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.name.starts_with("templates/"));
        parts.templates = templates.iter().map(|file| self.file(file, shown)).collect();
        let name = parts.metadata.as_ref().map_or("", |metadata| &metadata.name);
        let path = match parent {
            Some(parent) => format!("{parent}/charts/{name}"),
            None => name.to_owned(),
        };
        if let Some(metadata) = &parts.metadata {
            self.ahead.add(&path, metadata, &parts.templates);
        }
        for file in files {
            self.sort(&mut parts, file, shown)?;
        }
        let no_chart = || {
            Diagnostic::error(Span::NONE, "Chart.yaml file is missing")
                .hint(format!("`{shown}` holds no chart, or its .helmignore leaves none"))
        };
        let mut metadata = parts.metadata.ok_or_else(no_chart)?;
        metadata.validate().map_err(|fault| {
            let start = Span::new(parts.chart_yaml, 0, 0);
            Diagnostic::error(metadata.span_of(fault.field).unwrap_or(start), fault.words)
        })?;
        let mut dependencies = Vec::new();
        for (name, files) in parts.subcharts {
            let unpacking = |mut fault: Box<Diagnostic>| {
                fault.message = format!(
                    "error unpacking subchart {name} in {}: {}",
                    metadata.name, fault.message
                );
                fault
            };
            let place = (shown, path.as_str());
            let chart = self.subchart(&name, files, place, depth).map_err(unpacking)?;
            dependencies.extend(chart.map(Arc::new));
        }
        let empty = || Defaults { merged: goyaml::Value::null(), first: None };
        Ok(Chart {
            metadata,
            values: parts.values.unwrap_or_else(empty),
            schema: parts.schema,
            schema_read: std::sync::OnceLock::new(),
            templates: parts.templates,
            files: Arc::new(parts.files),
            dependencies,
            chart_yaml: parts.chart_yaml,
            parsed: ParsedTemplates::default(),
            keys: std::sync::OnceLock::new(),
        })
    }

    fn chart_yaml(
        &self,
        parts: &mut Parts,
        file: &Buffered,
        shown: &str,
        depth: usize,
    ) -> Result<()> {
        let (id, text) = self.add_yaml(file, shown).map_err(loading("Chart.yaml"))?;
        parts.chart_yaml = id;
        let document = yaml_document(&text, id).map_err(loading("Chart.yaml"))?;
        let mut metadata = Metadata::default();
        metadata.read(&document, self.compat).map_err(|words| {
            // Helm 4 looks for the version first, and for nothing else.
            let first = self.compat == Compat::Helm4 && depth == 0;
            let words = match first && document.as_map().is_none() {
                true => words.replace("v2.Metadata", "loader.chartBase"),
                false => words,
            };
            let words = format!("cannot load Chart.yaml: {words}");
            Diagnostic::error(Span::new(id, 0, 0), words)
        })?;
        if metadata.api_version.is_empty() {
            metadata.api_version = "v1".into();
        }
        let words = match (self.compat, depth, metadata.api_version.as_str()) {
            (Compat::Helm3, ..) | (_, 1.., _) | (_, _, "v1" | "v2") => None,
            (_, _, "v3") => Some("invalid chart apiVersion"),
            _ => Some("unsupported chart version"),
        };
        if let Some(words) = words {
            let span = metadata.span_of("apiVersion").unwrap_or(Span::new(id, 0, 0));
            return Err(Diagnostic::error(span, words)
                .hint("`apiVersion` of a chart is `v1` or `v2`"));
        }
        parts.metadata = Some(metadata);
        Ok(())
    }

    fn sort(&self, parts: &mut Parts, file: Buffered, shown: &str) -> Result<()> {
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => {
                let lock = self.add_yaml(&file, shown);
                lock.and_then(|(id, text)| yaml_document(&text, id))
                    .map_err(loading("Chart.lock"))?;
            }
            "values.yaml" => {
                let (id, text) = self.add(&file, shown);
                let unreadable = |words: String| {
                    let at = goyaml::read_text(&file.data, id).err();
                    let span = at.map_or(Span::new(id, 0, 0), |fault| fault.span);
                    loading("values.yaml")(Diagnostic::error(span, words))
                };
                values_text(&file.data, self.compat).map_err(unreadable)?;
                let values = load_values(&text, id).map_err(|mut fault| {
                    fault.message = told(&fault.message, self.compat).to_owned();
                    loading("values.yaml")(fault)
                })?;
                parts.values = Some(values);
            }
            "values.schema.json" => parts.schema = Some(self.file(&file, shown)),
            "requirements.yaml" => {
                let kept = self.file(&file, shown);
                let document = yaml_document(&kept.text(), kept.file)
                    .map_err(loading("requirements.yaml"))?;
                let metadata = parts.metadata.get_or_insert_default();
                metadata.read(&document, self.compat).map_err(|words| {
                    let words = format!("cannot load requirements.yaml: {words}");
                    Diagnostic::error(Span::new(kept.file, 0, 0), words)
                })?;
                if metadata.api_version == "v1" {
                    parts.files.push(kept);
                }
            }
            "requirements.lock" => {
                let version1 =
                    parts.metadata.as_ref().is_some_and(|m| m.api_version == "v1");
                if version1 {
                    parts.files.push(self.file(&file, shown));
                }
            }
            name => match name.strip_prefix("charts/") {
                Some(rest) if !rest.ends_with(".prov") => {
                    let chart = rest.split('/').next().unwrap_or(rest).to_owned();
                    let rest = rest.to_owned();
                    let file = file.renamed(&rest);
                    parts.subcharts.entry(chart).or_default().push(file);
                }
                _ => parts.files.push(self.file(&file, shown)),
            },
        }
        Ok(())
    }

    fn subchart(
        &self,
        name: &str,
        files: Vec<Buffered>,
        (shown, parent): (&str, &str),
        depth: usize,
    ) -> Result<Option<Chart>> {
        if name.starts_with(['_', '.']) {
            return Ok(None);
        }
        let shown = format!("{shown}/charts/{name}");
        if name.ends_with(".tgz") {
            let Some(file) = files.first() else { return Ok(None) };
            if file.name != name {
                let words = format!("expected {name}, got {}", file.name);
                return Err(Diagnostic::error(Span::NONE, words));
            }
            let files = load_archive_files(&file.data)
                .map_err(|words| Diagnostic::error(Span::NONE, words))?;
            let ownership = Ownership::Vendored;
            let vendored = Loader { ownership, ..*self };
            return vendored.load_files(files, &shown, Some(parent), depth + 1).map(Some);
        }
        let inside = files.into_iter().filter_map(|file| {
            let (_, rest) = file.name.split_once('/')?;
            let rest = rest.to_owned();
            Some(file.renamed(&rest))
        });
        let files: Vec<Buffered> = inside.collect();
        self.load_files(files, &shown, Some(parent), depth + 1).map(Some)
    }

    fn file(&self, file: &Buffered, shown: &str) -> ChartFile {
        let name = EcoString::from(&file.name);
        if file.text.is_none() && !file.name.starts_with("templates/") {
            let data = file.data.clone();
            return ChartFile { name, data, file: FileId::NONE, text: None };
        }
        let (id, text) = self.add(file, shown);
        // The source map and the chart hold one copy.
        match file.text {
            Some(_) => {
                ChartFile { name, data: text.clone().into(), file: id, text: Some(text) }
            }
            None => ChartFile { name, data: file.data.clone(), file: id, text: None },
        }
    }

    /// Adds a file that must be text, as go-yaml reads text.
    fn add_yaml(&self, file: &Buffered, shown: &str) -> Result<(FileId, Arc<str>)> {
        let (id, text) = self.add(file, shown);
        match goyaml::read_text(&file.data, id) {
            Ok(_) => Ok((id, text)),
            Err(fault) => {
                let words =
                    format!("error converting YAML to JSON: {}", fault.upstream());
                Err(Diagnostic::error(fault.span, words))
            }
        }
    }

    fn add(&self, file: &Buffered, shown: &str) -> (FileId, Arc<str>) {
        let text: Arc<str> = match &file.text {
            Some(text) => text.clone(),
            None => match goyaml::read_text(&file.data, FileId::NONE) {
                Ok(text) if !file.name.starts_with("templates/") => text.into(),
                _ => String::from_utf8_lossy(&file.data).into(),
            },
        };
        let path = format!("{shown}/{}", file.name);
        let id = match self.ownership {
            Ownership::Repository => self.sources.add(path, text.clone()),
            Ownership::Vendored => self.sources.add_vendored(path, text.clone()),
        };
        (id, text)
    }
}

fn loading(name: &str) -> impl Fn(Box<Diagnostic>) -> Box<Diagnostic> {
    move |mut fault| {
        fault.message = format!("cannot load {name}: {}", fault.message);
        fault
    }
}
