//! Base64 and base32. (sprig: strings.go)

use gotemplate::{Func, Str, func};

use super::text::base::{decode32, decode64, encode32, encode64};

pub(super) static FUNCS: &[Func] = &[
    func!("b64enc", b64enc),
    func!("b64dec", b64dec),
    func!("b32enc", b32enc),
    func!("b32dec", b32dec),
];

/// Base64. (strings.go, `base64encode`)
fn b64enc(text: Str) -> String {
    encode64(text.as_bytes())
}

/// What base64 stands for; a fault becomes the result. (strings.go, `base64decode`)
fn b64dec(text: Str) -> Str {
    decode64(text.as_bytes()).map_or_else(Str::from, Str::from)
}

/// Base32. (strings.go, `base32encode`)
fn b32enc(text: Str) -> String {
    encode32(text.as_bytes())
}

/// What base32 stands for; a fault becomes the result. (strings.go, `base32decode`)
fn b32dec(text: Str) -> Str {
    decode32(text.as_bytes()).map_or_else(Str::from, Str::from)
}
