//! Values checked against compiled schemas. (`validator.go`)
//!
//! The order of checks is upstream's; properties, whose order there is random, are sorted.

mod array;
mod object;
mod scalar;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::draft::Draft;
use crate::equal::equals;
use crate::formats::Formats;
use crate::path::Path;
use crate::quoting::{go_quoted, quote};
use crate::roots::Resource;
use crate::schema::{Id, Schema};
use crate::schemas::Schemas;
use crate::tree::{Fault, Kind};
use crate::words;

/// How many schemas may be inside each other, and looked at in all.
const MAX_DEPTH: u32 = 600;
const MAX_STEPS: u64 = if cfg!(test) { 20_000 } else { 2_000_000 };

/// Checks a value, and tells what is wrong with it, if anything; the error is that it takes
/// too much.
pub(crate) fn validate(
    schemas: &Schemas<'_>,
    formats: &Formats<'_>,
    (schema, value): (Id, &Value),
    meta: Option<Meta<'_>>,
) -> Result<Option<Fault>, String> {
    let (steps, excess) = (Cell::new(0), RefCell::new(None));
    let resources = meta.map(|meta| meta.resources);
    let run = Run { schemas, formats, resources, steps, excess };
    let found = run.whole(value, schema, meta.map(|meta| meta.schema));
    match run.excess.into_inner() {
        Some(words) => Err(words),
        None => Ok(found.err()),
    }
}

/// What a schema is checked with: that of its draft, and its parts of other drafts.
#[derive(Clone, Copy)]
pub(crate) struct Meta<'a> {
    pub(crate) schema: Id,
    pub(crate) resources: &'a BTreeMap<String, Resource>,
}

struct Run<'a, 'd> {
    schemas: &'a Schemas<'d>,
    formats: &'a Formats<'a>,
    resources: Option<&'a BTreeMap<String, Resource>>,
    steps: Cell<u64>,
    /// That it takes too much.
    excess: RefCell<Option<String>>,
}

impl Run<'_, '_> {
    /// Checks a value that is part of no other.
    fn whole(&self, value: &Value, schema: Id, meta: Option<Id>) -> Result<(), Fault> {
        let scope = Scope { schema, keyword: "", value: 0, depth: 0, parent: None };
        let uneval = self.unevaluated(value, schema, false);
        let state = State {
            run: self,
            value,
            path: Path::WHOLE,
            id: schema,
            scope: &scope,
            uneval,
            faults: Vec::new(),
            quiet: false,
            meta,
        };
        state.validate().map(drop)
    }

    /// What nothing has looked at yet, if that matters. (`unevalFrom`)
    fn unevaluated<'v>(&self, value: &'v Value, of: Id, asked: bool) -> Uneval<'v> {
        let mut uneval = Uneval::default();
        let Some(schema) = self.schemas.get(of) else { return uneval };
        let (object, array) = (&schema.object, &schema.array);
        let all_items = array.additional.is_some() || array.rest.is_some();
        match value {
            Value::Object(entries)
                if object.additional.is_none()
                    && (asked || object.unevaluated.is_some()) =>
            {
                uneval.properties.extend(entries.keys().map(String::as_str));
            }
            Value::Array(items)
                if !all_items && (asked || array.unevaluated.is_some()) =>
            {
                uneval.items.extend(array.first.len()..items.len());
            }
            _ => {}
        }
        uneval
    }
}

/// What no schema has looked at. (`uneval`)
#[derive(Debug, Default)]
struct Uneval<'v> {
    properties: BTreeSet<&'v str>,
    items: BTreeSet<usize>,
}

impl Uneval<'_> {
    fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.items.is_empty()
    }

    fn merge(&mut self, other: &Uneval<'_>) {
        self.properties.retain(|name| other.properties.contains(name));
        self.items.retain(|item| other.items.contains(item));
    }
}

