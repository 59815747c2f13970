//! The type of an object or field, walked from line to line of a table.

use crate::OpenApi;
use crate::table::{Table, escape, unescape};

/// References to references that are followed before giving up.
const MAX_REFERENCES: usize = 64;

/// The type of an object, a field or an item. (kyaml: `ResourceSchema`)
#[derive(Clone, Copy, Debug)]
pub struct Type<'a> {
    schema: &'a OpenApi,
    table: &'a Table,
    at: At<'a>,
}

#[derive(Clone, Copy, Debug)]
enum At<'a> {
    /// The definition with this number.
    Definition(usize),
    /// A type as the table spells it, no reference.
    Spelt(&'a str),
}

/// What a [`Type`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An object with fields that have names.
    Object,
    /// An object whose keys are free.
    Map,
    /// A list.
    List,
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// Anything.
    Any,
}

impl<'a> Type<'a> {
    pub(crate) fn definition(
        schema: &'a OpenApi,
        table: &'a Table,
        number: usize,
    ) -> Type<'a> {
        let mut found = Type { schema, table, at: At::Definition(number) };
        if let Some(spelt) = table.fields(number).strip_prefix(" =") {
            found.at = At::Spelt(spelt);
        }
        found
    }

    /// The type of a field; `None` if the type has no such field. (kyaml: `Field`)
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Type<'a>> {
        match self.at {
            At::Spelt(spelt) => self.spelt(body(spelt).strip_prefix('{')?),
            At::Definition(number) => {
                let name = escape(name);
                let mut any = None;
                for (known, spelt) in entries(self.table.fields(number)) {
                    match known {
                        _ if known == name => return self.spelt(spelt),
                        "*" => any = Some(spelt),
                        _ => {}
                    }
                }
                self.spelt(any?)
            }
        }
    }

    /// The type of a list's items; `None` if this is no list. (kyaml: `Elements`)
    #[must_use]
    pub fn items(&self) -> Option<Type<'a>> {
        match self.at {
            At::Spelt(spelt) => self.spelt(body(spelt).strip_prefix('[')?),
            At::Definition(_) => None,
        }
    }

    /// The type at the end of a path; `[]` stands for the items. (kyaml: `Lookup`)
    #[must_use]
    pub fn lookup(&self, path: &[&str]) -> Option<Type<'a>> {
        path.iter().try_fold(*self, |at, step| match *step {
            "[]" => at.items(),
            name => at.field(name),
        })
    }

    /// The patch strategy as written: `merge`, `merge,retainKeys`; empty if there is none.
    #[must_use]
    pub fn strategy(&self) -> &'a str {
        self.suffix(1)
    }

    /// Are lists of this type merged item by item? (kyaml: `schemaHasMergeStrategy`)
    #[must_use]
    pub fn is_merged(&self) -> bool {
        self.strategy().split(',').any(|word| word == "merge")
    }

    /// The first of the fields that tell items apart; `None` for lists of scalars.
    #[must_use]
    pub fn merge_key(&self) -> Option<&'a str> {
        self.merge_keys().next()
    }

    /// The fields that tell items apart. (kyaml: `PatchStrategyAndKeyList`)
    pub fn merge_keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.suffix(2).split('+').filter(|key| !key.is_empty())
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let At::Spelt(spelt) = self.at else { return Kind::Object };
        match spelt.as_bytes().first() {
            Some(b's') => Kind::String,
            Some(b'i') => Kind::Integer,
            Some(b'n') => Kind::Number,
            Some(b'b') => Kind::Boolean,
            Some(b'[') => Kind::List,
            Some(b'{' | b'o') => Kind::Map,
            _ => Kind::Any,
        }
    }

    fn suffix(&self, at: usize) -> &'a str {
        match self.at {
            At::Spelt(spelt) => spelt.split('!').nth(at).unwrap_or(""),
            At::Definition(_) => "",
        }
    }

    /// The type that a table spells so; references are followed.
    fn spelt(&self, spelt: &'a str) -> Option<Type<'a>> {
        let (schema, mut table, mut spelt) = (self.schema, self.table, spelt);
        for _ in 0..MAX_REFERENCES {
            let target = match spelt.as_bytes().first() {
                Some(b'@') => (table, body(spelt).get(1..)?.parse().ok()?),
                Some(b'^') => {
                    schema.builtin_definition(&unescape(body(spelt).get(1..)?))?
                }
                _ => return Some(Type { schema, table, at: At::Spelt(spelt) }),
            };
            let found = Type::definition(schema, target.0, target.1);
            match found.at {
                At::Definition(_) => return Some(found),
                At::Spelt(next) => (table, spelt) = (target.0, next),
            }
        }
        None
    }
}

/// A type's spelling without strategy and keys.
fn body(spelt: &str) -> &str {
    spelt.split('!').next().unwrap_or(spelt)
}

fn entries(fields: &str) -> impl Iterator<Item = (&str, &str)> {
    fields.split(' ').filter_map(|entry| entry.rsplit_once(':'))
}
