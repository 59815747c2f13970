//! ASN.1 in DER: writing it inside out, reading it outside in.

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BITS: u8 = 0x03;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERAL_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A value with its tag and length in front.
pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = content.len();
    if len < 0x80 {
        out.push(u8::try_from(len).unwrap_or(0));
    } else {
        let bytes = len.to_be_bytes();
        let skipped = bytes.iter().take_while(|&&b| b == 0).count();
        let length = bytes.get(skipped..).unwrap_or_default();
        out.push(0x80 | u8::try_from(length.len()).unwrap_or(0));
        out.extend_from_slice(length);
    }
    out.extend_from_slice(content);
    out
}

/// `SEQUENCE` of parts that are already encoded.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(SEQUENCE, &parts.concat())
}

/// An unsigned integer, most significant byte first.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&b| b == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    let mut content = Vec::with_capacity(bytes.len() + 1);
    if bytes.first().is_none_or(|&b| b >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(bytes);
    tagged(INTEGER, &content)
}

/// A bit string of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(BITS, &[&[0], bytes].concat())
}

/// Reads one value after the other.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'d> {
    rest: &'d [u8],
}

/// A value: its tag, what is in it, and all of it.
#[derive(Clone, Copy)]
pub(crate) struct Element<'d> {
    pub(crate) tag: u8,
    pub(crate) content: &'d [u8],
    pub(crate) whole: &'d [u8],
}

impl<'d> Reader<'d> {
    pub(crate) fn new(data: &'d [u8]) -> Reader<'d> {
        Reader { rest: data }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next value.
    pub(crate) fn next(&mut self) -> Option<Element<'d>> {
        let data = self.rest;
        let (&tag, rest) = data.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut len = usize::from(first);
        if first >= 0x80 {
            let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if bytes.is_empty() || bytes.len() > 4 {
                return None;
            }
            len = bytes.iter().fold(0, |len, &b| len << 8 | usize::from(b));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(len)?;
        self.rest = after;
        let whole = data.get(..data.len() - after.len())?;
        Some(Element { tag, content, whole })
    }

    /// The content of the next value, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.next().filter(|element| element.tag == tag).map(|element| element.content)
    }

    /// The next value if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<&'d [u8]> {
        match self.rest.first() == Some(&tag) {
            true => self.expect(tag),
            false => None,
        }
    }

    /// A reader of the sequence that comes next.
    pub(crate) fn sequence(&mut self) -> Option<Reader<'d>> {
        self.expect(SEQUENCE).map(Reader::new)
    }
}
