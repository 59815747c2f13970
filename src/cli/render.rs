//! `render`

use std::io;
use std::path::Path;
use std::sync::Arc;

use source::{
    Diagnostic, EntryKind, Remote, Result, Severity, SourceMap, Span, SystemAmbient,
    VENDORED, VPath, World,
};
use vendor::LockedWorld;

use super::everywhere::Everywhere;
use super::exit::Exit;
use super::local_git::LocalGit;
use super::ui::{Ui, environment};
use super::{manifests, repository, strict};
use crate::config::{HelmVersion, KustomizeVersion};
use crate::render::{Built, Charts, Drawn, helm_compat, kustomize_compat, print_each};

/// Print one kustomization, as `kustomize build --enable-helm` does
#[derive(Debug, clap::Args)]
#[command(args_override_self = true)]
pub(crate) struct Args {
    /// The folder of the kustomization, or one of a local repository: file:///REPO//DIR?ref=REV
    #[arg(default_value = ".")]
    dir: String,
    /// Write to this file, or a file for each object to this folder
    #[arg(short, long, value_name = "PATH")]
    output: Option<String>,
    /// Which files a kustomization may read
    #[arg(long, value_enum, default_value = "LoadRestrictionsRootOnly")]
    load_restrictor: LoadRestrictor,
    /// In which order to print; by default as the kustomization says, else legacy
    #[arg(long, value_enum)]
    reorder: Option<Reorder>,
    /// Label everything with app.kubernetes.io/managed-by
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "BOOL")]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    #[arg(hide_default_value = true)]
    enable_managedby_label: bool,
    /// API versions that charts see
    #[arg(long, value_name = "VERSION")]
    helm_api_versions: Vec<String>,
    /// The Kubernetes version that charts see
    #[arg(long, value_name = "VERSION")]
    helm_kube_version: Option<String>,
    /// Print more of what charts do; nothing here
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "BOOL")]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    #[arg(hide_default_value = true)]
    helm_debug: bool,
    /// Which Kustomize release to match
    #[arg(long, value_name = "VERSION", default_value = "5.8", value_parser = ["5.8", "5.7"])]
    compat: String,
    /// Which Helm release to match
    #[arg(long, value_name = "VERSION", default_value = "4")]
    #[arg(value_parser = ["4", "3", "helm=4", "helm=3"])]
    helm_compat: String,
    /// Report what Kustomize swallows in silence, and print nothing if an error is among it
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    ignored: Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LoadRestrictor {
    /// Files in or below its own folder
    #[value(name = "LoadRestrictionsRootOnly", alias = "")]
    RootOnly,
    /// Any file
    #[value(name = "LoadRestrictionsNone")]
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Reorder {
    /// By kind: namespaces first, webhooks last
    Legacy,
    /// As they come
    None,
}

/// Flags of upstream that change nothing here: charts need no flag, and functions that run
/// programs or containers are refused.
#[derive(Debug, clap::Args)]
struct Ignored {
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    enable_helm: bool,
    #[arg(long, hide = true)]
    helm_command: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    enable_alpha_plugins: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    enable_exec: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    as_current_user: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    network: bool,
    #[arg(long, hide = true)]
    network_name: Option<String>,
    #[arg(long, hide = true)]
    mount: Vec<String>,
    #[arg(short, long, hide = true)]
    env: Vec<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = false, default_missing_value = "true", value_parser = go_bool)]
    stack_trace: bool,
}

