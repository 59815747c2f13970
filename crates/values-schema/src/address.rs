//! Addresses of schemas: URLs, pointers and fragments. (`util.go`)

use serde_json::Value;

use crate::quoting::go_quoted;

/// A schema by its document and the pointer into it. (`urlPtr`)
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The address of the document.
    pub(crate) url: String,
    /// The pointer, escaped: `/properties/a~1b`.
    pub(crate) pointer: String,
}

impl Place {
    /// The place of a part.
    pub(crate) fn below(&self, part: &str) -> Place {
        let pointer = format!("{}/{}", self.pointer, escaped(part));
        Place { url: self.url.clone(), pointer }
    }

    /// The address with the pointer as its fragment.
    pub(crate) fn address(&self) -> String {
        format!("{}#{}", self.url, encoded(&self.pointer))
    }

    /// What stands there, or that nothing does.
    pub(crate) fn lookup<'d>(&self, document: &'d Value) -> Result<&'d Value, String> {
        let nowhere =
            || format!("json-pointer in {} not found", go_quoted(&self.address()));
        let mut at = document;
        for part in self.pointer.split('/').skip(1) {
            let Some(part) = unescaped(part) else {
                return Err(format!(
                    "invalid json-pointer {}",
                    go_quoted(&self.address())
                ));
            };
            let found = match at {
                Value::Object(entries) => entries.get(&part),
                Value::Array(items) => {
                    part.parse().ok().and_then(|index: usize| items.get(index))
                }
                _ => None,
            };
            at = found.ok_or_else(nowhere)?;
        }
        Ok(at)
    }
}

/// A key as a part of a pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescaped(part: &str) -> Option<String> {
    let mut pieces = part.split('~');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.as_bytes().first() {
            Some(b'0') => text.push('~'),
            Some(b'1') => text.push('/'),
            _ => return None,
        }
        text.push_str(piece.get(1..).unwrap_or_default());
    }
    Some(text)
}

/// A pointer as it stands in a URL. (`encode`, `url.PathEscape`)
pub(crate) fn encoded(pointer: &str) -> String {
    let mut text = String::new();
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => text.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'$' | b'&' | b'+' | b'=' | b':' | b'@'
            | b'/' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// An address and its fragment, which is decoded. (`splitFragment`)
pub(crate) fn split(address: &str) -> Result<(&str, String), String> {
    let (url, fragment) = address.split_once('#').unwrap_or((address, ""));
    let decoded = decoded(fragment)
        .map_err(|why| format!("error in parsing {}: {why}", go_quoted(address)))?;
    Ok((url, decoded))
}

/// The text that a percent-encoded one stands for. (`url.PathUnescape`)
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let is_hex = |digits: &&str| digits.bytes().all(|b| b.is_ascii_hexdigit());
        let byte = digits.filter(is_hex).and_then(|d| u8::from_str_radix(d, 16).ok());
        let Some(byte) = byte else {
            let escape = rest.get(..rest.len().min(3)).unwrap_or_default();
            let escape = String::from_utf8_lossy(escape);
            return Err(format!("invalid URL escape {}", go_quoted(&escape)));
        };
        bytes.push(byte);
        rest = after.get(2..).unwrap_or_default();
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A reference as it is meant at an address. (`url.join`, `net/url`: `ResolveReference`)
pub(crate) fn join(base: &str, reference: &str) -> String {
    if scheme(reference).is_some() {
        return reference.to_owned();
    }
    let (scheme, rest) = match scheme(base) {
        Some(scheme) => {
            (format!("{scheme}:"), base.get(scheme.len() + 1..).unwrap_or(""))
        }
        None => (String::new(), base),
    };
    if !rest.starts_with('/') && !scheme.is_empty() {
        // What has no path keeps what it is: `urn:a`.
        return base.to_owned();
    }
    if reference.starts_with("//") {
        return format!("{scheme}{reference}");
    }
    let (host, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find(['/', '?']).unwrap_or(after.len());
            rest.split_at(end + 2)
        }
        None => ("", rest),
    };
    let (path, query) = cut(path);
    let (own, own_query) = cut(reference);
    let (path, query) = match own {
        "" if own_query.is_empty() => (path.to_owned(), query),
        "" => (path.to_owned(), own_query),
        own if own.starts_with('/') => (without_dots(own), own_query),
        own => {
            let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("/");
            (without_dots(&format!("{folder}{own}")), own_query)
        }
    };
    format!("{scheme}{host}{path}{query}")
}

/// A path and its query, with the question mark.
fn cut(text: &str) -> (&str, &str) {
    text.split_at(text.find('?').unwrap_or(text.len()))
}

/// The scheme of an absolute address.
pub(crate) fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some(scheme)
}

fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut ends_with_folder = false;
    for part in path.split('/').skip(1) {
        ends_with_folder = matches!(part, "." | ".." | "");
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if ends_with_folder && parts.last().is_some_and(|part| !part.is_empty()) {
        parts.push("");
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{encoded, join};

    #[test]
    fn references_are_joined() {
        let own = "file:///values.schema.json";
        for (base, reference, joined) in [
            (own, "", own),
            (own, "other.json", "file:///other.json"),
            (own, "../a/./b.json", "file:///a/b.json"),
            (own, "https://a.b/c", "https://a.b/c"),
            ("http://a.b/c/d", "/e", "http://a.b/e"),
            ("http://a.b/c/d?q", "e?r", "http://a.b/c/e?r"),
            ("http://a.b", "e", "http://a.b/e"),
            ("urn:a", "b", "urn:a"),
        ] {
            assert_eq!(join(base, reference), joined);
        }
        assert_eq!(encoded("/a b/c~1d"), "/a%20b/c~1d");
    }
}
