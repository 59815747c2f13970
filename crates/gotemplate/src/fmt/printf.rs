//! `printf`: formats, their verbs, and which argument each takes. (fmt: `doPrintf`)

use super::format::Flags;
use super::printer::Printer;
use super::quote::decode_rune;
use crate::marks::StrBuilder;
use crate::{Data, Str, Value};

/// The text that a format makes of values.
#[must_use]
pub fn sprintf(format: &[u8], args: &[Value]) -> Vec<u8> {
    Format::run(format, args).0
}

/// The same as a value that remembers which argument made which part.
#[must_use]
pub fn printf(builder: StrBuilder, format: &[u8], args: &[Value]) -> Value {
    let (text, pieces) = Format::run(format, args);
    let mut builder = builder;
    let mut at = 0;
    for Piece { start, end, arg } in pieces {
        let Some(value) = args.get(arg) else {
            continue;
        };
        builder.push(text.get(at..start).unwrap_or(&[]));
        let part = text.get(start..end).unwrap_or(&[]);
        match &value.data {
            Data::Str(whole) if whole.as_bytes() == part => {
                builder.push_str(whole, value.origin);
            }
            _ => {
                let origin = value.origins().find(|o| !o.is_none()).unwrap_or_default();
                builder.push_from(part, origin);
            }
        }
        at = end;
    }
    builder.push(text.get(at..).unwrap_or(&[]));
    builder.finish()
}

/// What one verb printed.
struct Piece {
    start: usize,
    end: usize,
    arg: usize,
}

struct Format<'a> {
    format: &'a [u8],
    args: &'a [Value],
    /// Where in the format it stands.
    at: usize,
    /// The next argument.
    arg: usize,
    /// Did the format name arguments by number?
    reordered: bool,
    /// Was the number of the last one good?
    good_number: bool,
    pieces: Vec<Piece>,
}

impl<'a> Format<'a> {
    fn run(format: &'a [u8], args: &'a [Value]) -> (Vec<u8>, Vec<Piece>) {
        let mut out = Vec::with_capacity(format.len() + 16);
        let mut it = Format {
            format,
            args,
            at: 0,
            arg: 0,
            reordered: false,
            good_number: true,
            pieces: Vec::new(),
        };
        let mut printer = Printer::new(&mut out);
        while it.at < format.len() {
            it.literal(&mut printer);
            if it.at < format.len() {
                it.at += 1;
                it.verb(&mut printer);
            }
        }
        if !it.reordered && it.arg < args.len() {
            printer.extra(args.iter().skip(it.arg));
        }
        (out, it.pieces)
    }

    fn byte(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn literal(&mut self, printer: &mut Printer<'_>) {
        let rest = self.format.get(self.at..).unwrap_or(&[]);
        let length = rest.iter().position(|b| *b == b'%').unwrap_or(rest.len());
        printer.out.extend_from_slice(rest.get(..length).unwrap_or(rest));
        self.at += length;
    }

    /// One verb, after its `%`.
    fn verb(&mut self, printer: &mut Printer<'_>) {
        self.good_number = true;
        printer.flags = Flags::default();
        self.flags(&mut printer.flags);
        let mut after_index = self.arg_number();
        after_index = self.width(printer, after_index);
        after_index = self.precision(printer, after_index);
        if !after_index {
            self.arg_number();
        }
        if self.at >= self.format.len() {
            return printer.out.extend_from_slice(b"%!(NOVERB)");
        }
        let (rune, size) = decode_rune(self.format.get(self.at..).unwrap_or(&[]));
        self.at += size;
        let verb = char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER);
        if verb == '%' {
            return printer.out.push(b'%');
        }
        if !self.good_number {
            let text = format!("%!{verb}(BADINDEX)");
            return printer.out.extend_from_slice(text.as_bytes());
        }
        let Some(value) = self.args.get(self.arg) else {
            let text = format!("%!{verb}(MISSING)");
            return printer.out.extend_from_slice(text.as_bytes());
        };
        if verb == 'v' || verb == 'w' {
            let flags = &mut printer.flags;
            (flags.sharp_v, flags.sharp) = (flags.sharp, false);
            (flags.plus_v, flags.plus) = (flags.plus, false);
        }
        let start = printer.out.len();
        printer.arg(value, verb);
        self.pieces.push(Piece { start, end: printer.out.len(), arg: self.arg });
        self.arg += 1;
    }

    fn flags(&mut self, flags: &mut Flags) {
        while let Some(byte) = self.byte() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn width(&mut self, printer: &mut Printer<'_>, after_index: bool) -> bool {
        if self.byte() == Some(b'*') {
            self.at += 1;
            match self.int_arg() {
                Some(width) => {
                    if width < 0 {
                        printer.flags.minus = true;
                        printer.flags.zero = false;
                    }
                    printer.flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => printer.out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            return false;
        }
        printer.flags.width = self.number();
        if after_index && printer.flags.width.is_some() {
            self.good_number = false;
        }
        after_index
    }

    fn precision(&mut self, printer: &mut Printer<'_>, after_index: bool) -> bool {
        if self.byte() != Some(b'.') || self.at + 1 >= self.format.len() {
            return after_index;
        }
        self.at += 1;
        if after_index {
            self.good_number = false;
        }
        let after_index = self.arg_number();
        if self.byte() != Some(b'*') {
            printer.flags.precision = Some(self.number().unwrap_or(0));
            return after_index;
        }
        self.at += 1;
        printer.flags.precision = self.int_arg().and_then(|n| usize::try_from(n).ok());
        if printer.flags.precision.is_none() {
            printer.out.extend_from_slice(b"%!(BADPREC)");
        }
        false
    }

    /// An argument that gives a width or precision. (`intFromArg`)
    fn int_arg(&mut self) -> Option<i64> {
        let value = self.args.get(self.arg)?;
        self.arg += 1;
        let n = match value.data {
            Data::Int(n, _) => n,
            Data::Uint(n, _) => i64::try_from(n).ok()?,
            _ => return None,
        };
        (-1_000_000..=1_000_000).contains(&n).then_some(n)
    }

    /// Digits. (`parsenum`)
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            let n: usize = number.unwrap_or(0);
            if n > 1_000_000 {
                self.at = self.format.len();
                return None;
            }
            number = Some(n * 10 + usize::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    /// `[3]`: the number of the next argument. (`argNumber`)
    fn arg_number(&mut self) -> bool {
        if self.byte() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or(&[]);
        let close = rest.iter().position(|b| *b == b']').filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.good_number = false;
            self.at += 1;
            return false;
        };
        let digits = std::str::from_utf8(rest.get(1..close).unwrap_or(&[]));
        let number = digits.ok().filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let number = number.and_then(|d| d.parse::<usize>().ok());
        self.at += close + 1;
        match number.map(|n| n.checked_sub(1)) {
            Some(Some(index)) if index < self.args.len() => {
                self.arg = index;
                true
            }
            found => {
                self.good_number = false;
                found.is_some()
            }
        }
    }
}

impl Str {
    /// The text that a format makes of values.
    #[must_use]
    pub fn format(format: &[u8], args: &[Value]) -> Str {
        Str::new(sprintf(format, args))
    }
}
