//! `template`

use std::io::{self, Read, Write};
use std::sync::Arc;

use helm::{
    Capabilities, KubeVersion, Ownership, Release, RenderOptions, Selection, SetFlag,
    SetFlagKind, ValuesLayer,
};
use source::{
    Diagnostic, ReadError, ReadErrorKind, Result, SourceMap, Span, SystemAmbient, World,
};

use super::everywhere::Everywhere;
use super::exit::Exit;
use super::repository;
use super::ui::Ui;
use crate::render::on_deep_stack;

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
    let sources = SourceMap::new();
    let rendered = on_deep_stack(|| render(args, &sources));
    match rendered {
        Ok(text) => {
            ui.out.write_all(text.as_bytes())?;
            Ok(Exit::Clean)
        }
        Err(diagnostic) => repository::refuse(ui, &sources, &[*diagnostic]),
    }
}

fn error(words: impl Into<String>) -> Box<Diagnostic> {
    Diagnostic::error(Span::NONE, words)
}

fn render(args: &Args, sources: &SourceMap) -> Result<String> {
    if args.validate || args.ignored.dry_run == Some(Some("server".to_owned())) {
        return Err(error("there is no cluster to validate against")
            .hint("leave `--validate` and `--dry-run=server` out"));
    }
    let world = Everywhere::new()
        .map_err(|e| error(format!("cannot read the working folder: {e}")))?;
    let (name, chart) = match args.name_and_chart.as_slice() {
        [name, chart] => (name.as_str(), chart),
        [chart] => ("release-name", chart),
        _ => return Err(error("name the release and its chart")),
    };
    let path = world.path(chart).filter(|path| world.kind(path).is_some());
    let path = path.ok_or_else(|| {
        error(format!("path {chart:?} not found")).hint(
            "name a chart's folder or archive; charts are not pulled from repositories",
        )
    })?;
    let renderer = helm::Renderer::new();
    let chart = renderer.charts.load(&world, &path, sources, Ownership::Repository)?;
    let compat = match args.compat.as_str() {
        "3" => helm::Compat::Helm3,
        _ => helm::Compat::Helm4,
    };
    if args.name_template.as_ref().is_some_and(|name| name.contains("{{")) {
        return Err(error("a release is not named by a template here")
            .hint("write the name itself"));
    }
    let release = Release {
        name: args.name_template.as_deref().unwrap_or(name).into(),
        namespace: args.namespace.as_str().into(),
        is_upgrade: args.is_upgrade,
    };
    let options = RenderOptions {
        release,
        named_at: helm::NamedAt::default(),
        capabilities: Arc::new(capabilities(args, compat)?),
        compat,
        skip_schema_validation: args.skip_schema_validation,
        ambient: Arc::new(SystemAmbient),
        seed: None,
    };
    let values = values(args, &world, sources)?;
    let manifests = renderer.render(&chart, &values, &options, sources)?;
    manifests.to_stdout(&Selection {
        include_crds: args.include_crds && !args.skip_crds,
        no_hooks: args.no_hooks,
        skip_tests: args.skip_tests,
        show_only: args.show_only.clone(),
    })
}

fn capabilities(args: &Args, compat: helm::Compat) -> Result<Capabilities> {
    let more = args.api_versions.iter().cloned();
    let mut capabilities = Capabilities::default_for(compat).with_api_versions(more);
    if let Some(version) = &args.kube_version {
        capabilities.kube_version =
            KubeVersion::parse(version, compat).map_err(|words| {
                error(format!("invalid kube version '{version}': {words}"))
            })?;
    }
    Ok(capabilities)
}

fn values(args: &Args, world: &Everywhere, sources: &SourceMap) -> Result<helm::Options> {
    let mut values = helm::Options::default();
    for name in &args.values {
        let bytes = if name.trim() == "-" { stdin()? } else { read(world, name)? };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        values.layers.push(ValuesLayer::File(sources.add(name.as_str(), text)));
    }
    let flags = [
        (SetFlagKind::Json, &args.set_json),
        (SetFlagKind::Set, &args.set),
        (SetFlagKind::String, &args.set_string),
        (SetFlagKind::File, &args.set_file),
        (SetFlagKind::Literal, &args.set_literal),
    ];
    for (kind, texts) in flags {
        for text in texts {
            let files = match kind {
                SetFlagKind::File => files(text, world)?,
                _ => Vec::new(),
            };
            values.flags.push(SetFlag { kind, text: text.clone(), files });
        }
    }
    Ok(values)
}

fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|e| error(format!("cannot read standard input: {e}")))?;
    Ok(bytes)
}

fn read(world: &Everywhere, name: &str) -> Result<Vec<u8>> {
    if name.contains("://") {
        return Err(error(format!("`{name}` is a URL, and nothing is fetched here"))
            .hint("download the file and name its path"));
    }
    let path =
        world.path(name).ok_or_else(|| error(format!("open {name}: no such file")))?;
    match world.read(&path) {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(ReadError { kind: ReadErrorKind::NotFound, .. }) => {
            Err(error(format!("open {name}: no such file or directory")))
        }
        Err(fault) => Err(error(fault.to_string())),
    }
}

/// The files that `a=path,b.c=path` names. A comma after a backslash belongs to a path.
fn files(text: &str, world: &Everywhere) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for part in text.replace("\\,", "\0").split(',') {
        let Some((_, name)) = part.split_once('=') else { continue };
        let name = name.replace('\0', ",");
        let bytes = read(world, &name)?;
        found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(found)
}
