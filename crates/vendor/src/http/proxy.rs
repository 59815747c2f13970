//! Proxies, as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them.
//! (Go: `golang.org/x/net/http/httpproxy`)

use std::net::IpAddr;

use ureq::Proxy;

use super::url::{Url, is_loopback};
use crate::Fault;
use crate::environment::Environment;

/// Which proxy serves which address.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    http: Option<String>,
    https: Option<String>,
    without: Vec<String>,
}

impl Proxies {
    /// The proxies of the environment.
    pub(crate) fn new(environment: &Environment) -> Proxies {
        let get = |name: &str| environment.get_any_case(name).map(str::to_owned);
        let without = get("NO_PROXY").unwrap_or_default();
        let without = without.split(',').map(|word| word.trim().to_ascii_lowercase());
        Proxies {
            http: get("HTTP_PROXY"),
            https: get("HTTPS_PROXY"),
            without: without.filter(|word| !word.is_empty()).collect(),
        }
    }

    /// The proxy for an address.
    pub(crate) fn of(&self, url: &Url) -> Result<Option<Proxy>, Fault> {
        let own = if url.is_tls() { &self.https } else { &self.http };
        let Some(proxy) = own.as_deref().filter(|_| !self.is_direct(url)) else {
            return Ok(None);
        };
        let address = match proxy.contains("://") {
            true => proxy.to_owned(),
            false => format!("http://{proxy}"),
        };
        let variable = if url.is_tls() { "HTTPS_PROXY" } else { "HTTP_PROXY" };
        let proxy = Proxy::new(&address).map_err(|_| {
            // The value is not shown: it may hold a password.
            Fault::new(format!("{variable} is no proxy's address"))
                .hint("write `http://proxy.example.com:3128`")
        })?;
        Ok(Some(proxy))
    }

    fn is_direct(&self, url: &Url) -> bool {
        is_loopback(&url.host) || self.without.iter().any(|word| excludes(word, url))
    }
}

/// Does an entry of `NO_PROXY` mean this address? `*`, a host, a domain, an address, a network.
fn excludes(word: &str, url: &Url) -> bool {
    if word == "*" {
        return true;
    }
    let host = url.host.trim_start_matches('[').trim_end_matches(']');
    let (word, port) = match word.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') => (name, port.parse::<u16>().ok()),
        _ => (word, None),
    };
    if port.is_some_and(|port| port != url.effective_port()) {
        return false;
    }
    if let Some((network, bits)) = word.split_once('/') {
        return is_in_network(host, network, bits);
    }
    match word.strip_prefix("*.").or_else(|| word.strip_prefix('.')) {
        Some(domain) => {
            host.strip_suffix(domain).is_some_and(|before| before.ends_with('.'))
        }
        None => {
            let below = host.strip_suffix(word);
            host == word || below.is_some_and(|before| before.ends_with('.'))
        }
    }
}

fn is_in_network(host: &str, network: &str, bits: &str) -> bool {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let (Ok(host), Ok(network)) = (host.parse(), network.parse()) else { return false };
    let ((host, width), (network, same)) = (number(host), number(network));
    let Ok(bits) = bits.parse::<u32>() else { return false };
    let shift = u32::checked_sub(width, bits);
    width == same
        && shift.is_some_and(|shift| {
            host.checked_shr(shift).unwrap_or(0)
                == network.checked_shr(shift).unwrap_or(0)
        })
}

#[cfg(test)]
mod tests {
    use super::{Environment, Proxies, Url};

    fn serves(no_proxy: &str, url: &str) -> bool {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let environment = Environment::new([
            variable("https_proxy", "proxy.example.com:3128"),
            variable("NO_PROXY", no_proxy),
        ]);
        Proxies::new(&environment).of(&Url::parse(url).unwrap()).unwrap().is_some()
    }

    #[test]
    fn no_proxy_names_hosts_domains_and_networks() {
        assert!(serves("", "https://charts.example.com/"));
        assert!(!serves("", "http://charts.example.com/"));
        assert!(!serves("", "https://127.0.0.1/"));
        for word in ["*", "example.com", ".example.com", "charts.example.com:443"] {
            assert!(!serves(word, "https://charts.example.com/"), "{word}");
        }
        for word in ["ample.com", "charts.example.com:8443", "example.org"] {
            assert!(serves(word, "https://charts.example.com/"), "{word}");
        }
        assert!(!serves("x, 10.0.0.0/8", "https://10.1.2.3/"));
        assert!(serves("10.0.0.0/16", "https://10.1.2.3/"));
        assert!(serves(".example.com", "https://example.com/"));
    }
}
