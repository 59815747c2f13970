//! Manifests and hooks, told apart and sorted.
//!
//! Follows `pkg/release/v1/util/manifest_sorter.go` of Helm 4.2.

use ecow::EcoString;
use source::{Diagnostic, Layer, Mark, Result};
use std::ops::Range;
use std::sync::Arc;

use super::head::{Head, HeadFault};
use super::{cut, kind_order, split_manifests};
use crate::Compat;

/// One document of a release.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template that made it: `chart/templates/a.yaml`.
    pub path: EcoString,
    /// Its text, as Helm prints it below its `# Source:` line.
    pub text: Arc<str>,
    /// Where the text came from.
    pub marks: Arc<[Mark]>,
    /// What it is to the release.
    pub kind: ManifestKind,
}

/// What a document is to its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestKind {
    /// A file of `crds/`, not rendered. The file of the source map holds the same text.
    Crd(source::FileId),
    /// An ordinary resource.
    Resource,
    /// A resource of which Helm makes a hook.
    Hook(Hook),
}

/// What makes a resource a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// Its order among the hooks of an event.
    pub weight: i64,
    /// Where its text says that.
    pub at: Range<usize>,
}

/// When a hook runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum HookEvent {
    /// `pre-install`
    PreInstall,
    /// `post-install`
    PostInstall,
    /// `pre-delete`
    PreDelete,
    /// `post-delete`
    PostDelete,
    /// `pre-upgrade`
    PreUpgrade,
    /// `post-upgrade`
    PostUpgrade,
    /// `pre-rollback`
    PreRollback,
    /// `post-rollback`
    PostRollback,
    /// `test`, `test-success`
    Test,
}

impl HookEvent {
    fn parse(word: &str) -> Option<HookEvent> {
        Some(match word {
            "pre-install" => HookEvent::PreInstall,
            "post-install" => HookEvent::PostInstall,
            "pre-delete" => HookEvent::PreDelete,
            "post-delete" => HookEvent::PostDelete,
            "pre-upgrade" => HookEvent::PreUpgrade,
            "post-upgrade" => HookEvent::PostUpgrade,
            "pre-rollback" => HookEvent::PreRollback,
            "post-rollback" => HookEvent::PostRollback,
            "test" | "test-success" => HookEvent::Test,
            _ => return None,
        })
    }
}

impl Manifest {
    /// Is it a hook that runs as a test?
    #[must_use]
    pub fn is_test(&self) -> bool {
        matches!(&self.kind, ManifestKind::Hook(h) if h.events.contains(&HookEvent::Test))
    }

    /// Is it a hook?
    #[must_use]
    pub fn is_hook(&self) -> bool {
        matches!(self.kind, ManifestKind::Hook(_))
    }
}

/// A rendered file.
pub(crate) struct SortInput {
    pub(crate) path: EcoString,
    pub(crate) text: String,
    pub(crate) marks: Vec<Mark>,
    /// Why its bytes are no text.
    pub(crate) fault: Option<String>,
}

/// A rendered file and its documents.
pub(super) struct SplitFile {
    file: SortInput,
    documents: Vec<Document>,
}

struct Document {
    range: Range<usize>,
    text: Arc<str>,
    marks: Arc<[Mark]>,
    head: std::result::Result<Head, HeadFault>,
}

impl SplitFile {
    /// Splits a file, and reads what its documents are.
    pub(super) fn of(file: SortInput, compat: Compat) -> SplitFile {
        let base = file.path.rsplit('/').next().unwrap_or("");
        if base.starts_with('_') || file.text.trim().is_empty() {
            return SplitFile { file, documents: Vec::new() };
        }
        let document = |range: Range<usize>| {
            let text = file.text.get(range.clone()).unwrap_or("");
            let fault = file.fault.as_ref().filter(|_| text.contains('\u{fffd}'));
            let head = match fault {
                None => Head::read(text, compat),
                Some(words) => {
                    let words = format!("error converting YAML to JSON: {words}");
                    Err((words, text.find('\u{fffd}'), Vec::new()))
                }
            };
            let marks = cut(&file.marks, &range);
            Document { range, text: text.into(), marks, head }
        };
        let documents = split_manifests(&file.text, compat);
        let documents = documents.into_iter().map(document).collect();
        SplitFile { file, documents }
    }
}

