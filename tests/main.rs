//! The one integration test binary: the program from outside.
//!
//! `fixture.rs` makes repositories and runs the program. Each other file is one promise.

mod bad_input;
mod build;
mod diff;
mod fixture;
mod full_disk;
mod git_hooks;
mod lints;
mod reports;
mod schemas;
