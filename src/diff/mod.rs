//! Two revisions of a repository, compared by what they compile to.
//!
//! [`compare()`] matches resources by cluster, component and name, and writes down what changes
//! in each as unified text in which secrets are masked (`mask.rs`). Equal changes of several
//! clusters are one [`Change`]. The writers are `text.rs`, `markdown.rs` and `json.rs`.

mod compare;
mod json;
mod markdown;
mod mask;
mod text;

use std::io;

pub use compare::{Change, ChangeKind, Diff, Side, compare};

/// What a diff may look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Unified text, for people
    #[default]
    Text,
    /// For the comment on a pull request
    Markdown,
    /// For programs
    Json,
}

/// How to write a diff.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// What it looks like.
    pub format: Format,
    /// Colour, in text.
    pub color: bool,
    /// The most bytes that Markdown may take; hosts refuse long comments.
    pub most_bytes: usize,
}

impl Diff {
    /// Writes the diff.
    pub fn write(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        match style.format {
            Format::Text => text::write(self, style.color, out),
            Format::Markdown => markdown::write(self, style.most_bytes, out),
            Format::Json => json::write(self, out),
        }
    }
}
