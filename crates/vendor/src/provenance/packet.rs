//! Packets and what they are made of. (RFC 4880, sections 3 and 4)

/// A packet: its kind, and its bytes.
pub(super) struct Packet<'b> {
    pub(super) tag: u8,
    pub(super) body: &'b [u8],
}

/// The kinds that are read.
pub(super) mod tag {
    pub(in super::super) const SIGNATURE: u8 = 2;
    pub(in super::super) const PUBLIC_KEY: u8 = 6;
    pub(in super::super) const USER_ID: u8 = 13;
    pub(in super::super) const PUBLIC_SUBKEY: u8 = 14;
}

/// Bytes that are taken from the front.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

impl<'b> Bytes<'b> {
    /// The next bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// The next bytes as a number, the greatest first.
    pub(super) fn number(&mut self, count: usize) -> Option<usize> {
        Some(
            self.take(count)?
                .iter()
                .fold(0, |number, byte| number << 8 | usize::from(*byte)),
        )
    }

    /// A number of many bits, without zeros at its front.
    pub(super) fn integer(&mut self) -> Option<&'b [u8]> {
        let bits = self.number(2)?;
        let bytes = self.take(bits.div_ceil(8))?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        bytes.get(zeros..)
    }

    /// A length of packets and subpackets in the new format; `None` if it is partial.
    pub(super) fn length(&mut self) -> Option<usize> {
        match usize::from(self.byte()?) {
            first @ 0..=191 => Some(first),
            first @ 192..=223 => {
                Some(((first - 192) << 8) + usize::from(self.byte()?) + 192)
            }
            255 => self.number(4),
            _ => None,
        }
    }

    /// The next packet; `None` at the end, or where there is none.
    pub(super) fn packet(&mut self) -> Option<Packet<'b>> {
        let head = self.byte()?;
        if head & 0x80 == 0 {
            return None;
        }
        let (tag, length) = match head & 0x40 {
            0 => {
                let length = match head & 3 {
                    0 => self.number(1)?,
                    1 => self.number(2)?,
                    2 => self.number(4)?,
                    _ => self.0.len(),
                };
                (head >> 2 & 0x0f, length)
            }
            _ => (head & 0x3f, self.length()?),
        };
        Some(Packet { tag, body: self.take(length)? })
    }
}
