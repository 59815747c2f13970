//! How a kustomization reaches its files: roots, links, restrictions.
//!
//! A [`Folder`] is a kustomization's root together with the kustomizations that led to it
//! (upstream: `api/internal/loader/fileloader.go`, `FileLoader`). Everything is read through
//! the world; nothing here touches a network: remote paths lead to what the world has
//! vendored, or are refused.

mod document;
mod remote;

use std::sync::Arc;

use source::{Diagnostic, EntryKind, FileId, ReadErrorKind, Remote, Result, Span, VPath};

pub(crate) use document::{document, faulty, kustomization_document};
pub use remote::is_remote;
pub(crate) use remote::{is_remote_file, is_remote_folder};

use crate::Context;
use crate::kustomization::Text;

/// A kustomization's root, and how the build came to it.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The root, links resolved.
    pub(crate) root: VPath,
    referrer: Option<Arc<Folder>>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// Its name in the source map.
    pub(crate) file: FileId,
    /// Its bytes.
    pub(crate) bytes: Arc<[u8]>,
}

impl Folder {
    /// The folder that the build starts from.
    pub(crate) fn start(context: &Context<'_>, path: &VPath) -> Result<Folder> {
        let root = confirm_dir(context, path, &context.world.display(path), Span::NONE)?;
        Ok(Folder { root, referrer: None })
    }

    /// The folder that `path` names, seen from here. (upstream: `FileLoader.New`)
    pub(crate) fn enter(&self, context: &Context<'_>, path: &Text) -> Result<Folder> {
        if path.is_empty() {
            return Err(Diagnostic::error(path.span, "new root cannot be empty"));
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
        let root = confirm_dir(context, &joined, &shown, path.span)?;
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
                _ => Err(refuse_remote(path)),
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
            Err(_) => return Err(missing(&shown, path.span)),
        };
        if context.world.kind(&real) == Some(EntryKind::Folder) {
            let message = format!("'{shown}' must resolve to a file");
            return Err(Diagnostic::error(path.span, message));
        }
        if context.options.restrict_to_root && !real.is_under(&self.root) {
            let root = context.world.display(&self.root);
            let message = format!("security; file '{shown}' is not in or below '{root}'");
            return Err(Diagnostic::error(path.span, message)
                .hint("move the file into this folder, or into a base of its own"));
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
                return Err(Diagnostic::error(at, message));
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

fn confirm_dir(
    context: &Context<'_>,
    path: &VPath,
    shown: &str,
    at: Span,
) -> Result<VPath> {
    let real = match context.world.canonical(path) {
        Ok(real) => real,
        Err(error) if error.kind == ReadErrorKind::Outside => {
            let text = Text { value: shown.into(), span: at };
            return Err(outside(&text, shown));
        }
        Err(_) => {
            let mut error = missing(shown, at);
            error.message = format!(
                "must build at directory: not a valid directory: {}",
                error.message
            );
            return Err(error);
        }
    };
    match context.world.kind(&real) {
        Some(EntryKind::Folder) => Ok(real),
        _ => {
            let message =
                format!("must build at directory: '{shown}': file is not directory");
            Err(Diagnostic::error(at, message))
        }
    }
}

fn missing(shown: &str, at: Span) -> Box<Diagnostic> {
    let message = format!(
        "evalsymlink failure on '{shown}' : lstat {shown}: no such file or directory"
    );
    Diagnostic::error(at, message)
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
        Ok(None) => Err(refuse_remote(path)),
        Err(fault) => Err(Diagnostic::error(path.span, fault.message).hint(fault.hint)),
    }
}

fn refuse_remote(path: &Text) -> Box<Diagnostic> {
    let message =
        format!("remote resource `{}` is not fetched by a build", path.as_str());
    Diagnostic::error(path.span, message).hint(
        "run `thanos-gitops vendor` to bring it once, or commit a copy and name its path",
    )
}
