//! `explain`

use std::io::{self, Write};
use std::path::PathBuf;

use source::{Diagnostic, SourceMap, Span};

use super::exit::Exit;
use super::repository;
use super::ui::Ui;
use crate::explain::{self, Explanation, Query};
use crate::{Repo, fleet};

/// Say where each field of an object came from, with the source lines
///
/// Without a path, every field is listed with the line that set it. With one, the whole chain is
/// shown: the values layer that won and those that it overrides, the template line, the
/// conditions, and the patches and transformers that touched it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The cluster
    cluster: String,
    /// The object: KIND/NAME, KIND/NAME.NAMESPACE or KIND/NAMESPACE/NAME
    object: String,
    /// The field: spec.replicas, spec.template.spec.containers[name=query].args
    #[arg(default_value = "")]
    path: String,
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

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let sources = SourceMap::new();
    let query = match Query::parse(&args.object, &args.path) {
        Ok(query) => query,
        Err(words) => return refuse(ui, &sources, words, "write Deployment/query"),
    };
    let repository = repository::RepositoryArgs {
        root: args.root.clone(),
        clusters: vec![args.cluster.clone()],
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
    let mut renders = Vec::new();
    let rendered =
        repository::render(&repo, &repository.options(&stop), ui, &mut |render| {
            renders.push(render);
            Ok(())
        });
    if let Some(exit) = rendered? {
        return Ok(exit);
    }
    let fleet = crate::link(&repo, &renders);
    let own = fleet.clusters.iter().filter(|c| c.cluster.name == args.cluster);
    let found: Vec<Explanation<'_>> =
        own.flat_map(|cluster| explain::explain(&repo, cluster, &query)).collect();
    answer(args, ui, &repo, &fleet, &found)
}

fn answer(
    args: &Args,
    ui: &mut Ui,
    repo: &Repo<'_>,
    fleet: &fleet::Fleet<'_>,
    found: &[Explanation<'_>],
) -> io::Result<Exit> {
    let (object, cluster) = (&args.object, &args.cluster);
    if found.is_empty() {
        let words = format!("no object `{object}` in {cluster}");
        let own = fleet.objects().filter(|o| o.cluster().name == *cluster);
        let names: Vec<String> =
            own.map(|o| format!("{}/{}", o.kind(), o.name())).collect();
        let close = crate::config::did_you_mean(object, names.iter().map(String::as_str));
        let hint = match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => "write KIND/NAME, as in `Deployment/query`".to_owned(),
        };
        return refuse(ui, repo.sources, words, &hint);
    }
    if found.iter().all(|explanation| explanation.fields.is_empty()) {
        let words = format!("`{object}` has no field `{}`", args.path);
        let hint = "leave the path out to see every field";
        return refuse(ui, repo.sources, words, hint);
    }
    match args.format {
        Format::Json => {
            let document = explain::document(repo.sources, found);
            serde_json::to_writer_pretty(&mut ui.out, &document)?;
            ui.out.write_all(b"\n")?;
        }
        Format::Text => {
            for explanation in found {
                let whole = !args.path.is_empty();
                explain::write(repo.sources, explanation, whole, &mut ui.out)?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn refuse(
    ui: &mut Ui,
    sources: &SourceMap,
    words: String,
    hint: &str,
) -> io::Result<Exit> {
    let fault = Diagnostic::error(Span::NONE, words).hint(hint);
    repository::refuse(ui, sources, &[*fault])
}
