//! TOML as BurntSushi/toml v1.6 writes and reads it.

mod date;
mod number;
mod read;
mod reader;
mod text;
mod tree;
mod write;

pub(crate) use date::moment;
pub(crate) use read::decode;
pub(crate) use write::encode;
