//! The formats of a values schema whose words are those of Go's library.
//! (`format.go` of `santhosh-tekuri/jsonschema` v6.0.2)

use values_schema::Check;

use crate::funcs::{Address, Url, parse_addr, path_unescape};

/// The formats by name.
pub(super) static FORMATS: &[(&str, Check)] = &[
    ("ipv6", ipv6),
    ("uri", uri),
    ("iri", uri),
    ("uri-reference", uri_reference),
    ("iri-reference", uri_reference),
    ("uri-template", uri_template),
    ("regex", regex),
];

fn fail<T>(words: &str) -> Result<T, String> {
    Err(words.to_owned())
}

fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return fail("missing colon");
    }
    match parse_addr(text.as_bytes())? {
        Address::V6 { zoned: true } => fail("zone id is not a part of ipv6 address"),
        Address::V6 { zoned: false } | Address::V4 => Ok(()),
    }
}

/// Reads a URL whose host may be an address in brackets. (`parseURL`)
fn parse_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes())?;
    let host = url.hostname();
    if host.contains(&b':') {
        if !(url.host.contains(&b'[') && url.host.contains(&b']')) {
            return fail("ipv6 address not enclosed in brackets");
        }
        ipv6(&String::from_utf8_lossy(host))
            .map_err(|error| format!("invalid ipv6 address: {error}"))?;
    }
    Ok(url)
}

fn uri(text: &str) -> Result<(), String> {
    match parse_url(text)?.scheme.is_empty() {
        true => fail("relative url"),
        false => Ok(()),
    }
}

fn uri_reference(text: &str) -> Result<(), String> {
    match text.contains('\\') {
        true => fail(r"contains \"),
        false => parse_url(text).map(drop),
    }
}

fn uri_template(text: &str) -> Result<(), String> {
    let url = parse_url(text)?;
    for part in url.raw_path.split(|&byte| byte == b'/') {
        let part = path_unescape(part)
            .map_err(|error| format!("percent decode failed: {error}"))?;
        let mut open = false;
        for byte in part.into_iter().filter(|byte| b"{}".contains(byte)) {
            if open == (byte == b'{') {
                return fail("nested curly braces");
            }
            open = !open;
        }
        if open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}

fn regex(text: &str) -> Result<(), String> {
    regexp::Regexp::new(text.as_bytes()).map(drop)
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    fn fault(format: &str, text: &str) -> Option<String> {
        let (_, check) = FORMATS.iter().find(|(name, _)| *name == format)?;
        check(text).err()
    }

    #[test]
    fn what_helm_says() {
        let quoted = |text: &str, words: &str| format!("parse {text:?}: {words}");
        for (format, text, words) in [
            ("ipv6", "1", "missing colon".to_owned()),
            ("ipv6", "fe80::1%a", "zone id is not a part of ipv6 address".to_owned()),
            ("ipv6", "1:2", "ParseAddr(\"1:2\"): address string too short".to_owned()),
            ("uri", "//a/b", "relative url".to_owned()),
            (
                "uri",
                "http://[1.2.3.4]/",
                quoted("http://[1.2.3.4]/", "invalid IP-literal"),
            ),
            ("uri", "tcp://1::2/", "ipv6 address not enclosed in brackets".to_owned()),
            (
                "iri",
                "http://[fe80::1%25e]/",
                "invalid ipv6 address: zone id is not a part of ipv6 address".to_owned(),
            ),
            ("uri-reference", "\\a", "contains \\".to_owned()),
            ("iri-reference", ":a", quoted(":a", "missing protocol scheme")),
            ("uri-template", "/{a}/{b", "no matching closing brace".to_owned()),
            ("uri-template", "/{{a}}", "nested curly braces".to_owned()),
            ("uri-template", "/{a}%7B", "no matching closing brace".to_owned()),
            ("regex", "(", "error parsing regexp: missing closing ): `(`".to_owned()),
        ] {
            assert_eq!(fault(format, text), Some(words), "{format}: {text}");
        }
    }

    #[test]
    fn what_helm_accepts() {
        for (format, text) in [
            ("ipv6", "::1.2.3.4"),
            ("uri", "mailto:x"),
            ("uri", "postgres://u:p@h:1/x"),
            ("iri", "http://é"),
            ("uri-reference", "?x"),
            ("uri-template", "http://a/{b}"),
            ("uri-template", "/%7B"),
            ("regex", r"(?P<n>\p{Greek})"),
        ] {
            assert_eq!(fault(format, text), None, "{format}: {text}");
        }
    }
}
