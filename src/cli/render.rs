//! `render`

use std::io;
use std::path::PathBuf;

use super::exit::Exit;
use super::ui::Ui;

/// Print one kustomization, as `kustomize build --enable-helm` does
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of the kustomization
    #[arg(default_value = ".")]
    dir: String,
    /// Write to this file or folder instead of printing
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Which files a kustomization may read
    #[arg(long, value_enum, default_value = "LoadRestrictionsRootOnly")]
    load_restrictor: LoadRestrictor,
    /// In which order to print; by default as the kustomization says, else legacy
    #[arg(long, value_enum)]
    reorder: Option<Reorder>,
    /// Label everything with app.kubernetes.io/managed-by
    #[arg(long)]
    enable_managedby_label: bool,
    /// API versions that charts see
    #[arg(long, value_name = "VERSION")]
    helm_api_versions: Vec<String>,
    /// The Kubernetes version that charts see
    #[arg(long, value_name = "VERSION")]
    helm_kube_version: Option<String>,
    /// Print more of what charts do; nothing here
    #[arg(long)]
    helm_debug: bool,
    /// Which Kustomize release to match
    #[arg(long, value_name = "VERSION", default_value = "5.8", value_parser = ["5.8", "5.7"])]
    compat: String,
    /// Which Helm release to match
    #[arg(long, value_name = "VERSION", default_value = "4", value_parser = ["4", "3"])]
    helm_compat: String,
    #[command(flatten)]
    ignored: Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LoadRestrictor {
    /// Files in or below its own folder
    #[value(name = "LoadRestrictionsRootOnly", alias = "rootOnly")]
    RootOnly,
    /// Any file
    #[value(name = "LoadRestrictionsNone", alias = "none")]
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
    #[arg(long, hide = true)]
    enable_helm: bool,
    #[arg(long, hide = true)]
    helm_command: Option<String>,
    #[arg(long, hide = true)]
    enable_alpha_plugins: bool,
    #[arg(long, hide = true)]
    enable_exec: bool,
    #[arg(long, hide = true)]
    enable_star: bool,
    #[arg(long, hide = true)]
    as_current_user: bool,
    #[arg(long, hide = true)]
    network: bool,
    #[arg(long, hide = true)]
    network_name: Option<String>,
    #[arg(long, hide = true)]
    mount: Vec<String>,
    #[arg(short, long, hide = true)]
    env: Vec<String>,
    #[arg(long, hide = true)]
    stack_trace: bool,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let _ = (args, ui);
    Ok(Exit::CouldNotRun)
}
