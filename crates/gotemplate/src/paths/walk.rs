//! The abstract execution of templates.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::printed::Printed;
use super::{Abstract, Paths};
use crate::parse::{Branch, Command, Expr, ExprKind, Name, Node, Pipe, Tree};
use crate::{Look, TemplateSet};

/// Nodes that are visited before it gives up.
const MAX_STEPS: u32 = 4_000_000;

/// Longer lists are not gone through item by item.
const MAX_UNROLLED: usize = 64;

/// Templates inside each other.
const MAX_DEPTH: u32 = 200;

/// An abstract execution.
pub(super) struct Walk<'a> {
    pub(super) paths: &'a mut Paths,
    pub(super) set: &'a TemplateSet,
    pub(super) look: fn(&str) -> Look,
    /// What was executed already, templates and their dots, and what they print.
    done: FxHashMap<(usize, Abstract), Printed>,
    steps: u32,
    depth: u32,
}

/// The variables of one template.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) dot: Abstract,
    vars: Vec<(String, Abstract)>,
    /// How many branches and loops are around that may not be taken.
    perhaps: u32,
}

impl Scope {
    pub(super) fn var(&self, name: &str) -> Abstract {
        let found = self.vars.iter().rev().find(|var| var.0 == name);
        found.map(|var| var.1.clone()).unwrap_or_default()
    }

    /// The variable is this from here on, or may be.
    fn assign(&mut self, name: &str, value: Abstract) {
        let var = self.vars.iter_mut().rev().find(|var| var.0 == name);
        match var {
            Some(var) if self.perhaps == 0 => var.1 = value,
            _ => self.join(name, value),
        }
    }

    /// The variable of a loop, which its pipeline has declared, is this.
    fn declared(&mut self, name: &str, value: Abstract) {
        if let Some(var) = self.vars.iter_mut().rev().find(|var| var.0 == name) {
            var.1 = value;
        }
    }

    /// The variable may be this, too.
    pub(super) fn join(&mut self, name: &str, value: Abstract) {
        if let Some(var) = self.vars.iter_mut().rev().find(|var| var.0 == name) {
            var.1 = Abstract::one_of([std::mem::take(&mut var.1), value]);
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        paths: &'a mut Paths,
        set: &'a TemplateSet,
        look: fn(&str) -> Look,
    ) -> Walk<'a> {
        let done = FxHashMap::default();
        Walk { paths, set, look, done, steps: 0, depth: 0 }
    }

    pub(super) fn start(&mut self, name: &str, dot: &Abstract) {
        self.template(name, dot);
    }

    pub(super) fn gave_up(&self) -> bool {
        self.steps > MAX_STEPS
    }

    /// Executes a template, unless that was done with the same dot.
    pub(super) fn template(&mut self, name: &str, dot: &Abstract) -> Printed {
        let Some(tree) = self.set.lookup(name).cloned() else {
            return Printed::unknown();
        };
        let key = (Arc::as_ptr(&tree) as usize, dot.clone());
        if let Some(known) = self.done.get(&key) {
            return known.clone();
        }
        // What calls itself is not known while it is being executed.
        self.done.insert(key.clone(), Printed::unknown());
        let printed = self.run(&tree, dot);
        self.done.insert(key, printed.clone());
        printed
    }

    /// Executes any template whose name begins like this: which one cannot be told.
    pub(super) fn any_template(&mut self, prefix: &str, dot: &Abstract) {
        for name in self.set.names() {
            if name.starts_with(prefix) {
                self.template(&name, dot);
            }
        }
    }

    pub(super) fn run(&mut self, tree: &Tree, dot: &Abstract) -> Printed {
        if self.depth >= MAX_DEPTH {
            self.whole(dot);
            return Printed::unknown();
        }
        self.depth += 1;
        let vars = vec![("$".to_owned(), dot.clone())];
        let mut scope = Scope { dot: dot.clone(), vars, perhaps: 0 };
        let printed = self.nodes(&mut scope, tree, &tree.root);
        self.depth -= 1;
        printed
    }

