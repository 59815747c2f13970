//! Floats as text. (strconv: `AppendFloat`)

/// The decimal digits of a finite number: `0.d1d2d3… × 10^point`, without trailing zeros.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// From what Rust prints in the form `1.234e5`.
    fn parse(text: &str) -> Digits {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let point = if digits.is_empty() { 0 } else { exponent + 1 };
        Digits { digits, point }
    }

    /// The fewest digits that read back as `f`; of two that are equally near, the even one,
    /// where Rust takes the larger.
    fn shortest(f: f64) -> Digits {
        let text = format!("{f:e}");
        let digits = Digits::parse(&text);
        let count = digits.digits.len();
        if count >= 15 {
            let near = format!("{f:.*e}", count - 1);
            if near != text && near.parse() == Ok(f) {
                return Digits::parse(&near);
            }
        }
        digits
    }

    fn get(&self, at: i32) -> u8 {
        let at = usize::try_from(at).ok();
        at.and_then(|at| self.digits.get(at)).copied().unwrap_or(b'0')
    }

    fn count(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }
}

/// No double has more digits than this; further ones are zeros.
const MOST: usize = 1100;

/// Appends a float as `verb` (`b e E f g G x X`) wants it; with `None` for the precision, by the
/// fewest digits that read back as the same number.
pub fn append_float(out: &mut Vec<u8>, f: f64, verb: u8, precision: Option<usize>) {
    if f.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if f.is_infinite() {
        return out.extend_from_slice(if f > 0.0 { b"+Inf" } else { b"-Inf" });
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    let f = f.abs();
    match verb {
        b'b' => binary(out, f),
        b'x' | b'X' => hex(out, f, verb, precision),
        b'e' | b'E' => {
            let digits = match precision {
                None => Digits::shortest(f),
                Some(p) => Digits::parse(&format!("{f:.*e}", p.min(MOST))),
            };
            let precision = precision.unwrap_or(digits.digits.len().saturating_sub(1));
            exponent_form(out, &digits, precision, verb);
        }
        b'f' => match precision {
            None => {
                let digits = Digits::shortest(f);
                point_form(out, &digits, after_point(&digits));
            }
            Some(p) => {
                out.extend_from_slice(format!("{f:.*}", p.min(MOST)).as_bytes());
                out.extend(std::iter::repeat_n(b'0', p.saturating_sub(MOST)));
            }
        },
        _ => general(out, f, verb, precision),
    }
}

fn after_point(digits: &Digits) -> usize {
    usize::try_from(digits.count() - digits.point).unwrap_or(0)
}

/// `%g`: the shorter of the two forms.
fn general(out: &mut Vec<u8>, f: f64, verb: u8, precision: Option<usize>) {
    let precision = precision.map(|p| p.max(1));
    let digits = match precision {
        None => Digits::shortest(f),
        Some(p) => Digits::parse(&format!("{f:.*e}", (p - 1).min(MOST))),
    };
    let most = precision.map_or(6, |p| i32::try_from(p).unwrap_or(i32::MAX));
    let mut limit = most;
    if limit > digits.count() && digits.count() >= digits.point {
        limit = digits.count();
    }
    if precision.is_none() {
        limit = 6;
    }
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit {
        let shown = match precision {
            None => digits.digits.len(),
            Some(p) => p.min(digits.digits.len()),
        };
        let verb = if verb == b'G' { b'E' } else { b'e' };
        return exponent_form(out, &digits, shown.saturating_sub(1), verb);
    }
    point_form(out, &digits, after_point(&digits));
}

fn exponent_form(out: &mut Vec<u8>, digits: &Digits, precision: usize, verb: u8) {
    out.push(digits.get(0));
    if precision > 0 {
        out.push(b'.');
        let shown = digits.digits.iter().skip(1).take(precision);
        let missing = precision - shown.len();
        out.extend(shown);
        out.extend(std::iter::repeat_n(b'0', missing));
    }
    out.push(verb);
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    out.push(if exponent < 0 { b'-' } else { b'+' });
    out.extend_from_slice(format!("{:02}", exponent.abs()).as_bytes());
}

fn point_form(out: &mut Vec<u8>, digits: &Digits, precision: usize) {
    if digits.point > 0 {
        out.extend((0..digits.point).map(|at| digits.get(at)));
    } else {
        out.push(b'0');
    }
    if precision > 0 {
        out.push(b'.');
        let precision = i32::try_from(precision).unwrap_or(i32::MAX);
        out.extend((0..precision).map(|at| digits.get(digits.point + at)));
    }
}

/// Mantissa and exponent of a double: `mantissa × 2^exponent`.
fn parts(f: f64) -> (u64, i32) {
    let bits = f.to_bits();
    let exponent = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let mantissa = bits & ((1 << 52) - 1);
    match exponent {
        0 => (mantissa, 1 - 1075),
        _ => (mantissa | 1 << 52, exponent - 1075),
    }
}

/// `%b`: `4503599627370496p-52`
fn binary(out: &mut Vec<u8>, f: f64) {
    let (mantissa, exponent) = parts(f);
    out.extend_from_slice(format!("{mantissa}p{exponent:+}").as_bytes());
}

/// `%x`: `0x1.8p+00`
fn hex(out: &mut Vec<u8>, f: f64, verb: u8, precision: Option<usize>) {
    let (mut mantissa, mut exponent) = parts(f);
    exponent += 52;
    if mantissa == 0 {
        exponent = 0;
    }
    // The leading bit stands at 60, as strconv has it, to leave room for rounding.
    mantissa <<= 60 - 52;
    while mantissa != 0 && mantissa & 1 << 60 == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(p) = precision.filter(|p| *p < 15) {
        let shift = p * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & 1 << 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let upper = verb == b'X';
    let mut text = format!("0x{}", mantissa >> 60 & 1);
    mantissa <<= 4;
    let mut left = precision.unwrap_or(usize::MAX);
    if precision.is_some_and(|p| p > 0) || (precision.is_none() && mantissa != 0) {
        text.push('.');
        while left > 0 && (precision.is_some() || mantissa != 0) {
            text.push_str(&format!("{:x}", mantissa >> 60 & 15));
            mantissa <<= 4;
            left -= 1;
        }
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("p{sign}{:02}", exponent.abs()));
    let text = if upper { text.to_uppercase() } else { text };
    out.extend_from_slice(text.as_bytes());
}
