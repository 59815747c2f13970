//! Addresses: their parts, how one follows from another, and how they are shown.

use std::fmt;

/// The address of something on HTTP.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Url {
    /// `http` or `https`.
    pub(crate) scheme: String,
    /// The host without a port; an IPv6 address in brackets.
    pub(crate) host: String,
    /// The port, if it is given.
    pub(crate) port: Option<u16>,
    /// The path, with its `/`; never empty.
    pub(crate) path: String,
    /// What follows `?`, if anything does.
    pub(crate) query: Option<String>,
}

impl Url {
    /// Reads an address. One with credentials in it is refused: it would be shown, and locked.
    pub(crate) fn parse(text: &str) -> Result<Url, String> {
        let (scheme, rest) = text.split_once("://").ok_or("it has no scheme")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return Err(format!("`{scheme}` is not `https`"));
        }
        let rest = rest.split('#').next().unwrap_or(rest);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if authority.contains('@') {
            return Err("it holds credentials".to_owned());
        }
        let after_address = authority.rfind(']').map_or(0, |at| at + 1);
        let colon = authority[after_address..].rfind(':').map(|at| at + after_address);
        let (host, port) = match colon {
            Some(at) => {
                let port = &authority[at + 1..];
                let port = port.parse().map_err(|_| format!("`{port}` is no port"))?;
                (&authority[..at], Some(port))
            }
            None => (authority, None),
        };
        let odd =
            |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
        if host.is_empty() || host.contains(odd) || rest.contains(odd) {
            return Err("it is no address".to_owned());
        }
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        let path = if path.is_empty() { "/" } else { path };
        let host = host.to_ascii_lowercase();
        Ok(Url { scheme, host, port, path: path.to_owned(), query })
    }

    /// The address that `reference` means on this page.
    pub(crate) fn join(&self, reference: &str) -> Result<Url, String> {
        if reference.contains("://") {
            return Url::parse(reference);
        }
        if let Some(rest) = reference.strip_prefix("//") {
            return Url::parse(&format!("{}://{rest}", self.scheme));
        }
        let reference = reference.split('#').next().unwrap_or(reference);
        let (path, query) = match reference.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (reference, None),
        };
        let base = match path.starts_with('/') {
            true => "",
            false => self.path.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let slash = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
        let path = match path.is_empty() {
            true => self.path.clone(),
            false => format!("/{}{slash}", parts.join("/")),
        };
        // Parsed again, so that odd characters are refused here as well.
        let authority = self.authority();
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        Url::parse(&format!("{}://{authority}{path}{query}", self.scheme))
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// The port, given or not.
    pub(crate) fn effective_port(&self) -> u16 {
        self.port.unwrap_or(if self.is_tls() { 443 } else { 80 })
    }

    /// Is it the same server, reached the same way?
    pub(crate) fn is_same_origin(&self, other: &Url) -> bool {
        self.scheme == other.scheme
            && self.host == other.host
            && self.effective_port() == other.effective_port()
    }

    /// Is it HTTPS?
    pub(crate) fn is_tls(&self) -> bool {
        self.scheme == "https"
    }

    /// Is it this machine?
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The whole address, for the wire only: a query may hold a signature.
    pub(crate) fn wire(&self) -> String {
        match &self.query {
            Some(query) => {
                format!("{}://{}{}?{query}", self.scheme, self.authority(), self.path)
            }
            None => format!("{}://{}{}", self.scheme, self.authority(), self.path),
        }
    }
}

/// For people: what follows `?` is left out, since it may be a key.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = if self.query.is_some() { "?…" } else { "" };
        write!(f, "{}://{}{}{query}", self.scheme, self.authority(), self.path)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Is it a name or address of this machine?
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<std::net::IpAddr>();
    bare == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn addresses_follow_from_each_other() {
        let base =
            Url::parse("https://Charts.Example.com:8443/a/index.yaml?x=1").unwrap();
        let to = |reference: &str| base.join(reference).unwrap().wire();
        assert_eq!(to("b-1.tgz"), "https://charts.example.com:8443/a/b-1.tgz");
        assert_eq!(to("../b.tgz?k=v"), "https://charts.example.com:8443/b.tgz?k=v");
        assert_eq!(to("/b/"), "https://charts.example.com:8443/b/");
        assert_eq!(to("http://other.example.com/b"), "http://other.example.com/b");
        assert_eq!(to("//other.example.com/b"), "https://other.example.com/b");
        assert_eq!(to("../../../../b"), "https://charts.example.com:8443/b");
    }

    #[test]
    fn origins_are_scheme_host_and_port() {
        let url = |text| Url::parse(text).unwrap();
        let same = |a, b| url(a).is_same_origin(&url(b));
        assert!(same("https://example.com/a", "https://EXAMPLE.com:443/b"));
        assert!(!same("https://example.com/a", "http://example.com/a"));
        assert!(!same("https://example.com/", "https://example.com.evil.example/"));
        assert!(!same("https://example.com/", "https://example.com:8443/"));
    }

    #[test]
    fn credentials_are_refused_and_never_shown() {
        assert!(Url::parse("https://me:secret@example.com/").is_err());
        let signed = Url::parse("https://example.com/x?X-Signature=secret").unwrap();
        assert_eq!(format!("{signed} {signed:?}").matches("secret").count(), 0);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "example.com", "ftp://example.com", "https://", "https://a b/"] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
        for text in ["https://example.com:x/", "https://example.com/\n", "file:///etc"] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
        assert_eq!(Url::parse("http://[::1]:80/").unwrap().host, "[::1]");
    }
}
