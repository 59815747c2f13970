//! YAML as go-yaml v2 and v3 read and write it, with spans.
//!
//! * Read: [`parse()`] makes [`Document`]s of [`Node`]s, each with its exact bytes;
//!   [`decode()`] makes a typed [`Value`] of a node as `Unmarshal` into an `interface{}` does.
//! * Write: [`to_yaml`] for whole values, [`Emitter`] to push any tree.
//! * JSON: [`parse_json`], [`to_json`].
//!
//! The two dialects differ in what plain scalars mean: see [`Dialect`]. Errors have
//! upstream's words ([`upstream_text`]) and a place ([`Fault::span`]).

mod alias;
mod base64;
mod chars;
mod decode;
mod emit;
mod fault;
mod go_syntax;
mod json;
mod lookup;
mod node;
mod number;
mod order;
mod outline;
mod parse;
mod resolve;
mod scan;
mod secret;
mod timestamp;
mod value;
mod write;

pub use alias::EXPANSION_BUDGET;
pub use base64::encode_lines as base64_lines;
pub use decode::{decode, decode_strict, duplicate_keys};
pub use emit::{Emitted, Emitter, Format, Scalar, document_to_yaml, node_to_yaml};
pub use fault::{Fault, FaultKind, upstream_text};
pub use json::{
    Html, parse_json, parse_json_prefix, to_json, to_json_indent, to_json_marked,
};
pub use lookup::Step;
pub use node::{Content, Kind, Meta, Node, Style, Tag};
pub use number::{format_float, format_json_float, shortest_exponential};
pub use order::{key_order, sort_keys};
pub use outline::{Outline, OutlineEntry};
pub use parse::{Comment, Document, Documents, MAX_DEPTH, parse, parse_first, read_text};
pub use secret::{names_a_key, secret_ranges, secret_spans, source_map};
pub use value::{Data, Entry, Map, Value};
pub use write::{push_value, to_yaml, to_yaml_marked};

/// Which go-yaml reads: what plain scalars mean, and which line an error names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Dialect {
    /// go-yaml v2, as `sigs.k8s.io/yaml` and so Helm: `yes` is true, dates are strings.
    V2,
    /// go-yaml v3, as kyaml and so Kustomize: `yes` is a string, dates are times.
    V3,
}

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
