//! Texts that are signed in clear. (RFC 4880, section 7)

use super::armor;

/// A text and its signature.
pub(super) struct ClearText {
    /// The text, lines ended by `\n`.
    pub(super) text: String,
    /// The text as it was signed: lines without spaces at their ends, between them `\r\n`.
    pub(super) signed: Vec<u8>,
    /// The packets of the signature.
    pub(super) signature: Vec<u8>,
}

impl ClearText {
    /// Takes a message apart. Nothing outside of it is read, so nothing outside counts.
    pub(super) fn read(bytes: &[u8]) -> Result<ClearText, String> {
        let no_message = || "it is no message that is signed in clear".to_owned();
        let message = std::str::from_utf8(bytes).map_err(|_| no_message())?;
        let message = message.replace("\r\n", "\n");
        let message = message
            .trim_start()
            .strip_prefix("-----BEGIN PGP SIGNED MESSAGE-----\n")
            .ok_or_else(no_message)?;
        // Headers such as `Hash: SHA512` end with an empty line.
        let (headers, rest) = match message.strip_prefix('\n') {
            Some(rest) => ("", rest),
            None => message.split_once("\n\n").ok_or_else(no_message)?,
        };
        if headers.lines().any(|line| !line.starts_with("Hash: ")) {
            return Err(no_message());
        }
        let mark = "\n-----BEGIN PGP SIGNATURE-----";
        let (body, signature) = rest.split_once(mark).ok_or_else(no_message)?;
        let lines: Vec<&str> = body
            .split('\n')
            .map(|line| line.strip_prefix("- ").unwrap_or(line))
            .collect();
        let bare: Vec<&str> =
            lines.iter().map(|line| line.trim_end_matches([' ', '\t', '\r'])).collect();
        let armored = format!("{}{signature}", mark.trim_start());
        let signature = armor::decode(armored.as_bytes(), "SIGNATURE")?;
        Ok(ClearText {
            text: lines.join("\n") + "\n",
            signed: bare.join("\r\n").into_bytes(),
            signature: signature.ok_or_else(no_message)?,
        })
    }
}
