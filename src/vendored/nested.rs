//! What vendored bases name by address themselves.
//!
//! A base of somebody else's repository may build on bases, files and charts of others. They
//! are found by following it from where the tree enters it; what its repository holds besides
//! is nobody's business.

use std::collections::BTreeSet;

use source::{Diagnostic, EntryKind, Remote, SourceMap, VPath, World};
use vendor::Wanted;

use super::Use;
use super::kustomization::in_file;
use crate::repo::KUSTOMIZATION_FILES;

/// What the bases of some uses name.
#[derive(Debug, Default)]
pub struct Nested {
    /// Each place of a base that names something.
    pub uses: Vec<Use>,
    /// Is a base not there, so that nobody knows what it names?
    pub is_partial: bool,
    /// Why a base that is there may name more than is found.
    pub faults: Vec<Diagnostic>,
}

/// Follows the bases that these uses lead to, as far as `world` keeps them.
#[must_use]
pub fn nested(world: &dyn World, sources: &SourceMap, uses: &[Use]) -> Nested {
    let mut nested = Nested::default();
    let mut folders = Vec::new();
    for used in uses {
        let Wanted::Address(address) = &used.wanted else { continue };
        match world.vendored(&Remote::Address(address)) {
            Ok(Some(base)) if world.kind(&base) == Some(EntryKind::Folder) => {
                folders.push(base);
            }
            Ok(_) => {}
            Err(_) => nested.is_partial = true,
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        if !seen.insert(folder.clone()) {
            continue;
        }
        let files = KUSTOMIZATION_FILES.iter().filter_map(|name| folder.join(name));
        let is_file = |path: &VPath| world.kind(path) == Some(EntryKind::File);
        for path in files.filter(is_file) {
            let named = in_file(world, sources, &path);
            nested.uses.extend(named.uses);
            nested.faults.extend(named.faults);
            let entered = named.entered.iter();
            folders.extend(entered.filter_map(|name| inside(world, &folder, name)));
        }
    }
    nested
}

/// The folder that an entry leads to, if it is one of the same base.
fn inside(world: &dyn World, folder: &VPath, entry: &str) -> Option<VPath> {
    let path = folder.join(entry)?;
    let is_folder = world.kind(&path) == Some(EntryKind::Folder);
    (is_folder && source::is_vendored(&path)).then_some(path)
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, NotVendored, ReadError, SourceMap, Span};

    use super::{EntryKind, Remote, Use, VPath, Wanted, World, nested};

    /// Keeps one base.
    struct Kept(MemoryWorld);

    impl World for Kept {
        fn read(&self, path: &VPath) -> Result<std::sync::Arc<[u8]>, ReadError> {
            self.0.read(path)
        }
        fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
            self.0.list(path)
        }
        fn kind(&self, path: &VPath) -> Option<EntryKind> {
            self.0.kind(path)
        }
        fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
            self.0.canonical(path)
        }
        fn vendored(&self, remote: &Remote<'_>) -> Result<Option<VPath>, NotVendored> {
            match remote {
                Remote::Address("github.com/org/repo//deploy") => {
                    Ok(VPath::new("charts.lock/tree/deploy"))
                }
                Remote::Address("github.com/org/gone") => {
                    Err(NotVendored { message: "gone".to_owned(), hint: String::new() })
                }
                _ => Ok(None),
            }
        }
    }

    fn address(address: &str) -> Use {
        let wanted = Wanted::Address(address.to_owned());
        Use { wanted, span: Span::NONE, chart: None }
    }

    #[test]
    fn bases_are_followed_from_where_they_are_entered() {
        let world = MemoryWorld::new()
            .with(
                "charts.lock/tree/deploy/kustomization.yaml",
                "resources:\n- ../common\n- ../deploy\n- https://example.com/a.yaml\n\
                 - ../../../base\n",
            )
            .with(
                "charts.lock/tree/common/kustomization.yaml",
                "components:\n- github.com/org/other?ref=v1\npatches:\n\
                 - path: https://example.com/patch.yaml\n",
            )
            .with(
                "charts.lock/tree/example/kustomization.yaml",
                "resources: [https://example.com/not-entered.yaml]\n",
            )
            .with(
                "base/kustomization.yaml",
                "resources: [https://example.com/no.yaml]\n",
            );
        let world = Kept(world);
        let uses = [address("github.com/org/repo//deploy")];
        let found = nested(&world, &SourceMap::new(), &uses);
        let names: Vec<&str> = found.uses.iter().map(|used| used.wanted.name()).collect();
        assert_eq!(
            names,
            [
                "https://example.com/a.yaml",
                "github.com/org/other?ref=v1",
                "https://example.com/patch.yaml"
            ]
        );
        assert!(!found.is_partial);
        assert!(
            nested(&world, &SourceMap::new(), &[address("github.com/org/gone")])
                .is_partial
        );
    }
}