/// A word for yes or no. (Go: `strconv.ParseBool`)
fn go_bool(word: &str) -> Result<bool, String> {
    match word {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("it is neither `true` nor `false`".to_owned()),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let sources = goyaml::source_map();
    let fault = |words: String| *Diagnostic::error(Span::NONE, words);
    let world = match Everywhere::new() {
        Ok(world) => world,
        Err(error) => {
            let words = format!("cannot read the working folder: {error}");
            return repository::refuse(ui, &sources, &[fault(words)]);
        }
    };
    let (world, root) = match open(world, &args.dir) {
        Ok(opened) => opened,
        Err(diagnostic) => return repository::refuse(ui, &sources, &[*diagnostic]),
    };
    let built: Result<_> = helm::with_stack(|| {
        let built = build(args, &world, &root, &sources)?;
        let texts = print_each(&built.resources)?;
        Ok((built, texts))
    });
    let (built, texts) = match built {
        Ok(built) => built,
        Err(diagnostic) => return repository::refuse(ui, &sources, &[*diagnostic]),
    };
    ui.faults(&sources, &built.warnings);
    ui.faults(&sources, &args.deprecations());
    let built = match args.strict {
        false => Some(built),
        true => strict(ui, &world, &sources, &root, built),
    };
    let Some(built) = built else {
        Ui::stderr_line("nothing was printed: mend the errors above, or drop --strict");
        return Ok(Exit::Findings);
    };
    let output = args.output.as_deref().filter(|path| !path.is_empty());
    let done = match output.map(Path::new) {
        None => manifests::stream(&texts, &mut ui.out).map(|()| Exit::Clean),
        Some(path) => {
            let written = match path.is_dir() {
                true => manifests::files(&built.resources, &texts, path),
                false => manifests::one_file(&texts, path),
            };
            match written {
                Ok(()) => Ok(Exit::Clean),
                Err(error) => {
                    let words = format!("cannot write `{}`: {error}", path.display());
                    repository::refuse(ui, &sources, &[fault(words)])
                }
            }
        }
    };
    // The process ends: taking large trees apart would be for nothing.
    std::mem::forget((built, sources));
    done
}

/// Tells what Kustomize swallows; hands back what was built unless an error is among it.
fn strict(
    ui: &Ui,
    world: &dyn World,
    sources: &SourceMap,
    root: &VPath,
    built: Built,
) -> Option<Built> {
    let (found, built) = strict::findings(world, sources, root, built);
    ui.faults(sources, &found);
    let bad = found.iter().any(|finding| finding.severity == Severity::Error);
    built.filter(|_| !bad)
}

impl Args {
    /// What upstream says about flags that it gives up.
    fn deprecations(&self) -> Vec<Diagnostic> {
        let warn = |flag: &str, instead: &str| {
            let words = format!("flag {flag} is deprecated");
            *Diagnostic::warning(Span::NONE, words)
                .hint(format!("use {instead} of the kustomization"))
        };
        let reorder = self.reorder.map(|_| warn("--reorder", "the field `sortOptions`"));
        let label = self.enable_managedby_label.then(|| {
            warn("--enable-managedby-label", "`managedByLabel` in `buildMetadata`")
        });
        reorder.into_iter().chain(label).collect()
    }
}

/// The disk with what can be had of remote bases, and the folder to build.
fn open(
    world: Everywhere,
    typed: &str,
) -> Result<(LocalGit<LockedWorld<Everywhere>>, VPath)> {
    if typed.is_empty() {
        let words = "must build at directory: directory path cannot be empty";
        let hint = "name the folder of a kustomization; `.` is this one";
        return Err(Diagnostic::error(Span::NONE, words).hint(hint));
    }
    let is_remote = kustomize::is_remote(typed);
    let here = if is_remote { "." } else { typed };
    let root = world.path(here).ok_or_else(|| {
        Diagnostic::error(Span::NONE, format!("`{typed}` climbs out of the disk"))
    })?;
    let world = LocalGit::new(with_lock(world, &root));
    if !is_remote {
        return Ok((world, root));
    }
    match world.vendored(&Remote::Address(typed)) {
        Ok(Some(root)) => Ok((world, root)),
        Ok(None) => {
            let words = format!("remote folder `{typed}` is not fetched by a build");
            Err(Diagnostic::error(Span::NONE, words)
                .hint("clone the repository and name the folder in it"))
        }
        Err(fault) => Err(Diagnostic::error(Span::NONE, fault.message).hint(fault.hint)),
    }
}

/// The disk with what the nearest `charts.lock` names, in the folder or above it.
fn with_lock(world: Everywhere, root: &VPath) -> LockedWorld<Everywhere> {
    let mut folder = Some(root.clone());
    let mut lock = None;
    while let (None, Some(here)) = (&lock, folder) {
        let path = here.join(VENDORED);
        lock = path.filter(|path| world.kind(path) == Some(EntryKind::File));
        folder = here.parent();
    }
    match lock {
        Some(lock) => LockedWorld::with_lock(world, repository::cache(), lock),
        None => LockedWorld::new(world, repository::cache()),
    }
}

fn build(
    args: &Args,
    world: &dyn World,
    root: &VPath,
    sources: &SourceMap,
) -> Result<Built> {
    let renderer = helm::Renderer::new();
    let ambient = |_: &str| -> Drawn { (Arc::new(SystemAmbient), None) };
    let charts = Charts {
        world,
        sources,
        renderer: &renderer,
        compat: helm_compat(match args.helm_compat.as_str() {
            "3" | "helm=3" => HelmVersion::V3,
            _ => HelmVersion::V4,
        }),
        kube_version: None,
        api_versions: None,
        ambient: &ambient,
        needs_name: false,
        uses: None,
    };
    let api_versions = args.helm_api_versions.iter().map(|v| v.as_str().into());
    let options = kustomize::Options {
        compat: kustomize_compat(match args.compat.as_str() {
            "5.7" => KustomizeVersion::V5_7,
            _ => KustomizeVersion::V5_8,
        }),
        enable_helm: true,
        restrict_to_root: args.load_restrictor == LoadRestrictor::RootOnly,
        reorder: match args.reorder {
            None => kustomize::Reorder::Unspecified,
            Some(Reorder::Legacy) => kustomize::Reorder::Legacy,
            Some(Reorder::None) => kustomize::Reorder::None,
        },
        managed_by_label: args.enable_managedby_label
            || environment("KUSTOMIZE_ENABLE_MANAGEDBY_LABEL").as_deref() == Some("on"),
        helm_kube_version: args.helm_kube_version.as_deref().unwrap_or("").into(),
        helm_api_versions: api_versions.collect(),
        helm_debug: args.helm_debug,
        note_effects: args.strict,
    };
    kustomize::build(world, sources, root, &options, &charts)
}
