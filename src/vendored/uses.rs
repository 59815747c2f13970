//! [`Use`]: what a kustomization names by its address.

use goyaml::{Dialect, Node};
use source::{Diagnostic, FileId, SourceMap, Span, VPath, World};
use vendor::Wanted;

/// One place of a tree that names something by its address.
#[derive(Clone, Debug)]
pub struct Use {
    /// What it names.
    pub wanted: Wanted,
    /// Where.
    pub span: Span,
    /// More about a chart; `None` for files and folders.
    pub chart: Option<UsedChart>,
}

/// How a kustomization uses a chart.
#[derive(Clone, Debug)]
pub struct UsedChart {
    /// Where the name of the version stands; the entry if it names none.
    pub version_at: Span,
    /// Where the repository's address stands.
    pub repository_at: Span,
    /// Where Kustomize looks for the chart's folder: `charts/<name>-<version>/<name>`.
    pub home: VPath,
    /// The values that go to the chart: each the root of a document.
    pub values: Vec<Node>,
    /// Is it a dependency of a chart of the tree, which `home` is then inside of?
    pub is_dependency: bool,
}

impl Use {
    /// Marks an address that holds a credential, so that no excerpt shows it.
    pub(super) fn hide_secrets(&self, sources: &SourceMap) {
        let (address, at) = match (&self.wanted, &self.chart) {
            (Wanted::Chart { repository, .. }, Some(c)) => (repository, c.repository_at),
            (Wanted::Chart { repository, .. }, None) => (repository, self.span),
            (Wanted::Address(address), _) => (address, self.span),
        };
        if vendor::shown(address) != *address {
            sources.taint(at);
        }
    }
}

impl UsedChart {
    /// The folder of this chart in the tree, if it is there: that of a dependency is inside of
    /// the chart that needs it.
    #[must_use]
    pub fn folder(&self, name: &str) -> Option<VPath> {
        match self.is_dependency {
            true => self.home.join("charts").and_then(|charts| charts.join(name)),
            false => Some(self.home.clone()),
        }
    }
}

/// What a kustomization names, and what hides that it names more.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Each place that names something by its address.
    pub(super) uses: Vec<Use>,
    /// The paths that it builds on.
    pub(super) entered: Vec<String>,
    /// Why it may name more than is found.
    pub(super) faults: Vec<Diagnostic>,
}

/// A fault that hides what is named.
pub(super) fn unknown(fault: Box<Diagnostic>) -> Diagnostic {
    *fault.hint("mend it first: nobody knows which charts and bases it names")
}

/// The first document of a file; `None` if it has none.
pub(super) fn document(
    world: &dyn World,
    sources: &SourceMap,
    path: &VPath,
) -> source::Result<Option<(FileId, Node)>> {
    let fault = |words: String| Diagnostic::error(Span::NONE, words);
    let bytes = world.read(path).map_err(|error| fault(error.to_string()))?;
    let shown = world.display(path);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| fault(format!("cannot read `{shown}`: it is not UTF-8")))?;
    let file = match source::is_vendored(path) {
        true => sources.add_vendored(shown, text),
        false => sources.add_file(world, path, text),
    };
    let parsed = goyaml::parse_first(text, file, Dialect::V3);
    let parsed = parsed.map_err(|fault| fault.diagnostic())?;
    Ok(parsed.map(|document| (file, document.root)))
}
