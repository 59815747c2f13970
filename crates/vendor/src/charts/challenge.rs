//! `WWW-Authenticate`, and the token server that it may name.
//! (distribution specification: "Token Authentication")

use serde_json::Value;

use crate::Fault;
use crate::credentials::Login;
use crate::http::{Call, Client, TlsFiles, Url, refused};

/// What a registry asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// Name and password.
    Basic,
    /// A token of a token server.
    Bearer(TokenServer),
}

/// Where a token is to be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenServer {
    realm: String,
    service: String,
    scope: String,
}

impl Challenge {
    /// Reads `Bearer realm="https://…",service="…",scope="…"`, or `Basic realm="…"`.
    pub(crate) fn parse(text: &str) -> Option<Challenge> {
        let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Challenge::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut server = TokenServer::default();
        let mut rest = rest.trim();
        while let Some((key, after)) = rest.split_once('=') {
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_at(after.find(',').unwrap_or(after.len())),
            };
            match key.trim().to_ascii_lowercase().as_str() {
                "realm" => value.clone_into(&mut server.realm),
                "service" => value.clone_into(&mut server.service),
                "scope" => value.clone_into(&mut server.scope),
                _ => {}
            }
            rest = after.trim_start_matches([',', ' ']);
        }
        (!server.realm.is_empty()).then_some(Challenge::Bearer(server))
    }
}

impl TokenServer {
    /// Asks for a token, with what we have to show.
    pub(super) fn token(
        &self,
        client: &Client,
        registry: &Url,
        tls: &TlsFiles,
        login: Option<&Login>,
        scope: &str,
    ) -> Result<String, Fault> {
        let mut url = Url::parse(&self.realm).map_err(|words| {
            Fault::new(format!("{registry}: its token server is no address: {words}"))
        })?;
        if registry.is_tls() && !url.is_tls() {
            let message =
                format!("{registry}: its token server speaks plain HTTP at {url}");
            return Err(Fault::new(message).hint("credentials are not sent there"));
        }
        let scope = if self.scope.is_empty() { scope } else { &self.scope };
        let (service, scope) = (encode(&self.service), encode(scope));
        let mut call = match login {
            Some(Login::Identity(token)) => {
                let token = encode(token);
                let mut call = Call::new(url);
                call.form = Some(format!(
                    "grant_type=refresh_token&service={service}&scope={scope}\
                     &client_id=thanos-gitops&refresh_token={token}"
                ));
                call
            }
            // A token for the registry itself needs no other.
            Some(Login::Bearer(token)) => return Ok(format!("Bearer {token}")),
            basic => {
                let query = format!("service={service}&scope={scope}");
                url.query = Some(match url.query {
                    Some(given) => format!("{given}&{query}"),
                    None => query,
                });
                let mut call = Call::new(url);
                call.authorization = basic.and_then(Login::header);
                call
            }
        };
        call.tls = tls.clone();
        let answer = client.send(&call)?;
        if answer.status() != 200 {
            return Err(refused(&answer));
        }
        let url = answer.url.clone();
        let bytes = answer.bytes(1 << 20)?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let token = ["token", "access_token"].into_iter().find_map(|key| {
            answer.get(key).and_then(Value::as_str).filter(|token| !token.is_empty())
        });
        let token = token.filter(|token| !token.contains(['\r', '\n']));
        token.map(|token| format!("Bearer {token}")).ok_or_else(|| {
            Fault::new(format!("GET {url}: the token server's answer holds no token"))
        })
    }
}

/// Encodes for a query or a form.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{Challenge, TokenServer, encode};

    #[test]
    fn challenges_are_read() {
        let text = "Bearer realm=\"https://auth.example.com/token?a=b,c\",\
                    service=registry.example.com, scope=\"repository:a/b:pull,push\"";
        let server = TokenServer {
            realm: "https://auth.example.com/token?a=b,c".into(),
            service: "registry.example.com".into(),
            scope: "repository:a/b:pull,push".into(),
        };
        assert_eq!(Challenge::parse(text), Some(Challenge::Bearer(server)));
        assert_eq!(Challenge::parse("basic realm=\"x\""), Some(Challenge::Basic));
        for text in ["", "Digest realm=\"x\"", "Bearer", "Bearer realm=\"x", "Bearer a=b"]
        {
            assert_eq!(Challenge::parse(text), None, "{text}");
        }
        assert_eq!(encode("repository:a/b:pull"), "repository%3Aa%2Fb%3Apull");
    }
}
