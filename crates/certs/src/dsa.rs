//! DSA keys of 2048 and 256 bits. (Go's crypto/dsa, `GenerateParameters`, `GenerateKey`)

use rand_core::RngCore as _;
use rsa::BigUint;

use crate::random::Random;
use crate::{der, pem};

/// Generates a key and writes it as PEM.
pub(crate) fn generate(random: &mut Random) -> String {
    let one = BigUint::from(1u8);
    let q = prime(random, 256);
    let (p, cofactor) = loop {
        let x = odd(random, 2048);
        let remainder = &x % (&q << 1usize);
        let p = &x + &one - remainder;
        if p.bits() == 2048 && is_prime(&p, random) {
            let cofactor = (&p - &one) / &q;
            break (p, cofactor);
        }
    };
    let g = (2u32..)
        .map(|h| BigUint::from(h).modpow(&cofactor, &p))
        .find(|g| g != &one)
        .unwrap_or_default();
    let x = odd(random, 256) % (&q - &one) + &one;
    let y = g.modpow(&x, &p);
    let numbers = [BigUint::default(), p, q, g, y, x];
    let fields: Vec<Vec<u8>> =
        numbers.iter().map(|n| der::integer(&n.to_bytes_be())).collect();
    pem::encode("DSA PRIVATE KEY", &der::sequence(&fields))
}

/// A random odd number of so many bits.
fn odd(random: &mut Random, bits: usize) -> BigUint {
    let mut bytes = vec![0; bits / 8];
    random.fill_bytes(&mut bytes);
    if let Some(first) = bytes.first_mut() {
        *first |= 0x80;
    }
    if let Some(last) = bytes.last_mut() {
        *last |= 1;
    }
    BigUint::from_bytes_be(&bytes)
}

fn prime(random: &mut Random, bits: usize) -> BigUint {
    loop {
        let candidate = odd(random, bits);
        if is_prime(&candidate, random) {
            return candidate;
        }
    }
}

/// Trial division, then Miller and Rabin's test.
fn is_prime(n: &BigUint, random: &mut Random) -> bool {
    const SMALL: [u32; 15] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];
    let (zero, one) = (BigUint::default(), BigUint::from(1u8));
    if SMALL.iter().any(|&small| n % small == zero) {
        return false;
    }
    let minus_one = n - &one;
    let mut twos = 0;
    let mut rest = minus_one.clone();
    while &rest % 2u32 == zero {
        rest >>= 1usize;
        twos += 1;
    }
    (0..20).all(|_| {
        let base = odd(random, 256) % &minus_one + &one;
        let mut power = base.modpow(&rest, n);
        if power == one || power == minus_one {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % n;
            power == minus_one
        })
    })
}
