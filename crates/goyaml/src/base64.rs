//! Base64 in its standard alphabet, as `!!binary` needs it.

const ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How long go-yaml makes the lines.
const LINE: usize = 70;

/// Encodes with a break after each 70 characters, also the last line's, if there is more
/// than one line (`encodeBase64` of `resolve.go`).
pub fn encode_lines(bytes: &[u8]) -> String {
    let flat = encode(bytes);
    if flat.len() < LINE {
        return flat;
    }
    let mut lines = String::with_capacity(flat.len() + flat.len() / LINE + 1);
    for (at, c) in flat.char_indices() {
        if at > 0 && at % LINE == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines.push('\n');
    lines
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            match place <= chunk.len() {
                true => text.push(char::from(ALPHABET[digit as usize])),
                false => text.push('='),
            }
        }
    }
    text
}

/// Decodes as Go's `base64.StdEncoding` does: line breaks are passed over, padding is
/// needed. `None` if it is no base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for c in text.bytes().filter(|c| !matches!(c, b'\n' | b'\r')) {
        let digit = match c {
            b'=' if count >= 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 1;
        if count == 4 {
            let [_, a, b, c] = bits.to_be_bytes();
            bytes.extend_from_slice(&[a, b, c][..3 - padding.min(2)]);
            (bits, count) = (0, 0);
        } else if padding > 1 {
            return None;
        }
    }
    (count == 0).then_some(bytes)
}
