//! PEM blocks. (Go's encoding/pem)

const ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes a block, 64 characters a line.
pub(crate) fn encode(kind: &str, data: &[u8]) -> String {
    let mut out = format!("-----BEGIN {kind}-----\n");
    for line in data.chunks(48) {
        for group in line.chunks(3) {
            let padded = (0..3).map(|n| group.get(n).copied().unwrap_or(0));
            let word = padded.fold(0usize, |word, byte| word << 8 | usize::from(byte));
            for n in 0..4 {
                let index = word >> (18 - 6 * n) & 0x3f;
                let used = n <= group.len();
                let c = ALPHABET.get(index).copied().unwrap_or(b'=');
                out.push(if used { char::from(c) } else { '=' });
            }
        }
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
    let (mut out, mut word, mut count) = (Vec::new(), 0u32, 0);
    let mut padding = 0;
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        if byte == b'=' {
            padding += 1;
            continue;
        }
        let value = ALPHABET.iter().position(|&b| b == byte)?;
        if padding > 0 {
            return None;
        }
        word = word << 6 | u32::try_from(value).ok()?;
        count += 1;
        if count == 4 {
            out.extend_from_slice(word.to_be_bytes().get(1..)?);
            (word, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => out.extend_from_slice((word << 12).to_be_bytes().get(1..2)?),
        (3, 1) => out.extend_from_slice((word << 6).to_be_bytes().get(1..3)?),
        _ => return None,
    }
    Some(out)
}
