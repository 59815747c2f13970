//! Flags of `helm template` that a render without cluster and network has no use for.

use source::{Diagnostic, Result, Span};

/// They are taken, so that a command line that works with Helm works here; most of them say
/// how to install or how to download.
#[derive(Debug, clap::Args)]
pub(crate) struct HelmFlags {
    #[arg(long, hide = true)]
    atomic: bool,
    #[arg(long, hide = true)]
    burst_limit: Option<String>,
    #[arg(long, hide = true)]
    ca_file: Option<String>,
    #[arg(long, hide = true)]
    cert_file: Option<String>,
    #[arg(long, hide = true)]
    content_cache: Option<String>,
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
    pub(crate) dry_run: Option<Option<String>>,
    #[arg(long, hide = true)]
    enable_dns: bool,
    #[arg(long, hide = true)]
    force: bool,
    #[arg(long, hide = true)]
    force_conflicts: bool,
    #[arg(long, hide = true)]
    force_replace: bool,
    #[arg(long, hide = true)]
    hide_notes: bool,
    #[arg(long, hide = true)]
    insecure_skip_tls_verify: bool,
    #[arg(long, hide = true)]
    key_file: Option<String>,
    #[arg(long, hide = true)]
    keyring: Option<String>,
    #[arg(long, hide = true)]
    kube_apiserver: Option<String>,
    #[arg(long, hide = true)]
    kube_as_group: Vec<String>,
    #[arg(long, hide = true)]
    kube_as_user: Option<String>,
    #[arg(long, hide = true)]
    kube_ca_file: Option<String>,
    #[arg(long, hide = true)]
    kube_context: Option<String>,
    #[arg(long, hide = true)]
    kube_insecure_skip_tls_verify: bool,
    #[arg(long, hide = true)]
    kube_tls_server_name: Option<String>,
    #[arg(long, hide = true)]
    kube_token: Option<String>,
    #[arg(long, hide = true)]
    kubeconfig: Option<String>,
    #[arg(short = 'l', long, hide = true)]
    labels: Vec<String>,
    #[arg(long, hide = true)]
    pass_credentials: bool,
    #[arg(long, hide = true)]
    password: Option<String>,
    #[arg(long, hide = true)]
    plain_http: bool,
    #[arg(long, hide = true)]
    post_renderer: Option<String>,
    #[arg(long, hide = true)]
    post_renderer_args: Vec<String>,
    #[arg(long, hide = true)]
    qps: Option<String>,
    #[arg(long, hide = true)]
    registry_config: Option<String>,
    #[arg(long, hide = true)]
    render_subchart_notes: bool,
    #[arg(long, hide = true)]
    replace: bool,
    #[arg(long, hide = true)]
    repo: Option<String>,
    #[arg(long, hide = true)]
    repository_cache: Option<String>,
    #[arg(long, hide = true)]
    repository_config: Option<String>,
    #[arg(long, hide = true)]
    rollback_on_failure: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    server_side: Option<Option<String>>,
    #[arg(long, hide = true)]
    take_ownership: bool,
    #[arg(long, hide = true)]
    timeout: Option<String>,
    #[arg(long, hide = true)]
    username: Option<String>,
    /// Refused: there is no cluster to ask
    #[arg(long, hide = true)]
    validate: bool,
    #[arg(long, hide = true)]
    verify: bool,
    #[arg(long, hide = true)]
    version: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true)]
    wait: Option<Option<String>>,
    #[arg(long, hide = true)]
    wait_for_jobs: bool,
}

impl HelmFlags {
    /// Refuses what would change the output and cannot be done here.
    pub(crate) fn check(&self, compat: helm::Compat) -> Result<()> {
        let refuse = |words: String, hint: &str| {
            Err(Diagnostic::error(Span::NONE, words).hint(hint))
        };
        if self.post_renderer.is_some() {
            let words = "no post-renderer is run here".to_owned();
            return refuse(words, "pipe the output through it");
        }
        if self.repo.is_some() {
            let words = "charts are not pulled from repositories".to_owned();
            return refuse(words, "name a chart's folder or archive");
        }
        if self.verify {
            let words = "unpacked charts cannot be verified".to_owned();
            return refuse(words, "leave `--verify` out");
        }
        let asked = self.dry_run.as_ref().and_then(Option::as_deref);
        if self.validate || asked == Some("server") {
            let words = "there is no cluster to validate against".to_owned();
            return refuse(words, "leave `--validate` and `--dry-run=server` out");
        }
        match asked.map_or(Ok(()), |value| dry_run(value, compat)) {
            Ok(()) => Ok(()),
            Err(words) => refuse(words, "`--dry-run=client` changes nothing"),
        }
    }
}

/// Is this a value of `--dry-run`? (`cmdGetDryRunFlagStrategy`, `validateDryRunOptionFlag`)
fn dry_run(value: &str, compat: helm::Compat) -> std::result::Result<(), String> {
    let yes = ["1", "t", "T", "TRUE", "true", "True"];
    let no = ["0", "f", "F", "FALSE", "false", "False"];
    match (compat, value) {
        (helm::Compat::Helm3, "" | "false" | "true" | "none" | "client") => Ok(()),
        (helm::Compat::Helm3, _) => Err("Invalid dry-run flag. Flag must one of the \
                                         following: false, true, none, client, server"
            .to_owned()),
        (_, "client" | "unset") => Ok(()),
        (_, value) if yes.contains(&value) => Ok(()),
        (_, value) if value == "none" || no.contains(&value) => Err(format!(
            "invalid dry-run value ({value:?}). Must be \"server\" or \"client\""
        )),
        (_, value) => Err(format!(
            "invalid dry-run value ({value:?}). Must be \"none\", \"server\", or \"client\""
        )),
    }
}
