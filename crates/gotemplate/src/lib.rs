#![doc = include_str!("../README.md")]
//!
//! ## How it is built
//!
//! Start with [`Value`], what templates compute with, and [`Func`], what they call.
//! Templates are parsed once into a [`TemplateSet`], which threads share; an [`Executor`]
//! executes any of them for one render and records in a [`source::Trace`] why each byte of
//! each [`Output`] is there.
//!
//! The rooms: `parse` (lexer, parser, tree), `exec` (evaluator), [`mod@fmt`] (printing),
//! `builtins` (`index`, `eq`, …), and around them values, types, functions and marks.
//!
//! Absent on purpose: YAML, Helm, sprig, files.

mod ahead;
mod builtins;
mod call;
mod convert;
mod error;
mod exec;
pub mod fmt;
mod func;
mod limits;
mod list;
mod look;
mod map;
mod marks;
mod object;
mod parse;
mod paths;
mod set;
mod sorted;
mod stack;
mod teardown;
mod text;
mod types;
mod value;

pub use ahead::{ParseAhead, PendingTemplate};
pub use call::Call;
pub use convert::{FromArg, IntoValue, Reflect, Rest, Text, This};
pub use error::{Clues, Error, Executing, FuncError, Missing, TextLine};
pub use exec::{Executor, Output};
pub use func::{Effect, Func, Function, Run, Signature};
#[doc(hidden)]
pub use func::{WithCall, invoke, signature_of};
pub use limits::{Limits, MissingKey};
pub use list::List;
pub use look::Look;
pub use map::{Map, MapKind};
pub use marks::{StrBuilder, concat, map_ranges, slice_marks};
pub use object::{Foreign, Kind, Object};
pub use paths::{Abstract, PathId, Paths};
pub use set::{Funcs, TemplateSet};
pub use sorted::SortedMap;
pub use stack::with_stack;
pub use text::Str;
pub use types::{IntKind, Type, UintKind};
pub use value::{Data, Value};