/// How a schema was reached. (`scope`)
struct Scope<'s> {
    schema: Id,
    /// The keyword of a reference; else what leads to the schema follows from its address.
    keyword: &'static str,
    /// Two with one number look at the same value.
    value: u32,
    depth: u32,
    parent: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    /// The scopes from this one outwards.
    fn outwards(&'s self) -> impl Iterator<Item = &'s Scope<'s>> {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    /// The scope in which the same schema looks at the same value. (`checkCycle`)
    fn cycle(&'s self) -> Option<&'s Scope<'s>> {
        let same = |scope: &&Scope<'_>| scope.value == self.value;
        self.outwards().skip(1).take_while(same).find(|scope| scope.schema == self.schema)
    }

    /// The keywords that lead here. (`kwLoc`)
    fn keywords(&self, schemas: &Schemas<'_>) -> String {
        let location = |id: Id| schemas.get(id).map(Schema::location).unwrap_or_default();
        let mut parts: Vec<String> = Vec::new();
        for scope in self.outwards() {
            let Some(parent) = scope.parent else { break };
            parts.push(match scope.keyword {
                "" => {
                    let above = location(parent.schema).len();
                    location(scope.schema).get(above..).unwrap_or_default().to_owned()
                }
                keyword => format!("/{keyword}"),
            });
        }
        parts.reverse();
        parts.concat()
    }
}

/// One value and one schema. (`validator`)
struct State<'s, 'd> {
    run: &'s Run<'s, 'd>,
    value: &'s Value,
    path: Path<'s>,
    id: Id,
    scope: &'s Scope<'s>,
    uneval: Uneval<'s>,
    faults: Vec<Fault>,
    /// Does only matter whether it fits?
    quiet: bool,
    /// The schema of the draft, if it is schemas that are checked.
    meta: Option<Id>,
}

