//! Runs the lints and puts their findings in order.

use std::collections::BTreeMap;

use source::{Diagnostic, Severity, SourceMap, Span};

use super::suppression;
use super::{Check, LINTS, Lint, Tree};
use crate::config::{
    Config, Date, Level, LintConfig, Setting, did_you_mean, near_or_all,
};
use crate::fleet::ClusterObjects;
use crate::{Fleet, Repo};

/// Where a lint puts what it finds, and where it asks for its settings.
pub struct Findings<'a> {
    lint: &'static Lint,
    level: Severity,
    config: Option<&'a LintConfig>,
    /// Every text that was read.
    pub sources: &'a SourceMap,
    found: Vec<Diagnostic>,
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

    /// A setting of the lint.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        debug_assert!(self.lint.settings.contains(&key), "{}: {key}", self.lint.code);
        self.config?.settings.get(key)
    }

    /// A setting that is a list of texts, or what holds without it.
    #[must_use]
    pub fn texts(&self, key: &str, default: &[&str]) -> Vec<String> {
        let given = self.setting(key).map(Setting::texts);
        given.unwrap_or_else(|| default.to_vec()).into_iter().map(str::to_owned).collect()
    }
}

/// Runs every lint that the configuration leaves on, over the fleet and the files.
///
/// Findings come sorted by place; equal ones of several clusters are one. `today` decides
/// which suppressions have expired.
#[must_use]
pub fn check(repo: &Repo<'_>, fleet: &Fleet<'_>, today: Date) -> Vec<Diagnostic> {
    run(&Tree::read(repo), fleet, today, |_| true)
}

/// Runs the lints of the `KUST` family over the fleet and the files that its builds read.
///
/// For kustomizations that no repository holds: `render --strict`.
#[must_use]
pub fn check_kustomizations(
    repo: &Repo<'_>,
    fleet: &Fleet<'_>,
    today: Date,
) -> Vec<Diagnostic> {
    let builts = fleet.renders.iter().filter_map(|render| render.built());
    let inputs = builts.flat_map(|built| built.inputs.iter().cloned()).collect();
    let own = |code: &str| code.starts_with("KUST");
    let mut found = run(&Tree::of(repo, inputs), fleet, today, |lint| own(lint.code));
    // Suppressions of lints that did not run hide nothing, and that is no fault of theirs.
    found.retain(|finding| own(finding.code));
    found
}

fn run(
    tree: &Tree<'_>,
    fleet: &Fleet<'_>,
    today: Date,
    wanted: impl Fn(&Lint) -> bool,
) -> Vec<Diagnostic> {
    let repo = tree.repo;
    let mut found = Vec::new();
    for lint in LINTS.iter().filter(|lint| wanted(lint)) {
        let config = configured(repo, lint);
        let Some(level) = level(lint, config) else { continue };
        let sources = repo.sources;
        let mut findings = Findings { lint, level, config, sources, found: Vec::new() };
        match lint.check {
            Check::Tree(check) => check(tree, &mut findings),
            Check::Object(check) => {
                fleet.objects().for_each(|object| check(fleet, object, &mut findings));
            }
            Check::Fleet(check) => check(fleet, &mut findings),
            Check::Engine => {}
        }
        found.append(&mut findings.found);
    }
    // What one cluster allows stands in the others: suppressions come before findings of
    // several clusters become one.
    let level = level(&suppression::LINT, configured(repo, &suppression::LINT));
    let found = suppression::apply(tree, fleet, today, level, found);
    let mut found = merged(repo.sources, found);
    found.iter_mut().for_each(|finding| trace(repo, fleet, finding));
    sorted(repo.sources, found)
}

/// Says how the field that a finding is about came to be.
fn trace(repo: &Repo<'_>, fleet: &Fleet<'_>, finding: &mut Diagnostic) {
    let Some(subject) = finding.subject.as_deref().filter(|s| !s.field.is_empty()) else {
        return;
    };
    let of_cluster =
        |c: &&ClusterObjects<'_>| subject.clusters.first() == Some(&c.cluster.name);
    let objects = fleet.clusters.iter().filter(of_cluster).flat_map(|c| &c.objects);
    let mut own = objects.filter(|object| object.subject("").object == subject.object);
    let Some(object) = own.next() else { return };
    let mut node = Some(object.node());
    for step in subject.field.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        node = node.and_then(|node| match node.items() {
            Some(items) => items.get(step.parse::<usize>().ok()?),
            None => node.get(&step),
        });
    }
    let Some(node) = node else { return };
    let causes = repo.sources.causes(&object.built.origins, node.place());
    finding.chain = repo.sources.chain(&causes);
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
        let unknown =
            own.settings.iter().filter(|(key, _)| !lint.settings.contains(&key.as_str()));
        for (key, setting) in unknown {
            let message = format!("{} `{}` has no setting `{key}`", lint.code, lint.name);
            let known = lint.settings.iter().copied().chain(["level"]);
            faults.push(
                *Diagnostic::error(setting.key, message).hint(near_or_all(key, known)),
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
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
