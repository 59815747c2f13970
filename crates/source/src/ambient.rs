//! Clock and randomness, the two inputs that are no files.

use std::time::{SystemTime, UNIX_EPOCH};

/// What a render may ask of its surroundings besides files.
///
/// `template` uses [`SystemAmbient`], as Helm does. `build` hands each release an ambient
/// derived from a committed seed, so that a build repeats byte for byte.
pub trait Ambient: Send + Sync {
    /// The time as (seconds, nanoseconds) since 1970-01-01 UTC.
    fn now(&self) -> (i64, u32);

    /// Fills `bytes` with random data for the draw called `label`.
    ///
    /// `label` names the place that asks (function, template, line and occurrence): a derived
    /// ambient answers the same label with the same bytes.
    fn random(&self, label: &str, bytes: &mut [u8]);
}

/// The operating system's clock and random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemAmbient;

impl Ambient for SystemAmbient {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn now(&self) -> (i64, u32) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
    }

    fn random(&self, _label: &str, bytes: &mut [u8]) {
        // Passwords and keys are made of it: going on without would be worse than to stop, as
        // Go's `crypto/rand` does.
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no random bytes: {error}");
        }
    }
}

/// A clock that stands still and a source that repeats; for tests and for `build`.
#[derive(Clone, Debug)]
pub struct FixedAmbient {
    /// The time that [`Ambient::now`] answers.
    pub now: (i64, u32),
    /// Mixed into every draw.
    pub seed: u64,
}

impl Ambient for FixedAmbient {
    fn now(&self) -> (i64, u32) {
        self.now
    }

    fn random(&self, label: &str, bytes: &mut [u8]) {
        // FNV-1a over seed and label starts a SplitMix64 sequence.
        let mut state = 0xcbf2_9ce4_8422_2325 ^ self.seed;
        for byte in label.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        for chunk in bytes.chunks_mut(8) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (word ^ (word >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ambient, SystemAmbient};

    #[test]
    fn draws_differ_whatever_they_are_called() {
        let mut draws = [[0; 13]; 64];
        draws.iter_mut().for_each(|draw| SystemAmbient.random("same", draw));
        let mut seen = draws.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), draws.len());
    }
}
