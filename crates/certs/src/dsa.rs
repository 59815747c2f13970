//! DSA keys of 2048 and 256 bits. (Go's crypto/dsa, `GenerateParameters`, `GenerateKey`)

use rsa::BigUint;

use crate::montgomery::Modulus;
use crate::prime::{Primes, random_odd};
use crate::random::Random;
use crate::{der, pem};

/// Generates a key and writes it as PEM.
pub(crate) fn generate(random: &mut Random) -> String {
    let one = BigUint::from(1u8);
    let primes = Primes::new();
    let q = primes.random(256, random);
    let step = &q << 1usize;
    let p = loop {
        let start = random_odd(random, 2048);
        let start = &start + &one - &start % &step;
        match primes.in_row(&start, &step, random) {
            Some(p) if p.bits() == 2048 => break p,
            _ => {}
        }
    };
    let modulus = Modulus::new(&p);
    let power = |base: &BigUint, exponent: &BigUint| {
        modulus.lift(&modulus.power(&modulus.residue(base), exponent))
    };
    let cofactor = (&p - &one) / &q;
    let g = (2u32..)
        .map(|h| power(&BigUint::from(h), &cofactor))
        .find(|g| g != &one)
        .unwrap_or_default();
    let x = random_odd(random, 256) % (&q - &one) + &one;
    let y = power(&g, &x);
    let numbers = [BigUint::default(), p, q, g, y, x];
    let fields: Vec<Vec<u8>> =
        numbers.iter().map(|n| der::integer(&n.to_bytes_be())).collect();
    pem::encode("DSA PRIVATE KEY", &der::sequence(&fields))
}
