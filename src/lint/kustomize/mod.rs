//! Lints about what Kustomize swallows in silence.
//!
//! Most of it only a build can know: the engine notes it, and the lints here say it.

pub(super) mod catch_all_target;
pub(super) mod deprecated_field;
pub(super) mod entry_without_effect;
pub(super) mod generated_release_name;
pub(super) mod misspelt_plugin_field;
pub(super) mod namespace_lost;
pub(super) mod orphan_file;
pub(super) mod patch_matches_nothing;
pub(super) mod replacement_matches_nothing;
mod rewrite;
pub(super) mod sealed_document_transformed;
pub(super) mod unhashed_reference;

use kustomize::NoteKind;
use source::Subject;

use super::Findings;
use crate::Fleet;

/// Reports what the builds noted of these kinds, one finding for all clusters.
fn report(fleet: &Fleet<'_>, kinds: &[NoteKind], findings: &mut Findings<'_>) {
    for target in &fleet.targets {
        let notes = target.built.as_ref().map_or(&[][..], |built| &built.notes);
        for note in notes.iter().filter(|note| kinds.contains(&note.kind)) {
            let clusters = vec![target.cluster().to_owned()];
            let subject = Subject { clusters, ..Subject::default() };
            let mut finding = findings.new_at(note.span, &*note.text).about(subject);
            if !note.hint.is_empty() {
                finding = finding.hint(&*note.hint);
            }
            findings.add(finding);
        }
    }
}
