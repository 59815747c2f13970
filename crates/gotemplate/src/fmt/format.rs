//! Flags, width and precision: how one basic value is laid out. (fmt: `format.go`)

use super::float::append_float;
use super::quote::{
    append_quoted, append_quoted_rune, append_rune, can_backquote, decode_rune, is_print,
    rune_count,
};

/// The flags of a verb.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`
    pub(super) plus_v: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

const RUNE_ERROR: u32 = 0xfffd;
const MAX_RUNE: u64 = 0x10_ffff;

impl Flags {
    fn padding(&self, out: &mut Vec<u8>, count: usize) {
        let byte = if self.zero && !self.minus { b'0' } else { b' ' };
        out.extend(std::iter::repeat_n(byte, count));
    }

    /// Appends text, padded on the left, or on the right if `-` was given.
    pub(super) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let Some(width) = self.width.filter(|w| *w > 0) else {
            return out.extend_from_slice(text);
        };
        let missing = width.saturating_sub(rune_count(text));
        if !self.minus {
            self.padding(out, missing);
        }
        out.extend_from_slice(text);
        if self.minus {
            self.padding(out, missing);
        }
    }

    fn pad_spaced(&self, out: &mut Vec<u8>, text: &[u8]) {
        Flags { zero: false, ..*self }.pad(out, text);
    }

    /// Cuts text to the precision, counted in runes.
    fn truncate<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(mut left) = self.precision else {
            return text;
        };
        let mut at = 0;
        while left > 0 && at < text.len() {
            at += decode_rune(text.get(at..).unwrap_or(&[])).1;
            left -= 1;
        }
        text.get(..at).unwrap_or(text)
    }

    /// `%s`
    pub(super) fn string(&self, out: &mut Vec<u8>, text: &[u8]) {
        self.pad(out, self.truncate(text));
    }

    /// `%q`
    pub(super) fn quoted(&self, out: &mut Vec<u8>, text: &[u8]) {
        let text = self.truncate(text);
        let mut quoted = Vec::with_capacity(text.len() + 2);
        if self.sharp && can_backquote(text) {
            quoted.push(b'`');
            quoted.extend_from_slice(text);
            quoted.push(b'`');
        } else {
            append_quoted(&mut quoted, text, self.plus);
        }
        self.pad(out, &quoted);
    }

    /// `%x` of a string
    pub(super) fn hex(&self, out: &mut Vec<u8>, text: &[u8], upper: bool) {
        let text = text.get(..self.precision.unwrap_or(text.len())).unwrap_or(text);
        if text.is_empty() {
            return self.padding(out, self.width.unwrap_or(0));
        }
        let prefix: &[u8] = match (self.sharp, upper) {
            (false, _) => b"",
            (true, false) => b"0x",
            (true, true) => b"0X",
        };
        let mut hex: Vec<u8> = Vec::with_capacity(text.len() * 2);
        hex.extend_from_slice(prefix);
        for (i, byte) in text.iter().enumerate() {
            if self.space && i > 0 {
                hex.push(b' ');
                hex.extend_from_slice(prefix);
            }
            let two = if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            hex.extend_from_slice(two.as_bytes());
        }
        self.pad(out, &hex);
    }

    /// `%c`
    pub(super) fn char(&self, out: &mut Vec<u8>, n: u64) {
        let mut text = Vec::new();
        append_rune(&mut text, rune(n));
        self.pad(out, &text);
    }

    /// `%q` of an integer
    pub(super) fn quoted_char(&self, out: &mut Vec<u8>, n: u64) {
        let mut text = Vec::new();
        append_quoted_rune(&mut text, rune(n), self.plus);
        self.pad(out, &text);
    }

    /// `%U`
    pub(super) fn unicode(&self, out: &mut Vec<u8>, n: u64) {
        let digits = self.precision.unwrap_or(4).max(4);
        let mut text = format!("U+{n:0digits$X}").into_bytes();
        let shown = u32::try_from(n).ok().filter(|c| is_print(*c));
        if let (true, Some(c)) = (self.sharp && n <= MAX_RUNE, shown) {
            text.extend_from_slice(b" '");
            append_rune(&mut text, c);
            text.push(b'\'');
        }
        self.pad_spaced(out, &text);
    }

    /// `%d %b %o %O %x %X`
    pub(super) fn integer(&self, out: &mut Vec<u8>, n: i128, verb: char) {
        let magnitude = n.unsigned_abs();
        let negative = n < 0;
        let mut precision = 0;
        if let Some(p) = self.precision {
            precision = p;
            if p == 0 && magnitude == 0 {
                let spaced = Flags { zero: false, ..*self };
                return spaced.padding(out, self.width.unwrap_or(0));
            }
        } else if let (true, Some(width)) = (self.zero && !self.minus, self.width) {
            let sign = usize::from(negative || self.plus || self.space);
            precision = width.saturating_sub(sign);
        }
        let digits = match verb {
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => format!("{magnitude}"),
        };
        let mut text: Vec<u8> = Vec::with_capacity(digits.len() + 3);
        if negative {
            text.push(b'-');
        } else if self.plus {
            text.push(b'+');
        } else if self.space {
            text.push(b' ');
        }
        if verb == 'O' {
            text.extend_from_slice(b"0o");
        }
        let zeros = precision.saturating_sub(digits.len());
        if self.sharp {
            match verb {
                'b' => text.extend_from_slice(b"0b"),
                'o' | 'O' if zeros == 0 && !digits.starts_with('0') => text.push(b'0'),
                'x' => text.extend_from_slice(b"0x"),
                'X' => text.extend_from_slice(b"0X"),
                _ => {}
            }
        }
        text.extend(std::iter::repeat_n(b'0', zeros));
        text.extend_from_slice(digits.as_bytes());
        self.pad_spaced(out, &text);
    }

    /// `%e %f %g` and the like; `precision` is the verb's own.
    pub(super) fn float(
        &self,
        out: &mut Vec<u8>,
        f: f64,
        verb: char,
        precision: Option<usize>,
    ) {
        let precision = self.precision.or(precision);
        let mut num = vec![b'+'];
        append_float(&mut num, f, verb as u8, precision);
        if matches!(num.get(1), Some(b'-' | b'+')) {
            num.remove(0);
        }
        if self.space && num.first() == Some(&b'+') && !self.plus {
            num[0] = b' ';
        }
        if matches!(num.get(1), Some(b'I' | b'N')) {
            if num.get(1) == Some(&b'N') && !self.space && !self.plus {
                num.remove(0);
            }
            return self.pad_spaced(out, &num);
        }
        if self.sharp && verb != 'b' {
            sharpen(&mut num, verb, precision);
        }
        let signed = self.plus || num.first() != Some(&b'+');
        let (sign, digits) = num.split_first().unwrap_or((&b'+', &[]));
        if !signed {
            return self.pad(out, digits);
        }
        match self.width {
            Some(width) if self.zero && !self.minus && width > num.len() => {
                out.push(*sign);
                self.padding(out, width - num.len());
                out.extend_from_slice(digits);
            }
            _ => self.pad(out, &num),
        }
    }
}

