//! What `helm template` prints.

use std::borrow::Cow;
use std::fmt::Write;

use source::{Diagnostic, Result, Span};

use crate::chart::pattern::path_match;
use crate::release::{Manifest, ManifestKind, split_manifests};
use crate::renderer::Manifests;

/// Which manifests are printed.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `--include-crds`
    pub include_crds: bool,
    /// `--no-hooks`
    pub no_hooks: bool,
    /// `--skip-tests`
    pub skip_tests: bool,
    /// `--show-only`: patterns of paths inside the chart; none shows all.
    pub show_only: Vec<String>,
}

impl Manifests {
    /// The manifests that `helm template` prints, in its order; `show_only` is not asked.
    pub fn selected<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> impl Iterator<Item = &'a Manifest> {
        self.files.iter().filter(|manifest| match manifest.kind {
            ManifestKind::Crd(_) => selection.include_crds,
            ManifestKind::Resource => true,
            ManifestKind::Hook(_) => {
                !(selection.no_hooks || selection.skip_tests && manifest.is_test())
            }
        })
    }

    /// Exactly what `helm template` writes to its standard output.
    pub fn to_stdout(&self, selection: &Selection) -> Result<String> {
        Ok(self.pieces_of_stdout(selection)?.concat())
    }

    /// The same in pieces, since nearly all of it is there already and may be large.
    pub fn pieces_of_stdout<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> Result<Vec<Cow<'a, str>>> {
        let (mut pieces, mut hooks) = (Vec::new(), Vec::new());
        for manifest in self.selected(selection) {
            let into = if manifest.is_hook() { &mut hooks } else { &mut pieces };
            let Manifest { path, text, .. } = manifest;
            into.extend(["---\n# Source: ", path, "\n", text, "\n"]);
        }
        while let Some(last) = pieces.pop() {
            let last = last.trim_end();
            if !last.is_empty() {
                pieces.push(last);
                break;
            }
        }
        pieces.push("\n");
        pieces.append(&mut hooks);
        match selection.show_only.is_empty() {
            true => Ok(pieces.into_iter().map(Cow::Borrowed).collect()),
            false => {
                let shown = self.show_only(&pieces.concat(), &selection.show_only)?;
                Ok(vec![Cow::Owned(shown)])
            }
        }
    }

    /// Splits the whole output again and keeps what comes from the named templates.
    fn show_only(&self, whole: &str, patterns: &[String]) -> Result<String> {
        let documents: Vec<(&str, &str)> = split_manifests(whole, self.compat)
            .into_iter()
            .filter_map(|range| {
                let text = &whole[range];
                Some((source_path(text)?, text))
            })
            .collect();
        let mut out = String::new();
        for pattern in patterns {
            let mut missing = true;
            for (path, text) in &documents {
                if path_match(pattern, path) == Ok(true) {
                    missing = false;
                    let _ok = write!(out, "---\n{text}\n");
                }
            }
            if missing {
                let words = format!("could not find template {pattern} in chart");
                return Err(Diagnostic::error(Span::NONE, words));
            }
        }
        Ok(out)
    }
}

/// The path inside the chart of the first `# Source: chart/path` that a document holds.
fn source_path(text: &str) -> Option<&str> {
    text.match_indices("# Source: ").find_map(|(at, mark)| {
        let line = text[at + mark.len()..].lines().next()?;
        let (chart, path) = line.split_once('/')?;
        (!chart.is_empty() && !path.is_empty()).then_some(path)
    })
}
