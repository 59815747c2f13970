//! How a kustomization reaches its files: roots, links, restrictions.
//!
//! A [`Folder`] is a kustomization's root together with the kustomizations that led to it
//! (upstream: `api/internal/loader/fileloader.go`, `FileLoader`). Everything is read through
//! the world; nothing here touches a network: remote paths lead to what the world has
//! vendored, or are refused.

mod document;
mod remote;
mod repo_spec;
mod schema;

use std::sync::Arc;

use source::{Diagnostic, EntryKind, ReadErrorKind, Remote, Result, Span, VPath};

pub(crate) use document::{document, faulty, kustomization_document};
pub use remote::is_remote;
pub(crate) use remote::{is_remote_file, is_remote_folder};
pub(crate) use repo_spec::RepoSpec;
pub(crate) use schema::{empty as empty_schema, schema_document};

use crate::context::{Context, Loaded};
use crate::kustomization::{Text, closest};
use crate::upstream::Upstream;

/// A kustomization's root, and how the build came to it.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The root, links resolved.
    pub(crate) root: VPath,
    referrer: Option<Arc<Folder>>,
}

impl Folder {
    /// The folder that the build starts from.
    pub(crate) fn start(context: &Context<'_>, path: &VPath) -> Result<Folder> {
        let typed = context.world.display(path);
        let root = confirm_dir(context, path, &typed, Span::NONE)?;
        Ok(Folder { root, referrer: None })
    }

    /// The folder that `path` names, seen from here. (upstream: `FileLoader.New`)
    pub(crate) fn enter(&self, context: &Context<'_>, path: &Text) -> Result<Folder> {
        if path.is_empty() {
            return Err(Diagnostic::error(path.span, "new root cannot be empty")
                .hint("write a path, or take the entry out"));
        }
        if is_remote_folder(path.as_str()) {
            let root = vendored(context, path)?;
            let root = confirm_dir(context, &root, path.as_str(), path.span)?;
            self.refuse_cycle(context, &root, path.span)?;
            return Ok(Folder { root, referrer: Some(Arc::new(self.clone())) });
        }
        if path.as_str().starts_with('/') {
            let message = format!("new root '{}' cannot be absolute", path.as_str());
            return Err(Diagnostic::error(path.span, message)
                .hint("write the path relative to this kustomization"));
        }
        let shown = self.shown(context, path.as_str());
        let Some(joined) = self.root.join(path.as_str()) else {
            return Err(outside(path, &shown));
        };
        let full = context.world.absolute(&joined);
        let root = confirm_dir(context, &joined, &full, path.span)?;
        self.refuse_cycle(context, &root, path.span)?;
        Ok(Folder { root, referrer: Some(Arc::new(self.clone())) })
    }

    /// The file that `path` names, seen from here. (upstream: `FileLoader.Load`)
    pub(crate) fn load(&self, context: &mut Context<'_>, path: &Text) -> Result<Loaded> {
        let real = self.locate(context, path)?;
        context.read(&real, path.span)
    }

    /// Where the file that `path` names is, links resolved; an error if it may not be read.
    pub(crate) fn locate(&self, context: &Context<'_>, path: &Text) -> Result<VPath> {
        if is_remote_file(path.as_str()) {
            let file = vendored(context, path)?;
            return match context.world.kind(&file) {
                Some(EntryKind::File) => Ok(file),
                _ => Err(refuse_remote(context, path)),
            };
        }
        let shown = self.shown(context, path.as_str());
        let Some(joined) = self.root.join(path.as_str()) else {
            return Err(outside(path, &shown));
        };
        let real = match context.world.canonical(&joined) {
            Ok(real) => real,
            Err(error) if error.kind == ReadErrorKind::Outside => {
                return Err(outside(path, &shown));
            }
            Err(_) => {
                let full = context.world.absolute(&joined);
                return Err(missing(context, &joined, &full, path.span));
            }
        };
        if context.world.kind(&real) == Some(EntryKind::Folder) {
            let full = context.world.absolute(&joined);
            let message = format!("`{shown}` is a folder, and a file is needed here");
            return Err(Diagnostic::error(path.span, message)
                .says(format!("'{full}' must resolve to a file"))
                .hint("name a file in it"));
        }
        if context.options.restrict_to_root && !real.is_under(&self.root) {
            let root = context.world.display(&self.root);
            let message = format!("security; file '{shown}' is not in or below '{root}'");
            let words = format!(
                "security; file '{}' is not in or below '{}'",
                context.world.absolute(&joined),
                context.world.absolute(&self.root)
            );
            return Err(Diagnostic::error(path.span, message).says(words).hint(
                "move the file into this folder or into a base of its own, or allow it \
                     with `LoadRestrictionsNone`",
            ));
        }
        Ok(real)
    }

    /// Is a file of this name here?
    pub(crate) fn has_file(&self, context: &Context<'_>, name: &str) -> bool {
        let text = Text { value: name.into(), span: Span::NONE };
        self.locate(context, &text).is_ok()
    }

