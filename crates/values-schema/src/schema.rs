//! [`Schema`]: one schema as it was compiled. (`schema.go`)

use std::collections::BTreeMap;
use std::sync::Arc;

use regexp::Regexp;
use serde_json::{Number, Value};

use crate::address::Place;
use crate::draft::Draft;
use crate::types::Types;

/// Which of all compiled schemas.
pub(crate) type Id = usize;

/// A schema; what it leads to are others.
#[derive(Debug, Default)]
pub(crate) struct Schema<'d> {
    /// Where it stands.
    pub(crate) place: Place,
    pub(crate) draft: Draft,
    /// The schema with an identity that it is part of.
    pub(crate) resource: Id,
    /// The schemas that a `$dynamicRef` to a name of this resource may mean.
    pub(crate) dynamic_anchors: BTreeMap<String, Id>,
    pub(crate) bool: Option<bool>,

    pub(crate) reference: Option<Id>,
    pub(crate) recursive_ref: Option<Id>,
    pub(crate) recursive_anchor: bool,
    pub(crate) dynamic_ref: Option<(Id, Option<String>)>,
    pub(crate) dynamic_anchor: Option<&'d str>,

    pub(crate) types: Types,
    pub(crate) constant: Option<&'d Value>,
    pub(crate) one_of_values: Option<&'d Value>,
    pub(crate) format: Option<&'d str>,

    pub(crate) not: Option<Id>,
    pub(crate) all_of: Vec<Id>,
    pub(crate) any_of: Vec<Id>,
    pub(crate) one_of: Vec<Id>,
    pub(crate) if_: Option<Id>,
    pub(crate) then: Option<Id>,
    pub(crate) else_: Option<Id>,

    pub(crate) object: ObjectRules<'d>,
    pub(crate) array: ArrayRules,
    pub(crate) text: TextRules<'d>,
    pub(crate) number: NumberRules<'d>,
}

impl Schema<'_> {
    /// Its address.
    pub(crate) fn location(&self) -> String {
        self.place.address()
    }
}

/// What objects are checked for.
#[derive(Debug, Default)]
pub(crate) struct ObjectRules<'d> {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) required: Vec<&'d str>,
    pub(crate) dependencies: BTreeMap<&'d str, Dependency<'d>>,
    pub(crate) properties: BTreeMap<&'d str, Id>,
    pub(crate) patterns: Vec<(Arc<Regexp>, Id)>,
    pub(crate) additional: Option<Additional>,
    pub(crate) names: Option<Id>,
    pub(crate) dependent_schemas: BTreeMap<&'d str, Id>,
    pub(crate) dependent_required: BTreeMap<&'d str, Vec<&'d str>>,
    pub(crate) unevaluated: Option<Id>,
}

/// What arrays are checked for.
#[derive(Debug, Default)]
pub(crate) struct ArrayRules {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) unique: bool,
    /// `items` of the drafts before 2020; `prefixItems` and `items` since.
    pub(crate) first: Vec<Id>,
    pub(crate) rest: Option<Id>,
    pub(crate) additional: Option<Additional>,
    pub(crate) contains: Option<Id>,
    pub(crate) min_contains: Option<i64>,
    pub(crate) max_contains: Option<i64>,
    pub(crate) unevaluated: Option<Id>,
}

/// What texts are checked for.
#[derive(Debug, Default)]
pub(crate) struct TextRules<'d> {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<(Arc<Regexp>, &'d str)>,
}

/// What numbers are checked for.
#[derive(Debug, Default)]
pub(crate) struct NumberRules<'d> {
    pub(crate) minimum: Option<&'d Number>,
    pub(crate) maximum: Option<&'d Number>,
    pub(crate) exclusive_minimum: Option<&'d Number>,
    pub(crate) exclusive_maximum: Option<&'d Number>,
    pub(crate) multiple_of: Option<&'d Number>,
}

/// What a property asks for.
#[derive(Debug)]
pub(crate) enum Dependency<'d> {
    Names(Vec<&'d str>),
    Schema(Id),
}

/// What properties or items may be that nothing else speaks of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Additional {
    Allowed(bool),
    Schema(Id),
}
