//! A tree of files that a build is asked for.

use std::collections::BTreeMap;

use crate::dress::dressed;
use crate::yaml::Yaml;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A document of YAML.
    Yaml(Yaml),
    /// Anything.
    Raw(String),
}

/// Files, and how the build is asked for.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Path and documents.
    pub files: BTreeMap<String, Vec<Part>>,
    /// The folder to build.
    pub dir: String,
    /// `--reorder`, empty if it is not given.
    pub reorder: &'static str,
    /// Is Kustomize 5.7 mirrored?
    pub is_5_7: bool,
    /// The seed of what its texts hold beside the fields, if anything.
    pub dress: Option<u64>,
}

impl Tree {
    /// Adds a document to a file.
    pub fn add(&mut self, path: String, part: Part) {
        self.files.entry(path).or_default().push(part);
    }

    /// The texts.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let dressed = |path: &str, text: String| match self.dress {
            Some(seed) => dressed(seed, path, text),
            None => text,
        };
        let one = |(path, parts): (&String, &Vec<Part>)| {
            (path.clone(), dressed(path, text(parts)))
        };
        self.files.iter().map(one).collect()
    }

    /// The tree without its `n`th removable part: files, then documents, then fields.
    pub fn cut(&self, mut n: usize) -> Option<Tree> {
        let mut tree = self.clone();
        let removable: Vec<String> = self.files.keys().cloned().collect();
        if n < removable.len() {
            tree.files.remove(&removable[n]);
            return Some(tree);
        }
        n -= removable.len();
        for (path, parts) in &self.files {
            if n < parts.len() {
                if parts.len() > 1 {
                    tree.files.get_mut(path)?.remove(n);
                }
                return Some(tree);
            }
            n -= parts.len();
        }
        for (path, parts) in &self.files {
            for (at, part) in parts.iter().enumerate() {
                match part {
                    Part::Yaml(yaml) => {
                        if let Some(smaller) = yaml.without(&mut n) {
                            tree.files.get_mut(path)?[at] = Part::Yaml(smaller);
                            return Some(tree);
                        }
                    }
                    Part::Raw(text) => {
                        let lines: Vec<&str> = text.split_inclusive('\n').collect();
                        if n < lines.len() {
                            let kept = lines.iter().enumerate().filter(|(i, _)| *i != n);
                            let kept = kept.map(|(_, line)| *line).collect();
                            tree.files.get_mut(path)?[at] = Part::Raw(kept);
                            return Some(tree);
                        }
                        n -= lines.len();
                    }
                }
            }
        }
        None
    }
}

fn text(parts: &[Part]) -> String {
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push_str("---\n");
        }
        match part {
            Part::Yaml(yaml) => out.push_str(&yaml.text()),
            Part::Raw(text) => out.push_str(text),
        }
    }
    out
}

/// Adds the files of a folder on disk.
pub fn read(folder: &std::path::Path, below: &str, tree: &mut Tree) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), tree);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            tree.add(name, Part::Raw(text));
        }
    }
}
