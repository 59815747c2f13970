//! `html`, `js`, `urlquery`.

use crate::fmt::{decode_rune, is_print, sprint};
use crate::{Rest, Str, Value};

/// The arguments as one text; nil is `<no value>`. (`evalArgs`)
fn text_of(args: Rest<Value>) -> Vec<u8> {
    let shown = |v: Value| if v.is_nil() { Value::str("<no value>") } else { v };
    let args: Vec<Value> = args.0.into_iter().map(shown).collect();
    sprint(&args)
}

pub(super) fn html(args: Rest<Value>) -> Str {
    let text = text_of(args);
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
    Str::from(out)
}

pub(super) fn js(args: Rest<Value>) -> Str {
    let text = text_of(args);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_slice();
    while let Some(byte) = rest.first() {
        let (rune, width) = decode_rune(rest);
        let (piece, after) = rest.split_at_checked(width).unwrap_or((rest, &[]));
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\'' => out.extend_from_slice(b"\\'"),
            b'"' => out.extend_from_slice(b"\\\""),
            b'<' | b'>' | b'&' | b'=' | 0..0x20 => {
                out.extend_from_slice(format!("\\u{byte:04X}").as_bytes());
            }
            0x80.. if !is_print(rune) => {
                out.extend_from_slice(format!("\\u{rune:04X}").as_bytes());
            }
            _ => out.extend_from_slice(piece),
        }
        rest = after;
    }
    Str::from(out)
}

pub(super) fn url_query(args: Rest<Value>) -> Str {
    let mut out = Vec::new();
    for byte in text_of(args) {
        match byte {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' | b'~' => out.push(byte),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    Str::from(out)
}
