//! Checks over the fleet and its sources.
//!
//! A lint is one file here, one page in `lints/`, and one row in [`LINTS`]. The page is its
//! documentation and its test: `tests/lints.rs` runs every example on it. `engine.rs` runs
//! the lints, `suppression.rs` takes out what the reader has allowed with a reason, `tree.rs`
//! is what the lints about sources see.
//!
//! A lint about final manifests reads the [`Fleet`] and never a values file; the line that it
//! reports comes from the origin of the field.

mod engine;
mod ingress;
mod kustomize;
mod labels;
mod remote;
mod secret;
mod setting_without_reader;
mod storage;
mod suppression;
mod tree;
mod values;

use source::Severity;

use crate::Fleet;
use crate::fleet::{ClusterObjects, Object};

pub(crate) use engine::check_settings;
pub use engine::{Findings, Linked};
pub use tree::{Tree, TreeFile, TreeFileKind};

/// One check: its names, its level, its page, and what it looks at.
pub struct Lint {
    /// The stable code: `SEC001`. Never reused.
    pub code: &'static str,
    /// The name, which says the bad pattern: `plaintext-secret-in-values`.
    pub name: &'static str,
    /// The level, unless the configuration sets another.
    pub level: Severity,
    /// The release that brought it.
    pub since: &'static str,
    /// The page of `lints/`, as text.
    pub page: &'static str,
    /// The settings it reads from the configuration, besides its level, and what each may be;
    /// the page tells what they do.
    pub settings: &'static [(&'static str, Wants)],
    /// What it looks at.
    pub check: Check,
}

/// What a setting of a lint may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// `[cluster, region]`, or one text alone.
    Texts,
    /// `true` or `false`.
    Flag,
}

/// What a lint looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// The files as they are written, before anything is rendered.
    Tree(fn(&Tree<'_>, &mut Findings<'_>)),
    /// One object of the final manifests.
    Object(fn(&ClusterObjects<'_>, Object<'_>, &mut Findings<'_>)),
    /// All objects of one cluster.
    Cluster(fn(&ClusterObjects<'_>, &mut Findings<'_>)),
    /// What is known of all clusters together, when their objects are gone.
    Fleet(fn(&Fleet<'_>, &mut Findings<'_>)),
    /// The engine itself, which knows what was suppressed.
    Engine,
}

/// Every lint, by code.
pub const LINTS: &[&Lint] = &[
    &values::dead_values_key::LINT,
    &values::moved_or_renamed_key::LINT,
    &values::values_type_mismatch::LINT,
    &values::list_override_drops_base::LINT,
    &values::inactive_value::LINT,
    &values::value_changes_nothing::LINT,
    &ingress::required_ingress_missing::LINT,
    &ingress::ingress_without_tls::LINT,
    &kustomize::patch_matches_nothing::LINT,
    &kustomize::replacement_matches_nothing::LINT,
    &kustomize::entry_without_effect::LINT,
    &kustomize::misspelt_plugin_field::LINT,
    &kustomize::unhashed_reference::LINT,
    &kustomize::namespace_lost::LINT,
    &kustomize::deprecated_field::LINT,
    &kustomize::catch_all_target::LINT,
    &kustomize::generated_release_name::LINT,
    &kustomize::sealed_document_transformed::LINT,
    &labels::external_labels_missing::LINT,
    &labels::external_labels_duplicate::LINT,
    &labels::cluster_label_mismatch::LINT,
    &remote::chart_version_unpinned::LINT,
    &kustomize::orphan_file::LINT,
    &secret::non_deterministic_render::LINT,
    &remote::remote_base_unpinned::LINT,
    &remote::plain_http_source::LINT,
    &remote::vendored_chart_changed::LINT,
    &setting_without_reader::LINT,
    &storage::objstore_not_s3::LINT,
    &secret::plaintext_secret_in_values::LINT,
    &secret::unencrypted_secret_manifest::LINT,
    &suppression::LINT,
];

impl Lint {
    /// The lint of this name or code, in any case.
    #[must_use]
    pub fn find(word: &str) -> Option<&'static Lint> {
        let fits = |lint: &&&Lint| {
            lint.name.eq_ignore_ascii_case(word) || lint.code.eq_ignore_ascii_case(word)
        };
        LINTS.iter().find(fits).copied()
    }

    /// What one of its settings may be; `None` if it has none of that name.
    #[must_use]
    pub fn wants(&self, setting: &str) -> Option<Wants> {
        self.settings.iter().find(|(name, _)| *name == setting).map(|(_, wants)| *wants)
    }

    /// The first sentence of the page: what the lint finds.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let mut lines = self.page.lines().filter(|line| !line.trim().is_empty());
        lines.nth(1).unwrap_or("")
    }

    /// The first paragraph that the page says under "What it does", as one line.
    #[must_use]
    pub fn description(&self) -> String {
        let rest =
            self.page.split_once("\n## What it does\n").map_or("", |(_, rest)| rest);
        let paragraph = rest.trim_start().split("\n\n").next().unwrap_or("");
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where the page is published.
    #[must_use]
    pub fn uri(&self) -> String {
        let home = env!("CARGO_PKG_REPOSITORY");
        format!("{home}/blob/v{}/lints/{}.md", env!("CARGO_PKG_VERSION"), self.name)
    }

    /// Words that code scanning filters by: the family, and `security` for what leaks.
    #[must_use]
    pub fn tags(&self) -> Vec<&'static str> {
        let family = self.code.trim_end_matches(|c: char| c.is_ascii_digit());
        let family = if self.code.starts_with("S3") { "S3" } else { family };
        let leaks = family == "SEC" || self.name == "ingress-without-tls";
        std::iter::once(family).chain(leaks.then_some("security")).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::LINTS;

    #[test]
    fn codes_and_names_are_unique_and_pages_say_them() {
        let mut seen = BTreeSet::new();
        for lint in LINTS {
            assert!(seen.insert(lint.code) && seen.insert(lint.name), "{}", lint.code);
            let title = format!("# {} {}\n", lint.code, lint.name);
            assert!(
                lint.page.starts_with(&title),
                "{}: its page is titled otherwise",
                lint.code
            );
            assert!(lint.summary().ends_with('.'), "{}", lint.code);
            for (setting, _) in lint.settings {
                assert!(lint.page.contains(setting), "{}: {setting}", lint.code);
            }
        }
    }

    #[test]
    fn the_registry_is_sorted_by_code() {
        assert!(LINTS.is_sorted_by_key(|lint| lint.code));
    }
}
