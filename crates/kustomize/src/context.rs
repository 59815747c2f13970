//! What a build carries along: the world, what was read of it, and what is to be said.

use std::collections::BTreeMap;
use std::sync::Arc;

use goyaml::{Fault, Node};
use source::{Diagnostic, FileId, Origins, Result, SourceMap, Span, VPath, World};

use crate::chart::ChartRenderer;
use crate::note::{Note, NoteKind};
use crate::options::Options;
use crate::resource::{Deleted, Editor, Misfit, ResMap, Resource};

/// The state of one build.
pub struct Context<'a> {
    /// Where files come from.
    pub world: &'a dyn World,
    /// Where their texts go.
    pub sources: &'a SourceMap,
    /// What the caller asked for.
    pub options: &'a Options,
    /// Who renders charts.
    pub charts: &'a dyn ChartRenderer,
    /// The build target's arena: who changed what.
    pub origins: Origins,
    /// Upstream's warnings, in its order.
    pub warnings: Vec<Diagnostic>,
    /// What had no effect.
    pub notes: Vec<Note>,
    /// The OpenAPI schema in use; a kustomization can replace it.
    pub schema: schema::OpenApi,
    /// Has a kustomization said which schema is in use?
    pub(crate) schema_decided: bool,
    /// Has the schema in use been asked? Then a custom one adds to it, and does not replace it;
    /// and one that cannot be read is a fault.
    pub(crate) schema_used: bool,
    /// Why the custom schema cannot be read.
    pub(crate) schema_fault: Option<Box<Diagnostic>>,
    /// Texts that do not fit their fields.
    pub(crate) misfits: Vec<Misfit>,
    /// The objects that patches took away.
    pub(crate) deleted: Vec<Deleted>,
    /// The texts that charts made.
    pub(crate) rendered: Vec<FileId>,
    files: BTreeMap<VPath, Loaded>,
    /// Why the bytes of a file are no text; generators take any bytes, others refuse these.
    garbled: BTreeMap<FileId, Fault>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// Its name in the source map.
    pub(crate) file: FileId,
    /// Its bytes.
    pub(crate) bytes: Arc<[u8]>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        world: &'a dyn World,
        sources: &'a SourceMap,
        options: &'a Options,
        charts: &'a dyn ChartRenderer,
    ) -> Context<'a> {
        Context {
            world,
            sources,
            options,
            charts,
            origins: Origins::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            schema: schema::OpenApi::builtin(),
            schema_decided: false,
            schema_used: false,
            schema_fault: None,
            misfits: Vec::new(),
            deleted: Vec::new(),
            rendered: Vec::new(),
            files: BTreeMap::new(),
            garbled: BTreeMap::new(),
        }
    }

    /// The setter for an entry of a kustomization.
    pub fn editor(&mut self, by: &'static str, config: Span) -> Editor<'_> {
        Editor::new(by, config, &mut self.origins)
    }

    /// The resource of a tree.
    pub(crate) fn resource(&self, node: Node) -> Resource {
        Resource::with_schema(node, &self.schema)
    }

    /// Drops the objects of which nothing is left, and remembers those that patches took away.
    pub(crate) fn drop_empties(&mut self, resources: &mut ResMap) {
        self.deleted.extend(resources.iter().filter_map(Resource::deleted).cloned());
        resources.drop_empties();
    }

    /// Notes what upstream passes over in silence.
    pub fn note(&mut self, kind: NoteKind, span: Span, text: impl Into<String>) {
        self.note_with(kind, span, text, String::new());
    }

    /// Notes what upstream passes over, and what could have been meant.
    pub(crate) fn note_with(
        &mut self,
        kind: NoteKind,
        span: Span,
        text: impl Into<String>,
        hint: String,
    ) {
        let span = self.outer_span(span);
        self.notes.push(Note { kind, span, text: text.into(), hint });
    }

    /// The place in a kustomization that says what stands at `span` of an inline text; other
    /// spans as they are.
    pub(crate) fn outer_span(&self, span: Span) -> Span {
        let file = self.sources.file(span.file);
        let inline = file.rendered.as_ref().filter(|_| file.path.ends_with("(inline)"));
        let Some(rendered) = inline else { return span };
        rendered.marks_in(span.range()).first().map_or(span, |mark| mark.at)
    }

    /// Reads a file once; its text gets one place in the source map.
    pub(crate) fn read(&mut self, path: &VPath, at: Span) -> Result<Loaded> {
        self.read_as(path, at, false)
    }

    /// Reads a file; a vendored one is none that people should change.
    pub(crate) fn read_as(
        &mut self,
        path: &VPath,
        at: Span,
        vendored: bool,
    ) -> Result<Loaded> {
        if let Some(loaded) = self.files.get(path) {
            return Ok(loaded.clone());
        }
        let read = self.world.read(path);
        let bytes = read.map_err(|e| Diagnostic::error(at, e.to_string()))?;
        let (text, fault): (Arc<str>, _) = match goyaml::read_text(&bytes, FileId::NONE) {
            Ok(text) => (text.into(), None),
            Err(fault) => (String::from_utf8_lossy(&bytes).into(), Some(fault)),
        };
        let file = match vendored || source::is_vendored(path) {
            true => self.sources.add_vendored(self.world.display(path), text),
            false => self.sources.add_file(self.world, path, text),
        };
        if let Some(mut fault) = fault {
            fault.span = first_char(&self.sources.file(file).text, file, fault.span);
            self.garbled.insert(file, fault);
        }
        let loaded = Loaded { file, bytes };
        self.files.insert(path.clone(), loaded.clone());
        Ok(loaded)
    }

    /// Refuses a file whose bytes are no text. (go-yaml: `readerc.go`)
    pub(crate) fn must_be_text(&self, file: FileId) -> std::result::Result<(), Fault> {
        self.garbled.get(&file).cloned().map_or(Ok(()), Err)
    }

    /// The files that were read, by path.
    pub(crate) fn inputs(&self) -> Vec<VPath> {
        self.files.keys().cloned().collect()
    }
}

/// The character that stands where bytes were no text.
fn first_char(text: &str, file: FileId, at: Span) -> Span {
    let start = at.range().start;
    match text.get(start..).and_then(|rest| rest.chars().next()) {
        Some(c) => Span::new(file, start, start + c.len_utf8()),
        None => Span::new(file, 0, 0),
    }
}
