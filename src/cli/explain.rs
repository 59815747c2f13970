//! `explain`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use source::{Diagnostic, FileId, SourceMap, Span, VPath};

use super::exit::Exit;
use super::repository;
use super::ui::Ui;
use crate::explain::{self, Explanation, Query};
use crate::fleet::Object;
use crate::{Render, Repo};

/// Say where each field of an object came from, with the source lines
///
/// Without a path, the object is printed as YAML, with the line that set each field beside it.
/// With one, the whole chain is shown: the values layer that won and those that it overrides,
/// the template line, the conditions, and the patches and transformers that touched it, in
/// order. Of a field or object that is not there, the patch or the null in values that took it
/// away is named.
///
/// With --values, the other way round: which fields of which objects the values of a file (or
/// of one line of it) reach, in all clusters or in the one that is named.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The cluster
    #[arg(required_unless_present = "values")]
    cluster: Option<String>,
    /// The object: KIND/NAME, KIND/NAME.NAMESPACE or KIND/NAMESPACE/NAME
    #[arg(required_unless_present = "values", conflicts_with = "values")]
    object: Option<String>,
    /// The field: spec.replicas, spec.template.spec.containers[name=query].args
    #[arg(default_value = "", conflicts_with = "values")]
    path: String,
    /// Which fields do the values of this file, or line of it, reach?
    #[arg(long, value_name = "FILE[:LINE]")]
    values: Option<String>,
    /// The root of the repository
    #[arg(long, default_value = ".", value_name = "DIR")]
    root: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For editors and scripts
    Json,
}

/// What to say, and what to do.
type Refusal = (String, String);

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let sources = goyaml::source_map();
    let object = args.object.as_deref().unwrap_or_default();
    let query = match (&args.values, Query::parse(object, &args.path)) {
        (None, Err(words)) => {
            return refuse(ui, &sources, (words, "write Deployment/query".to_owned()));
        }
        (_, query) => query.ok(),
    };
    let repository = repository::RepositoryArgs {
        root: args.root.clone(),
        clusters: args.cluster.iter().cloned().collect(),
        jobs: None,
    };
    let world = match repository.world() {
        Ok(world) => world,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let loaded = crate::load(&world, &sources)
        .and_then(|repo| repository.check_clusters(&repo).map(|()| repo));
    let repo = match loaded {
        Ok(repo) => repo,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let stop = repository::interruption();
    let options = repository.options(&stop);
    let mut renders = Vec::new();
    crate::render::each(&repo, &options, &mut |render| renders.push(render));
    let answered = match (&args.values, &query) {
        (Some(values), _) => reach(args, values, ui, &repo, &renders)?,
        (None, Some(query)) => answer(args, query, ui, &repo, &renders)?,
        (None, None) => Ok(()),
    };
    let faults: Vec<Diagnostic> = renders
        .iter()
        .filter_map(|r| r.outcome.as_ref().err())
        .flatten()
        .cloned()
        .collect();
    match answered {
        Ok(()) if faults.is_empty() => Ok(Exit::Clean),
        Ok(()) => {
            ui.say("some components did not build; `thanos-gitops build` says why");
            Ok(Exit::Clean)
        }
        Err(_) if !faults.is_empty() => repository::refuse(ui, &sources, &faults),
        Err(refusal) => refuse(ui, &sources, refusal),
    }
}

fn objects(renders: &[Render]) -> Vec<Object<'_>> {
    renders.iter().flat_map(Object::of_render).collect()
}

fn answer(
    args: &Args,
    query: &Query,
    ui: &mut Ui,
    repo: &Repo<'_>,
    renders: &[Render],
) -> io::Result<Result<(), Refusal>> {
    let cluster = args.cluster.as_deref().unwrap_or_default();
    let sources = repo.sources;
    let explained = explain::find(cluster, &objects(renders), query).and_then(|found| {
        let each = found.into_iter();
        each.map(|object| explain::explain(sources, object, &query.path))
            .collect::<Result<Vec<Explanation<'_>>, Refusal>>()
    });
    let found = match explained {
        Ok(found) => found,
        Err(refusal) => return answer_gone(args, query, ui, repo, renders, refusal),
    };
    show(args, query, ui, sources, &found)?;
    Ok(Ok(()))
}

