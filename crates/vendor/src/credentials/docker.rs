//! Docker's `config.json`, which Helm uses for registries too, and credential helpers.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use serde_json::Value;

use super::Login;
use crate::Fault;
use crate::environment::{Environment, read};

/// The login of a registry in Helm's or Docker's configuration.
pub(super) fn login(
    authority: &str,
    environment: &Environment,
) -> Result<Option<Login>, Fault> {
    let helm = environment.helm("HELM_REGISTRY_CONFIG", "registry/config.json");
    let docker = environment.docker().map(|folder| folder.join("config.json"));
    for path in helm.into_iter().chain(docker) {
        if let Some(login) = in_file(&path, authority, environment)? {
            return Ok(Some(login));
        }
    }
    Ok(None)
}

fn in_file(
    path: &Path,
    authority: &str,
    environment: &Environment,
) -> Result<Option<Login>, Fault> {
    let Some(bytes) = read(path).map_err(Fault::new)? else { return Ok(None) };
    let config: Value = serde_json::from_slice(&bytes).map_err(|error| {
        // The parser's words name a place, never a value.
        Fault::new(format!("`{}` is not JSON: {error}", path.display()))
    })?;
    // A helper of the registry wins, then the store, then what stands in the file itself.
    let helpers = config.get("credHelpers").and_then(Value::as_object);
    let own = helpers.and_then(|map| map.iter().find(|(key, _)| is(key, authority)));
    let helper = own.map(|(key, helper)| (key.as_str(), helper));
    let store = config.get("credsStore").map(|helper| (authority, helper));
    for (server, helper) in helper.into_iter().chain(store) {
        if let Some(name) = helper.as_str().filter(|name| !name.is_empty())
            && let Some(login) = ask(name, server, environment)?
        {
            return Ok(Some(login));
        }
    }
    let auths = config.get("auths").and_then(Value::as_object);
    let entry = auths.and_then(|map| map.iter().find(|(key, _)| is(key, authority)));
    Ok(entry.and_then(|(_, entry)| in_entry(entry)))
}

/// Does a key of the file mean this server? Old ones are whole addresses.
fn is(key: &str, authority: &str) -> bool {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key);
    let host = key.split('/').next().unwrap_or(key);
    let docker = |host: &str| {
        matches!(host, "docker.io" | "index.docker.io" | "registry-1.docker.io")
    };
    host.eq_ignore_ascii_case(authority) || (docker(host) && docker(authority))
}

fn in_entry(entry: &Value) -> Option<Login> {
    let text = |key: &str| {
        entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    };
    if let Some(token) = text("identitytoken") {
        return Some(Login::Identity(token.to_owned()));
    }
    if let Some(token) = text("registrytoken") {
        return Some(Login::Bearer(token.to_owned()));
    }
    if let (Some(user), Some(password)) = (text("username"), text("password")) {
        return Some(Login::Basic {
            user: user.to_owned(),
            password: password.to_owned(),
        });
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(text("auth")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.trim_end_matches('\0').split_once(':')?;
    Some(Login::Basic { user: user.to_owned(), password: password.to_owned() })
}

/// Asks `docker-credential-<name>`, which reads a server and prints JSON.
#[expect(
    clippy::disallowed_methods,
    reason = "what is no part of a tree has a door of its own"
)]
fn ask(
    name: &str,
    server: &str,
    environment: &Environment,
) -> Result<Option<Login>, Fault> {
    if name.contains(['/', '\\']) {
        return Err(Fault::new(format!("`{name}` is no name of a credential helper")));
    }
    let program = format!("docker-credential-{name}");
    let fault = |words: String| {
        Fault::new(format!("`{program} get` failed: {words}"))
            .hint("run `docker login` again, or take the helper out of config.json")
    };
    let started = Command::new(&program)
        .arg("get")
        .env_clear()
        .envs(environment.variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| fault(error.to_string()))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read has its reason to fail; that is told below.
        let _closed = input.write_all(server.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| fault(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        return match said.contains("credentials not found") {
            true => Ok(None),
            // Its words are not repeated: nobody knows what is in them.
            false => Err(fault(format!("it ended with {}", output.status))),
        };
    }
    let answer: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| fault("its answer is not JSON".to_owned()))?;
    let text =
        |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let (user, password) = (text("Username"), text("Secret"));
    Ok(match user.as_str() {
        _ if password.is_empty() => None,
        "<token>" => Some(Login::Identity(password)),
        _ => Some(Login::Basic { user, password }),
    })
}

#[cfg(test)]
mod tests {
    use super::{Login, in_entry, is};

    #[test]
    fn keys_are_servers_or_old_addresses() {
        for key in ["registry.example.com:5000", "https://registry.example.com:5000/v1/"]
        {
            assert!(is(key, "registry.example.com:5000"), "{key}");
        }
        assert!(is("https://index.docker.io/v1/", "registry-1.docker.io"));
        assert!(!is("registry.example.com", "registry.example.com:5000"));
        assert!(!is("registry.example.com", "evil.example.com"));
    }

    #[test]
    fn entries_are_encoded_or_plain() {
        let basic = |user: &str, password: &str| {
            Some(Login::Basic { user: user.into(), password: password.into() })
        };
        let entry = |text: &str| in_entry(&serde_json::from_str(text).unwrap());
        assert_eq!(entry(r#"{"auth": "bWU6czM6Y3JldA=="}"#), basic("me", "s3:cret"));
        assert_eq!(entry(r#"{"username": "a", "password": "b"}"#), basic("a", "b"));
        let identity = entry(r#"{"auth": "", "identitytoken": "t"}"#);
        assert_eq!(identity, Some(Login::Identity("t".into())));
        assert_eq!(entry("{}"), None);
        assert_eq!(entry(r#"{"auth": "!"}"#), None);
    }
}
