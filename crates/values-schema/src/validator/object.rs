//! Objects. (`objValidate`)

use serde_json::{Map, Value};

use super::State;
use crate::draft::Draft;
use crate::path::Path;
use crate::quoting::quote;
use crate::schema::{Additional, Dependency, ObjectRules, Schema};
use crate::tree::{Fault, Kind};
use crate::words;

impl<'s, 'd> State<'s, 'd> {
    pub(super) fn object(
        &mut self,
        schema: &Schema<'d>,
        entries: &'s Map<String, Value>,
    ) {
        let rules = &schema.object;
        self.size("Properties", entries.len(), rules.min, rules.max);
        if let Some(missing) = missing(entries, &rules.required) {
            self.say(&words::missing(&missing));
        }
        if self.quiet && !self.faults.is_empty() {
            return;
        }
        for (name, asked) in &rules.dependencies {
            if !entries.contains_key(*name) {
                continue;
            }
            match asked {
                Dependency::Names(names) => self.depend(entries, name, names),
                Dependency::Schema(id) => {
                    let done = self.same(*id, "", false);
                    self.add(done);
                }
            }
        }
        self.properties(rules, entries);
        if let Some(names) = rules.names.filter(|_| schema.draft >= Draft::Six) {
            for name in entries.keys() {
                self.name(names, name);
            }
        }
        for (name, id) in &rules.dependent_schemas {
            if entries.contains_key(*name) {
                let done = self.same(*id, "", false);
                self.add(done);
            }
        }
        for (name, names) in &rules.dependent_required {
            if entries.contains_key(*name) {
                self.depend(entries, name, names);
            }
        }
    }

    fn properties(&mut self, rules: &ObjectRules<'d>, entries: &'s Map<String, Value>) {
        let mut sorted: Vec<(&String, &Value)> = entries.iter().collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        let mut unwanted: Vec<&str> = Vec::new();
        for (name, value) in sorted {
            if self.quiet && !self.faults.is_empty() {
                return;
            }
            let own = rules.properties.get(name.as_str()).copied();
            let matching = rules
                .patterns
                .iter()
                .filter(|(regexp, _)| regexp.is_match(name.as_bytes()));
            let mut schemas: Vec<_> =
                own.into_iter().chain(matching.map(|(_, id)| *id)).collect();
            let mut is_seen = !schemas.is_empty();
            match rules.additional.filter(|_| !is_seen) {
                Some(Additional::Schema(id)) => schemas.push(id),
                Some(Additional::Allowed(allowed)) => {
                    is_seen = true;
                    unwanted.extend((!allowed).then_some(name.as_str()));
                }
                None => {}
            }
            is_seen |= !schemas.is_empty();
            for id in schemas {
                let done = self.part(id, value, name);
                self.add(done);
            }
            if is_seen {
                self.uneval.properties.remove(name.as_str());
            }
        }
        if let Some(first) = unwanted.first() {
            let names = words::quoted_list(&unwanted);
            let mut fault =
                self.fault(&format!("additional properties {names} not allowed"));
            fault.key = Some((*first).to_owned());
            self.faults.push(fault);
        }
    }

    /// The name of a property, of which the library tells no place.
    fn name(&mut self, of: usize, name: &str) {
        let (id, meta) = match self.draft_of_part(of) {
            Some(draft) => (draft, Some(draft)),
            None => (of, self.meta),
        };
        let Err(fault) = self.run.whole(&Value::from(name), id, meta) else { return };
        let causes = match fault {
            Fault { kind: Kind::Group, causes, .. } => causes,
            one => vec![one],
        };
        let words = format!("invalid propertyName {}", quote(name));
        let fault = Fault::of(Kind::Own, Path::WHOLE, words, causes);
        self.faults.push(fault.unplaced(self.path));
    }

    fn depend(&mut self, entries: &Map<String, Value>, name: &str, names: &[&str]) {
        if let Some(missing) = missing(entries, names) {
            let (missing, name) = (words::quoted_list(&missing), quote(name));
            self.say(&format!("properties {missing} required, if {name} exists"));
        }
    }
}

/// The names that are not there, if there are such.
fn missing<'n>(entries: &Map<String, Value>, names: &[&'n str]) -> Option<Vec<&'n str>> {
    let names = names.iter().copied();
    let missing: Vec<&str> = names.filter(|name| !entries.contains_key(*name)).collect();
    (!missing.is_empty()).then_some(missing)
}