    /// What is looked at as a whole: printed, or handed to a function that sees all of it.
    pub(super) fn whole(&mut self, value: &Abstract) {
        match value {
            Abstract::Unknown
            | Abstract::Text(_)
            | Abstract::Prefix(_)
            | Abstract::Number(_) => {}
            Abstract::At(id) => self.paths.look_whole(*id),
            Abstract::Map(entries) => {
                entries.values().for_each(|value| self.whole(value));
            }
            Abstract::List(values) => values.iter().for_each(|value| self.whole(value)),
            Abstract::Items(values) | Abstract::OneOf(values) => {
                values.iter().for_each(|value| self.whole(value));
            }
        }
    }

    fn nodes(&mut self, scope: &mut Scope, tree: &Tree, nodes: &[Node]) -> Printed {
        let mut printed = Printed::nothing();
        for node in nodes {
            self.steps += 1;
            if self.gave_up() {
                return Printed::unknown();
            }
            let next = match node {
                Node::Text(range) => Printed::text(tree.source.get(*range)),
                Node::Break | Node::Continue => Printed::unknown(),
                Node::Action(action) => {
                    let value = self.pipeline(scope, &action.pipe);
                    match action.pipe.decl.is_empty() {
                        true => {
                            self.whole(&value);
                            Printed::of(&value)
                        }
                        false => Printed::nothing(),
                    }
                }
                Node::If(branch) => self.branch(scope, tree, branch, false),
                Node::With(branch) => self.branch(scope, tree, branch, true),
                Node::Range(branch) => self.range(scope, tree, branch),
                Node::Template(template) => {
                    let dot = template.pipe.as_ref();
                    let dot = dot.map(|pipe| self.pipeline(scope, pipe));
                    self.template(&template.name, &dot.unwrap_or_default())
                }
            };
            printed.then(next);
        }
        printed
    }

    fn branch(
        &mut self,
        scope: &mut Scope,
        tree: &Tree,
        branch: &Branch,
        with: bool,
    ) -> Printed {
        let mark = scope.vars.len();
        let value = self.pipeline(scope, &branch.pipe);
        let dot = if with { value } else { scope.dot.clone() };
        let outer = std::mem::replace(&mut scope.dot, dot);
        scope.perhaps += 1;
        let yes = self.nodes(scope, tree, &branch.list);
        scope.dot = outer;
        let no = self.nodes(scope, tree, branch.else_list.as_deref().unwrap_or_default());
        scope.perhaps -= 1;
        scope.vars.truncate(mark);
        yes.or(no)
    }

    fn range(&mut self, scope: &mut Scope, tree: &Tree, branch: &Branch) -> Printed {
        let mark = scope.vars.len();
        let value = self.pipeline(scope, &branch.pipe);
        let mut printed = Printed::nothing();
        match &value {
            Abstract::List(items) if items.len() <= MAX_UNROLLED => {
                for (n, item) in items.iter().enumerate() {
                    let n = Abstract::Number(i64::try_from(n).unwrap_or_default());
                    printed.then(self.iteration(scope, tree, branch, [&n, item]));
                }
            }
            value => {
                let (keys, element) = (self.keys(value), self.elements(value));
                scope.perhaps += 1;
                // What one iteration assigns, the next one sees.
                for _ in 0..3 {
                    let before = scope.vars.clone();
                    printed.then(self.iteration(scope, tree, branch, [&keys, &element]));
                    if scope.vars == before {
                        break;
                    }
                }
                let none = branch.else_list.as_deref().unwrap_or_default();
                printed.then(self.nodes(scope, tree, none));
                scope.perhaps -= 1;
                if !printed.is_nothing() {
                    printed = Printed::unknown();
                }
            }
        }
        scope.vars.truncate(mark);
        printed
    }

    /// Executes the body of a loop with a key and an element.
    fn iteration(
        &mut self,
        scope: &mut Scope,
        tree: &Tree,
        branch: &Branch,
        [key, element]: [&Abstract; 2],
    ) -> Printed {
        let decl = &branch.pipe.decl;
        let given = if decl.len() > 1 { [key, element] } else { [element, key] };
        for (variable, value) in decl.iter().zip(given) {
            match branch.pipe.assigns {
                true => scope.assign(&variable.name, value.clone()),
                false => scope.declared(&variable.name, value.clone()),
            }
        }
        let outer = std::mem::replace(&mut scope.dot, element.clone());
        let inner = scope.vars.len();
        let printed = self.nodes(scope, tree, &branch.list);
        scope.vars.truncate(inner);
        scope.dot = outer;
        printed
    }

