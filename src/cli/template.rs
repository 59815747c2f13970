//! `template`

use std::io::{self, Read, Write};
use std::sync::Arc;

use helm::{
    Capabilities, KubeVersion, Manifests, Ownership, Release, RenderOptions, Selection,
    SetFlag, SetFlagKind, ValuesLayer,
};
use source::{
    Diagnostic, EntryKind, ReadError, ReadErrorKind, Result, SourceMap, Span,
    SystemAmbient, World,
};

use super::everywhere::Everywhere;
use super::exit::Exit;
use super::helm_flags::HelmFlags;
use super::output_dir;
use super::repository;
use super::ui::Ui;

/// Print one chart, as `helm template` does
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The release's name, and the chart's folder or archive; or the chart alone
    #[arg(value_name = "[NAME] CHART", num_args = 1.., required = true)]
    name_and_chart: Vec<String>,
    /// A values file; commas separate, later files win
    #[arg(short = 'f', long, value_name = "FILE")]
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
    #[arg(short = 'a', long, value_name = "VERSION")]
    api_versions: Vec<String>,
    /// Print only these templates
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,
    /// Print what rendered even where it is no YAML
    #[arg(long)]
    debug: bool,
    /// Write each template's manifests to a file in this folder
    #[arg(long, value_name = "FOLDER")]
    output_dir: Option<String>,
    /// Put the release's name between that folder and the files
    #[arg(long)]
    release_name: bool,
    /// Which Helm release to match: 4 or 3
    #[arg(long, value_name = "VERSION", default_value = "4")]
    #[arg(value_parser = ["4", "3", "helm=4", "helm=3"])]
    compat: String,
    #[command(flatten)]
    helm: HelmFlags,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let sources = goyaml::source_map();
    let rendered = helm::with_stack(|| render(args, &sources));
    let printed = rendered.and_then(|rendered| match rendered {
        Rendered::Written(said) => Ok(ui.out.write_all(said.as_bytes())),
        Rendered::Manifests(manifests, selection) => {
            let pieces = manifests.pieces_of_stdout(&selection)?;
            let mut pieces = pieces.iter();
            let written = pieces.try_for_each(|piece| ui.out.write_all(piece.as_bytes()));
            // The process is about to end: taking large trees apart would be for nothing.
            std::mem::forget(manifests);
            Ok(written)
        }
    });
    match printed {
        Ok(written) => written.map(|()| Exit::Clean),
        Err(diagnostic) => repository::refuse(ui, &sources, &[*diagnostic]),
    }
}

/// What a chart rendered to.
enum Rendered {
    /// Manifests that are to be printed.
    Manifests(Box<Manifests>, Selection),
    /// They are in a folder, and this is to be said.
    Written(String),
}

fn error(words: impl Into<String>) -> Box<Diagnostic> {
    Diagnostic::error(Span::NONE, words)
}

