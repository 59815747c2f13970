//! Random primes: a sieve of candidates, then Miller and Rabin's test.
//! (Go's crypto/rand, `Prime`; math/big, `ProbablyPrime`)

use rand_core::RngCore as _;
use rsa::BigUint;

use crate::montgomery::Modulus;
use crate::random::Random;

/// Candidates are sieved by the odd primes below this.
const SIEVED: usize = 1 << 15;

/// How many candidates stand in a row. The chance that no number of 2,048 bits among so many
/// is prime is 10⁻⁵; then there is another row.
const ROW: usize = 1 << 13;

/// Rounds with random bases after the one with base 2. For a random candidate of 256 bits or
/// more each of them is worth far more than the quarter of the worst case.
const ROUNDS: usize = 8;

/// Finds primes; the small ones are found once.
pub(crate) struct Primes {
    small: Vec<u32>,
}

impl Primes {
    /// Knows the small primes.
    pub(crate) fn new() -> Primes {
        let mut composite = vec![false; SIEVED];
        let mut small = Vec::new();
        for n in (3..SIEVED).step_by(2) {
            if composite.get(n) == Some(&false) {
                small.extend(u32::try_from(n));
                composite.iter_mut().skip(n * n).step_by(n).for_each(|c| *c = true);
            }
        }
        Primes { small }
    }

    /// A random prime of so many bits, of which the highest two are set: the product of two
    /// such primes has all its bits.
    pub(crate) fn random(&self, bits: usize, random: &mut Random) -> BigUint {
        loop {
            let start = random_odd(random, bits) | BigUint::from(3u8) << (bits - 2);
            if let Some(prime) = self.in_row(&start, &BigUint::from(2u8), random)
                && prime.bits() == bits
            {
                return prime;
            }
        }
    }

    /// The first prime of `start`, `start + step`, … in one row; `start` is odd, `step` even.
    pub(crate) fn in_row(
        &self,
        start: &BigUint,
        step: &BigUint,
        random: &mut Random,
    ) -> Option<BigUint> {
        let mut composite = vec![false; ROW];
        for &small in &self.small {
            let (at, by) = (remainder(start, small), remainder(step, small));
            let (first, every) = match (at, inverse(by, small)) {
                (0, None) => (0, 1),
                (_, None) => continue,
                (_, Some(inverse)) => {
                    let steps = u64::from(small - at) * u64::from(inverse);
                    (steps % u64::from(small), small)
                }
            };
            let hits = composite.iter_mut().skip(usize::try_from(first).unwrap_or(ROW));
            hits.step_by(every as usize).for_each(|c| *c = true);
        }
        (0u32..)
            .zip(composite)
            .filter(|&(_, composite)| !composite)
            .map(|(steps, _)| start + step * BigUint::from(steps))
            .find(|candidate| is_prime(candidate, random))
    }
}

/// A random odd number of so many bits, a multiple of eight, of which the highest is set.
pub(crate) fn random_odd(random: &mut Random, bits: usize) -> BigUint {
    let mut bytes = vec![0; bits / 8];
    random.fill_bytes(&mut bytes);
    BigUint::from_bytes_be(&bytes) | BigUint::from(1u8) << (bits - 1) | BigUint::from(1u8)
}

/// Miller and Rabin's test of an odd number greater than three. (`probablyPrimeMillerRabin`)
fn is_prime(n: &BigUint, random: &mut Random) -> bool {
    let modulus = Modulus::new(n);
    let one = BigUint::from(1u8);
    let minus_one = n - &one;
    let twos = minus_one.trailing_zeros().unwrap_or(0);
    let rest = &minus_one >> twos;
    let bases = &minus_one - BigUint::from(2u8);
    let (one, minus_one) = (modulus.residue(&one), modulus.residue(&minus_one));
    let passes = |power| {
        let squares = std::iter::successors(Some(power), |power| {
            Some(modulus.product(power, power))
        });
        let mut squares = squares.take(twos);
        let first = squares.next();
        first.as_ref() == Some(&one)
            || first.as_ref() == Some(&minus_one)
            || squares.any(|square| square == minus_one)
    };
    passes(modulus.power_of_two(&rest))
        && (0..ROUNDS).all(|_| {
            let base = random_odd(random, 64) % &bases + BigUint::from(2u8);
            passes(modulus.power(&modulus.residue(&base), &rest))
        })
}

