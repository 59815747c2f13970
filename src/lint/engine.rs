//! Runs the lints and puts their findings in order.

use std::collections::{BTreeMap, BTreeSet};

use source::{Diagnostic, FileId, Severity, SourceMap, Span};

use super::suppression::{self, Suppression};
use super::{Check, LINTS, Lint, Tree, Wants};
use crate::config::{
    Config, Date, Level, LintConfig, Setting, SettingValue, did_you_mean, near_or_all,
};
use crate::fleet::{ClusterObjects, Object};
use crate::{Fleet, Render, Repo};

/// Where a lint puts what it finds, and where it asks for its settings.
pub struct Findings<'a> {
    lint: &'static Lint,
    level: Severity,
    config: Option<&'a LintConfig>,
    /// Every text that was read.
    pub sources: &'a SourceMap,
    found: Vec<Diagnostic>,
    if_someone_writes: Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Starts a finding at `span` with the lint's code and level; hand it to [`Self::add`].
    #[must_use]
    pub fn new_at(&self, span: Span, message: impl Into<String>) -> Box<Diagnostic> {
        Diagnostic::new(self.level, span, message).code(self.lint.code)
    }

    /// Reports a finding.
    pub fn add(&mut self, finding: Box<Diagnostic>) {
        self.found.push(*finding);
    }

    /// Reports a finding about one cluster that is none if no cluster writes to another.
    pub fn add_if_someone_writes(&mut self, finding: Box<Diagnostic>) {
        self.if_someone_writes.push(*finding);
    }

    /// A setting of the lint.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        debug_assert!(self.lint.wants(key).is_some(), "{}: {key}", self.lint.code);
        self.config?.settings.get(key)
    }

    /// A setting that is a list of texts, or what holds without it.
    #[must_use]
    pub fn texts(&self, key: &str, default: &[&str]) -> Vec<String> {
        let given = self.setting(key).map(Setting::texts);
        given.unwrap_or_else(|| default.to_vec()).into_iter().map(str::to_owned).collect()
    }
}

/// The lints at work: on each cluster while its objects are there, then on all together.
///
/// What is kept of a cluster is what was found in it, what it allows, and what others must
/// know of it ([`Fleet`]); its objects and the texts that charts made are let go.
pub struct Linked<'r> {
    fleet: Fleet<'r>,
    wanted: fn(&Lint) -> bool,
    found: Vec<Diagnostic>,
    /// What is wrong only if some cluster writes to another.
    if_someone_writes: Vec<Diagnostic>,
    annotations: Vec<Suppression>,
    /// The renders of the cluster that is not complete yet.
    waiting: Vec<Render>,
}

impl<'r> Linked<'r> {
    /// Starts with no cluster.
    #[must_use]
    pub fn new(repo: &'r Repo<'_>) -> Linked<'r> {
        Linked {
            fleet: Fleet::new(repo),
            wanted: |_| true,
            found: Vec::new(),
            if_someone_writes: Vec::new(),
            annotations: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Starts with no cluster, and runs the lints of the `KUST` family alone.
    ///
    /// For kustomizations that no repository holds: `render --strict`.
    #[must_use]
    pub fn of_kustomizations(repo: &'r Repo<'_>) -> Linked<'r> {
        Linked { wanted: |lint| lint.code.starts_with("KUST"), ..Linked::new(repo) }
    }

    /// Takes the next render, in the order of the targets.
    ///
    /// When the last one of a cluster is known to be there, its objects are looked at and
    /// dropped.
    pub fn add(&mut self, render: Render) {
        if self.waiting.first().is_some_and(|first| first.cluster() != render.cluster()) {
            self.settle();
        }
        self.waiting.push(render);
    }

    /// Looks at all renders of one cluster, and leaves them as they are.
    pub fn see(&mut self, renders: &[Render]) {
        let Some(cluster) = ClusterObjects::of(self.fleet.repo, renders) else { return };
        let first = self.found.len();
        for lint in LINTS.iter().filter(|lint| (self.wanted)(lint)) {
            let Some(mut findings) = findings(self.fleet.repo, lint) else { continue };
            match lint.check {
                Check::Object(check) => {
                    cluster
                        .objects
                        .iter()
                        .for_each(|o| check(&cluster, *o, &mut findings));
                }
                Check::Cluster(check) => check(&cluster, &mut findings),
                Check::Tree(_) | Check::Fleet(_) | Check::Engine => {}
            }
            self.found.append(&mut findings.found);
            self.if_someone_writes.append(&mut findings.if_someone_writes);
        }
        trace(&cluster, self.found.iter_mut().skip(first));
        suppression::of_annotations(&cluster, &mut self.annotations);
        self.fleet.add(&cluster, renders);
    }

