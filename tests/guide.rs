//! The transcripts of the guides and of the README are what the program prints.
//!
//! A block ```` ```console ```` holds commands (`$ thanos-gitops …`) and what they print, both
//! streams; a line `…` stands for any lines. They run in a copy of `repo-template/`, one after
//! the other. Comments before a block prepare it: `<!-- edit FILE: OLD => NEW -->` replaces a
//! text, `<!-- reset -->` starts with a fresh copy, `<!-- run COMMAND -->` runs one that is not
//! shown. Blocks of other programs are left alone. `UPDATE=1` writes the transcripts anew; the
//! Korean texts hold those of the English ones.

use std::path::{Path, PathBuf};

use crate::fixture::Repo;

#[test]
fn the_guide_shows_what_the_program_prints() {
    both("docs/guide.md", "docs/guide.ko.md");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    both("README.md", "README.ko.md");
}

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// Checks the English text by running it, and the Korean one against it.
fn both(english: &str, korean: &str) {
    let text = std::fs::read_to_string(at(english)).unwrap();
    let played = play(&text);
    settle(english, &text, &played);
    let translated = std::fs::read_to_string(at(korean)).unwrap();
    let mut blocks = blocks(&played).into_iter();
    let mut told = String::new();
    for part in Parts::of(&translated) {
        match part {
            Part::Transcript(_) => {
                told += &blocks.next().expect("as many transcripts as in English");
            }
            Part::Other(text) => told += text,
        }
    }
    assert_eq!(blocks.next(), None, "{korean} lacks a transcript");
    settle(korean, &translated, &told);
}

fn settle(path: &str, committed: &str, played: &str) {
    if committed != played && updating() {
        std::fs::write(at(path), played).unwrap();
        return;
    }
    assert_eq!(committed, played, "{path}: run `UPDATE=1 cargo test`");
}

/// A piece of a page: a transcript without its fences, or anything else.
enum Part<'t> {
    Transcript(&'t str),
    Other(&'t str),
}

struct Parts<'t> {
    rest: &'t str,
    inside: bool,
}

impl<'t> Parts<'t> {
    fn of(rest: &'t str) -> Parts<'t> {
        Parts { rest, inside: false }
    }
}

impl<'t> Iterator for Parts<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        const OPEN: &str = "```console\n$ thanos-gitops";
        if self.rest.is_empty() {
            return None;
        }
        let end = match self.inside {
            true => self.rest.find("\n```\n").map_or(self.rest.len(), |at| at + 1),
            false => match self.rest.find(OPEN) {
                Some(at) => at + "```console\n".len(),
                None => self.rest.len(),
            },
        };
        let (part, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.inside = !self.inside;
        Some(match self.inside {
            false => Part::Transcript(part),
            true => Part::Other(part),
        })
    }
}

fn blocks(page: &str) -> Vec<String> {
    let transcript = |part| match part {
        Part::Transcript(text) => Some(text.to_owned()),
        Part::Other(_) => None,
    };
    Parts::of(page).filter_map(transcript).collect()
}

/// The page with every transcript as it is now.
fn play(page: &str) -> String {
    let mut repo = template();
    let mut played = String::new();
    for part in Parts::of(page) {
        match part {
            Part::Other(text) => {
                played += text;
                for comment in text.split("<!-- ").skip(1) {
                    let comment = comment.split(" -->").next().unwrap_or("");
                    if comment == "reset" {
                        repo = template();
                    }
                    prepare(&repo, comment);
                }
            }
            Part::Transcript(text) => played += &transcript(&repo, text),
        }
    }
    played
}

fn template() -> Repo {
    let repo = Repo::new(&[]);
    repo.run(&["init", "repo-template"]).exits(0);
    repo
}

fn prepare(repo: &Repo, comment: &str) {
    if let Some((file, change)) =
        comment.strip_prefix("edit ").and_then(|c| c.split_once(": "))
    {
        let (old, new) = change.split_once(" => ").expect("OLD => NEW");
        let (old, new) = (old.replace("\\n", "\n"), new.replace("\\n", "\n"));
        let path = format!("repo-template/{file}");
        let text = repo.read(&path);
        assert!(text.contains(&old), "{file} does not hold {old:?}");
        repo.write(&path, &text.replacen(&old, &new, 1));
    } else if let Some(command) = comment.strip_prefix("run ") {
        run(repo, command);
    }
}

/// What a command prints: `thanos-gitops` or `git`, in the repository or the folder above it.
fn run(repo: &Repo, command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let (program, args) = words.split_first().expect("a command");
    if args.first() == Some(&"init") {
        let ran = Repo::new(&[]).run(args);
        return ran.out + &ran.err;
    }
    let above = args.iter().any(|arg| arg.starts_with("repo-template"));
    let folder = repo.at(if above { "." } else { "repo-template" });
    let mut command = match *program {
        "git" => {
            let mut git = std::process::Command::new("git");
            git.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
            git.env("GIT_CONFIG_GLOBAL", "/dev/null");
            git.args(args);
            git
        }
        _ => repo.command(args),
    };
    let ran = command.current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("text");
    text(ran.stdout) + &text(ran.stderr)
}

/// The commands of a transcript with what they print now.
fn transcript(repo: &Repo, text: &str) -> String {
    let mut played = String::new();
    for step in format!("\n{text}").split("\n$ ").skip(1) {
        let (command, shown) = step.split_once('\n').unwrap_or((step, ""));
        let printed = run(repo, command.split("  #").next().unwrap_or(command));
        let printed = printed.trim_end_matches('\n');
        let shown = shown.trim_end_matches('\n');
        let kept = if fits(shown, printed) { shown } else { printed };
        played += &format!("$ {command}\n");
        if !kept.is_empty() {
            played += &format!("{kept}\n");
        }
    }
    played
}

/// Is it what is shown, where a line `…` stands for any lines?
fn fits(shown: &str, printed: &str) -> bool {
    let mut rest = format!("\n{printed}\n");
    let pieces: Vec<&str> = shown.split("…\n").flat_map(|p| p.split("\n…")).collect();
    if pieces.len() == 1 {
        return shown == printed;
    }
    for piece in pieces {
        let piece = piece.trim_matches('\n');
        let Some(at) = rest.find(&format!("\n{piece}\n")) else {
            return piece.is_empty();
        };
        rest = rest[at + piece.len() + 1..].to_owned();
    }
    true
}
