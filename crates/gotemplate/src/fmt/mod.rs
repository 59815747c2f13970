//! Go's fmt package: how values print.

mod quote;
mod unicode;

pub use quote::{
    append_quoted, append_quoted_rune, append_rune, can_backquote, decode_rune, is_print,
    quote, rune_count,
};
