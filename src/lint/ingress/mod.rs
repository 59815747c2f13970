//! Lints about what is reachable from outside.

pub(super) mod ingress_without_tls;
pub(super) mod required_ingress_missing;