fn show(
    args: &Args,
    query: &Query,
    ui: &mut Ui,
    sources: &SourceMap,
    found: &[Explanation<'_>],
) -> io::Result<()> {
    if args.format == Format::Json {
        return json(ui, &explain::document(sources, found));
    }
    for (n, explanation) in found.iter().enumerate() {
        match query.path.is_empty() {
            true => {
                if n > 0 {
                    writeln!(ui.out, "---")?;
                }
                explain::write_whole(sources, explanation, &mut ui.out)?;
            }
            false => explain::write(sources, explanation, width(), &mut ui.out)?,
        }
    }
    Ok(())
}

/// Says of what is not there what took it away, if something did; else refuses.
fn answer_gone(
    args: &Args,
    query: &Query,
    ui: &mut Ui,
    repo: &Repo<'_>,
    renders: &[Render],
    refusal: Refusal,
) -> io::Result<Result<(), Refusal>> {
    let sources = repo.sources;
    let gone = explain::find_gone(renders, query);
    if !gone.is_empty() {
        match args.format {
            Format::Json => json(ui, &explain::gone_document(sources, &gone))?,
            Format::Text => {
                explain::write_gone(sources, &gone, width(), &mut ui.out)?;
            }
        }
        return Ok(Ok(()));
    }
    let Some(without) = explain::without_null(repo, renders, query) else {
        return Ok(Err(refusal));
    };
    show(args, query, ui, sources, &without.explanations(sources, query))?;
    Ok(Ok(()))
}

fn reach(
    args: &Args,
    values: &str,
    ui: &mut Ui,
    repo: &Repo<'_>,
    renders: &[Render],
) -> io::Result<Result<(), Refusal>> {
    let sources = repo.sources;
    let (path, file, line) = match place(values, &args.root, repo) {
        Ok(place) => place,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let targets = explain::targets(sources, file, line);
    if targets.is_empty() {
        let words = format!("`{values}` holds no value");
        return Ok(Err((
            words,
            "name the line of a value, or the file alone".to_owned(),
        )));
    }
    let inputs = renders.iter().filter_map(Render::built).flat_map(|built| &built.inputs);
    let is_read = inputs.into_iter().any(|input| *input == path)
        || path.as_str() == crate::config::FILE
        || in_chart(&path, repo);
    let files = explain::Files::of(sources, file);
    let mut reached = explain::reach(files, targets, renders, is_read);
    explain::reach_nulls(repo, renders, &mut reached);
    explain::name_files(repo, &path, &mut reached);
    if !in_chart(&path, repo) && !is_given(&path, repo, renders) {
        explain::unheld(&mut reached);
    }
    match args.format {
        Format::Json => json(ui, &explain::reach_document(sources, &reached))?,
        Format::Text => explain::write_reach(sources, &reached, width(), &mut ui.out)?,
    }
    Ok(Ok(()))
}

/// Is it a file of a chart? Builds read all of those, and tell of none.
fn in_chart(path: &VPath, repo: &Repo<'_>) -> bool {
    let mut folder = path.parent();
    while let Some(at) = folder {
        let chart = at.join("Chart.yaml");
        if chart.is_some_and(|chart| repo.world.read(&chart).is_ok()) {
            return true;
        }
        folder = at.parent();
    }
    false
}

/// Are values of this file given to a chart?
fn is_given(path: &VPath, repo: &Repo<'_>, renders: &[Render]) -> bool {
    let shown = repo.world.display(path);
    let documents = renders.iter().flat_map(|r| &r.charts).flat_map(|c| &c.documents);
    let mut files = documents.map(|document| document.values.span.file);
    files.any(|file| repo.sources.file(file).path == shown)
}

/// Takes the line off `FILE[:LINE]`; a column behind it, as reports print one, says nothing more.
fn numbered(values: &str) -> (&str, Option<usize>) {
    let end = |text: &'_ str| -> Option<(usize, usize)> {
        let (name, number) = text.rsplit_once(':')?;
        Some((name.len(), number.parse().ok()?))
    };
    let Some((at, last)) = end(values) else { return (values, None) };
    match end(&values[..at]) {
        Some((name, line)) => (&values[..name], Some(line)),
        None => (&values[..at], Some(last)),
    }
}

/// Reads `FILE[:LINE]`; the file is one of the repository, as seen from it, from here, or in
/// full, which is how editors name it.
#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn place(
    values: &str,
    root: &Path,
    repo: &Repo<'_>,
) -> Result<(VPath, FileId, Option<usize>), Refusal> {
    let (name, line) = numbered(values);
    let name = name.strip_prefix("./").unwrap_or(name);
    let (spelt, full) = (Path::new(name), root.canonicalize().unwrap_or_default());
    let within = spelt.strip_prefix(root).or_else(|_| spelt.strip_prefix(full));
    let within = within.ok().and_then(Path::to_str);
    let read = |name: &str| {
        let path = VPath::root().join(name)?;
        let bytes = repo.world.read(&path).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let file = repo.sources.add(repo.world.display(&path), text);
        Some((path, file))
    };
    match read(name).or_else(|| within.and_then(read)) {
        Some((path, file)) => Ok((path, file, line)),
        None => {
            let words = format!("cannot read `{name}` in the repository");
            Err((words, "write the path as it is seen from the root".to_owned()))
        }
    }
}

/// How many columns the terminal has; whole lines go to a file or a program.
#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    terminal.map_or(usize::MAX, |(width, _)| usize::from(width.0).max(60))
}

fn json(ui: &mut Ui, document: &serde_json::Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut ui.out, document)?;
    ui.out.write_all(b"\n")
}

fn refuse(ui: &mut Ui, sources: &SourceMap, (words, hint): Refusal) -> io::Result<Exit> {
    let fault = Diagnostic::error(Span::NONE, words).hint(hint);
    repository::refuse(ui, sources, &[*fault])
}
