//! Bytes that are no UTF-8 inside of texts that have to be.

use ecow::EcoString;
use gotemplate::Str;

/// Stands, with a byte added, for that byte where it is no UTF-8, until the text is written.
const RAW: u32 = 0x10_FE00;

fn raw_byte(c: char) -> Option<u8> {
    u32::from(c).checked_sub(RAW).and_then(|byte| u8::try_from(byte).ok())
}

/// The bytes of a text in which others stand for bytes that are no UTF-8; `None` if it is
/// as it was.
pub(super) fn raw_bytes(text: &str) -> Option<Vec<u8>> {
    text.contains(|c| raw_byte(c).is_some()).then(|| {
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            match raw_byte(c) {
                Some(byte) => bytes.push(byte),
                None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    })
}

/// A text in which others stand for bytes that are no UTF-8; see [`raw_bytes`].
pub(super) fn raw_text(text: &Str) -> EcoString {
    let raw = |byte: &u8| char::from_u32(RAW + u32::from(*byte));
    let chunks = text.as_bytes().utf8_chunks();
    chunks
        .flat_map(|chunk| {
            chunk.valid().chars().chain(chunk.invalid().iter().filter_map(raw))
        })
        .collect()
}
