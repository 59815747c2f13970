//! Template files, executed one after the other.

use std::rc::Rc;

use gotemplate::{Error, Executor, MissingKey, Output};
use source::{Diagnostic, FrameId, Origins, Trace};

use super::Job;
use super::failure::{self, Places};
use super::scope::{self, Scopes};
use crate::Compat;
use crate::chart::{ParsedSet, TemplateFile};
use crate::funcs::look;
use crate::host::Host;
use crate::instance::Instance;
use crate::release::{SortInput, remove_all};

/// What Go prints for a value that is not there, and Helm removes.
const NO_VALUE: &str = "<no value>";

/// The state of a render.
pub(super) struct Run<'a> {
    job: &'a Job<'a>,
    executor: Executor,
    scopes: Scopes,
    host: Rc<Host>,
}

impl<'a> Run<'a> {
    /// Before the first file.
    pub(super) fn new(job: &'a Job<'a>, set: &ParsedSet) -> Run<'a> {
        let Job { chart, merged, options, limits, ambient, .. } = job;
        let mut origins = Origins::with_slots(merged.count() + scope::RELEASE_SLOTS);
        let scopes = scope::scopes(chart, merged, options, &mut origins);
        let host = Host::new(ambient.clone(), options.compat);
        let host = Rc::new(host.with_documents(set.documents.clone()));
        let mut executor = Executor::new(set.templates.clone(), origins)
            .with_host(host.clone())
            .with_limits(*limits)
            .with_missing_key(MissingKey::Zero)
            .with_look(look);
        // The dependencies that take no part.
        for (span, origin) in &scopes.off {
            executor.skip(*span, *origin);
        }
        Run { job, executor, scopes, host }
    }

    /// Executes a file; nothing if it is none that Helm would print.
    pub(super) fn execute(
        &mut self,
        file: &TemplateFile,
    ) -> Result<Option<SortInput>, Box<Error>> {
        if file.is_partial() {
            return Ok(None);
        }
        let Some((dot, (asked, reason))) = self.scopes.dot(file) else { return Ok(None) };
        self.host.draws.enter(&file.path);
        let output = self.executor.execute_because(&file.path, dot, asked, reason)?;
        // Notes are for people: never part of the manifests.
        let is_notes = file.path.ends_with("NOTES.txt");
        Ok((!is_notes).then(|| printed(file, output, self.job.options.compat)))
    }

    /// The frames of the `crds/` of charts that some value switched on, by the charts' paths.
    pub(super) fn crds(&mut self) -> Vec<(String, FrameId)> {
        let mut frames = Vec::new();
        let chart = self.job.chart;
        each_with_crds(chart, &chart.name(), &mut |path| {
            if let Some((asked, reason)) = self.scopes.asked(path) {
                frames
                    .push((path.to_owned(), self.executor.taken_because(asked, reason)));
            }
        });
        frames
    }

    /// The error of a template.
    pub(super) fn failed(self, error: &Error) -> Box<Diagnostic> {
        let Job { merged, sources, options, .. } = self.job;
        let trace = self.executor.finish();
        let places = Places { trace: &trace, slots: &merged.slots, sources };
        failure::execution(error, &places, options.compat)
    }

    /// What was recorded.
    pub(super) fn finish(self) -> Trace {
        self.executor.finish()
    }
}

/// What a file printed, as text.
fn printed(file: &TemplateFile, output: Output, compat: Compat) -> SortInput {
    let (mut text, fault) = match String::from_utf8(output.text) {
        Ok(text) => (text, None),
        Err(error) => {
            // Helm 3 reads a document without the space around it.
            let bytes = match compat {
                Compat::Helm4 => error.as_bytes(),
                Compat::Helm3 => error.as_bytes().trim_ascii_end(),
            };
            let fault = goyaml::read_text(bytes, source::FileId::NONE);
            let fault = fault.err().map(|fault| fault.upstream());
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), fault)
        }
    };
    let mut marks = output.marks;
    remove_all(&mut text, &mut marks, NO_VALUE);
    SortInput { path: file.path.clone(), text, marks, fault }
}

/// Visits the paths of the charts that have a file in `crds/`.
fn each_with_crds(chart: &Instance, path: &str, see: &mut dyn FnMut(&str)) {
    if chart.chart.files.iter().any(|file| file.name.starts_with("crds/")) {
        see(path);
    }
    for sub in chart.dependencies() {
        each_with_crds(sub, &sub.path(), see);
    }
}