    fn pipeline(&mut self, scope: &mut Scope, pipe: &Pipe) -> Abstract {
        let mut value = None;
        for command in &pipe.cmds {
            value = Some(self.command(scope, command, value));
        }
        let value = value.unwrap_or_default();
        for variable in &pipe.decl {
            match pipe.assigns {
                true => scope.assign(&variable.name, value.clone()),
                false => scope.vars.push((variable.name.to_string(), value.clone())),
            }
        }
        value
    }

    fn command(
        &mut self,
        scope: &mut Scope,
        command: &Command,
        last: Option<Abstract>,
    ) -> Abstract {
        self.steps += 1;
        let Some((first, args)) = command.args.split_first() else {
            return Abstract::Unknown;
        };
        if let ExprKind::Identifier(func) = &first.kind {
            let mut values: Vec<Abstract> =
                args.iter().map(|arg| self.value(scope, arg)).collect();
            values.extend(last);
            let target = args.first().map(|arg| &arg.kind);
            return self.call(scope, func, target, values);
        }
        // The arguments of a method: `.Files.Get .Values.name`.
        let more: Vec<Abstract> = args.iter().map(|arg| self.value(scope, arg)).collect();
        more.iter().chain(&last).for_each(|value| self.whole(value));
        self.value(scope, first)
    }

    fn value(&mut self, scope: &mut Scope, expr: &Expr) -> Abstract {
        match &expr.kind {
            ExprKind::Dot => scope.dot.clone(),
            ExprKind::Nil | ExprKind::Bool(_) => Abstract::Unknown,
            ExprKind::Number(number) => {
                number.int.map(Abstract::Number).unwrap_or_default()
            }
            ExprKind::Str { text, .. } => {
                let text = String::from_utf8_lossy(text);
                if text.contains("Values") && text.contains('.') {
                    self.paths.quoted.push(text.as_ref().into());
                }
                Abstract::Text(text.as_ref().into())
            }
            ExprKind::Field(fields) => self.fields(scope.dot.clone(), fields),
            ExprKind::Variable { name, fields } => self.fields(scope.var(name), fields),
            ExprKind::Chain { node, fields } => {
                let value = self.value(scope, node);
                self.fields(value, fields)
            }
            ExprKind::Identifier(func) => self.call(scope, func, None, Vec::new()),
            ExprKind::Pipe(pipe) => self.pipeline(scope, pipe),
        }
    }

    fn fields(&mut self, value: Abstract, fields: &[Name]) -> Abstract {
        fields.iter().fold(value, |value, field| self.field(&value, &field.text))
    }

    /// The entry of a key.
    pub(super) fn field(&mut self, value: &Abstract, key: &str) -> Abstract {
        match value {
            Abstract::At(id) => {
                let found = self.paths.entry(*id, key);
                found.map(Abstract::At).unwrap_or_default()
            }
            Abstract::Map(entries) => {
                let found = entries.get(key).or_else(|| entries.get(Abstract::ANY));
                found.cloned().unwrap_or_default()
            }
            Abstract::OneOf(values) => {
                let found: Vec<Abstract> =
                    values.iter().map(|value| self.field(value, key)).collect();
                Abstract::one_of(found)
            }
            _ => Abstract::Unknown,
        }
    }

    /// Any entry or item.
    pub(super) fn elements(&mut self, value: &Abstract) -> Abstract {
        match value {
            Abstract::At(id) => self.paths.any(*id).map(Abstract::At).unwrap_or_default(),
            Abstract::Map(entries) => Abstract::one_of(entries.values().cloned()),
            Abstract::List(items) => Abstract::one_of(items.iter().cloned()),
            Abstract::Items(items) => Abstract::one_of(items.iter().cloned()),
            Abstract::OneOf(values) => {
                let found: Vec<Abstract> =
                    values.iter().map(|value| self.elements(value)).collect();
                Abstract::one_of(found)
            }
            _ => Abstract::Unknown,
        }
    }

    /// What its keys can be.
    pub(super) fn keys(&mut self, value: &Abstract) -> Abstract {
        match value {
            Abstract::Map(entries) if !entries.contains_key(Abstract::ANY) => {
                Abstract::one_of(entries.keys().cloned().map(Abstract::Text))
            }
            _ => Abstract::Unknown,
        }
    }
}
