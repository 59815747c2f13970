//! Randomness and the clock, through the host alone. (sprig: strings.go, crypto.go)

use certs::Random;
use gotemplate::{Call, Func, FuncError, Str, func};
use rand_core::RngCore as _;

use super::kinds::BAD_LENGTH;
use super::text::base::encode64;
use super::text::runes::runes;
use crate::Host;

pub(super) static FUNCS: &[Func] = &[
    func!("randAlphaNum", rand_alpha_num, Drawn),
    func!("randAlpha", rand_alpha, Drawn),
    func!("randAscii", rand_ascii, Drawn),
    func!("randNumeric", rand_numeric, Drawn),
    func!("randBytes", rand_bytes, Drawn),
    func!("shuffle", shuffle, Drawn),
    func!("uuidv4", uuidv4, Drawn),
];

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// How long a random text may be.
const MAX_LEN: isize = 1 << 24;

/// A stream of random numbers for one call.
pub(super) struct Stream(pub(super) Random);

/// The stream for this call: its label is the function, the place and the occurrence there.
pub(super) fn of(call: &Call<'_>) -> Stream {
    let mut seed = [0; 32];
    if let Some(host) = call.host::<Host>() {
        let label = host.draws.label(call.name(), call.span());
        host.ambient.random(&label, &mut seed);
    }
    Stream(Random::new(seed))
}

/// Counts the making of a key or a slow digest as what it takes: tens of milliseconds.
pub(super) fn slow(call: &mut Call<'_>) -> Result<(), FuncError> {
    call.charge(200_000)
}

impl Stream {
    /// A number below `limit`, all equally likely.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let limit = limit.max(1);
        let unfair = u64::MAX - u64::MAX % limit;
        loop {
            let drawn = self.0.next_u64();
            if drawn < unfair {
                return drawn % limit;
            }
        }
    }

    fn pick(&mut self, alphabet: &[u8]) -> u8 {
        let index = self.below(alphabet.len() as u64);
        usize::try_from(index).ok().and_then(|n| alphabet.get(n)).copied().unwrap_or(b'0')
    }

    fn text(&mut self, count: isize, alphabet: &[u8]) -> Result<Vec<u8>, String> {
        if count > MAX_LEN {
            return Err(format!("more than {MAX_LEN} random characters"));
        }
        // Negative counts are an error that sprig drops.
        Ok((0..count).map(|_| self.pick(alphabet)).collect())
    }
}

/// Random letters and digits, one digit at least. (goutils, `CryptoRandomAlphaNumeric`)
fn rand_alpha_num(call: &mut Call<'_>, count: isize) -> Result<Str, String> {
    let mut stream = of(call);
    let mut text = stream.text(count, &[LETTERS, DIGITS].concat())?;
    if !text.is_empty() && !text.iter().any(u8::is_ascii_digit) {
        let position = stream.below(text.len() as u64);
        let digit = stream.pick(DIGITS);
        if let Some(byte) = usize::try_from(position).ok().and_then(|n| text.get_mut(n)) {
            *byte = digit;
        }
    }
    Ok(Str::from(text))
}

/// Random letters. (strings.go, `randAlpha`)
fn rand_alpha(call: &mut Call<'_>, count: isize) -> Result<Str, String> {
    of(call).text(count, LETTERS).map(Str::from)
}

/// Random printable ASCII. (strings.go, `randAscii`)
fn rand_ascii(call: &mut Call<'_>, count: isize) -> Result<Str, String> {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    of(call).text(count, &printable).map(Str::from)
}

/// Random digits. (strings.go, `randNumeric`)
fn rand_numeric(call: &mut Call<'_>, count: isize) -> Result<Str, String> {
    of(call).text(count, DIGITS).map(Str::from)
}

/// Random bytes in base64. (crypto.go, `randBytes`)
fn rand_bytes(call: &mut Call<'_>, count: isize) -> Result<String, String> {
    if count > MAX_LEN {
        return Err(format!("more than {MAX_LEN} random bytes"));
    }
    let count = usize::try_from(count).map_err(|_| BAD_LENGTH)?;
    let mut bytes = vec![0; count];
    of(call).0.fill_bytes(&mut bytes);
    Ok(encode64(&bytes))
}

/// The characters of a text in random order. (xstrings, `Shuffle`)
fn shuffle(call: &mut Call<'_>, text: Str) -> String {
    let mut stream = of(call);
    let mut chars: Vec<char> = runes(text.as_bytes()).collect();
    for i in (1..chars.len()).rev() {
        let j = usize::try_from(stream.below(i as u64 + 1)).unwrap_or(0);
        chars.swap(i, j);
    }
    chars.into_iter().collect()
}

/// A random UUID of version 4. (crypto.go, `uuidv4`)
fn uuidv4(call: &mut Call<'_>) -> String {
    let mut bytes = [0; 16];
    of(call).0.fill_bytes(&mut bytes);
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) | (4 << 76);
    let number = number & !(0b11 << 62) | (0b10 << 62);
    let hex = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32)
    )
}
