//! From text to syntax tree. (text/template/parse)
//!
//! [`parse`] is all that the rest sees; it returns the trees of a text: the text's own, and
//! one for each `define` and `block`.

mod control;
mod item;
mod lex;
mod literal;
mod node;
mod number;
mod parser;
mod pipeline;
mod unquote;

pub(crate) use node::{
    Action, Branch, Command, Expr, ExprKind, Lines, Name, Node, Pipe, Range, Source,
    Template, Tree, is_empty,
};
pub(crate) use number::Number;
pub(crate) use parser::parse;
