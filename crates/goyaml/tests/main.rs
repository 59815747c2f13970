//! Tests through the crate's interface. `cases/*.txt` were recorded from go-yaml v2.4.3,
//! v3.0.4 and sigs.k8s.io/yaml v1.6.0.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod properties;
mod recorded;
mod spans;
