//! The one integration test binary: bringing things from servers on loopback.
//!
//! `server.rs` is a small HTTP server with faults, `tls.rs` puts it behind TLS, `fixture.rs`
//! makes charts and surroundings. Each other file is one kind of source.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "tests look at their files themselves")]

mod faults;
mod fixture;
mod git;
mod registry;
mod repository;
mod server;
mod signed;
mod tls;
