//! Who we are, as the files and helper programs of Docker and Helm know it.
//!
//! For a server, in this order: the variable `THANOS_GITOPS_TOKEN_<HOST>`; for a chart
//! repository its entry in Helm's `repositories.yaml`; for a registry Helm's
//! `registry/config.json`, then Docker's `config.json`, each with its credential helpers.

mod docker;
mod helm;

use std::fmt;

use base64::Engine as _;

use crate::Fault;
use crate::environment::Environment;

pub(crate) use helm::HelmRepository;

/// Name and password, or a token in their place.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// For `Authorization: Basic`, and for the token server of a registry.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
    /// What a token server takes in exchange for a token.
    Identity(String),
    /// For `Authorization: Bearer`, as it is.
    Bearer(String),
}

/// Nothing of it is ever shown.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

impl Login {
    /// The header that carries it; `None` for what only a token server understands.
    pub(crate) fn header(&self) -> Option<String> {
        match self {
            Login::Basic { user, password } => {
                let joined = format!("{user}:{password}");
                let encoded = base64::engine::general_purpose::STANDARD.encode(joined);
                Some(format!("Basic {encoded}"))
            }
            Login::Bearer(token) => Some(format!("Bearer {token}")),
            Login::Identity(_) => None,
        }
    }
}

/// The credentials of these surroundings.
pub(crate) struct Credentials {
    environment: Environment,
    repositories: Vec<HelmRepository>,
}

impl Credentials {
    /// Reads Helm's list of repositories; the rest is read when it is asked for.
    pub(crate) fn new(environment: Environment) -> Result<Credentials, Fault> {
        let repositories = helm::repositories(&environment)?;
        Ok(Credentials { environment, repositories })
    }

    /// What Helm knows about the repository of this address.
    pub(crate) fn repository(&self, address: &str) -> Option<&HelmRepository> {
        if let Some(name) = address.strip_prefix('@').or(address.strip_prefix("alias:")) {
            return self.repositories.iter().find(|known| known.name == name);
        }
        let address = address.trim_end_matches('/');
        self.repositories.iter().find(|known| known.url.trim_end_matches('/') == address)
    }

    /// The login of a server: host, and port if it is not the usual one.
    pub(crate) fn registry(&self, authority: &str) -> Result<Option<Login>, Fault> {
        if let Some(login) = self.variable(authority) {
            return Ok(Some(login));
        }
        docker::login(authority, &self.environment)
    }

    /// The login that a variable holds for a server: `name:password`, or a bare token.
    pub(crate) fn variable(&self, authority: &str) -> Option<Login> {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }
        };
        let host: String = authority.chars().map(plain).collect();
        let value = self.environment.get(&format!("THANOS_GITOPS_TOKEN_{host}"))?;
        Some(match value.split_once(':') {
            Some((user, password)) => {
                Login::Basic { user: user.to_owned(), password: password.to_owned() }
            }
            None => Login::Bearer(value.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Environment, Login};

    fn variable(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn variables_are_named_after_the_server() {
        let environment = Environment::new([
            variable("THANOS_GITOPS_TOKEN_CHARTS_EXAMPLE_COM_8443", "me:s3:cret"),
            variable("THANOS_GITOPS_TOKEN_REGISTRY_EXAMPLE_COM", "token"),
        ]);
        let credentials = Credentials::new(environment).unwrap();
        let login = credentials.variable("charts.example.com:8443").unwrap();
        assert_eq!(login.header().unwrap(), "Basic bWU6czM6Y3JldA==");
        let token = credentials.registry("registry.example.com").unwrap().unwrap();
        assert_eq!(token, Login::Bearer("token".into()));
        assert_eq!(credentials.variable("charts.example.com"), None);
        assert_eq!(format!("{login:?}"), "Login(…)");
    }
}
