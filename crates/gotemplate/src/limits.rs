//! How much a template may use: charts are untrusted.

use crate::{Data, Value};

/// Bounds of one execution. Each is far above what a real chart needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many templates may be inside each other by `{{ template }}`, counted anew in each
    /// execution, as `include` and `tpl` begin one. Go allows 100,000, and so says the error;
    /// here one level takes machine stack, for which
    /// [`with_stack`](crate::with_stack) provides.
    pub depth: usize,
    /// How many templates of all executions may be inside each other. Go has no such bound: it
    /// dies when its stack is full.
    pub depth_of_all: usize,
    /// How many bytes all outputs together may take, captured ones included, with the record
    /// of where each piece came from.
    pub output: usize,
    /// How many actions and iterations all executions together may take; what looks at much
    /// counts as many.
    pub steps: u64,
    /// How many bytes the large values that functions make may have together: texts, lists
    /// and maps.
    pub memory: usize,
}

/// The depth that Go allows. (text/template: `maxExecDepth`)
pub(crate) const GO_DEPTH: usize = 100_000;

/// The depth that is allowed by default. It differs from Go's by a multiple of 840, so that of
/// up to eight templates which use each other in turn the same one is found too deep.
const DEPTH: usize = GO_DEPTH - 840 * 114;

/// The depth of all executions that is allowed by default: `include` goes as far as Helm lets
/// it (1,001 of each name) for several names, and `{{ template }}` as deep as it may from there.
const DEPTH_OF_ALL: usize = 2 * DEPTH;

/// How many bytes one text may have: what makes a longer one stops, and the call fails.
pub(crate) const MAX_TEXT: usize = 1 << 26;

/// How many frames, origins and branches that were not taken one execution may record.
pub(crate) const MAX_RECORDS: usize = 10_000_000;

/// How many bytes of a text a function may look at in one step, and how many elements.
const BYTES_A_STEP: usize = 128;
const ELEMENTS_A_STEP: usize = 32;

/// How many steps a function takes to look at a value.
pub(crate) fn cost(value: &Value) -> u64 {
    let steps = match &value.data {
        Data::Str(text) => text.len() / BYTES_A_STEP,
        Data::List(list) => list.len() / ELEMENTS_A_STEP,
        Data::Map(map) => map.len() / ELEMENTS_A_STEP,
        _ => 0,
    };
    steps as u64
}

/// What an element of a list takes, about, and an entry of a map.
const ELEMENT: usize = 48;

/// Values that take less than this are not counted.
const SMALL: usize = 1 << 16;

/// What a value that a function returned takes, if that is much and no other's.
pub(crate) fn weight(value: &Value) -> Result<usize, String> {
    let bytes = match &value.data {
        Data::Str(text) if text.len() > MAX_TEXT => {
            return Err(format!("a text of more than {MAX_TEXT} bytes"));
        }
        Data::Str(text) => text.len(),
        Data::List(list) if !list.is_shared() => list.len().saturating_mul(ELEMENT),
        Data::Map(map) if !map.is_shared() => map.len().saturating_mul(2 * ELEMENT),
        _ => 0,
    };
    Ok(if bytes < SMALL { 0 } else { bytes })
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: DEPTH,
            depth_of_all: DEPTH_OF_ALL,
            output: 1 << 29,
            steps: 30_000_000,
            memory: 1 << 32,
        }
    }
}

/// What a missing map key is. (text/template: `Option("missingkey=…")`)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MissingKey {
    /// No value: prints `<no value>`, and a field of it is no value either. Go's default.
    #[default]
    Invalid,
    /// The zero value of the map's element type; a field of a nil is an error. Helm's choice.
    Zero,
    /// An error.
    Error,
}
