//! `template`

use std::io;

use super::exit::Exit;
use super::ui::Ui;

/// Print one chart, as `helm template` does
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The release's name, and the chart's folder or archive; or the chart alone
    #[arg(value_name = "[NAME] CHART", num_args = 1..=2, required = true)]
    name_and_chart: Vec<String>,
    /// A values file; commas separate, later files win
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',')]
    values: Vec<String>,
    /// Set values: `a.b=1,c[0]=x`
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true)]
    set: Vec<String>,
    /// Set values as text
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true)]
    set_string: Vec<String>,
    /// Set values from files: `a.b=path`
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true)]
    set_file: Vec<String>,
    /// Set values as JSON: `a.b={"c": 1}`
    #[arg(long, value_name = "VALUES", allow_hyphen_values = true)]
    set_json: Vec<String>,
    /// Set one value to a text, taken literally
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    set_literal: Vec<String>,
    /// The release's namespace
    #[arg(short, long, default_value = "default")]
    namespace: String,
    /// Make up the release's name
    #[arg(short, long)]
    generate_name: bool,
    /// Name the release by this template
    #[arg(long, value_name = "TEMPLATE")]
    name_template: Option<String>,
    /// Print the chart's custom resource definitions as well
    #[arg(long)]
    include_crds: bool,
    /// Never print them
    #[arg(long)]
    skip_crds: bool,
    /// Leave hooks out
    #[arg(long)]
    no_hooks: bool,
    /// Leave tests out
    #[arg(long)]
    skip_tests: bool,
    /// Set `.Release.IsUpgrade` instead of `.Release.IsInstall`
    #[arg(long)]
    is_upgrade: bool,
    /// Do not check values against values.schema.json
    #[arg(long)]
    skip_schema_validation: bool,
    /// The Kubernetes version that the chart sees
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    /// API versions that the chart sees
    #[arg(short = 'a', long, value_name = "VERSION", value_delimiter = ',')]
    api_versions: Vec<String>,
    /// Print only these templates
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,
    /// Print what rendered even where it is no YAML
    #[arg(long)]
    debug: bool,
    /// Refused: there is no cluster to ask
    #[arg(long, hide = true)]
    validate: bool,
    /// Which Helm release to match
    #[arg(long, value_name = "VERSION", default_value = "4", value_parser = ["4", "3"])]
    compat: String,
    #[command(flatten)]
    ignored: Ignored,
}

/// Flags of upstream that a render without a cluster and without a network has no use for.
#[derive(Debug, clap::Args)]
struct Ignored {
    #[arg(long, hide = true)]
    create_namespace: bool,
    #[arg(long, hide = true)]
    dependency_update: bool,
    #[arg(long, hide = true)]
    description: Option<String>,
    #[arg(long, hide = true)]
    devel: bool,
    #[arg(long, hide = true)]
    disable_openapi_validation: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    dry_run: Option<Option<String>>,
    #[arg(long, hide = true)]
    enable_dns: bool,
    #[arg(long, hide = true)]
    release_name: bool,
    #[arg(long, hide = true)]
    replace: bool,
    #[arg(long, hide = true)]
    timeout: Option<String>,
    #[arg(long, hide = true)]
    version: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    wait: Option<Option<String>>,
    #[arg(long, hide = true)]
    kubeconfig: Option<String>,
    #[arg(long, hide = true)]
    kube_context: Option<String>,
    #[arg(long, hide = true)]
    registry_config: Option<String>,
    #[arg(long, hide = true)]
    repository_cache: Option<String>,
    #[arg(long, hide = true)]
    repository_config: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let _ = (args, ui);
    Ok(Exit::CouldNotRun)
}
