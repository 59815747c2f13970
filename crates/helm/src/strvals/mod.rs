//! The grammar of `--set` and its relatives: `a.b[0].c=1,d={x,y}`.
//!
//! Follows `pkg/strvals` of Helm 4.2. A parser writes straight into the values tree, so that
//! `--set a[1]=x` changes one item of a list that a file set.

mod json;
mod literal;
mod parser;
mod scanner;

pub(crate) use json::{json_object, parse_json};
pub(crate) use literal::parse_literal_into;
pub(crate) use parser::{parse_into, parse_into_file, parse_into_string};

/// The largest index of `a[65536]`.
pub(crate) const MAX_INDEX: i64 = 65536;

/// How many dots a name may have.
pub(crate) const MAX_NESTED_NAME_LEVEL: usize = 30;

/// Why a parser stopped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text ended: no fault, wherever it happens, as in Helm.
    Eof,
    /// A fault, in Helm's words.
    Fault(String),
}

impl Stop {
    fn fault<T>(words: impl Into<String>) -> Result<T, Stop> {
        Err(Stop::Fault(words.into()))
    }
}
