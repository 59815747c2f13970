//! Lints about object storage.

pub(super) mod objstore_not_s3;
