//! `kustomize build` with this crate alone: flags as the real command spells them, charts
//! refused. For conformance runs.

use std::path::Path;
use std::process::ExitCode;

use kustomize::{NoCharts, Options, Reorder, build, print};
use source::{Diagnostic, DiskWorld, SourceMap, VPath};

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn main() -> ExitCode {
    let sources = SourceMap::new();
    match run(&sources) {
        Ok(text) => {
            std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes()).ok();
            ExitCode::SUCCESS
        }
        Err(error) => {
            report(&sources, &error);
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn run(sources: &SourceMap) -> source::Result<String> {
    let fault = |words: String| Diagnostic::error(source::Span::NONE, words);
    let mut options = Options::default();
    let mut dir = ".".to_owned();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--enable-helm" => options.enable_helm = true,
            "--enable-managedby-label" => options.managed_by_label = true,
            "--load-restrictor" => {
                let value = args.next().unwrap_or_default();
                options.restrict_to_root = value != "LoadRestrictionsNone";
            }
            "--reorder" => {
                options.reorder = match args.next().as_deref() {
                    Some("none") => Reorder::None,
                    _ => Reorder::Legacy,
                };
            }
            flag if flag.starts_with("--") => {}
            path => dir = path.to_owned(),
        }
    }
    let missing = |e: std::io::Error| {
        let here = std::env::current_dir().unwrap_or_default();
        let full = here.join(&dir).display().to_string();
        fault(format!(
            "evalsymlink failure on '{dir}' : lstat {full}: no such file or directory ({e})"
        ))
    };
    let real = Path::new(&dir).canonicalize().map_err(missing)?;
    let world = DiskWorld::new(Path::new("/"), Path::new("/"))
        .map_err(|e| fault(e.to_string()))?;
    let root = real.to_str().and_then(VPath::new);
    let root = root.ok_or_else(|| fault(format!("`{dir}` is no path")))?;
    let built = build(&world, sources, &root, &options, &NoCharts)?;
    built.warnings.iter().for_each(|warning| report(sources, warning));
    print(&built.resources)
}

#[expect(clippy::print_stderr, reason = "messages go to stderr")]
fn report(sources: &SourceMap, diagnostic: &Diagnostic) {
    let place = sources.location(diagnostic.span);
    let place = place.map(|l| format!("{}:{}:{}: ", l.path, l.line, l.column));
    eprintln!("{}{}", place.unwrap_or_default(), diagnostic.message);
    for step in &diagnostic.trace {
        let place = sources.location(step.span);
        let place = place.map(|l| format!(" ({}:{}:{})", l.path, l.line, l.column));
        eprintln!("  {}{}", step.text, place.unwrap_or_default());
    }
    for hint in &diagnostic.hints {
        eprintln!("  hint: {hint}");
    }
}
