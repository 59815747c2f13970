//! The other way round: which fields a written value reaches.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use goyaml::{Dialect, Node, Step};
use source::{Cause, FileId, Origins, Role, SourceMap, Span};

use super::{Field, FieldPath, Gone, Removed, fields, removed};
use crate::Render;
use crate::fleet::Object;

/// A scalar of a file that someone wrote.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it is in its document; empty for a file that is no YAML.
    pub path: FieldPath,
    /// The value, or its key if it says nothing.
    pub span: Span,
    /// Where the mappings around it begin.
    around: Vec<u32>,
}

/// A target and what became of it.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The scalar.
    pub target: Target,
    /// The fields that it sets or decides.
    pub fields: Vec<ReachedField>,
    /// Why it reaches nothing, if it does not and that is known.
    pub why: Option<(Unreached, Span)>,
}

/// A field that a value reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedField {
    /// The cluster.
    pub cluster: String,
    /// The component.
    pub component: String,
    /// The kind.
    pub kind: String,
    /// The namespace and name: `monitoring/query`.
    pub name: String,
    /// The field.
    pub path: String,
    /// Its text as it may be shown; `None` if it is secret.
    pub value: Option<String>,
    /// What the value does to it.
    pub reach: Reach,
}

impl ReachedField {
    pub(super) fn of(object: &Object<'_>, field: &Field, reach: Reach) -> ReachedField {
        ReachedField {
            cluster: object.render.cluster().to_owned(),
            component: object.render.component().to_owned(),
            kind: object.kind().to_owned(),
            name: object.full_name(),
            path: field.path.to_string(),
            value: field.value.clone(),
            reach,
        }
    }
}

/// What a value does to a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// It is the field's text, or a part of it.
    Sets,
    /// It decides that the field is there, or what it says.
    Decides,
    /// It asks for the field, or the whole object, to go.
    Removes,
}

/// Why a value reaches nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreached {
    /// A stronger layer of values sets the same.
    Overridden,
    /// A patch or transformer put something else there.
    Replaced,
    /// A patch takes it away.
    Removed,
    /// A condition asked for it, and nothing was printed.
    SwitchedOff,
    /// No build reads the file.
    FileUnread,
    /// It names a file or folder, whose own values reach further.
    NamesFile,
    /// It is a kustomization's word: the build reads it, and no field holds it.
    Kustomization,
    /// It is no chart's value, and nothing that was built holds it: something removes it, or it
    /// only says what is meant.
    Unheld,
}

/// Says of what is in a manifest or patch and reaches nothing that no field holds it: there is
/// no template to ask for it.
pub fn unheld(reached: &mut [Reached]) {
    for one in reached.iter_mut().filter(|one| one.fields.is_empty()) {
        one.why.get_or_insert((Unreached::Unheld, Span::NONE));
    }
}

/// The scalars of a file, or those of one line (from 1) and below it.
///
/// A file that is no YAML is one target, or its line is.
#[must_use]
pub fn targets(sources: &SourceMap, file: FileId, line: Option<usize>) -> Vec<Target> {
    let source = sources.file(file);
    let is_yaml = [".yaml", ".yml"].iter().any(|end| source.path.ends_with(end));
    let mut found = Targets { sources, line, found: Vec::new(), around: Vec::new() };
    if is_yaml {
        let (documents, faults) = goyaml::parse(&source.text, file, Dialect::V3);
        if faults.is_empty() {
            for document in &documents {
                found.node(&mut FieldPath::default(), &document.root, None, false);
            }
            return found.found;
        }
    }
    let range = line.map_or(0..source.text.len(), |line| source.line_range(line));
    let span = Span::new(file, range.start, range.end);
    vec![Target { path: FieldPath::default(), span, around: Vec::new() }]
}

struct Targets<'a> {
    sources: &'a SourceMap,
    line: Option<usize>,
    found: Vec<Target>,
    around: Vec<u32>,
}