    /// Looks at the cluster whose renders are waiting, and drops them.
    fn settle(&mut self) {
        let renders = std::mem::take(&mut self.waiting);
        let before = self.found.len();
        self.see(&renders);
        let found = self.found.iter().skip(before).chain(&self.if_someone_writes);
        let mut needed: BTreeSet<FileId> = found.flat_map(files).collect();
        needed.extend(self.annotations.iter().map(Suppression::file));
        let built = || renders.iter().filter_map(Render::built);
        needed.extend(built().flat_map(|built| &built.warnings).flat_map(files));
        let texts = built().flat_map(|built| &built.rendered);
        let unused: Vec<FileId> =
            texts.filter(|file| !needed.contains(file)).copied().collect();
        drop(renders);
        self.fleet.repo.sources.forget(&unused);
    }

    /// Runs the lints over all clusters together and over the files.
    ///
    /// Findings come sorted by place, suppressed ones left out; equal ones of several clusters
    /// are one. `today` decides which suppressions have expired.
    #[must_use]
    pub fn finish(mut self, today: Date) -> Vec<Diagnostic> {
        self.settle();
        let tree = Tree::read(self.fleet.repo);
        self.finish_with(&tree, today)
    }

    /// The same, with the files alone that the builds read.
    #[must_use]
    pub fn finish_kustomizations(self, today: Date) -> Vec<Diagnostic> {
        let built = self.fleet.targets.iter().filter_map(|target| target.built.as_ref());
        let inputs = built.flat_map(|built| built.inputs.iter().cloned()).collect();
        let (tree, wanted) = (Tree::of(self.fleet.repo, inputs), self.wanted);
        let mut found = self.finish_with(&tree, today);
        // Suppressions of lints that did not run hide nothing, and that is no fault of theirs.
        found.retain(|finding| Lint::find(finding.code).is_some_and(wanted));
        found
    }

    fn finish_with(self, tree: &Tree<'_>, today: Date) -> Vec<Diagnostic> {
        let Linked { mut fleet, wanted, mut found, .. } = self;
        let repo = fleet.repo;
        fleet.complete();
        if fleet.senders.iter().any(|sender| sender.remote_write) {
            found.extend(self.if_someone_writes);
        }
        for lint in LINTS.iter().filter(|lint| wanted(lint)) {
            let Some(mut findings) = findings(repo, lint) else { continue };
            match lint.check {
                Check::Tree(check) => check(tree, &mut findings),
                Check::Fleet(check) => check(&fleet, &mut findings),
                Check::Object(_) | Check::Cluster(_) | Check::Engine => {}
            }
            for finding in &mut findings.found {
                let chain = finding.subject.as_deref().and_then(|s| fleet.chain(s));
                if let Some(chain) = chain {
                    finding.chain = chain.to_vec();
                }
            }
            found.append(&mut findings.found);
        }
        // What one cluster allows stands in the others: suppressions come before findings of
        // several clusters become one.
        let level = level(&suppression::LINT, configured(repo, &suppression::LINT));
        let complete = fleet.targets.iter().all(|target| target.built.is_some());
        let judgement = suppression::Judgement { today, level, complete };
        let found = suppression::apply(tree, self.annotations, &judgement, found);
        sorted(repo.sources, merged(repo.sources, found))
    }
}

/// Where a lint puts what it finds; `None` if it is off.
fn findings<'r>(repo: &'r Repo<'_>, lint: &'static Lint) -> Option<Findings<'r>> {
    let config = configured(repo, lint);
    let level = level(lint, config)?;
    let (found, if_someone_writes) = Default::default();
    let sources = repo.sources;
    Some(Findings { lint, level, config, sources, found, if_someone_writes })
}

/// Says how the fields that findings are about came to be.
fn trace<'f>(
    cluster: &ClusterObjects<'_>,
    found: impl Iterator<Item = &'f mut Diagnostic>,
) {
    let mut objects: Option<BTreeMap<String, &Object<'_>>> = None;
    for finding in found {
        let subject = finding.subject.as_deref().filter(|s| !s.field.is_empty());
        let Some(subject) = subject else { continue };
        let objects = objects.get_or_insert_with(|| {
            // Of several objects that are called alike, the first.
            let all = cluster.objects.iter().rev();
            all.map(|object| (object.subject("").object, object)).collect()
        });
        let object = objects.get(&subject.object);
        if let Some(chain) = object.and_then(|o| o.chain(cluster, &subject.field)) {
            finding.chain = chain;
        }
    }
}

