//! Lints about secrets in the repository.

mod literal;
pub(super) mod non_deterministic_render;
pub(super) mod plaintext_secret_in_values;
pub(super) mod unencrypted_secret_manifest;