impl Targets<'_> {
    fn node(&mut self, at: &mut FieldPath, node: &Node, key: Option<Span>, within: bool) {
        let within = within || self.is_meant(key, node);
        self.around.push(node.span.start);
        let mut leaf = true;
        for (key, value) in node.entries().unwrap_or_default() {
            leaf = false;
            at.push(Step::Key(key.text().unwrap_or("")));
            self.node(at, value, Some(key.span), within);
            at.pop();
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            leaf = false;
            at.push(Step::Index(index));
            self.node(at, item, None, within);
            at.pop();
        }
        self.around.pop();
        if leaf && within {
            let nothing = node.span.start >= node.span.end;
            let span = key.filter(|_| nothing).unwrap_or(node.span);
            let (path, around) = (at.clone(), self.around.clone());
            self.found.push(Target { path, span, around });
        }
    }

    fn is_meant(&self, key: Option<Span>, node: &Node) -> bool {
        let Some(line) = self.line else { return true };
        let line_of = |span: Span, byte: u32| {
            self.sources.file(span.file).line_column(byte as usize).0
        };
        let first = |span: Span| line_of(span, span.start);
        let scalar = node.text().is_some();
        key.is_some_and(|key| first(key) == line)
            || scalar
                && (first(node.span)..=line_of(node.span, node.span.end)).contains(&line)
    }
}

/// Which files of the source map are one path: a pulled chart's file is read more than once.
#[derive(Debug)]
pub struct Files<'a> {
    sources: &'a SourceMap,
    path: String,
    known: HashMap<FileId, bool>,
}

