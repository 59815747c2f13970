//! URLs. (Go 1.26's net/url)

use std::fmt::Write as _;

use super::ip::{Address, parse_addr};

/// The parts of a URL, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// The path as it was written, if [`write`](Self::write) would write another one.
    pub(crate) raw_path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

/// A user, perhaps with a password.
#[derive(Clone, Debug)]
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// Which part a byte stands in: it decides what is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    User,
    Host,
    Zone,
    Fragment,
}

impl Url {
    /// Reads a URL. The error is upstream's. (`Parse`)
    pub(crate) fn parse(text: &[u8]) -> Result<Url, String> {
        let (body, fragment) = cut(text, b'#');
        let fail = |text: &[u8], error: String| {
            format!("parse {}: {error}", gotemplate::fmt::quote(text))
        };
        let mut url = Url::parse_body(body).map_err(|error| fail(body, error))?;
        url.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment)
            .map_err(|error| fail(text, error))?;
        Ok(url)
    }

    fn parse_body(text: &[u8]) -> Result<Url, String> {
        if text.iter().any(u8::is_ascii_control) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if rest.first() != Some(&b'/') {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                let fault = "first path segment in URL cannot contain colon";
                return Err(fault.to_owned());
            }
        }
        let relative = url.scheme.is_empty() && rest.starts_with(b"///");
        if let Some(after) = rest.strip_prefix(b"//").filter(|_| !relative) {
            let end = after.iter().position(|&b| b == b'/').unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(end).unwrap_or((after, &[]));
            url.read_authority(authority)?;
            rest = path;
        }
        url.path = unescape(rest, Part::Path)?;
        if escape(&url.path, Part::Path) != rest {
            url.raw_path = rest.to_vec();
        }
        Ok(url)
    }

    fn read_authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let at = authority.iter().rposition(|&b| b == b'@');
        let host = at.and_then(|at| authority.get(at + 1..)).unwrap_or(authority);
        self.host = read_host(&self.scheme, host)?;
        let Some(info) = at.and_then(|at| authority.get(..at)) else { return Ok(()) };
        let allowed =
            |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
        if !info.iter().all(allowed) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = cut(info, b':');
        let password = password.map(|text| unescape(text, Part::User)).transpose()?;
        self.user = Some(User { name: unescape(name, Part::User)?, password });
        Ok(())
    }

    /// The host without its port and brackets. (`Hostname`)
    pub(crate) fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = host.iter().rposition(|&b| b == b':')
            && is_port(host.get(colon..).unwrap_or_default())
        {
            host = host.get(..colon).unwrap_or_default();
        }
        let inner = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
        inner.unwrap_or(host)
    }

    /// Writes the URL. (`String`)
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(self.scheme.as_bytes());
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn write_hierarchy(&self, out: &mut Vec<u8>) {
        if !self.host.is_empty()
            || self.user.is_some()
            || (!self.scheme.is_empty() && !self.path.is_empty())
        {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.write());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Part::Host));
        let path = match self.path.as_slice() {
            b"*" => b"*".to_vec(),
            path => escape(path, Part::Path),
        };
        if path.first().is_some_and(|&b| b != b'/') && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

impl User {
    /// Writes `name:password`. (`Userinfo.String`)
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&b| b == at) {
        None => (text, None),
        Some(n) => (text.get(..n).unwrap_or_default(), text.get(n + 1..)),
    }
}

/// Splits `http:` off. (`getScheme`)
fn scheme(text: &[u8]) -> Result<(&str, &[u8]), String> {
    for (n, &byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if n > 0 => {}
            b':' if n == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => {
                let scheme = text.get(..n).and_then(|s| std::str::from_utf8(s).ok());
                return Ok((
                    scheme.unwrap_or_default(),
                    text.get(n + 1..).unwrap_or_default(),
                ));
            }
            _ => break,
        }
    }
    Ok(("", text))
}

fn is_port(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    }
}

/// Reads a host with an optional port. (`parseHost`)
fn read_host(scheme: &str, host: &[u8]) -> Result<Vec<u8>, String> {
    let bad_port = |port: &[u8]| {
        Err(format!("invalid port {} after host", gotemplate::fmt::quote(port)))
    };
    match host.iter().rposition(|&b| b == b'[') {
        Some(0) => return read_literal(host, bad_port),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    let strict = matches!(scheme, "http" | "https");
    let colon = match strict {
        true => host.iter().position(|&b| b == b':'),
        false => host.iter().rposition(|&b| b == b':'),
    };
    let port = colon.and_then(|colon| host.get(colon..)).unwrap_or_default();
    if !is_port(port) {
        return bad_port(port).map(|()| Vec::new());
    }
    unescape(host, Part::Host)
}

/// Reads `[fe80::1%25en0]:80`.
fn read_literal(
    host: &[u8],
    bad_port: impl Fn(&[u8]) -> Result<(), String>,
) -> Result<Vec<u8>, String> {
    let close = host.iter().rposition(|&b| b == b']').ok_or("missing ']' in host")?;
    let port = host.get(close + 1..).unwrap_or_default();
    if !is_port(port) {
        bad_port(port)?;
    }
    let name = host.get(1..close).unwrap_or_default();
    let zone = name.windows(3).position(|w| w == b"%25").unwrap_or(name.len());
    let (address, zone) = name.split_at_checked(zone).unwrap_or((name, &[]));
    let address = unescape(address, Part::Host)?;
    let zone = unescape(zone, Part::Zone)?;
    let address = [address, zone].concat();
    match parse_addr(&address).map_err(|error| format!("invalid host: {error}"))? {
        Address::V6 { .. } => Ok([b"[".as_slice(), &address, b"]", port].concat()),
        Address::V4 => Err("invalid IP-literal".to_owned()),
    }
}

/// Must the byte be escaped in this part? (`shouldEscape`)
fn is_escaped(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    match part {
        Part::Host | Part::Zone => !b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        Part::User => !b"$&+,;=".contains(&byte),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&byte),
    }
}

fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = String::new();
    let mut bytes = Vec::with_capacity(text.len());
    for &byte in text {
        if is_escaped(byte, part) {
            out.clear();
            let _ = write!(out, "%{byte:02X}");
            bytes.extend_from_slice(out.as_bytes());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}

fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let invalid =
        |what: &[u8]| Err(format!("invalid URL escape {}", gotemplate::fmt::quote(what)));
    let hex = |n: usize| text.get(n).and_then(|&b| char::from(b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            let in_host = matches!(part, Part::Host | Part::Zone);
            if in_host && byte.is_ascii() && is_escaped(byte, part) {
                let quoted = gotemplate::fmt::quote(&[byte]);
                return Err(format!("invalid character {quoted} in host name"));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let shown = text.get(at..).unwrap_or_default();
        let shown = shown.get(..3).unwrap_or(shown);
        let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2)) else {
            return invalid(shown);
        };
        let value = u8::try_from(high << 4 | low).unwrap_or(0);
        let refused = match part {
            Part::Host => high < 8 && shown != b"%25",
            Part::Zone => {
                shown != b"%25" && value != b' ' && is_escaped(value, Part::Host)
            }
            _ => false,
        };
        if refused {
            return invalid(shown);
        }
        out.push(value);
        at += 3;
    }
    Ok(out)
}

/// Decodes a part of a path. (`PathUnescape`)
pub(crate) fn path_unescape(text: &[u8]) -> Result<Vec<u8>, String> {
    unescape(text, Part::Path)
}
