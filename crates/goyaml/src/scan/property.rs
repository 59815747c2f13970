//! Anchors, aliases, tags and directives.

use super::{Mark, Scan, Scanner, TokenKind};
use ecow::EcoString;

impl Scanner<'_> {
    pub(super) fn scan_anchor(&mut self, kind: fn(EcoString) -> TokenKind) -> Scan<()> {
        let start = self.mark();
        self.skip(1);
        let from = self.at;
        while self.is_alpha() {
            self.skip(1);
        }
        let name = self.text.get(from..self.at).unwrap_or("");
        let ends = self.is_blankz(0)
            || matches!(
                self.byte(0),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ends {
            let message = "did not find expected alphabetic or numeric character";
            return Err(self.problem(Some(start), message));
        }
        self.push(kind(name.into()), start);
        Ok(())
    }

    pub(super) fn scan_tag(&mut self) -> Scan<()> {
        let start = self.mark();
        let (handle, suffix);
        if self.byte(1) == b'<' {
            self.skip(2);
            handle = String::new();
            suffix = self.scan_tag_uri("", start)?;
            if self.byte(0) != b'>' {
                return Err(self.problem(Some(start), "did not find the expected '>'"));
            }
            self.skip(1);
        } else {
            let head = self.scan_tag_handle(false, start)?;
            if head.len() > 1 && head.ends_with('!') {
                suffix = self.scan_tag_uri("", start)?;
                handle = head;
            } else {
                let uri = self.scan_tag_uri(&head, start)?;
                // `!` alone is a tag of its own.
                (handle, suffix) = match uri.is_empty() {
                    true => (String::new(), "!".to_owned()),
                    false => ("!".to_owned(), uri),
                };
            }
        }
        if !self.is_blankz(0) {
            let message = "did not find expected whitespace or line break";
            return Err(self.problem(Some(start), message));
        }
        self.push(TokenKind::Tag(Box::new((handle, suffix))), start);
        Ok(())
    }

    /// `!`, `!!` or `!name!`; in a tag also `!name`, which is no handle.
    fn scan_tag_handle(&mut self, directive: bool, start: Mark) -> Scan<String> {
        if self.byte(0) != b'!' {
            return Err(self.problem(Some(start), "did not find expected '!'"));
        }
        let from = self.at;
        self.skip(1);
        while self.is_alpha() {
            self.skip(1);
        }
        if self.byte(0) == b'!' {
            self.skip(1);
        } else if directive && self.at - from != 1 {
            return Err(self.problem(Some(start), "did not find expected '!'"));
        }
        Ok(self.text.get(from..self.at).unwrap_or("").to_owned())
    }

    /// The rest of a tag; `head` is what was taken for a handle.
    fn scan_tag_uri(&mut self, head: &str, start: Mark) -> Scan<String> {
        let mut uri: Vec<u8> = head.bytes().skip(1).collect();
        let mut found = !head.is_empty();
        while self.is_alpha()
            || matches!(
                self.byte(0),
                b';' | b'/'
                    | b'?'
                    | b':'
                    | b'@'
                    | b'&'
                    | b'='
                    | b'+'
                    | b'$'
                    | b','
                    | b'.'
                    | b'!'
                    | b'~'
                    | b'*'
                    | b'\''
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'%'
            )
        {
            match self.byte(0) {
                b'%' => self.scan_uri_escapes(&mut uri, start)?,
                byte => {
                    uri.push(byte);
                    self.skip(1);
                }
            }
            found = true;
        }
        if !found {
            return Err(self.problem(Some(start), "did not find expected tag URI"));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// `%C3%A9`: one character.
    fn scan_uri_escapes(&mut self, uri: &mut Vec<u8>, start: Mark) -> Scan<()> {
        let mut left = 0;
        loop {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(self.byte(1)), digit(self.byte(2)));
            let (b'%', Some(high), Some(low)) = (self.byte(0), high, low) else {
                return Err(self.problem(Some(start), "did not find URI escaped octet"));
            };
            let octet = u8::try_from(high << 4 | low).unwrap_or(0);
            if left == 0 {
                left = match octet {
                    0x00..=0x7f => 1,
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => {
                        let message = "found an incorrect leading UTF-8 octet";
                        return Err(self.problem(Some(start), message));
                    }
                };
            } else if octet & 0xc0 != 0x80 {
                let message = "found an incorrect trailing UTF-8 octet";
                return Err(self.problem(Some(start), message));
            }
            uri.push(octet);
            self.skip(3);
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
    }

    pub(super) fn scan_directive(&mut self) -> Scan<()> {
        let start = self.mark();
        self.skip(1);
        let from = self.at;
        while self.is_alpha() {
            self.skip(1);
        }
        let name = self.text.get(from..self.at).unwrap_or("");
        if name.is_empty() {
            let message = "could not find expected directive name";
            return Err(self.problem(Some(start), message));
        }
        if !self.is_blankz(0) {
            let message = "found unexpected non-alphabetical character";
            return Err(self.problem(Some(start), message));
        }
        let kind = match name {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return Err(self.problem(Some(start), "found unknown directive name")),
        };
        self.push(kind, start);
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_comment();
        }
        if !self.is_breakz(0) {
            let message = "did not find expected comment or line break";
            return Err(self.problem(Some(start), message));
        }
        self.skip_line();
        Ok(())
    }

    fn scan_version(&mut self, start: Mark) -> Scan<TokenKind> {
        self.skip_blanks();
        let major = self.scan_version_number(start)?;
        if self.byte(0) != b'.' {
            let message = "did not find expected digit or '.' character";
            return Err(self.problem(Some(start), message));
        }
        self.skip(1);
        let minor = self.scan_version_number(start)?;
        Ok(TokenKind::VersionDirective(major, minor))
    }

    fn scan_version_number(&mut self, start: Mark) -> Scan<u8> {
        let (mut value, mut length) = (0, 0);
        while self.byte(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                let message = "found extremely long version number";
                return Err(self.problem(Some(start), message));
            }
            value = value * 10 + (self.byte(0) - b'0');
            self.skip(1);
        }
        match length {
            0 => Err(self.problem(Some(start), "did not find expected version number")),
            _ => Ok(value),
        }
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Scan<TokenKind> {
        self.skip_blanks();
        let handle = self.scan_tag_handle(true, start)?;
        if !self.is_blank(0) {
            return Err(self.problem(Some(start), "did not find expected whitespace"));
        }
        self.skip_blanks();
        let prefix = self.scan_tag_uri("", start)?;
        if !self.is_blankz(0) {
            let message = "did not find expected whitespace or line break";
            return Err(self.problem(Some(start), message));
        }
        Ok(TokenKind::TagDirective(Box::new((handle, prefix))))
    }
}
