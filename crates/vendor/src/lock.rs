//! `charts.lock`: what was vendored, by content.
//!
//! One entry a few lines, sorted, nothing that depends on when or where it was written: two
//! branches that add different charts merge without a conflict, and one that merges badly is
//! refused with its line. It never holds credentials.

use goyaml::{Dialect, Node};
use source::{FileId, Span};

use crate::Digest;

const HEAD: &str = "\
# What `thanos-gitops vendor` brought, by content. Commit it; do not edit it by hand.
version: 1
";

/// Everything that is locked, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The charts, by name, repository, and requested version.
    pub charts: Vec<LockedChart>,
    /// Files and Git folders, by address.
    pub remotes: Vec<LockedRemote>,
}

/// One chart as it was asked for, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedChart {
    /// The chart's name.
    pub name: String,
    /// The address of its repository, as it is written.
    pub repository: String,
    /// The version or range that was asked for; empty for the newest.
    pub requested: String,
    /// The version that it is.
    pub version: String,
    /// The SHA-256 of the archive.
    pub sha256: Digest,
    /// The digest of its files ([`Digest::of_files`]), for copies in the tree.
    pub files: Option<Digest>,
    /// The SHA-256 of the manifest in a registry.
    pub manifest: Option<Digest>,
    /// The SHA-256 of the `.prov` file, if the signature was ever checked.
    pub provenance: Option<Digest>,
}

/// A file, or a folder of a Git repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedRemote {
    /// The address, as it is written.
    pub address: String,
    /// The commit of the Git repository; `None` for a file.
    pub commit: Option<String>,
    /// The SHA-256 of the file, or of the archive that `git.rs` makes of the tree.
    pub sha256: Digest,
}

/// Why a lock could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockFault {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
}

impl Lock {
    /// Reads a lock.
    pub fn parse(text: &str) -> Result<Lock, LockFault> {
        let conflict = |line: &str| {
            ["<<<<<<< ", "=======", ">>>>>>> "].iter().any(|mark| line.starts_with(mark))
        };
        if let Some(at) = text.lines().position(conflict) {
            let message = "a merge conflict is not resolved".to_owned();
            return Err(LockFault { message, line: at + 1 });
        }
        let reader = Reader { text };
        let parsed = goyaml::parse_first(text, FileId::NONE, Dialect::V3);
        let document = parsed.map_err(|fault| reader.fault(fault.span, fault.message))?;
        let Some(document) = document else { return Ok(Lock::default()) };
        let root = &document.root;
        let version = root.get("version").and_then(Node::text).unwrap_or("");
        if version != "1" {
            let message = format!("version `{version}` of the lock is not known");
            return Err(reader.fault(root.span, message));
        }
        let list = |key| root.get(key).and_then(Node::items).unwrap_or_default();
        let charts = list("charts").iter().map(|node| reader.chart(node));
        let remotes = list("remotes").iter().map(|node| reader.remote(node));
        let mut lock = Lock {
            charts: charts.collect::<Result<_, _>>()?,
            remotes: remotes.collect::<Result<_, _>>()?,
        };
        lock.sort();
        Ok(lock)
    }

    /// Reads a lock in which Git has marked a conflict: what both sides hold.
    ///
    /// A build does not; it wants to know what was decided.
    pub fn parse_conflict(text: &str) -> Result<Lock, LockFault> {
        crate::conflict::read(text)
    }

    /// Puts the entries in their order and takes out those that are there twice.
    pub fn sort(&mut self) {
        self.charts.sort();
        self.charts.dedup();
        self.remotes.sort();
        self.remotes.dedup();
    }

    /// The chart that was brought for this request.
    #[must_use]
    pub fn chart(
        &self,
        name: &str,
        repository: &str,
        requested: &str,
    ) -> Option<&LockedChart> {
        let repository = repository.trim_end_matches('/');
        self.charts.iter().find(|chart| {
            chart.name == name
                && chart.repository.trim_end_matches('/') == repository
                && chart.requested == requested
        })
    }

    /// What was brought for this address.
    #[must_use]
    pub fn remote(&self, address: &str) -> Option<&LockedRemote> {
        self.remotes.iter().find(|remote| remote.address == address)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = HEAD.to_owned();
        if !self.charts.is_empty() {
            text.push_str("charts:\n");
        }
        for chart in &self.charts {
            field(&mut text, "- name", &chart.name);
            field(&mut text, "  repository", &chart.repository);
            if chart.requested != chart.version {
                field(&mut text, "  requested", &chart.requested);
            }
            field(&mut text, "  version", &chart.version);
            field(&mut text, "  sha256", &chart.sha256.to_string());
            if let Some(files) = chart.files {
                field(&mut text, "  files", &files.to_string());
            }
            if let Some(manifest) = chart.manifest {
                field(&mut text, "  manifest", &format!("sha256:{manifest}"));
            }
            if let Some(provenance) = chart.provenance {
                field(&mut text, "  provenance", &provenance.to_string());
            }
        }
        if !self.remotes.is_empty() {
            text.push_str("remotes:\n");
        }
        for remote in &self.remotes {
            field(&mut text, "- address", &remote.address);
            if let Some(commit) = &remote.commit {
                field(&mut text, "  commit", commit);
            }
            field(&mut text, "  sha256", &remote.sha256.to_string());
        }
        text
    }
}