/// The files that a finding points into.
fn files(finding: &Diagnostic) -> impl Iterator<Item = FileId> {
    let labels = finding.labels.iter().map(|label| label.span);
    let steps = finding.trace.iter().chain(&finding.chain).map(|step| step.span);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|(span, _)| *span);
    let all = std::iter::once(finding.span).chain(labels).chain(steps).chain(edits);
    all.map(|span| span.file)
}

/// Refuses what the configuration says about lints that do not exist, or about settings
/// that they do not have.
pub(crate) fn check_settings(config: &Config) -> Result<(), Vec<Diagnostic>> {
    let mut faults = Vec::new();
    for (word, own) in &config.lints {
        let Some(lint) = Lint::find(word) else {
            let names = LINTS.iter().flat_map(|lint| [lint.name, lint.code]);
            let hint = match did_you_mean(word, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`thanos-gitops lints` lists them".to_owned(),
            };
            faults.push(
                *Diagnostic::error(own.span, format!("no lint `{word}`")).hint(hint),
            );
            continue;
        };
        let settings = own.settings.iter();
        faults.extend(settings.filter_map(|(key, setting)| refused(lint, key, setting)));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Why a setting is none of this lint's, or not what the lint wants there.
fn refused(lint: &Lint, key: &str, setting: &Setting) -> Option<Diagnostic> {
    let Some(wants) = lint.wants(key) else {
        let message = format!("{} `{}` has no setting `{key}`", lint.code, lint.name);
        let known = lint.settings.iter().map(|(name, _)| *name).chain(["level"]);
        let fault = Diagnostic::error(setting.key, message);
        return Some(*fault.hint(near_or_all(key, known)));
    };
    let (what, hint) = match wants {
        Wants::Texts => {
            ("a list of texts", "write `[one, two]`, or one a line after `- `")
        }
        Wants::Flag => ("true or false", "write it without quotes"),
    };
    let fits = match (wants, &setting.value) {
        (Wants::Flag, value) => matches!(value, SettingValue::Flag(_)),
        (Wants::Texts, SettingValue::Text(_)) => true,
        (Wants::Texts, SettingValue::List(list)) => {
            list.iter().all(|item| item.text().is_some())
        }
        (Wants::Texts, _) => false,
    };
    let message = format!("`{key}` must be {what}");
    (!fits).then(|| *Diagnostic::error(setting.span, message).hint(hint))
}

fn configured<'r>(repo: &'r Repo<'_>, lint: &Lint) -> Option<&'r LintConfig> {
    let entries = repo.config.lints.iter();
    let mut own = entries.filter(|(word, _)| {
        word.eq_ignore_ascii_case(lint.code) || word.eq_ignore_ascii_case(lint.name)
    });
    own.next().map(|(_, config)| config)
}

fn level(lint: &Lint, config: Option<&LintConfig>) -> Option<Severity> {
    match config.and_then(|config| config.level) {
        None => Some(lint.level),
        Some(Level::Off) => None,
        Some(Level::At(severity)) => Some(severity),
    }
}

/// One finding for each code, place and message, with all its clusters.
fn merged(sources: &SourceMap, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut merged: Vec<Diagnostic> = Vec::new();
    let mut seen = BTreeMap::new();
    for finding in found {
        let key = (finding.code, sources.location(finding.span), finding.message.clone());
        match seen.get(&key) {
            None => {
                seen.insert(key, merged.len());
                merged.push(finding);
            }
            Some(at) => add_clusters(&mut merged[*at], finding),
        }
    }
    merged
}

fn add_clusters(finding: &mut Diagnostic, same: Diagnostic) {
    let (Some(subject), Some(other)) = (&mut finding.subject, same.subject) else {
        return;
    };
    for cluster in other.clusters {
        if !subject.clusters.contains(&cluster) {
            subject.clusters.push(cluster);
        }
    }
}

/// By place, then code, then words.
fn sorted(sources: &SourceMap, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by_cached_key(|d| (sources.location(d.span), d.code, d.message.clone()));
    found
}