fn rune(n: u64) -> u32 {
    u32::try_from(n).ok().filter(|n| u64::from(*n) <= MAX_RUNE).unwrap_or(RUNE_ERROR)
}

/// The `#` flag of floats: a decimal point always, and `%g` keeps its zeros.
fn sharpen(num: &mut Vec<u8>, verb: char, precision: Option<usize>) {
    let mut digits: i64 = match verb {
        'g' | 'G' | 'x' => precision.map_or(6, |p| i64::try_from(p).unwrap_or(i64::MAX)),
        _ => 0,
    };
    let hex = matches!(verb, 'x' | 'X');
    let exponent = |b: &u8| match b {
        b'p' | b'P' => true,
        b'e' | b'E' => !hex,
        _ => false,
    };
    let at = num.iter().skip(1).position(exponent).map_or(num.len(), |at| at + 1);
    let tail = num.split_off(at);
    let pointed = num.contains(&b'.');
    let mut nonzero = false;
    for b in num.iter().skip(1).filter(|b| **b != b'.') {
        nonzero |= *b != b'0';
        digits -= i64::from(nonzero);
    }
    if !pointed {
        if num.len() == 2 && num.get(1) == Some(&b'0') {
            digits -= 1;
        }
        num.push(b'.');
    }
    let zeros = usize::try_from(digits).unwrap_or(0);
    num.extend(std::iter::repeat_n(b'0', zeros));
    num.extend_from_slice(&tail);
}
