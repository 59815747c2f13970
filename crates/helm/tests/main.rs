//! The crate's one integration binary.

mod charts;
mod functions;
mod limits;
