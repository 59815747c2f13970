//! Base64 and base32, with Go's messages. (encoding/base64, encoding/base32)

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BASE64: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `base64.StdEncoding.EncodeToString`.
pub(crate) fn encode64(data: &[u8]) -> String {
    STANDARD.encode(data)
}

/// `base32.StdEncoding.EncodeToString`.
pub(crate) fn encode32(data: &[u8]) -> String {
    encode(data, BASE32, 5, 5)
}

/// Encodes groups of `bytes` bytes as characters of `bits` bits each.
fn encode(data: &[u8], alphabet: &[u8], bytes: usize, bits: usize) -> String {
    let chars = bytes * 8 / bits;
    let mut out = String::with_capacity(data.len().div_ceil(bytes) * chars);
    for group in data.chunks(bytes) {
        let padded = (0..bytes).map(|n| u64::from(group.get(n).copied().unwrap_or(0)));
        let word = padded.fold(0, |word, byte| word << 8 | byte);
        let used = (group.len() * 8).div_ceil(bits);
        for n in 0..chars {
            let index = (word >> ((chars - 1 - n) * bits)) & ((1 << bits) - 1);
            let c = usize::try_from(index).ok().and_then(|index| alphabet.get(index));
            out.push(if n < used { char::from(*c.unwrap_or(&b'=')) } else { '=' });
        }
    }
    out
}

fn value(alphabet: &[u8], byte: u8) -> Option<u64> {
    let index = alphabet.iter().position(|&b| b == byte)?;
    u64::try_from(index).ok()
}

/// `base64.StdEncoding.DecodeString`: line ends are skipped.
pub(crate) fn decode64(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| format!("illegal base64 data at input byte {at}");
    let is_line_end = |at: usize| matches!(text.get(at), Some(b'\n' | b'\r'));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    loop {
        let (mut word, mut count) = (0u64, 0);
        while count < 4 {
            let Some(&byte) = text.get(at) else {
                return if count == 0 { Ok(out) } else { Err(corrupt(at - count)) };
            };
            at += 1;
            if let Some(value) = value(BASE64, byte) {
                word = word << 6 | value;
                count += 1;
            } else if byte == b'=' {
                break;
            } else if !is_line_end(at - 1) {
                return Err(corrupt(at - 1));
            }
        }
        push(&mut out, word << (6 * (4 - count)), 3, (count * 6) / 8);
        if count == 4 {
            continue;
        }
        // Padding: nothing but line ends may follow.
        if count < 2 {
            return Err(corrupt(at - 1));
        }
        if count == 2 {
            while is_line_end(at) {
                at += 1;
            }
            match text.get(at) {
                None => return Err(corrupt(text.len())),
                Some(b'=') => at += 1,
                Some(_) => return Err(corrupt(at - 1)),
            }
        }
        while is_line_end(at) {
            at += 1;
        }
        return if at < text.len() { Err(corrupt(at)) } else { Ok(out) };
    }
}

/// `base32.StdEncoding.DecodeString`: line ends are skipped.
pub(crate) fn decode32(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let text: Vec<u8> =
        text.iter().copied().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    while at < text.len() {
        let (mut word, mut count) = (0u64, 0);
        while count < 8 {
            let Some(&byte) = text.get(at) else { return corrupt(at - count) };
            at += 1;
            let left = text.len() - at;
            if byte == b'=' && count >= 2 && left < 8 {
                if left + count < 7 {
                    return corrupt(text.len());
                }
                let rest = text.get(at..).unwrap_or_default();
                let bad = rest.iter().take(7 - count).position(|&b| b != b'=');
                if let Some(bad) = bad {
                    // Upstream's arithmetic: one less than the byte at fault.
                    return corrupt(at + bad - 1);
                }
                if matches!(count, 3 | 6) {
                    return corrupt(at - 1);
                }
                push(&mut out, word << (5 * (8 - count)), 5, count * 5 / 8);
                return Ok(out);
            }
            let Some(value) = value(BASE32, byte) else { return corrupt(at - 1) };
            word = word << 5 | value;
            count += 1;
        }
        push(&mut out, word, 5, 5);
    }
    Ok(out)
}

/// Appends the first `count` of the `bytes` bytes of a word.
fn push(out: &mut Vec<u8>, word: u64, bytes: usize, count: usize) {
    let all = word.to_be_bytes();
    out.extend(all.iter().skip(8 - bytes).take(count));
}

#[cfg(test)]
mod tests {
    use super::{decode32, decode64, encode32, encode64};

    #[test]
    fn there_and_back() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
            assert_eq!(
                decode64(encode64(text.as_bytes()).as_bytes()).unwrap(),
                text.as_bytes()
            );
            assert_eq!(
                decode32(encode32(text.as_bytes()).as_bytes()).unwrap(),
                text.as_bytes()
            );
        }
        assert_eq!(encode32(b"fooba"), "MZXW6YTB");
        assert_eq!(
            decode64(b"????"),
            Err("illegal base64 data at input byte 0".to_owned())
        );
        assert_eq!(
            decode64(b"Zg="),
            Err("illegal base64 data at input byte 3".to_owned())
        );
    }
}
