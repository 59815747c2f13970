//! [`TemplateSet`]: templates by name, parsed once and shared between threads.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use source::{FileId, OriginId};

use crate::parse::{self, Node, Source, Tree};
use crate::{Error, Func, PendingTemplate, builtins};

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

    /// The function whose name is most like this one.
    pub(crate) fn similar(&self, name: &str) -> Option<String> {
        similar(name, self.0.keys().copied())
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
    texts: Arc<Texts>,
}

/// Texts that were parsed while templates ran: `tpl` is given few of them, each many times.
///
/// What a text parses to depends on the functions alone, so a set, its overlays and all
/// renders share one.
#[derive(Debug, Default)]
struct Texts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    bytes: usize,
    bodies: FxHashMap<TextKey, Arc<[Body]>>,
}

/// The name and the bytes of a text.
type TextKey = (Arc<str>, Arc<[u8]>);

/// The name and the nodes of a tree.
type Body = (Arc<str>, Arc<[Node]>);

/// Texts beyond this many bytes in all are parsed each time.
const MOST_TEXT: usize = 8 << 20;

impl TemplateSet {
    /// The template whose name is most like this one.
    pub(crate) fn similar(&self, name: &str) -> Option<String> {
        let outer = self.outer.as_ref().map(|outer| outer.trees.keys());
        let names = self.trees.keys().chain(outer.into_iter().flatten());
        similar(name, names.map(|name| &**name))
    }

    /// An empty set whose templates may call these functions.
    #[must_use]
    pub fn new(funcs: Arc<Funcs>) -> TemplateSet {
        let trees = FxHashMap::default();
        TemplateSet { funcs, trees, outer: None, texts: Arc::default() }
    }

    /// A set that sees all of `outer`, and hides it where both have a name.
    #[must_use]
    pub fn overlay(outer: &Arc<TemplateSet>) -> TemplateSet {
        TemplateSet {
            funcs: outer.funcs.clone(),
            trees: FxHashMap::default(),
            outer: Some(outer.clone()),
            texts: outer.texts.clone(),
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
            text: text.as_ref().into(),
            file,
            at: None,
            origin: OriginId::NONE,
            marks: Vec::new(),
            lines: None,
        })
    }

    /// Adds what texts define, as [`parse`](Self::parse) does one after the other. What no
    /// thread has parsed ahead is parsed here.
    ///
    /// # Errors
    /// The first text's that has one, and its position.
    pub fn parse_all(
        &mut self,
        texts: &[Arc<PendingTemplate>],
    ) -> Result<(), (usize, Box<Error>)> {
        for (at, text) in texts.iter().enumerate() {
            match text.trees(&self.funcs) {
                Ok(trees) => trees.iter().for_each(|tree| self.insert(tree.clone())),
                Err(error) => return Err((at, error.clone())),
            }
        }
        Ok(())
    }

    fn add(&mut self, source: Source) -> Result<(), Box<Error>> {
        let source = Arc::new(source);
        for tree in parse::parse(&source, &self.funcs)? {
            self.insert(Arc::new(tree));
        }
        Ok(())
    }

    /// The same for a text that templates made: its nodes are remembered.
    ///
    /// Returns the tree of the text itself, which the set has not if it holds but space and
    /// there is a template of its name.
    pub(crate) fn add_text(
        &mut self,
        source: Source,
    ) -> Result<Option<Arc<Tree>>, Box<Error>> {
        let key = (source.name.clone(), source.text.clone());
        let source = Arc::new(source);
        let bodies = match self.texts.find(&key) {
            Some(bodies) => bodies,
            None => {
                let trees = parse::parse(&source, &self.funcs)?;
                let body = |tree: Tree| (tree.name, tree.root);
                let bodies: Arc<[Body]> = trees.into_iter().map(body).collect();
                self.texts.keep(key, bodies.clone());
                bodies
            }
        };
        let mut own = None;
        for (name, root) in bodies.iter().cloned() {
            let is_own = name == source.name;
            let tree = Arc::new(Tree { name, source: source.clone(), root });
            self.insert(tree.clone());
            if is_own {
                own = Some(tree);
            }
        }
        self.leave_out_hidden();
        Ok(own)
    }

    /// Leaves out the set around it if that has nothing of its own to be seen: texts inside
    /// each other, of one name, make no chain of sets.
    fn leave_out_hidden(&mut self) {
        let Some(outer) = &self.outer else { return };
        if outer.outer.is_some() && outer.trees.keys().all(|n| self.trees.contains_key(n))
        {
            self.outer = outer.outer.clone();
        }
    }

    fn insert(&mut self, tree: Arc<Tree>) {
        if !parse::is_empty(&tree.root, &tree.source) || !self.contains(&tree.name) {
            self.trees.insert(tree.name.clone(), tree);
        }
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

    pub(crate) fn funcs(&self) -> &Arc<Funcs> {
        &self.funcs
    }

    pub(crate) fn lookup(&self, name: &str) -> Option<&Arc<Tree>> {
        let own = self.trees.get(name);
        own.or_else(|| self.outer.as_deref().and_then(|outer| outer.lookup(name)))
    }
}

impl Texts {
    fn find(&self, key: &TextKey) -> Option<Arc<[Body]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bodies.get(key).cloned()
    }

    fn keep(&self, key: TextKey, bodies: Arc<[Body]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + key.1.len() <= MOST_TEXT {
            kept.bytes += key.1.len();
            kept.bodies.insert(key, bodies);
        }
    }
}

/// The name that is most like another; the first of equals in the order of their bytes.
fn similar<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    source::did_you_mean(name, names).map(str::to_owned)
}
