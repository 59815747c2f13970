//! Go's fmt package: how values print.

mod float;
mod format;
mod printer;
mod printf;
mod quote;
mod unicode;

pub use float::append_float;
pub(crate) use printer::print_indirect;
pub use printer::{print, sprint, sprintln, to_text};
pub use printf::{printf, sprintf};
pub use quote::{
    append_quoted, append_quoted_rune, append_rune, can_backquote, decode_rune, is_print,
    quote, rune_count,
};
pub(crate) use quote::{is_alphanumeric, sharp_u};
