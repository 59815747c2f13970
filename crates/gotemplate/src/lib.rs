//! Go's text/template (Go 1.26), with marks that say where output came from.
//!
//! Start with [`Value`], what templates compute with, and [`Func`], what they call.
//!
//! The engine's interface:
//!
//! ```text
//! Funcs::builtins().with(&'static [Func]) -> Funcs              later rows replace earlier ones of a name
//! TemplateSet::new(Arc<Funcs>)                                   Send + Sync, shared as Arc
//! TemplateSet::parse(&mut self, name: &str, text: &[u8], file: FileId) -> Result<(), Box<Error>>
//! TemplateSet::contains(&self, name: &str) -> bool
//! Executor::new(Arc<TemplateSet>, Origins)  .with_host(Rc<dyn Any>) .with_limits(Limits) .with_missing_key(MissingKey)
//! Executor::execute(&mut self, name: &str, dot: Value) -> Result<Output, Box<Error>>   Output { text: Vec<u8>, marks: Vec<Mark> }
//! Executor::finish(self) -> Trace                                origins and frames of all outputs
//! Call::include(&mut self, name: &str, dot: Value) -> Result<Value, FuncError>          a marked string
//! Call::execute_text(&mut self, name: &str, text: &[u8], dot: Value) -> Result<Value, FuncError>   for `tpl`
//! ```
//!
//! Absent on purpose: YAML, Helm, sprig, files.

mod call;
mod convert;
mod error;
mod exec;
pub mod fmt;
mod func;
mod limits;
mod list;
mod map;
mod marks;
mod object;
mod teardown;
mod text;
mod types;
mod value;

pub use call::Call;
pub use convert::{FromArg, IntoValue, Reflect, Rest, This};
pub use error::{Error, Executing, FuncError};
pub use exec::Executor;
pub use func::{Effect, Func, Function, Run, Signature};
#[doc(hidden)]
pub use func::{WithCall, invoke, signature_of};
pub use limits::{Limits, MissingKey, with_stack};
pub use list::List;
pub use map::Map;
pub use marks::{StrBuilder, concat, map_ranges, slice_marks};
pub use object::{Foreign, Kind, Object};
pub use text::Str;
pub use types::{IntKind, Type, UintKind};
pub use value::{Data, Value};
