//! Numbers. (sprig: numeric.go, functions.go)

use gotemplate::{Call, Func, List, Rest, Str, Type, Value, func};

use super::cast::{self, IntFault, to_float64, to_int64};
use super::decimal::Decimal;
use super::kinds::show;
use super::random;

pub(super) static FUNCS: &[Func] = &[
    func!("atoi", atoi),
    func!("int", int),
    func!("int64", to_int),
    func!("float64", to_float),
    func!("toDecimal", to_decimal),
    func!("add1", add1),
    func!("add", add),
    func!("sub", sub),
    func!("div", div),
    func!("mod", modulo),
    func!("mul", mul),
    func!("randInt", rand_int, Drawn),
    func!("add1f", add1f),
    func!("addf", addf),
    func!("subf", subf),
    func!("divf", divf),
    func!("mulf", mulf),
    func!("biggest", max),
    func!("max", max),
    func!("min", min),
    func!("maxf", maxf),
    func!("minf", minf),
    func!("ceil", ceil),
    func!("floor", floor),
    func!("round", round),
    func!("seq", seq),
    func!("until", until, Counting),
    func!("untilStep", until_step, Counting),
];

/// How many numbers a list may have; upstream stops when memory ends.
const MAX_NUMBERS: usize = 5_000_000;

/// Reads a decimal integer; faults are 0, too large ones the largest. (`strconv.Atoi`)
fn atoi(text: Str) -> isize {
    match cast::parse_int(&text.to_str(), 10) {
        Ok(n) | Err(IntFault::Range(n)) => to_isize(n),
        Err(IntFault::Syntax) => 0,
    }
}

fn to_isize(n: i64) -> isize {
    isize::try_from(n).unwrap_or(isize::MAX)
}

/// Converts to an `int`, octal and hexadecimal texts too. (numeric.go, `toInt`)
fn int(value: Value) -> isize {
    to_isize(to_int64(&value))
}

/// Converts to an `int64`. (numeric.go, `toInt64`)
fn to_int(value: Value) -> i64 {
    to_int64(&value)
}

/// Converts to a `float64`. (numeric.go, `toFloat64`)
fn to_float(value: Value) -> f64 {
    to_float64(&value)
}

/// Reads what `%v` prints as an octal number; faults are 0. (numeric.go, `toDecimal`)
fn to_decimal(value: Value) -> i64 {
    cast::parse_int(&show(&value).to_str(), 8).unwrap_or(0)
}

/// Adds one. (functions.go)
fn add1(value: Value) -> i64 {
    to_int64(&value).wrapping_add(1)
}

/// Adds integers; floats are truncated first. (functions.go)
fn add(values: Rest<Value>) -> i64 {
    values.0.iter().map(to_int64).fold(0, i64::wrapping_add)
}

/// Subtracts. (functions.go)
fn sub(a: Value, b: Value) -> i64 {
    to_int64(&a).wrapping_sub(to_int64(&b))
}

const BY_ZERO: &str = "runtime error: integer divide by zero";

/// Divides integers. (functions.go)
fn div(a: Value, b: Value) -> Result<i64, &'static str> {
    match to_int64(&b) {
        0 => Err(BY_ZERO),
        b => Ok(to_int64(&a).wrapping_div(b)),
    }
}

/// The remainder of a division. (functions.go)
fn modulo(a: Value, b: Value) -> Result<i64, &'static str> {
    match to_int64(&b) {
        0 => Err(BY_ZERO),
        b => Ok(to_int64(&a).wrapping_rem(b)),
    }
}

/// Multiplies integers. (functions.go)
fn mul(a: Value, rest: Rest<Value>) -> i64 {
    rest.0.iter().map(to_int64).fold(to_int64(&a), i64::wrapping_mul)
}