fn remainder(n: &BigUint, small: u32) -> u32 {
    let small = u64::from(small);
    let remainder = n.to_bytes_be().chunks(4).fold(0, |remainder, word| {
        word.iter()
            .fold(remainder, |remainder: u64, &byte| remainder << 8 | u64::from(byte))
            % small
    });
    u32::try_from(remainder).unwrap_or(0)
}

/// 1 / a modulo a prime; nothing for zero. (Euclid's algorithm, extended)
fn inverse(a: u32, prime: u32) -> Option<u32> {
    let (mut old, mut new) = (i64::from(prime), i64::from(a));
    let (mut old_factor, mut factor) = (0, 1);
    while new > 1 {
        let quotient = old / new;
        (old, new) = (new, old - quotient * new);
        (old_factor, factor) = (factor, old_factor - quotient * factor);
    }
    let positive = factor.rem_euclid(i64::from(prime));
    if new == 1 { u32::try_from(positive).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Primes, inverse, is_prime, remainder};
    use crate::Random;
    use rsa::BigUint;

    #[test]
    fn known_primes_and_composites() {
        let mut random = Random::new([5; 32]);
        let mut check = |n: &str| {
            let n = BigUint::parse_bytes(n.as_bytes(), 10).unwrap();
            is_prime(&n, &mut random)
        };
        for prime in [
            "5",
            "65537",
            "18446744073709551557",
            "170141183460469231731687303715884105727",
            "115792089237316195423570985008687907853269984665640564039457584007908834671663",
        ] {
            assert!(check(prime), "{prime}");
        }
        // Carmichael's numbers, strong pseudoprimes of base 2, a product of two primes.
        for composite in [
            "9",
            "561",
            "2047",
            "3215031751",
            "3825123056546413051",
            "340282366920938460843936948965011886881",
        ] {
            assert!(!check(composite), "{composite}");
        }
    }

    #[test]
    fn a_row_gives_its_first_prime() {
        let primes = Primes::new();
        assert_eq!(primes.small.len(), 3511);
        let mut random = Random::new([6; 32]);
        let start = BigUint::from(1_000_000_001u64);
        let first = primes.in_row(&start, &BigUint::from(2u8), &mut random);
        assert_eq!(first, Some(BigUint::from(1_000_000_007u64)));
        let first = primes.in_row(&start, &BigUint::from(1_000_000u64), &mut random);
        let known = (0..).map(|k| 1_000_000_001u64 + k * 1_000_000);
        let known = known
            .filter(|n| (3..40_000).step_by(2).all(|small| n % small != 0))
            .map(BigUint::from)
            .next();
        assert_eq!(first, known);
        let odd = BigUint::from(15u8);
        assert_eq!(primes.in_row(&odd, &BigUint::from(30u8), &mut random), None);
    }

    #[test]
    fn all_bits_are_there() {
        let (primes, mut random) = (Primes::new(), Random::new([7; 32]));
        let (p, q) = (primes.random(256, &mut random), primes.random(256, &mut random));
        assert_eq!((p.bits(), q.bits(), (&p * &q).bits()), (256, 256, 512));
    }

    #[test]
    fn small_arithmetic() {
        let n = BigUint::parse_bytes(b"123456789012345678901234567890", 10).unwrap();
        assert_eq!(
            remainder(&n, 32719),
            (n % 32719u32)
                .to_bytes_le()
                .iter()
                .rev()
                .fold(0, |n, &b| n << 8 | u32::from(b))
        );
        for a in 1..101 {
            assert_eq!(inverse(a, 101).map(|i| i * a % 101), Some(1));
        }
        assert_eq!(inverse(0, 101), None);
    }
}