    fn shown(&self, context: &Context<'_>, path: &str) -> String {
        match self.root.join(path) {
            Some(joined) => context.world.display(&joined),
            None => path.to_owned(),
        }
    }

    fn refuse_cycle(&self, context: &Context<'_>, root: &VPath, at: Span) -> Result<()> {
        let mut visited = Some(self);
        while let Some(folder) = visited {
            if folder.root.is_under(root) {
                let (candidate, known) =
                    (context.world.display(root), context.world.display(&folder.root));
                let message = format!(
                    "cycle detected: candidate root '{candidate}' contains visited root '{known}'"
                );
                let words = format!(
                    "cycle detected: candidate root '{}' contains visited root '{}'",
                    context.world.absolute(root),
                    context.world.absolute(&folder.root)
                );
                return Err(Diagnostic::error(at, message).says(words).hint(
                    "a kustomization cannot build on itself, or on a folder that it is in",
                ));
            }
            visited = folder.referrer.as_deref();
        }
        Ok(())
    }

    /// How many kustomizations led here.
    pub(crate) fn depth(&self) -> usize {
        let mut depth = 0;
        let mut folder = self;
        while let Some(referrer) = &folder.referrer {
            depth += 1;
            folder = referrer;
        }
        depth
    }
}

/// `spelt` is how upstream spells the path. (kyaml: `filesys.ConfirmDir`)
fn confirm_dir(
    context: &Context<'_>,
    path: &VPath,
    spelt: &str,
    at: Span,
) -> Result<VPath> {
    let shown = context.world.display(path);
    let real = match context.world.canonical(path) {
        Ok(real) => real,
        Err(error) if error.kind == ReadErrorKind::Outside => {
            let text = Text { value: shown.as_str().into(), span: at };
            return Err(outside(&text, &shown));
        }
        Err(_) => {
            return Err(missing(context, path, spelt, at)
                .within("must build at directory: not a valid directory"));
        }
    };
    match context.world.kind(&real) {
        Some(EntryKind::Folder) => Ok(real),
        _ => {
            let message = format!("`{shown}` is a file, and a folder is needed here");
            let words =
                format!("must build at directory: '{spelt}': file is not directory");
            Err(Diagnostic::error(at, message)
                .says(words)
                .hint("name the folder of its `kustomization.yaml`"))
        }
    }
}

/// Nothing is at `path`. Upstream names the first part of it that is not there.
fn missing(
    context: &Context<'_>,
    path: &VPath,
    spelt: &str,
    at: Span,
) -> Box<Diagnostic> {
    let world = context.world;
    let mut first = path.clone();
    while let Some(parent) = first.parent().filter(|p| world.kind(p).is_none()) {
        first = parent;
    }
    let lstat = world.absolute(&first);
    let message = format!("`{}` does not exist", world.display(path));
    let error = Diagnostic::error(at, message).says(format!(
        "evalsymlink failure on '{spelt}' : lstat {lstat}: no such file or directory"
    ));
    let entries = first.parent().and_then(|parent| world.list(&parent).ok());
    let entries = entries.unwrap_or_default();
    let near = closest(first.name(), entries.iter().map(|(name, _)| name.as_str()));
    match near {
        Some(name) => error.hint(format!("did you mean `{name}`?")),
        // The command line named it.
        None if at.is_none() => error.hint("name the folder of a kustomization"),
        None => error.hint("create it, or take the entry out"),
    }
}

fn outside(path: &Text, shown: &str) -> Box<Diagnostic> {
    let message = format!("security; '{shown}' leaves the repository");
    Diagnostic::error(path.span, message)
        .hint("a build reads nothing outside of the repository; copy it in")
}

/// Where the world keeps what an address names.
fn vendored(context: &Context<'_>, path: &Text) -> Result<VPath> {
    match context.world.vendored(&Remote::Address(path.as_str())) {
        Ok(Some(kept)) => Ok(kept),
        Ok(None) => Err(refuse_remote(context, path)),
        Err(fault) => Err(Diagnostic::error(path.span, fault.message).hint(fault.hint)),
    }
}

fn refuse_remote(context: &Context<'_>, path: &Text) -> Box<Diagnostic> {
    let address = path.as_str();
    let shown = without_credentials(address);
    if shown != address {
        context.sources.taint(path.span);
    }
    let message = format!("remote resource `{shown}` is not fetched by a build");
    Diagnostic::error(path.span, message).hint(
        "run `thanos-gitops vendor` to bring it once, or commit a copy and name its path",
    )
}

/// `https://name:password@host/path` without the name and the password.
fn without_credentials(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once('@') {
        Some((_, host)) if scheme.ends_with("http") || scheme.ends_with("https") => {
            format!("{scheme}://{host}{}", rest.get(authority.len()..).unwrap_or(""))
        }
        _ => address.to_owned(),
    }
}