/// All documents: resources first, then hooks, both in install order.
///
/// The sort is stable: equal kinds keep the order of paths, then of the file.
/// (`releaseutil.SortManifests`) For errors, `behind` names the values behind some marks.
pub(super) fn sort_manifests(
    mut files: Vec<SplitFile>,
    compat: Compat,
    behind: &dyn Fn(&[Mark]) -> Vec<Layer>,
) -> Result<Vec<Manifest>> {
    files.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    let mut found: Vec<(EcoString, Manifest)> = Vec::new();
    for SplitFile { file, documents } in files {
        for Document { range, text, marks, head } in documents {
            let head = head.map_err(|fault| broken(&file, &range, fault, behind))?;
            let kind = match head.hook() {
                None => ManifestKind::Resource,
                Some(Ok(hook)) => ManifestKind::Hook(hook),
                // A hook that Helm does not know is dropped.
                Some(Err(_)) => continue,
            };
            let path = file.path.clone();
            found.push((head.kind, Manifest { path, text, marks, kind }));
        }
    }
    found.sort_by(|(a, x), (b, y)| {
        let by_kind = kind_order::compare(a, b, compat);
        x.is_hook().cmp(&y.is_hook()).then(by_kind)
    });
    Ok(found.into_iter().map(|(_, manifest)| manifest).collect())
}

impl Head {
    /// The hook that the annotations make of it; the error is an event nobody knows.
    fn hook(&self) -> Option<std::result::Result<Hook, EcoString>> {
        let (events, at) = self.annotation("helm.sh/hook")?;
        let read = |word: &str| {
            let word = word.trim().to_lowercase();
            HookEvent::parse(&word).ok_or(EcoString::from(word))
        };
        let weight = self.annotation("helm.sh/hook-weight");
        let weight = weight.and_then(|(n, _)| n.parse().ok()).unwrap_or(0);
        let events: std::result::Result<Vec<HookEvent>, _> =
            events.split(',').map(read).collect();
        Some(events.map(|events| Hook { events, weight, at: at.range() }))
    }
}

/// A document that is no YAML: the error names the template line that wrote the bad line,
/// and the values that were printed on it.
fn broken(
    file: &SortInput,
    range: &Range<usize>,
    fault: HeadFault,
    behind: &dyn Fn(&[Mark]) -> Vec<Layer>,
) -> Box<Diagnostic> {
    let (words, offset, hints) = fault;
    let document = file.text.get(range.clone()).unwrap_or("");
    let at = offset.unwrap_or(0).min(document.len());
    let start = document.get(..at).and_then(|before| before.rfind('\n'));
    let start = start.map_or(0, |newline| newline + 1);
    let rest = document.get(start..).unwrap_or("");
    let line = rest.lines().next().unwrap_or("");
    let whole: Vec<Mark> = cut(&file.marks, range);
    let marks: Vec<Mark> = cut(&whole, &(start..start + line.len()));
    let inside = u32::try_from(at - start).unwrap_or(u32::MAX);
    let mark = marks.iter().find(|m| inside < m.end).or(marks.last());
    let span = mark.map_or(source::Span::NONE, |m| m.at);
    let words = format!("YAML parse error on {}: {words}", file.path);
    let mut made = Diagnostic::error(span, words);
    let (layers, said) = involved(&whole, &marks, start, behind);
    for layer in layers {
        made = made.label(layer.span, said);
    }
    let says = !line.trim().is_empty();
    if offset.is_some() && says && !may_hold_secret(document, line) {
        made = made.hint(format!("the rendered line is `{}`", line.trim_end()));
    }
    made.hints.extend(hints);
    made
}

/// How far before a bad line a value is looked for that may have led to it, in bytes.
const BEFORE: u32 = 2_000;

/// The values that were printed on a line; else those that the same action printed; else
/// those that were printed last before it.
fn involved(
    whole: &[Mark],
    line: &[Mark],
    start: usize,
    behind: &dyn Fn(&[Mark]) -> Vec<Layer>,
) -> (Vec<Layer>, &'static str) {
    let on_it = behind(line);
    if !on_it.is_empty() {
        return (on_it, "this value was printed there");
    }
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let same = |mark: &&Mark| line.iter().any(|of_line| of_line.at.contains(mark.at));
    let of_action: Vec<Mark> = whole.iter().filter(same).copied().collect();
    let of_action = behind(&of_action);
    // A text that the template holds as it is contains no action.
    if !of_action.is_empty() {
        return (of_action, "this value was printed there");
    }
    let near = start.saturating_sub(BEFORE);
    let before = whole.iter().rev().skip_while(|mark| mark.start >= start);
    let mut before = before.take_while(|mark| mark.end > near);
    let last = before.find_map(|mark| Some(behind(&[*mark])).filter(|l| !l.is_empty()));
    (last.unwrap_or_default(), "this value was printed before it")
}

/// Must a line of a document not be shown?
fn may_hold_secret(document: &str, line: &str) -> bool {
    let key = line.split(':').next().unwrap_or("");
    let key = key.trim_matches(|c: char| c == '-' || c == '"' || c.is_whitespace());
    let secret = document.lines().any(|l| l.trim_end() == "kind: Secret");
    secret || source::is_secret_key(key)
}
