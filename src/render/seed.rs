//! What stands for clock and randomness in a build (`docs/decisions.md` 7).

use hkdf::Hkdf;
use sha2::Sha256;
use source::Ambient;

/// Random bytes derived from the committed seed, and a clock that stands still.
///
/// The seed is public, so the bytes are too: a lint refuses them where a secret is needed.
pub(crate) struct SeededAmbient {
    key: Hkdf<Sha256>,
    place: Vec<u8>,
    clock: i64,
}

impl SeededAmbient {
    /// What a release of a component of a cluster draws from.
    #[must_use]
    pub(crate) fn new(seed: &str, clock: i64, place: [&str; 3]) -> SeededAmbient {
        let salt = b"thanos-gitops build v1";
        let key = Hkdf::new(Some(salt), seed.as_bytes());
        let mut info = Vec::new();
        for part in place {
            // Lengths keep `("a", "bc")` and `("ab", "c")` apart.
            info.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            info.extend(part.as_bytes());
        }
        SeededAmbient { key, place: info, clock }
    }
}

impl Ambient for SeededAmbient {
    fn now(&self) -> (i64, u32) {
        (self.clock, 0)
    }

    fn random(&self, label: &str, bytes: &mut [u8]) {
        // HKDF yields at most 255 blocks; longer draws go on under the next number.
        const MOST: usize = 255 * 32;
        for (n, chunk) in bytes.chunks_mut(MOST).enumerate() {
            let number = u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes();
            let info = [&self.place, label.as_bytes(), &number];
            if self.key.expand_multi_info(&info, chunk).is_err() {
                chunk.fill(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SeededAmbient;
    use source::Ambient;

    fn draw(place: [&str; 3], label: &str) -> [u8; 16] {
        let mut bytes = [0; 16];
        SeededAmbient::new("seed", 0, place).random(label, &mut bytes);
        bytes
    }

    #[test]
    fn the_same_place_draws_the_same_bytes_and_no_other_does() {
        let first =
            draw(["c", "grafana", "grafana"], "randAlphaNum templates/a.yaml:3 1");
        assert_eq!(
            first,
            draw(["c", "grafana", "grafana"], "randAlphaNum templates/a.yaml:3 1")
        );
        assert_ne!(
            first,
            draw(["c", "grafana", "grafana"], "randAlphaNum templates/a.yaml:3 2")
        );
        assert_ne!(
            first,
            draw(["d", "grafana", "grafana"], "randAlphaNum templates/a.yaml:3 1")
        );
        assert_ne!(draw(["a", "bc", ""], "x"), draw(["ab", "c", ""], "x"));
    }

    #[test]
    fn long_draws_do_not_repeat() {
        let mut bytes = vec![0; 20_000];
        SeededAmbient::new("seed", 0, ["", "", ""]).random("x", &mut bytes);
        assert_ne!(bytes[..32], bytes[255 * 32..256 * 32]);
    }
}
