//! HTTP: addresses, and one client for everything that is fetched.

mod client;
mod download;
mod proxy;
mod tls;
mod url;

pub use client::Patience;
pub(crate) use client::{Answer, Call, Client, broken, refused, too_large};
pub(crate) use download::{MAX_ARCHIVE, cannot, download};
pub(crate) use tls::TlsFiles;
pub(crate) use url::{Url, is_loopback};
