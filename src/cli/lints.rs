//! `lints`

use std::io::{self, Write};

use source::{Diagnostic, SourceMap, Span};

use super::exit::Exit;
use super::repository;
use super::ui::Ui;
use crate::lint::{LINTS, Lint};
use crate::report::word;

/// List the lints, or print the page of one
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The lint's name or code
    name: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let Some(name) = &args.name else {
        let width = LINTS.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
        for lint in LINTS {
            let (code, name, level) = (lint.code, lint.name, word(lint.level));
            writeln!(ui.out, "{code}  {name:<width$}  {level:<7}  {}", lint.summary())?;
        }
        return Ok(Exit::Clean);
    };
    if let Some(lint) = Lint::find(name) {
        write!(ui.out, "{}", lint.page)?;
        return Ok(Exit::Clean);
    }
    let names = LINTS.iter().flat_map(|lint| [lint.name, lint.code]);
    let hint = match crate::config::did_you_mean(name, names) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "`thanos-gitops lints` lists them".to_owned(),
    };
    let fault = Diagnostic::error(Span::NONE, format!("no lint `{name}`")).hint(hint);
    repository::refuse(ui, &SourceMap::new(), &[*fault])
}
