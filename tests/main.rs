//! The one integration test binary: the program from outside.
//!
//! `fixture.rs` makes repositories and runs the program. Each other file is one promise.

mod lints;
mod reports;
mod schemas;