impl<'s, 'd> State<'s, 'd> {
    fn validate(mut self) -> Result<Uneval<'s>, Fault> {
        let Some(schema) = self.run.schemas.get(self.id) else {
            return Ok(self.uneval);
        };
        if self.takes_too_much() {
            return Ok(self.uneval);
        }
        if let Some(allowed) = schema.bool {
            return if allowed {
                Ok(self.uneval)
            } else {
                Err(self.fault("false schema"))
            };
        }
        self.decide(schema)?;
        if let Some(to) = schema.reference {
            let done = self.refer(to, "$ref");
            if schema.draft < Draft::Y2019 {
                return done.map(|()| self.uneval);
            }
            self.add(done);
        }
        match self.value {
            Value::Object(entries) => self.object(schema, entries),
            Value::Array(items) => self.array(schema, items),
            Value::String(text) => self.text(schema, text),
            Value::Number(number) => self.number(schema, number),
            Value::Null | Value::Bool(_) => {}
        }
        if self.faults.is_empty() || !self.quiet {
            if schema.draft >= Draft::Y2019 {
                self.other_references(schema);
            }
            self.conditions(schema);
            if schema.draft >= Draft::Y2019 {
                self.rest(schema);
            }
        }
        match Fault::group(self.path, self.faults) {
            Some(fault) => Err(fault),
            None => Ok(self.uneval),
        }
    }

    fn takes_too_much(&self) -> bool {
        let steps = self.run.steps.get() + 1;
        self.run.steps.set(steps);
        let too_much = steps > MAX_STEPS || self.scope.depth > MAX_DEPTH;
        if too_much {
            let words = match steps > MAX_STEPS {
                true => format!("the schema is looked at more than {MAX_STEPS} times"),
                false => format!("the schema leads more than {MAX_DEPTH} schemas deep"),
            };
            self.run.excess.replace(Some(words));
        }
        // Once it does, all that follows is of no interest.
        self.run.excess.borrow().is_some()
    }

    /// What ends the look at a schema if it does not fit.
    fn decide(&self, schema: &Schema<'d>) -> Result<(), Fault> {
        if let Some(before) = self.scope.cycle() {
            let schemas = self.run.schemas;
            let (here, before) = (self.scope.keywords(schemas), before.keywords(schemas));
            let to = go_quoted(&schema.location());
            return Err(self.fault(&format!(
                "both {here} and {before} resolve to {to} causing reference cycle"
            )));
        }
        if !schema.types.is_empty() && !scalar::fits(schema.types, self.value) {
            return Err(self.fault(&words::of_type(self.value, schema.types)));
        }
        if let Some(wanted) = schema.constant.filter(|wanted| !equals(self.value, wanted))
        {
            return Err(self.fault(&words::constant(wanted)));
        }
        if let Some(Value::Array(wanted)) = schema.one_of_values
            && !wanted.iter().any(|one| equals(self.value, one))
        {
            return Err(self.fault(&words::one_of(wanted)));
        }
        if let (Some(format), Value::String(text)) = (schema.format, self.value)
            && let Some(why) = self.run.formats.fault(format, text)
        {
            let words = format!("{} is not valid {format}: {why}", quote(text));
            return Err(self.fault(&words));
        }
        Ok(())
    }

    /// (`condValidate`)
    fn conditions(&mut self, schema: &Schema<'d>) {
        if let Some(not) = schema.not
            && self.same(not, "", true).is_ok()
        {
            self.say("'not' failed");
        }
        if !schema.all_of.is_empty() {
            let mut causes = Vec::new();
            for one in &schema.all_of {
                causes.extend(self.same(*one, "", false).err());
                if self.quiet && !causes.is_empty() {
                    break;
                }
            }
            if !causes.is_empty() {
                self.say_with(Kind::Gathered, "'allOf' failed", causes);
            }
        }
        self.any_of(schema);
        self.one_of(schema);
        if let Some(condition) = schema.if_ {
            let then = match self.same(condition, "", true) {
                Ok(()) => schema.then,
                Err(_) => schema.else_,
            };
            if let Some(then) = then {
                let done = self.same(then, "", false);
                self.add(done);
            }
        }
    }

    fn any_of(&mut self, schema: &Schema<'d>) {
        let (mut fits, mut causes) = (schema.any_of.is_empty(), Vec::new());
        for one in &schema.any_of {
            match self.same(*one, "", false) {
                Err(fault) => causes.push(fault),
                Ok(()) => {
                    fits = true;
                    // What none has looked at must be known of all.
                    if self.uneval.is_empty() {
                        break;
                    }
                }
            }
        }
        if !fits {
            self.say_with(Kind::Own, "'anyOf' failed", causes);
        }
    }

    fn one_of(&mut self, schema: &Schema<'d>) {
        let (mut fits, mut causes) = (None, Vec::new());
        for (index, one) in schema.one_of.iter().enumerate() {
            match (self.same(*one, "", fits.is_some()), fits) {
                (Err(fault), None) => causes.push(fault),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => fits = Some(index),
                (Ok(()), Some(first)) => {
                    self.say(&format!(
                        "'oneOf' failed, subschemas {first}, {index} matched"
                    ));
                    break;
                }
            }
        }
        if fits.is_none() && !schema.one_of.is_empty() {
            self.say_with(Kind::Own, "'oneOf' failed, none matched", causes);
        }
    }

    /// What nothing has looked at. (`unevalValidate`)
    fn rest(&mut self, schema: &Schema<'d>) {
        if let (Value::Object(entries), Some(id)) =
            (self.value, schema.object.unevaluated)
        {
            for name in std::mem::take(&mut self.uneval.properties) {
                if let Some(value) = entries.get(name) {
                    let done = self.part(id, value, name);
                    self.add(done);
                }
            }
        }
        if let (Value::Array(items), Some(id)) = (self.value, schema.array.unevaluated) {
            for index in std::mem::take(&mut self.uneval.items) {
                if let Some(item) = items.get(index) {
                    let done = self.part(id, item, &index.to_string());
                    self.add(done);
                }
            }
        }
    }

    /// (`validateRefs`)
    fn other_references(&mut self, schema: &Schema<'d>) {
        let schemas = self.run.schemas;
        if let Some(to) = schema.recursive_ref {
            let is_anchor =
                |id: &Id| schemas.get(*id).is_some_and(|s| s.recursive_anchor);
            let resource = |id: Id| schemas.get(id).map(|s| s.resource);
            let outer = self.scope.outwards().map(|scope| scope.schema);
            let mut outer =
                outer.filter(|id| resource(*id).is_some_and(|owner| is_anchor(&owner)));
            let to = match is_anchor(&to) {
                true => outer.by_ref().last().unwrap_or(to),
                false => to,
            };
            let done = self.refer(to, "$recursiveRef");
            self.add(done);
        }
        if let Some((to, name)) = &schema.dynamic_ref {
            let target = schemas.get(*to).and_then(|schema| schema.dynamic_anchor);
            let named = name.as_deref().filter(|name| target == Some(name));
            let found = named.and_then(|name| self.dynamic(name));
            let done = self.refer(found.unwrap_or(*to), "$dynamicRef");
            self.add(done);
        }
    }

    /// The outermost schema of a name. (`resolveDynamicAnchor`)
    fn dynamic(&self, name: &str) -> Option<Id> {
        let schemas = self.run.schemas;
        let scopes = self.scope.outwards();
        let found = scopes.filter_map(|scope| {
            let resource = schemas.get(scope.schema)?.resource;
            schemas.get(resource)?.dynamic_anchors.get(name).copied()
        });
        found.last()
    }

    /// (`validateRef`)
    fn refer(&mut self, to: Id, keyword: &'static str) -> Result<(), Fault> {
        let done = self.same(to, keyword, false);
        done.map_err(|fault| fault.referred(self.path))
    }

    /// Checks the same value against another schema. (`validateSelf`)
    fn same(&mut self, id: Id, keyword: &'static str, quiet: bool) -> Result<(), Fault> {
        let (value, depth) = (self.scope.value, self.scope.depth + 1);
        let scope = Scope { schema: id, keyword, value, depth, parent: Some(self.scope) };
        let uneval = self.run.unevaluated(self.value, id, !self.uneval.is_empty());
        let state = State {
            run: self.run,
            value: self.value,
            path: self.path,
            id,
            scope: &scope,
            uneval,
            faults: Vec::new(),
            quiet: self.quiet || quiet,
            meta: self.meta,
        };
        let seen = state.of_its_draft().validate()?;
        self.uneval.merge(&seen);
        Ok(())
    }

    /// Checks a part of the value. (`validateVal`)
    fn part(&self, id: Id, value: &Value, name: &str) -> Result<(), Fault> {
        let (number, depth) = (self.scope.value + 1, self.scope.depth + 1);
        let parent = Some(self.scope);
        let scope = Scope { schema: id, keyword: "", value: number, depth, parent };
        let state = State {
            run: self.run,
            value,
            path: self.path.below(name),
            id,
            scope: &scope,
            uneval: self.run.unevaluated(value, id, false),
            faults: Vec::new(),
            quiet: self.quiet,
            meta: self.meta,
        };
        state.of_its_draft().validate().map(drop)
    }

    /// The same with the schema of the draft that the part of a schema is of. (`handleMeta`)
    fn of_its_draft(mut self) -> Self {
        if let Some(id) = self.draft_of_part(self.id) {
            (self.id, self.meta) = (id, Some(id));
        }
        self
    }

    /// The schema of the draft of what stands here, if it has its own. (`metaResource`)
    fn draft_of_part(&self, id: Id) -> Option<Id> {
        let resources = self.run.resources.filter(|_| self.meta == Some(id))?;
        // The whole is always one of them.
        if resources.len() == 1 && !self.path.is_whole() {
            return None;
        }
        let parts = self.path.parts();
        let parts =
            parts.iter().map(|part| format!("/{}", crate::address::escaped(part)));
        let pointer: String = parts.collect();
        self.run.schemas.of_draft(resources.get(&pointer)?.draft)
    }

    fn fault(&self, words: &str) -> Fault {
        Fault::own(self.path, words)
    }

    fn say(&mut self, words: &str) {
        self.faults.push(self.fault(words));
    }

    fn say_with(&mut self, kind: Kind, words: &str, causes: Vec<Fault>) {
        self.faults.push(Fault::of(kind, self.path, words.to_owned(), causes));
    }

    fn add(&mut self, done: Result<(), Fault>) {
        self.faults.extend(done.err());
    }
}
