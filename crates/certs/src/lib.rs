//! The keys and certificates that Helm's templates generate.
//!
//! sprig 3.3.0's `genPrivateKey`, `genCA` and their relatives (crypto.go), with the subset of
//! Go's crypto/x509 that they reach. A crate of its own, so that the arithmetic of RSA is
//! compiled once. Start with [`Request`].
//!
//! Randomness comes from a seed and the clock from the caller: the same inputs give the same
//! certificate. Absent on purpose: certificate checking, and keys of curves besides P-256.

mod certificate;
mod der;
mod dsa;
mod key;
mod montgomery;
mod pem;
mod prime;
mod random;

pub use certificate::{Pair, Request, check_custom, check_key};
pub use key::generate_private_key;
pub use random::Random;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