/// One line; digests and versions are quoted, since some look like numbers.
fn field(text: &mut String, key: &str, value: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@?=&+~".contains(c);
    let bare = key.ends_with("name")
        || key.ends_with("repository")
        || key.ends_with("address")
        || key.ends_with("manifest");
    let bare = bare
        && value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.chars().all(plain)
        && !value.ends_with(':');
    text.push_str(key);
    text.push_str(": ");
    match bare {
        true => text.push_str(value),
        false => {
            text.push_str(&serde_json::Value::from(value).to_string());
        }
    }
    text.push('\n');
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn chart(&self, node: &Node) -> Result<LockedChart, LockFault> {
        let version = self.text(node, "version")?;
        let requested = node.get("requested").and_then(Node::text);
        let requested = requested.map_or_else(|| version.clone(), str::to_owned);
        let digest = |key| match node.get(key) {
            None => Ok(None),
            Some(_) => self.digest(node, key).map(Some),
        };
        Ok(LockedChart {
            name: self.name(node)?,
            repository: self.text(node, "repository")?,
            requested,
            version,
            sha256: self.digest(node, "sha256")?,
            files: digest("files")?,
            manifest: digest("manifest")?,
            provenance: digest("provenance")?,
        })
    }

    fn remote(&self, node: &Node) -> Result<LockedRemote, LockFault> {
        let commit = match node.get("commit") {
            None => None,
            Some(_) => Some(self.text(node, "commit")?),
        };
        if let Some(commit) = &commit
            && !(commit.len() >= 40 && commit.chars().all(|c| c.is_ascii_hexdigit()))
        {
            return Err(self.fault(node.span, format!("`{commit}` is no commit")));
        }
        Ok(LockedRemote {
            address: self.text(node, "address")?,
            commit,
            sha256: self.digest(node, "sha256")?,
        })
    }

    /// A name becomes part of a path, so it must not be one.
    fn name(&self, node: &Node) -> Result<String, LockFault> {
        let name = self.text(node, "name")?;
        let bad = name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']);
        match bad {
            true => Err(self.fault(node.span, format!("`{name}` is no chart's name"))),
            false => Ok(name),
        }
    }

    fn text(&self, node: &Node, key: &str) -> Result<String, LockFault> {
        let text = node.get(key).and_then(Node::text);
        let missing = || self.fault(node.span, format!("the entry has no `{key}`"));
        text.map(str::to_owned).ok_or_else(missing)
    }

    fn digest(&self, node: &Node, key: &str) -> Result<Digest, LockFault> {
        let text = self.text(node, key)?;
        let wrong = || {
            self.fault(node.span, format!("`{key}` is no SHA-256: 64 hexadecimal digits"))
        };
        Digest::parse(&text).ok_or_else(wrong)
    }

    fn fault(&self, span: Span, message: impl Into<String>) -> LockFault {
        let before = self.text.get(..span.start as usize).unwrap_or("");
        LockFault { message: message.into(), line: before.matches('\n').count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, Lock, LockedChart, LockedRemote};

    fn lock() -> Lock {
        let chart = |name: &str, requested: &str| LockedChart {
            name: name.into(),
            repository: "https://charts.example.com/x".into(),
            requested: requested.into(),
            version: "1.10.0".into(),
            sha256: Digest::of(name.as_bytes()),
            files: None,
            manifest: None,
            provenance: None,
        };
        let registry = LockedChart {
            repository: "oci://registry.example.com:5000/charts".into(),
            files: Some(Digest::of(b"files")),
            manifest: Some(Digest::of(b"manifest")),
            provenance: Some(Digest::of(b"provenance")),
            ..chart("on", "1.10.0")
        };
        let folder = LockedRemote {
            address: "github.com/org/repo//deploy?ref=v1.0".into(),
            commit: Some("0".repeat(40)),
            sha256: Digest::of(b"tree"),
        };
        Lock {
            charts: vec![chart("a", ""), chart("a", "^1.0"), registry],
            remotes: vec![folder],
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let text = lock().to_text();
        assert_eq!(Lock::parse(&text).as_ref(), Ok(&lock()), "{text}");
        assert!(text.contains("- name: a\n  repository: https://charts.example.com/x\n"));
        assert_eq!(Lock::parse(""), Ok(Lock::default()));
        let empty = Lock::default().to_text();
        assert_eq!(Lock::parse(&empty), Ok(Lock::default()));
    }

    #[test]
    fn a_request_is_found_with_or_without_a_slash_at_the_end() {
        let lock = lock();
        let found = lock.chart("a", "https://charts.example.com/x/", "^1.0").unwrap();
        assert_eq!(found.version, "1.10.0");
        assert_eq!(lock.chart("a", "https://charts.example.com/x", "^2"), None);
    }

    #[test]
    fn faults_name_their_line() {
        let line = |text: &str| Lock::parse(text).map_err(|f| (f.line, f.message));
        let text = lock().to_text();
        let conflict = text.replacen("- name: a", "<<<<<<< HEAD\n- name: a", 1);
        assert_eq!(
            line(&conflict),
            Err((4, "a merge conflict is not resolved".to_owned()))
        );
        let short =
            "version: 1\ncharts:\n- name: a\n  version: \"1\"\n  sha256: \"12\"\n";
        assert_eq!(line(short), Err((3, "the entry has no `repository`".to_owned())));
        let climbing = text.replacen("- name: a", "- name: ../a", 1);
        assert_eq!(line(&climbing), Err((4, "`../a` is no chart's name".to_owned())));
        assert!(line("version: 2\n").is_err());
        assert!(line("a: [\n").is_err());
    }
}
