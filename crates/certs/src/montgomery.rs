//! Arithmetic modulo one odd number, in Montgomery's form.
//!
//! Numbers are limbs of 64 bits, least significant first, as many as the modulus has. It is
//! here because a chart that makes ten certificates spends nearly all of its time in it, and
//! the arithmetic beneath `rsa` takes several times as long. It is not constant in time: what
//! it makes goes into manifests, and nobody can ask it twice.

use rsa::BigUint;

/// An odd modulus, prepared.
pub(crate) struct Modulus {
    limbs: Vec<u64>,
    /// -1 / n modulo 2⁶⁴.
    inverse: u64,
}

/// A number modulo some [`Modulus`], in Montgomery's form.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Residue(Vec<u64>);

impl Modulus {
    /// Prepares an odd number greater than one.
    pub(crate) fn new(n: &BigUint) -> Modulus {
        let limbs = limbs(n, n.bits().div_ceil(64));
        let low = limbs.first().copied().unwrap_or(1);
        // An odd number is its own inverse in the lowest three bits, and each of Newton's
        // steps doubles the bits that are right.
        let inverse = (0..5).fold(low, |inverse, _| {
            inverse.wrapping_mul(2u64.wrapping_sub(low.wrapping_mul(inverse)))
        });
        Modulus { limbs, inverse: inverse.wrapping_neg() }
    }

    fn number(&self) -> BigUint {
        number(&self.limbs)
    }

    /// Takes a number into Montgomery's form.
    pub(crate) fn residue(&self, a: &BigUint) -> Residue {
        let shifted = (a << (64 * self.limbs.len())) % self.number();
        Residue(limbs(&shifted, self.limbs.len()))
    }

    /// The number that a residue stands for.
    pub(crate) fn lift(&self, a: &Residue) -> BigUint {
        let one = limbs(&BigUint::from(1u8), self.limbs.len());
        number(&self.product(a, &Residue(one)).0)
    }

    /// a · b, one limb of `a` after the other, each step reduced by what makes its lowest
    /// limb zero. (coarsely integrated operand scanning)
    pub(crate) fn product(&self, a: &Residue, b: &Residue) -> Residue {
        let n = self.limbs.as_slice();
        let mut sum = vec![0u64; n.len()];
        let mut high = 0u64;
        for &limb in &a.0 {
            let mut carry = 0;
            for (slot, &b) in sum.iter_mut().zip(&b.0) {
                (*slot, carry) = multiply_add(limb, b, *slot, carry);
            }
            let (top, over) = high.overflowing_add(carry);
            let lowest = sum.first().copied().unwrap_or(0);
            let factor = lowest.wrapping_mul(self.inverse);
            let mut carry = 0;
            let mut previous = &mut 0;
            for (slot, &n) in sum.iter_mut().zip(n) {
                (*previous, carry) = multiply_add(factor, n, *slot, carry);
                previous = slot;
            }
            let (last, again) = top.overflowing_add(carry);
            *previous = last;
            high = u64::from(over) + u64::from(again);
        }
        if high != 0 || !less(&sum, &self.limbs) {
            subtract(&mut sum, &self.limbs);
        }
        Residue(sum)
    }

    /// 2 · a.
    pub(crate) fn double(&self, a: &Residue) -> Residue {
        let mut sum = a.0.clone();
        let mut carry = 0;
        for limb in &mut sum {
            let next = *limb >> 63;
            *limb = *limb << 1 | carry;
            carry = next;
        }
        if carry != 0 || !less(&sum, &self.limbs) {
            subtract(&mut sum, &self.limbs);
        }
        Residue(sum)
    }

    /// baseᵉ, four bits of the exponent at a time.
    pub(crate) fn power(&self, base: &Residue, exponent: &BigUint) -> Residue {
        let one = self.residue(&BigUint::from(1u8));
        let mut powers = vec![one.clone()];
        for _ in 1..16 {
            let next = powers.last().map_or(one.clone(), |last| self.product(last, base));
            powers.push(next);
        }
        exponent.to_bytes_be().iter().flat_map(|byte| [byte >> 4, byte & 15]).fold(
            one,
            |power, digit| {
                let shifted = (0..4).fold(power, |power, _| self.product(&power, &power));
                match powers.get(usize::from(digit)) {
                    Some(factor) if digit != 0 => self.product(&shifted, factor),
                    _ => shifted,
                }
            },
        )
    }

    /// 2ᵉ: squarings and doublings alone.
    pub(crate) fn power_of_two(&self, exponent: &BigUint) -> Residue {
        let one = self.residue(&BigUint::from(1u8));
        let bits = |byte: u8| (0..8).rev().map(move |bit| byte >> bit & 1 == 1);
        exponent.to_bytes_be().into_iter().flat_map(bits).fold(one, |power, bit| {
            let square = self.product(&power, &power);
            if bit { self.double(&square) } else { square }
        })
    }
}

/// a · b + c + d, which 128 bits hold: the low half and the high half.
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (low(sum), low(sum >> 64))
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
fn low(value: u128) -> u64 {
    value as u64
}

fn less(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

fn subtract(from: &mut [u64], what: &[u64]) {
    let mut borrow = false;
    for (limb, &other) in from.iter_mut().zip(what) {
        let (difference, under) = limb.overflowing_sub(other);
        let (difference, again) = difference.overflowing_sub(u64::from(borrow));
        *limb = difference;
        borrow = under || again;
    }
}

fn limbs(n: &BigUint, count: usize) -> Vec<u64> {
    let mut limbs: Vec<u64> = n
        .to_bytes_le()
        .chunks(8)
        .map(|bytes| {
            bytes.iter().rev().fold(0, |limb, &byte| limb << 8 | u64::from(byte))
        })
        .collect();
    limbs.resize(count, 0);
    limbs
}

fn number(limbs: &[u64]) -> BigUint {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    BigUint::from_bytes_le(&bytes)
}

#[cfg(test)]
mod tests {
    use super::Modulus;
    use crate::Random;
    use rand_core::RngCore as _;
    use rsa::BigUint;

    fn random(random: &mut Random, bytes: usize) -> BigUint {
        let mut digits = vec![0; bytes];
        random.fill_bytes(&mut digits);
        BigUint::from_bytes_be(&digits)
    }

    #[test]
    fn agrees_with_general_arithmetic() {
        let mut source = Random::new([3; 32]);
        for bytes in [1, 7, 8, 9, 16, 31, 64, 128, 129] {
            for _ in 0..20 {
                let n = random(&mut source, bytes) | BigUint::from(3u8);
                let (a, b) = (random(&mut source, bytes), random(&mut source, bytes));
                let modulus = Modulus::new(&n);
                let (x, y) = (modulus.residue(&a), modulus.residue(&b));
                assert_eq!(modulus.lift(&x), &a % &n);
                assert_eq!(modulus.lift(&modulus.product(&x, &y)), &a * &b % &n);
                assert_eq!(modulus.lift(&modulus.double(&x)), (&a << 1usize) % &n);
                let exponent = random(&mut source, 3);
                let power = modulus.lift(&modulus.power(&x, &exponent));
                assert_eq!(power, a.modpow(&exponent, &n), "{a} ^ {exponent} % {n}");
                let two = BigUint::from(2u8);
                let power = modulus.lift(&modulus.power_of_two(&exponent));
                assert_eq!(power, two.modpow(&exponent, &n), "2 ^ {exponent} % {n}");
            }
        }
    }
}
