//! The one integration test binary: the program from outside.
//!
//! `fixture.rs` makes repositories and runs the program. Each other file is one promise.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "tests look at their files themselves")]

mod bad_charts;
mod bad_input;
mod breaks;
mod build;
mod dead_values;
mod diagnostics;
mod diff;
mod drawn;
mod explain;
mod fixture;
mod fleets;
mod full_disk;
mod git_hooks;
mod guide;
mod help;
mod lint;
mod lints;
mod memory;
mod origins;
mod output_links;
mod pull_request;
mod render_output;
mod reports;
mod schemas;
#[path = "../crates/vendor/tests/server.rs"]
#[expect(dead_code, reason = "the crate `vendor` tests more with it")]
mod server;
mod unreadable;
mod vendor;
