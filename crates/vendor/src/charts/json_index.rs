//! An index in JSON, read byte by byte.

use std::collections::BTreeSet;
use std::io::BufRead;

use super::index::{Index, IndexFault, entry, no_entries};

/// The largest chart's list, and the longest string.
const MAX_VALUE: usize = 16 << 20;

/// How deep values may nest.
const MAX_DEPTH: usize = 100;

/// Reads `{"entries": {"name": [{…}, …]}}` and keeps the wanted names.
pub(super) fn read(
    input: impl BufRead,
    wanted: &BTreeSet<String>,
) -> Result<Index, IndexFault> {
    let mut reader = Reader { input, wanted, index: Index::new(), has_entries: false };
    reader.whole()?;
    match reader.has_entries {
        true => Ok(reader.index),
        false => Err(no_entries()),
    }
}

struct Reader<'w, R> {
    input: R,
    wanted: &'w BTreeSet<String>,
    index: Index,
    has_entries: bool,
}

impl<R: BufRead> Reader<'_, R> {
    fn whole(&mut self) -> Result<(), IndexFault> {
        self.object(|reader, name| match name {
            "entries" => {
                reader.has_entries = true;
                reader.object(Reader::chart)
            }
            _ => reader.value(None),
        })
    }

    fn chart(&mut self, name: &str) -> Result<(), IndexFault> {
        if !self.wanted.contains(name) {
            return self.value(None);
        }
        let versions = self.index.entry(name.to_owned()).or_default();
        let mut found = std::mem::take(versions);
        self.expect(b'[')?;
        while self.next_item(b']')? {
            let mut text = Vec::new();
            self.value(Some(&mut text))?;
            found.extend(entry(&String::from_utf8_lossy(&text)).ok().flatten());
        }
        self.index.insert(name.to_owned(), found);
        Ok(())
    }

    /// An object, whose values `member` reads.
    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), IndexFault>,
    ) -> Result<(), IndexFault> {
        self.expect(b'{')?;
        while self.next_item(b'}')? {
            let mut name = Vec::new();
            self.value(Some(&mut name))?;
            self.expect(b':')?;
            let name: String =
                serde_json::from_slice(&name).map_err(|e| e.to_string())?;
            member(self, &name)?;
        }
        Ok(())
    }

    /// Is there another item before `end`? Takes the comma, or the end.
    fn next_item(&mut self, end: u8) -> Result<bool, IndexFault> {
        if self.peek()? == b',' {
            self.input.consume(1);
        }
        if self.peek()? == end {
            self.input.consume(1);
            return Ok(false);
        }
        Ok(true)
    }

    /// Takes one value, and copies it if it is wanted.
    fn value(&mut self, mut copy: Option<&mut Vec<u8>>) -> Result<(), IndexFault> {
        let (mut depth, mut in_string, mut escaped, mut started) =
            (0usize, false, false, false);
        let mut byte = self.peek()?;
        loop {
            let plain_end = depth == 0 && !in_string;
            if started && plain_end && matches!(byte, b',' | b':' | b']' | b'}') {
                return Ok(());
            }
            self.input.consume(1);
            if let Some(copy) = copy.as_deref_mut() {
                copy.push(byte);
                if copy.len() > MAX_VALUE {
                    return Err("a chart's list is larger than 16 MiB".to_owned().into());
                }
            }
            let was_string = in_string;
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
            started = true;
            let closed = matches!(byte, b'}' | b']') || (was_string && !in_string);
            if depth == 0 && !in_string && closed {
                return Ok(());
            }
            if depth > MAX_DEPTH {
                return Err("it nests too deep".to_owned().into());
            }
            byte = self.raw()?;
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), IndexFault> {
        match self.peek()? {
            byte if byte == wanted => {
                self.input.consume(1);
                Ok(())
            }
            byte => {
                let (wanted, byte) = (char::from(wanted), char::from(byte));
                Err(format!("`{wanted}` is missing before `{byte}`").into())
            }
        }
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Result<u8, IndexFault> {
        loop {
            match self.raw()? {
                b' ' | b'\t' | b'\r' | b'\n' => self.input.consume(1),
                byte => return Ok(byte),
            }
        }
    }

    fn raw(&mut self) -> Result<u8, IndexFault> {
        let buffer = self.input.fill_buf()?;
        let first = buffer.first().copied();
        first.ok_or_else(|| "it ends too early".to_owned().into())
    }
}
