//! A file of a chart as it was read.

use std::sync::Arc;

use source::Content;

/// A file in memory, before anything is known about it.
#[derive(Clone, Debug)]
pub(super) struct Buffered {
    pub(super) name: String,
    pub(super) data: Arc<[u8]>,
    /// The data as text, if it is UTF-8; both are one copy.
    pub(super) text: Option<Arc<str>>,
}

impl PartialEq for Buffered {
    fn eq(&self, other: &Buffered) -> bool {
        self.name == other.name && self.data == other.data
    }
}

impl Buffered {
    /// The file without its byte order mark.
    pub(super) fn new(name: String, content: impl Into<Content>) -> Buffered {
        let content = content.into();
        let data = content.bytes();
        if let Some(rest) = data.strip_prefix(b"\xef\xbb\xbf") {
            return Buffered::new(name, rest.to_vec());
        }
        let text = match content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        };
        Buffered { name, data, text }
    }

    /// The same file under another name.
    pub(super) fn renamed(self, name: &str) -> Buffered {
        Buffered { name: name.to_owned(), ..self }
    }
}
