//! `helm template` in few lines: flags by hand, everything else from the library.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]
#![expect(clippy::disallowed_methods, reason = "values files are read where they are")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use helm::{
    Capabilities, Compat, KubeVersion, Options, Ownership, Release, RenderOptions,
    Renderer, Selection, SetFlag, SetFlagKind, ValuesLayer,
};
use source::{Diagnostic, DiskWorld, SourceMap, Span, SystemAmbient, VPath};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sources = SourceMap::new();
    match run(&arguments, &sources) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("Error: {}", fault.message);
            show(&sources, fault.span, "at");
            fault.labels.iter().for_each(|l| show(&sources, l.span, &l.text));
            fault.trace.iter().for_each(|t| show(&sources, t.span, &t.text));
            fault.hints.iter().for_each(|hint| eprintln!("  hint: {hint}"));
            ExitCode::FAILURE
        }
    }
}

fn show(sources: &SourceMap, span: Span, text: &str) {
    if let Some(place) = sources.location(span) {
        eprintln!("  {}:{}:{}: {text}", place.path, place.line, place.column);
    }
}

/// The flags as they are typed.
struct Flags {
    names: Vec<String>,
    namespace: String,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    is_upgrade: bool,
    compat: Compat,
    files: Vec<String>,
    values: Options,
    selection: Selection,
    repeat: usize,
    skip_schema_validation: bool,
}

fn parse(arguments: &[String]) -> Result<Flags, String> {
    let mut flags = Flags {
        names: Vec::new(),
        namespace: "default".to_owned(),
        kube_version: None,
        api_versions: Vec::new(),
        is_upgrade: false,
        compat: Compat::Helm4,
        files: Vec::new(),
        values: Options::default(),
        selection: Selection::default(),
        repeat: 1,
        skip_schema_validation: false,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (flag, mut inline) = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                (flag, Some(value.to_owned()))
            }
            _ => (argument.as_str(), None),
        };
        if !flag.starts_with('-') {
            flags.names.push(argument.clone());
            continue;
        }
        let mut value = || {
            let value = inline.take().or_else(|| rest.next().cloned());
            value.ok_or_else(|| format!("flag needs an argument: {flag}"))
        };
        match flag {
            "-f" | "--values" => {
                flags.files.extend(value()?.split(',').map(str::to_owned))
            }
            "-n" | "--namespace" => flags.namespace = value()?,
            "--kube-version" => flags.kube_version = Some(value()?),
            "-a" | "--api-versions" => {
                flags.api_versions.extend(value()?.split(',').map(str::to_owned));
            }
            "-s" | "--show-only" => flags.selection.show_only.push(value()?),
            "--include-crds" => flags.selection.include_crds = true,
            "--no-hooks" => flags.selection.no_hooks = true,
            "--skip-tests" => flags.selection.skip_tests = true,
            "--is-upgrade" => flags.is_upgrade = true,
            "--skip-schema-validation" => flags.skip_schema_validation = true,
            "--repeat" => flags.repeat = value()?.parse().unwrap_or(1),
            "--helm-compat" if value()? == "3" => flags.compat = Compat::Helm3,
            "--helm-compat" => {}
            _ => set_flag(flag, &value()?, &mut flags.values)?,
        }
    }
    Ok(flags)
}

fn set_flag(flag: &str, text: &str, values: &mut Options) -> Result<(), String> {
    let kinds = [
        SetFlagKind::Json,
        SetFlagKind::Set,
        SetFlagKind::String,
        SetFlagKind::File,
        SetFlagKind::Literal,
    ];
    let kind = kinds.into_iter().find(|kind| kind.name() == flag);
    let kind = kind.ok_or_else(|| format!("unknown flag: {flag}"))?;
    let mut files = Vec::new();
    if kind == SetFlagKind::File {
        for part in text.split(',') {
            let path = part.split_once('=').map_or(part, |(_, path)| path);
            let text = std::fs::read_to_string(path).unwrap_or_default();
            files.push((path.to_owned(), text));
        }
    }
    values.flags.push(SetFlag { kind, text: text.to_owned(), files });
    Ok(())
}

fn run(arguments: &[String], sources: &SourceMap) -> source::Result<String> {
    let fault = |words: String| Diagnostic::error(Span::NONE, words);
    let mut flags = parse(arguments).map_err(fault)?;
    let (name, chart) = match flags.names.as_slice() {
        [name, chart] => (name.clone(), chart.clone()),
        [chart] => ("release-name".to_owned(), chart.clone()),
        _ => return Err(fault("needs a name and a chart".to_owned())),
    };
    let broken = |what: &str, e: &dyn std::fmt::Display| fault(format!("{what}: {e}"));
    for file in &flags.files {
        let text = std::fs::read_to_string(file).map_err(|e| broken(file, &e))?;
        flags.values.layers.push(ValuesLayer::File(sources.add(file.as_str(), text)));
    }
    let path = std::path::absolute(&chart).map_err(|e| broken(&chart, &e))?;
    let world =
        DiskWorld::new(Path::new("/"), Path::new("/")).map_err(|e| broken("/", &e))?;
    let inside = VPath::new(&path.to_string_lossy()).unwrap_or_else(VPath::root);
    let renderer = Renderer::new();
    let chart = renderer.charts.load(&world, &inside, sources, Ownership::Repository)?;
    let mut capabilities = Capabilities::default_for(flags.compat)
        .with_api_versions(flags.api_versions.iter().cloned());
    if let Some(text) = &flags.kube_version {
        capabilities.kube_version = KubeVersion::parse(text, flags.compat)
            .map_err(|why| fault(format!("invalid kube version '{text}': {why}")))?;
    }
    let options = RenderOptions {
        release: Release {
            name: name.into(),
            namespace: flags.namespace.as_str().into(),
            is_upgrade: flags.is_upgrade,
        },
        named_at: helm::NamedAt::default(),
        capabilities: Arc::new(capabilities),
        compat: flags.compat,
        skip_schema_validation: flags.skip_schema_validation,
        ambient: Arc::new(SystemAmbient),
        seed: None,
    };
    let mut manifests = renderer.render(&chart, &flags.values, &options, sources)?;
    for _ in 1..flags.repeat {
        let again = Renderer::new();
        manifests = again.render(&chart, &flags.values, &options, sources)?;
    }
    manifests.to_stdout(&flags.selection)
}
