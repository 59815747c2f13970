//! [`TemplateSet`]: templates by name, parsed once and shared between threads.

use std::sync::Arc;

use ecow::EcoVec;
use rustc_hash::FxHashMap;
use source::{FileId, OriginId};

use crate::parse::{self, Source, Tree};
use crate::{Error, Func, builtins};

/// The functions that templates may call, by name.
#[derive(Clone, Debug, Default)]
pub struct Funcs(FxHashMap<&'static str, &'static Func>);

impl Funcs {
    /// Those of text/template itself: `printf`, `index`, `eq`, ….
    #[must_use]
    pub fn builtins() -> Funcs {
        Funcs::default().with(builtins::FUNCS)
    }

    /// The same with more; a later function replaces an earlier one of its name.
    #[must_use]
    pub fn with(mut self, funcs: &'static [Func]) -> Funcs {
        self.0.extend(funcs.iter().map(|func| (func.name, func)));
        self
    }

    /// The same without some.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Funcs {
        self.0.retain(|name, _| !names.contains(name));
        self
    }

    /// The function of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Func> {
        self.0.get(name).copied()
    }
}

/// Templates by name. Parse everything, wrap it in an [`Arc`], and execute it as often and
/// on as many threads as you like.
#[derive(Clone, Debug)]
pub struct TemplateSet {
    funcs: Arc<Funcs>,
    trees: FxHashMap<Arc<str>, Arc<Tree>>,
    outer: Option<Arc<TemplateSet>>,
}

impl TemplateSet {
    /// An empty set whose templates may call these functions.
    #[must_use]
    pub fn new(funcs: Arc<Funcs>) -> TemplateSet {
        TemplateSet { funcs, trees: FxHashMap::default(), outer: None }
    }

    /// A set that sees all of `outer`, and hides it where both have a name.
    #[must_use]
    pub fn overlay(outer: &Arc<TemplateSet>) -> TemplateSet {
        TemplateSet {
            funcs: outer.funcs.clone(),
            trees: FxHashMap::default(),
            outer: Some(outer.clone()),
        }
    }

    /// Parses a text as the template `name`, and adds it and all that it defines.
    ///
    /// A later template replaces an earlier one of its name, unless it holds but space.
    /// (text/template: `Template.Parse`)
    ///
    /// # Errors
    /// The first thing that is wrong with the text, in Go's words.
    pub fn parse(
        &mut self,
        name: &str,
        text: impl AsRef<[u8]>,
        file: FileId,
    ) -> Result<(), Box<Error>> {
        self.add(Source {
            name: Arc::from(name),
            text: EcoVec::from(text.as_ref()),
            file,
            at: None,
            origin: OriginId::NONE,
            marks: Vec::new(),
        })
        .map(drop)
    }

    /// Returns the tree of the text itself, which the set has not if it holds but space and
    /// there is a template of its name.
    pub(crate) fn add(
        &mut self,
        source: Source,
    ) -> Result<Option<Arc<Tree>>, Box<Error>> {
        let source = Arc::new(source);
        let mut own = None;
        for tree in parse::parse(&source, &self.funcs)? {
            let tree = Arc::new(tree);
            if tree.name == source.name {
                own = Some(tree.clone());
            }
            let empty = parse::is_empty(&tree.root, &tree.source);
            if !empty || self.lookup(&tree.name).is_none() {
                self.trees.insert(tree.name.clone(), tree);
            }
        }
        Ok(own)
    }

    /// Is there a template of this name?
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.lookup(name).is_some()
    }

    /// The names of all templates, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.trees.keys().cloned().collect();
        names.extend(self.outer.iter().flat_map(|outer| outer.names()));
        names.sort();
        names.dedup();
        names
    }

    pub(crate) fn lookup(&self, name: &str) -> Option<&Arc<Tree>> {
        let own = self.trees.get(name);
        own.or_else(|| self.outer.as_deref().and_then(|outer| outer.lookup(name)))
    }
}
