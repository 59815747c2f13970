//! PEM blocks. (Go's encoding/pem)

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Go's standard encoding: bits that the last byte does not need may be any.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Writes a block, 64 characters a line.
pub(crate) fn encode(kind: &str, data: &[u8]) -> String {
    let mut out = format!("-----BEGIN {kind}-----\n");
    for line in data.chunks(48) {
        STANDARD.encode_string(line, &mut out);
        out.push('\n');
    }
    out.push_str(&format!("-----END {kind}-----\n"));
    out
}

/// Finds the first block: its kind and its data.
pub(crate) fn decode(text: &str) -> Option<(&str, Vec<u8>)> {
    let mut rest = text;
    loop {
        let start = rest.find("-----BEGIN ")?;
        let at_line_start = start == 0 || rest.as_bytes().get(start - 1) == Some(&b'\n');
        rest = rest.get(start + 11..)?;
        if !at_line_start {
            continue;
        }
        let (line, body) = rest.split_once('\n')?;
        let Some(kind) = line.trim_end().strip_suffix("-----") else { continue };
        let Some(end) = body.find(&format!("-----END {kind}-----")) else { continue };
        let body = body.get(..end)?;
        // Headers, `Proc-Type: …`, end with a blank line.
        let data = match body.lines().any(|line| line.contains(':')) {
            true => body.split_once("\n\n").map_or("", |(_, data)| data),
            false => body,
        };
        if let Some(data) = decode_base64(data) {
            return Some((kind, data));
        }
    }
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    STANDARD.decode(text).ok()
}
