//! Which scalars are literal credentials, and which only name one.

use goyaml::{Node, Tag};
use source::is_secret_key;

/// The text of a scalar that says something by itself; `None` for empty ones, booleans,
/// and whatever is filled in later: `$(ENV)`, `{{ … }}`, `<placeholder>`, `ref+vault://`.
pub(super) fn literal(node: &Node) -> Option<&str> {
    let says = matches!(node.tag, Tag::Str | Tag::Int | Tag::Float);
    let text = node.text().filter(|_| says)?.trim();
    (!text.is_empty() && !is_filled_in_later(text)).then_some(text)
}

/// Does some other tool put the real text there?
pub(super) fn is_filled_in_later(text: &str) -> bool {
    text.starts_with('$')
        || text.contains("{{")
        || (text.starts_with('<') && text.ends_with('>'))
        || source::is_reference(text)
}

/// Does the entry `key: value` of `parent`, which itself is called `parent_key`, hold a
/// credential, by its key and its neighbours?
pub(super) fn is_credential(
    parent_key: &str,
    parent: &Node,
    key: &str,
    text: &str,
) -> bool {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        return true;
    }
    let flat = flattened(key);
    let parent_flat = flattened(parent_key);
    let has = |name: &str| parent.entry(name).is_some();
    if parent_flat == "securejsondata" {
        return true;
    }
    if flat == "accesskey" || flat == "accesskeyid" || flat == "awsaccesskeyid" {
        return ["secret_key", "secretKey", "secretAccessKey", "secret_access_key"]
            .iter()
            .any(|name| has(name));
    }
    if flat.ends_with("apiurl") {
        return text.contains("hooks.slack.com");
    }
    is_secret_key(key) && !names_a_secret(&flat, &parent_flat, parent)
}

/// Is it the *name* of a key in a Secret: `passwordSecretKey`, `secretKey` beside `secretName`?
fn names_a_secret(flat: &str, parent_flat: &str, parent: &Node) -> bool {
    let Some(before) = flat.strip_suffix("secretkey") else { return false };
    ["password", "token", "user", "username"].iter().any(|word| before.ends_with(word))
        || ["secretref", "existingsecret", "keyref"]
            .iter()
            .any(|w| parent_flat.ends_with(w))
        || goyaml::names_a_key(flat, parent)
}

/// Letters and digits in lower case: `secret_key` and `secretKey` are one.
fn flattened(key: &str) -> String {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use goyaml::Node;

    use super::{is_credential, literal};

    fn of_pairs(pairs: &[(&str, &str)]) -> Node {
        let entry = |(k, v): &(&str, &str)| (Node::string(*k), Node::scalar(*v));
        Node::mapping(pairs.iter().map(entry).collect())
    }

    #[test]
    fn neighbours_tell_names_from_credentials() {
        let storage = of_pairs(&[("access_key", "AKIA"), ("secret_key", "x")]);
        assert!(is_credential("config", &storage, "access_key", "AKIA"));
        let reference = of_pairs(&[("secretName", "s"), ("secretKey", "objstore.yml")]);
        assert!(!is_credential("objstore", &reference, "secretKey", "objstore.yml"));
        let lone = of_pairs(&[("access_key", "AKIA")]);
        assert!(!is_credential("config", &lone, "access_key", "AKIA"));
        let slack = of_pairs(&[("api_url", "https://hooks.slack.com/services/T/B/x")]);
        assert!(is_credential(
            "slack",
            &slack,
            "api_url",
            "https://hooks.slack.com/services/"
        ));
        assert!(!is_credential("x", &slack, "api_url", "https://api.example.com"));
        assert!(!is_credential("auth", &lone, "passwordSecretKey", "admin-password"));
    }

    #[test]
    fn placeholders_are_no_literals() {
        for text in
            ["$(ENV)", "${VAR}", "{{ .x }}", "<minio-password>", "ref+vault://a", ""]
        {
            assert_eq!(literal(&Node::string(text)), None, "{text}");
        }
        assert_eq!(literal(&Node::scalar("1234")), Some("1234"));
        assert_eq!(literal(&Node::scalar("true")), None);
    }
}
