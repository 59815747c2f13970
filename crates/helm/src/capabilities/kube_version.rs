//! Kubernetes versions.

use std::fmt;

use crate::Compat;
use crate::gofmt::quote;

/// A Kubernetes version: `.Capabilities.KubeVersion`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct KubeVersion {
    /// The full version: `v1.33.4-gke.1245000`.
    pub version: String,
    /// What constraints are compared with: `v1.33.4`.
    pub normalized: String,
    /// `1`
    pub major: String,
    /// `33`
    pub minor: String,
}

impl KubeVersion {
    /// Reads `1.33`, `v1.33.4`, `v1.33.4-gke.1`. (`common.ParseKubeVersion`)
    ///
    /// Helm 3 forgets what follows the numbers.
    pub fn parse(text: &str, compat: Compat) -> Result<KubeVersion, String> {
        let numbers = numbers(text)?;
        let joined: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let normalized = format!("v{}", joined.join("."));
        let version = match (compat, text.starts_with('v')) {
            (Compat::Helm3, _) => normalized.clone(),
            (Compat::Helm4, true) => text.to_owned(),
            (Compat::Helm4, false) => format!("v{text}"),
        };
        let [major, minor] = [0, 1].map(|at| joined.get(at).cloned().unwrap_or_default());
        Ok(KubeVersion { version, normalized, major, minor })
    }
}

impl fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.normalized)
    }
}

/// The numbers at the start of a version. (`version.ParseGeneric` of apimachinery)
fn numbers(text: &str) -> Result<Vec<u64>, String> {
    let quoted = quote(text);
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
    let body = trimmed.strip_prefix('v').unwrap_or(trimmed);
    let mut parts = Vec::new();
    let mut rest = body;
    loop {
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        if end == 0 {
            break;
        }
        parts.push(&rest[..end]);
        match rest[end..].strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    if parts.is_empty() {
        return Err(format!("could not parse {quoted} as version"));
    }
    if parts.len() < 2 {
        return Err(format!("illegal version string {quoted}"));
    }
    if let [first, ..] = parts[..]
        && first.starts_with('0')
        && first != "0"
    {
        return Err(format!(
            "illegal zero-prefixed version component {} in {quoted}",
            quote(first)
        ));
    }
    let number = |part: &&str| {
        part.parse().map_err(|_| {
            let part = quote(part);
            format!(
                "illegal non-numeric version component {part} in {quoted}: \
                 strconv.ParseUint: parsing {part}: value out of range"
            )
        })
    };
    parts.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::KubeVersion;
    use crate::Compat;

    #[test]
    fn reads_what_clusters_say() {
        let version = KubeVersion::parse("1.33.4-gke.1245000", Compat::Helm4).unwrap();
        assert_eq!(version.version, "v1.33.4-gke.1245000");
        assert_eq!(version.to_string(), "v1.33.4");
        assert_eq!((version.major.as_str(), version.minor.as_str()), ("1", "33"));
        let version = KubeVersion::parse("v1.33+k3s1", Compat::Helm3).unwrap();
        assert_eq!(version.version, "v1.33");
        let words = KubeVersion::parse("1", Compat::Helm4).unwrap_err();
        assert_eq!(words, "illegal version string \"1\"");
    }
}
