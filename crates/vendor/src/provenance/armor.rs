//! ASCII armor. (RFC 4880, section 6)

use base64::Engine as _;

/// The bytes of all blocks of this kind, one after the other; `None` if the text has no armor.
pub(super) fn decode(bytes: &[u8], kind: &str) -> Result<Option<Vec<u8>>, String> {
    let begin = format!("-----BEGIN PGP {kind}-----");
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(None) };
    if !text.contains(&begin) {
        return Ok(None);
    }
    let end = format!("-----END PGP {kind}-----");
    let mut decoded = Vec::new();
    for block in text.split(&begin).skip(1) {
        let (block, _) = block.split_once(&end).ok_or("its armor does not end")?;
        decoded.extend(body(block)?);
    }
    Ok(Some(decoded))
}

/// The base64 between the headers and the checksum.
fn body(block: &str) -> Result<Vec<u8>, String> {
    let lines = block.lines().map(str::trim).skip(1);
    let lines =
        lines.skip_while(|line| line.contains(": ")).filter(|line| !line.is_empty());
    let mut encoded = String::new();
    for line in lines {
        // The checksum guards against nothing that a signature does not.
        if line.starts_with('=') {
            break;
        }
        encoded.push_str(line);
    }
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(encoded).map_err(|_| "its armor is no base64".to_owned())
}
