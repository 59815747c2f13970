//! JSON as Go's `encoding/json` reads and writes it, and what a trip through it changes.

mod read;
mod trip;
mod write;

pub use read::{parse_json, parse_json_prefix};
pub(crate) use trip::{Place, mend_utf8, round_trip};
pub use write::{Html, to_json, to_json_indent, to_json_marked};

/// The error of `encoding/json` for a float that JSON cannot hold.
pub(crate) fn unsupported_float(value: f64) -> String {
    let text = if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    };
    format!("json: unsupported value: {text}")
}