/// A random integer from `min` up to, not with, `max`. (functions.go)
fn rand_int(call: &mut Call<'_>, min: isize, max: isize) -> Result<isize, &'static str> {
    let width = max.wrapping_sub(min);
    match u64::try_from(width) {
        Ok(1..) => {
            let drawn = random::of(call).below(width.unsigned_abs() as u64);
            Ok(min.wrapping_add_unsigned(usize::try_from(drawn).unwrap_or(0)))
        }
        _ => Err("invalid argument to Intn"),
    }
}

/// Folds decimals from the left. (numeric.go, `execDecimalOp`)
fn fold(
    first: f64,
    rest: &[Value],
    op: impl Fn(&Decimal, &Decimal) -> Result<Decimal, String>,
) -> Result<f64, String> {
    let mut result = Decimal::from_float(first)?;
    for value in rest {
        result = op(&result, &Decimal::from_float(to_float64(value))?)?;
    }
    Ok(result.to_float())
}

/// Adds one, in decimal. (functions.go)
fn add1f(value: Value) -> Result<f64, String> {
    fold(to_float64(&value), &[Value::int(1)], |a, b| Ok(a.add(b)))
}

/// Adds, in decimal. (functions.go)
fn addf(values: Rest<Value>) -> Result<f64, String> {
    fold(0.0, &values.0, |a, b| Ok(a.add(b)))
}

/// Subtracts, in decimal. (functions.go)
fn subf(a: Value, rest: Rest<Value>) -> Result<f64, String> {
    fold(to_float64(&a), &rest.0, |a, b| Ok(a.sub(b)))
}

/// Divides, in decimal: 16 decimals; by zero is an error. (functions.go)
fn divf(a: Value, rest: Rest<Value>) -> Result<f64, String> {
    fold(to_float64(&a), &rest.0, Decimal::div)
}

/// Multiplies, in decimal. (functions.go)
fn mulf(a: Value, rest: Rest<Value>) -> Result<f64, String> {
    fold(to_float64(&a), &rest.0, |a, b| Ok(a.mul(b)))
}

/// The greatest integer. (numeric.go, `max`)
fn max(a: Value, rest: Rest<Value>) -> i64 {
    rest.0.iter().map(to_int64).fold(to_int64(&a), i64::max)
}

/// The least integer. (numeric.go, `min`)
fn min(a: Value, rest: Rest<Value>) -> i64 {
    rest.0.iter().map(to_int64).fold(to_int64(&a), i64::min)
}

/// The greatest float; NaN wins but against infinity. (numeric.go, `maxf`)
fn maxf(a: Value, rest: Rest<Value>) -> f64 {
    rest.0.iter().map(to_float64).fold(to_float64(&a), |a, b| {
        if a == f64::INFINITY || b == f64::INFINITY {
            f64::INFINITY
        } else if a.is_nan() || b.is_nan() {
            f64::NAN
        } else if a == 0.0 && b == 0.0 {
            if a.is_sign_negative() { b } else { a }
        } else if a > b {
            a
        } else {
            b
        }
    })
}

/// The least float; NaN wins but against infinity. (numeric.go, `minf`)
fn minf(a: Value, rest: Rest<Value>) -> f64 {
    rest.0.iter().map(to_float64).fold(to_float64(&a), |a, b| {
        if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY {
            f64::NEG_INFINITY
        } else if a.is_nan() || b.is_nan() {
            f64::NAN
        } else if a == 0.0 && b == 0.0 {
            if a.is_sign_negative() { a } else { b }
        } else if a < b {
            a
        } else {
            b
        }
    })
}

/// Rounds up. (numeric.go, `ceil`)
fn ceil(value: Value) -> f64 {
    to_float64(&value).ceil()
}

/// Rounds down. (numeric.go, `floor`)
fn floor(value: Value) -> f64 {
    to_float64(&value).floor()
}

/// Rounds to decimals, up from the fraction `on`, half by default. (numeric.go, `round`)
fn round(value: Value, places: isize, on: Rest<f64>) -> f64 {
    let on = on.0.first().copied().unwrap_or(0.5);
    let power = power_of_ten(places as i64);
    let digit = power * to_float64(&value);
    let fraction = if digit.is_infinite() { f64::NAN } else { digit.fract() };
    let rounded = if fraction >= on { digit.ceil() } else { digit.floor() };
    rounded / power
}

/// Go's `math.Pow(10, n)`, whose squarings round as they go: beyond 22 not the nearest.
fn power_of_ten(n: i64) -> f64 {
    let mut rest = n.unsigned_abs();
    // The answer is `mantissa * 2^exponent`, and so is the square at hand: 10 is 0.625 * 2^4.
    let (mut mantissa, mut exponent) = (1.0, 0i64);
    let (mut square, mut shift) = (0.625f64, 4i64);
    while rest != 0 {
        if shift > 1 << 12 {
            exponent += shift;
            break;
        }
        if rest & 1 == 1 {
            mantissa *= square;
            exponent += shift;
        }
        square *= square;
        shift <<= 1;
        if square < 0.5 {
            square += square;
            shift -= 1;
        }
        rest >>= 1;
    }
    if n < 0 {
        (mantissa, exponent) = (1.0 / mantissa, -exponent);
    }
    // Two steps, since either alone may leave the range of exponents.
    let exponent = i32::try_from(exponent.clamp(-4000, 4000)).unwrap_or(0);
    let half = exponent / 2;
    mantissa * 2f64.powi(half) * 2f64.powi(exponent - half)
}

/// Integers from 0, or down to the negative. (numeric.go, `until`)
fn until(count: isize) -> Result<Value, String> {
    until_step(0, count, if count < 0 { -1 } else { 1 })
}

/// Integers in steps. (numeric.go, `untilStep`)
fn until_step(start: isize, stop: isize, step: isize) -> Result<Value, String> {
    let items = steps(start, stop, step)?;
    let items = items.into_iter().map(|n| Value::int(n as i64)).collect();
    Ok(Value::from(List::of(Type::INT, items)))
}

fn steps(start: isize, stop: isize, step: isize) -> Result<Vec<isize>, String> {
    let mut items = Vec::new();
    let mut next = Some(start);
    while let Some(n) = next {
        let more = if stop < start { step < 0 && n > stop } else { step > 0 && n < stop };
        if !more {
            break;
        }
        if items.len() == MAX_NUMBERS {
            return Err(format!("more than {MAX_NUMBERS} numbers"));
        }
        items.push(n);
        next = n.checked_add(step);
    }
    Ok(items)
}

/// Integers with blanks between, as the `seq` of shells: `end`, `start end`, or
/// `start step end`. (numeric.go, `seq`)
fn seq(params: Rest<isize>) -> Result<String, String> {
    let toward = |start: isize, end: isize| if end < start { -1 } else { 1 };
    let numbers = match *params.0.as_slice() {
        [end] => steps(1, end.wrapping_add(toward(1, end)), toward(1, end))?,
        [start, end] => {
            let step = toward(start, end);
            steps(start, end.wrapping_add(step), step)?
        }
        [start, step, end] if end >= start || step <= 0 => {
            steps(start, end.wrapping_add(toward(start, end)), step)?
        }
        _ => Vec::new(),
    };
    let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Ok(texts.join(" "))
}