impl<'a> Files<'a> {
    /// The files with the path of this one.
    #[must_use]
    pub fn of(sources: &'a SourceMap, file: FileId) -> Files<'a> {
        let path = sources.file(file).path.clone();
        Files { sources, path, known: HashMap::new() }
    }

    fn holds(&mut self, span: Span) -> bool {
        let (sources, path) = (self.sources, &self.path);
        let same = || sources.file(span.file).path == *path;
        *self.known.entry(span.file).or_insert_with(same)
    }
}

/// Finds the fields of the objects of these renders that each target reaches.
///
/// `is_read` tells whether any build reads the file at all.
#[must_use]
pub fn reach(
    mut files: Files<'_>,
    targets: Vec<Target>,
    renders: &[Render],
    is_read: bool,
) -> Vec<Reached> {
    let mut reached: Vec<Reached> = targets
        .into_iter()
        .map(|target| Reached { target, fields: Vec::new(), why: None })
        .collect();
    reached.sort_by_key(|reached| reached.target.span.start);
    let objects: Vec<Object<'_>> = renders.iter().flat_map(Object::of_render).collect();
    for object in &objects {
        let asked = asking(&reached, &mut files, object);
        for field in fields(files.sources, object, &FieldPath::default()) {
            record(&mut reached, &mut files, object, &field, &asked);
        }
        for field in removed::fields(files.sources, object, &FieldPath::default()) {
            record_removed(&mut reached, &mut files, object, &field);
        }
    }
    for gone in Gone::of(renders) {
        record_gone(&mut reached, &mut files, &gone);
    }
    let silent = |reached: &Reached| reached.fields.is_empty() && reached.why.is_none();
    if reached.iter().any(silent) {
        switched_off(&mut reached, &mut files, &objects);
    }
    for reached in reached.iter_mut().filter(|reached| silent(reached)) {
        if !is_read {
            reached.why = Some((Unreached::FileUnread, Span::NONE));
        }
    }
    reached
}

/// What an entry of `helmCharts` says of which chart is rendered, and from what: it decides
/// all that the chart prints.
const CHART_FIELDS: &[&str] = &["name", "repo", "version", "valuesFile", "valuesMerge"];

/// The targets that ask for the chart which printed an object.
fn asking(reached: &[Reached], files: &mut Files<'_>, object: &Object<'_>) -> Vec<usize> {
    let file = files.sources.file(object.node().span.file);
    let entry = file.rendered.as_ref().and_then(|rendered| rendered.given.first());
    let Some(entry) = entry.filter(|entry| files.holds(**entry)) else {
        return Vec::new();
    };
    let asks = |target: &Target| {
        let around = &target.around;
        match target.path.last_key() {
            Some(key) => {
                around.last() == Some(&entry.start) && CHART_FIELDS.contains(&key)
            }
            // An item of a list of the entry.
            None => {
                around.iter().rev().nth(1) == Some(&entry.start)
                    && target.path.to_string().contains(".additionalValuesFiles[")
            }
        }
    };
    let all = reached.iter().enumerate();
    all.filter(|(_, reached)| asks(&reached.target)).map(|(at, _)| at).collect()
}

fn record(
    reached: &mut [Reached],
    files: &mut Files<'_>,
    object: &Object<'_>,
    field: &Field,
    asked: &[usize],
) {
    let mut parts: Vec<(usize, Reach)> =
        asked.iter().map(|at| (*at, Reach::Decides)).collect();
    let (mut winner, mut written) = (Span::NONE, Span::NONE);
    for cause in &field.causes {
        if !matches!(cause.role, Role::Shadowed(_) | Role::Before) {
            winner = cause.span;
        }
        if matches!(cause.role, Role::Data | Role::Value(_) | Role::Edit(_)) {
            written = cause.span;
        }
        if !files.holds(cause.span) {
            continue;
        }
        for at in overlapping(reached, cause) {
            let target = &mut reached[at];
            let found = reach_of(cause, &target.target).map(|reach| {
                match is_copied(files.sources, &target.target, cause, field) {
                    true => Reach::Sets,
                    false => reach,
                }
            });
            match (found, cause.role) {
                (Some(reach), _) => parts.push((at, reach)),
                (None, Role::Shadowed(_)) => {
                    target.why = target.why.or(Some((Unreached::Overridden, winner)));
                }
                (None, Role::Before) => {
                    target.why = target.why.or(Some((Unreached::Replaced, written)));
                }
                (None, _) => {}
            }
        }
    }
    parts.sort_unstable();
    parts.dedup_by_key(|(at, _)| *at);
    for (at, reach) in parts {
        reached[at].fields.push(ReachedField::of(object, field, reach));
    }
}

/// Says of a field that a patch took away who did it, and to whom.
fn record_removed(
    reached: &mut [Reached],
    files: &mut Files<'_>,
    object: &Object<'_>,
    field: &Field,
) {
    let Some(edit) = field.removed else { return };
    let (written, removing) = removing(reached, files, &object.built.origins, edit);
    for at in removing {
        let field = ReachedField::of(object, field, Reach::Removes);
        reached[at].fields.push(field);
    }
    let says =
        |cause: &&Cause| matches!(cause.role, Role::Data | Role::Text | Role::Value(_));
    for cause in field.causes.iter().filter(says) {
        if files.holds(cause.span) {
            for at in overlapping(reached, cause) {
                let why = &mut reached[at].why;
                *why = why.or(Some((Unreached::Removed, written)));
            }
        }
    }
}

/// The same of a whole object.
fn record_gone(reached: &mut [Reached], files: &mut Files<'_>, gone: &Gone<'_>) {
    let origins = &gone.built.origins;
    let (written, removing) = removing(reached, files, origins, gone.removed());
    let whole = gone.deleted.span;
    if files.holds(whole) {
        for one in reached.iter_mut().filter(|one| whole.contains(one.target.span)) {
            one.why = one.why.or(Some((Unreached::Removed, written)));
        }
    }
    for at in removing {
        reached[at].fields.push(ReachedField {
            cluster: gone.render.cluster().to_owned(),
            component: gone.render.component().to_owned(),
            kind: gone.deleted.id.gvk.kind.to_string(),
            name: gone.full_name(),
            path: String::new(),
            value: Some(String::new()),
            reach: Reach::Removes,
        });
    }
}

/// Where a removal is written, and the targets that ask for it: what the patch says, which
/// object it means included.
fn removing(
    reached: &[Reached],
    files: &mut Files<'_>,
    origins: &Origins,
    what: Removed,
) -> (Span, Vec<usize>) {
    let (written, causes) = removed::asked(files.sources, origins, what);
    let same_file = |span: Span| span.file == written.file;
    let asks = |cause: &&Cause| match cause.role {
        Role::Data | Role::Edit(_) => true,
        role => role == Role::Reason && same_file(cause.span),
    };
    let mut found = Vec::new();
    for cause in causes.iter().filter(asks) {
        if files.holds(cause.span) {
            found.extend(overlapping(reached, cause));
        }
    }
    found.sort_unstable();
    found.dedup();
    (written, found)
}

/// The targets that a cause touches.
fn overlapping(reached: &[Reached], cause: &Cause) -> Vec<usize> {
    let (start, end) = (cause.span.start, cause.span.end.max(cause.span.start + 1));
    let of =
        |target: &Target| (target.span.start, target.span.end.max(target.span.start + 1));
    if matches!(cause.role, Role::Edit(_)) {
        // An entry that edits is known by where it begins.
        let entry = |r: &Reached| {
            r.target.around.contains(&start)
                || of(&r.target).0 < end && start < of(&r.target).1
        };
        let all = reached.iter().enumerate();
        return all.filter(|(_, r)| entry(r)).map(|(at, _)| at).collect();
    }
    let from = reached.partition_point(|r| of(&r.target).1 <= start);
    let touched = reached.iter().enumerate().skip(from);
    touched.take_while(|(_, r)| of(&r.target).0 < end).map(|(at, _)| at).collect()
}

fn reach_of(cause: &Cause, target: &Target) -> Option<Reach> {
    // Of a list or mapping that counts as a whole, each part decides no more than a little.
    let part = target.span.contains(cause.span);
    match cause.role {
        Role::Data | Role::Text | Role::Value(_) if part => Some(Reach::Sets),
        Role::Data | Role::Value(_) => Some(Reach::Decides),
        Role::Edit(_) if cause.span.start < cause.span.end => Some(Reach::Sets),
        Role::Edit(_) => Some(Reach::Decides),
        Role::Reason if part => Some(Reach::Decides),
        _ => None,
    }
}

/// Does a field hold the line of a target, or just its text, as a part of more that was taken?
///
/// A chart's file is taken in lines, and whole files become digests: there the text tells.
fn is_copied(sources: &SourceMap, target: &Target, cause: &Cause, field: &Field) -> bool {
    if !matches!(cause.role, Role::Data | Role::Value(_)) {
        return false;
    }
    let file = sources.file(target.span.file);
    let written = file.text.get(target.span.range()).unwrap_or("");
    let line = file.excerpt(file.line_column(target.span.start as usize).0);
    let line = line.trim();
    let bare = written.trim_matches(['"', '\'']);
    !bare.is_empty()
        && (field.text == bare || line.len() > bare.len() && field.text.contains(line))
}

/// Says of targets that were asked for by conditions of branches which printed nothing.
fn switched_off(reached: &mut [Reached], files: &mut Files<'_>, objects: &[Object<'_>]) {
    let sources = files.sources;
    let mut seen = BTreeSet::new();
    for object in objects {
        let Some(file) = rendered_file(sources, object) else { continue };
        let Some(rendered) = &sources.file(file).rendered else { continue };
        if !seen.insert((file, Arc::as_ptr(&rendered.trace) as usize)) {
            continue;
        }
        for skipped in &rendered.trace.skipped {
            for cause in sources.causes_in(rendered, skipped.origin) {
                if !files.holds(cause.span) {
                    continue;
                }
                for at in overlapping(reached, &cause) {
                    let reached = &mut reached[at];
                    if reached.target.span.contains(cause.span) && reached.why.is_none() {
                        reached.why = Some((Unreached::SwitchedOff, skipped.span));
                    }
                }
            }
        }
    }
}

fn rendered_file(sources: &SourceMap, object: &Object<'_>) -> Option<FileId> {
    let file = object.node().span.file;
    sources.file(file).rendered.is_some().then_some(file)
}
