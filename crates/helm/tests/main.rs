//! The crate's one integration binary.

mod functions;