fn render(args: &Args, sources: &SourceMap) -> Result<Rendered> {
    let compat = match args.compat.as_str() {
        "3" | "helm=3" => helm::Compat::Helm3,
        _ => helm::Compat::Helm4,
    };
    args.helm.check(compat)?;
    let world = Everywhere::new()
        .map_err(|e| error(format!("cannot read the working folder: {e}")))?;
    let (name, chart) = name_and_chart(args)?;
    let path = world.path(chart).filter(|path| world.kind(path).is_some());
    let path = path.ok_or_else(|| {
        error(format!("path {chart:?} not found")).hint(
            "name a chart's folder or archive; charts are not pulled from repositories",
        )
    })?;
    let renderer = helm::Renderer::new();
    // Helm reads values before the chart.
    let values = values(args, compat, &world, sources)?;
    let whose = Ownership::Repository;
    let chart = renderer.charts.load_for(&world, &path, sources, whose, compat)?;
    let release = Release {
        name: name.as_str().into(),
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
    let manifests = renderer.render(&chart, &values, &options, sources)?;
    let selection = Selection {
        include_crds: args.include_crds,
        no_hooks: args.no_hooks,
        skip_tests: args.skip_tests,
        show_only: args.show_only.clone(),
    };
    let Some(folder) = args.output_dir.as_deref().filter(|folder| !folder.is_empty())
    else {
        std::mem::forget((chart, renderer));
        return Ok(Rendered::Manifests(Box::new(manifests), selection));
    };
    let below = if args.release_name { name.as_str() } else { "" };
    let said = output_dir::write(folder, below, manifests.selected(&selection))
        .map_err(|e| error(format!("cannot write to `{folder}`: {e}")))?;
    match args.show_only.first() {
        None => Ok(Rendered::Written(said + "\n")),
        Some(wanted) => Err(error(format!("could not find template {wanted} in chart"))),
    }
}

/// The release's name, and the chart as it was typed. (`Install.NameAndChart`)
///
/// A name is always there, so `--generate-name` has no effect, as in `helm template`.
fn name_and_chart(args: &Args) -> Result<(String, &String)> {
    let template = args.name_template.as_deref().unwrap_or("");
    match args.name_and_chart.as_slice() {
        [name, chart] => {
            let flag = match (args.generate_name, template.is_empty()) {
                (true, _) => "--generate-name",
                (false, false) => "--name-template",
                (false, true) => return Ok((name.clone(), chart)),
            };
            Err(error(format!("cannot set {flag} and also specify a name")))
        }
        [chart] if template.is_empty() => Ok(("release-name".to_owned(), chart)),
        [chart] => {
            let name = helm::name_from_template(template, Arc::new(SystemAmbient))?;
            Ok((name, chart))
        }
        [_, _, more @ ..] => Err(error(format!(
            "expected at most two arguments, unexpected arguments: {}",
            more.join(", ")
        ))),
        [] => Err(error("name the release and its chart")),
    }
}

fn capabilities(args: &Args, compat: helm::Compat) -> Result<Capabilities> {
    let more = separated(&args.api_versions, "-a, --api-versions")?;
    let mut capabilities = Capabilities::default_for(compat).with_api_versions(more);
    if let Some(version) = args.kube_version.as_deref().filter(|v| !v.is_empty()) {
        capabilities.kube_version =
            KubeVersion::parse(version, compat).map_err(|words| {
                error(format!("invalid kube version '{version}': {words}"))
            })?;
    }
    Ok(capabilities)
}

fn values(
    args: &Args,
    compat: helm::Compat,
    world: &Everywhere,
    sources: &SourceMap,
) -> Result<helm::Options> {
    let mut values = helm::Options::default();
    for name in &separated(&args.values, "-f, --values")? {
        let bytes = if name.trim() == "-" { stdin()? } else { read(world, name)? };
        let text = helm::values_text(&bytes, compat)
            .map_err(|words| error(format!("failed to parse {name}: {words}")))?;
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
                SetFlagKind::File => files(text, world).map_err(|mut fault| {
                    let flag = kind.name();
                    fault.message =
                        format!("failed parsing {flag} data: {}", fault.message);
                    fault
                })?,
                _ => Vec::new(),
            };
            values.flags.push(SetFlag { kind, text: text.clone(), files });
        }
    }
    Ok(values)
}

/// The values of a flag that commas separate; quotes keep a comma in a value.
/// (pflag: `StringSlice`, which reads a line of CSV)
fn separated(texts: &[String], flag: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let values = csv(text).map_err(|(column, words)| {
            error(format!(
                "invalid argument {text:?} for {flag:?} flag: parse error on line 1, column \
                 {column}: {words}"
            ))
        })?;
        found.extend(values);
    }
    Ok(found)
}

/// The fields of a line of CSV. (`encoding/csv`)
fn csv(line: &str) -> std::result::Result<Vec<String>, (usize, &'static str)> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let at = line.len() - rest.len();
        let Some(mut quoted) = rest.strip_prefix('"') else {
            let (field, more) = match rest.split_once(',') {
                Some((field, more)) => (field, Some(more)),
                None => (rest, None),
            };
            if let Some(quote) = field.find('"') {
                return Err((at + quote + 1, "bare \" in non-quoted-field"));
            }
            fields.push(field.to_owned());
            match more {
                Some(more) => rest = more,
                None => return Ok(fields),
            }
            continue;
        };
        let mut field = String::new();
        loop {
            let missing = (line.len() + 1, "extraneous or missing \" in quoted-field");
            let (part, more) = quoted.split_once('"').ok_or(missing)?;
            field += part;
            match more.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    quoted = more;
                }
                None => {
                    quoted = more;
                    break;
                }
            }
        }
        fields.push(field);
        match quoted.strip_prefix(',') {
            Some(more) => rest = more,
            None if quoted.is_empty() => return Ok(fields),
            None => {
                let column = line.len() - quoted.len();
                return Err((column, "extraneous or missing \" in quoted-field"));
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|e| error(format!("cannot read standard input: {e}")))?;
    Ok(bytes)
}

fn read(world: &Everywhere, name: &str) -> Result<Vec<u8>> {
    helm::check_path(name).map_err(error)?;
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
        Err(_) if world.kind(&path) == Some(EntryKind::Folder) => {
            Err(error(format!("read {name}: is a directory")))
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
        let bytes = if name.trim() == "-" { stdin()? } else { read(world, &name)? };
        found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(found)
}
