//! The world of one Git revision, read from the object store.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::{EntryKind, GitFault, GitRepository, ReadError, ReadErrorKind, World};
use crate::VPath;

/// The files of one Git revision, read from the object store without a checkout.
///
/// One `git cat-file --batch` process serves all reads.
pub struct GitWorld {
    entries: BTreeMap<VPath, GitEntry>,
    batch: Mutex<Batch>,
    label: String,
}

struct GitEntry {
    mode: String,
    object: String,
}

struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl GitWorld {
    /// The commit where `a` and `b` parted: what `A...B` compares `b` with.
    pub fn merge_base(
        folder: GitRepository<'_>,
        a: &str,
        b: &str,
    ) -> Result<String, GitFault> {
        // `rev-parse` refuses what is no revision; a bare word could be an option.
        let commit = |name: &str| {
            let spec = format!("{name}^{{commit}}");
            let words = ["rev-parse", "--verify", "--end-of-options", &spec];
            let found =
                git(folder, &words).map_err(|_| GitFault::no_revision(folder, name));
            found.map(|out| String::from_utf8_lossy(&out).trim().to_owned())
        };
        let base = git(folder, &["merge-base", &commit(a)?, &commit(b)?]);
        let base = base.map_err(|_| GitFault::no_base(folder, a, b))?;
        Ok(String::from_utf8_lossy(&base).trim().to_owned())
    }

    /// The tree of `revision` below `folder`, a folder of the repository that holds it.
    ///
    /// A revision that is older than the folder has no files. Fails if there is no repository,
    /// no such revision, or no Git.
    pub fn open(folder: GitRepository<'_>, revision: &str) -> Result<GitWorld, GitFault> {
        let other = |words: String| GitFault::other(&words);
        let spec = format!("{revision}^{{commit}}");
        let commit = git(folder, &["rev-parse", "--verify", "--end-of-options", &spec]);
        let commit = commit.map_err(|_| GitFault::no_revision(folder, revision))?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let prefix = git(folder, &["rev-parse", "--show-prefix"]).map_err(other)?;
        let prefix = String::from_utf8_lossy(&prefix).trim().to_owned();
        let tree = format!("{commit}:{prefix}");
        let is_there =
            prefix.is_empty() || git(folder, &["cat-file", "-e", &tree]).is_ok();
        let listing = match is_there {
            true => git(folder, &["ls-tree", "-r", "-z", "--full-tree", &tree]),
            false => Ok(Vec::new()),
        };
        let listing = listing.map_err(other)?;
        let mut entries = BTreeMap::new();
        for line in listing.split(|b| *b == 0).filter(|l| !l.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut words = head.split(' ');
            let mode = words.next().unwrap_or("").to_owned();
            let object = words.nth(1).unwrap_or("").to_owned();
            if let Some(path) = VPath::new(path) {
                entries.insert(path, GitEntry { mode, object });
            }
        }
        let batch = Mutex::new(Batch::start(folder).map_err(|e| other(e.to_string()))?);
        let label = commit.get(..12).unwrap_or(&commit).to_owned();
        Ok(GitWorld { entries, batch, label })
    }

    fn follow(&self, path: &VPath, depth: u32) -> Result<VPath, ReadError> {
        let outside =
            || ReadError { path: self.display(path), kind: ReadErrorKind::Outside };
        if depth > 40 {
            let kind = ReadErrorKind::Other("too many links".to_owned());
            return Err(ReadError { path: self.display(path), kind });
        }
        let mut real = VPath::root();
        let parts: Vec<&str> = path.parts().collect();
        for (n, part) in parts.iter().enumerate() {
            real = real.join(part).ok_or_else(outside)?;
            let link = self.entries.get(&real).filter(|e| e.mode == "120000");
            let Some(entry) = link else { continue };
            let target = self.object(path, &entry.object)?;
            let target = String::from_utf8_lossy(&target).into_owned();
            if target.starts_with('/') {
                return Err(outside());
            }
            let folder = real.parent().unwrap_or_else(VPath::root);
            let rest = parts[n + 1..].join("/");
            let next = folder.join(&target).and_then(|p| p.join(&rest));
            return self.follow(&next.ok_or_else(outside)?, depth + 1);
        }
        Ok(real)
    }

    fn object(&self, path: &VPath, object: &str) -> Result<Arc<[u8]>, ReadError> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        batch.read(object).map(Into::into).map_err(|words| ReadError {
            path: self.display(path),
            kind: ReadErrorKind::Other(words),
        })
    }

    fn below<'a>(&'a self, folder: &'a VPath) -> impl Iterator<Item = &'a VPath> {
        let from = self.entries.range(folder.clone()..).map(|(p, _)| p);
        from.take_while(move |p| p.as_str().starts_with(folder.as_str()))
            .filter(move |p| *p != folder && p.is_under(folder))
    }
}

impl World for GitWorld {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        let real = self.follow(path, 0)?;
        match self.entries.get(&real) {
            Some(entry) => self.object(path, &entry.object),
            None => {
                let kind = match self.below(&real).next() {
                    Some(_) => ReadErrorKind::IsFolder,
                    None => ReadErrorKind::NotFound,
                };
                Err(ReadError { path: self.display(path), kind })
            }
        }
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let real = self.follow(path, 0)?;
        let mut names: Vec<String> = self
            .below(&real)
            .filter_map(|p| p.strip(&real))
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .collect();
        names.sort();
        names.dedup();
        if names.is_empty() && real != VPath::root() {
            let kind = match self.entries.contains_key(&real) {
                true => ReadErrorKind::NotFolder,
                false => ReadErrorKind::NotFound,
            };
            return Err(ReadError { path: self.display(path), kind });
        }
        let with_kind = |name: String| {
            let kind = self.kind(&real.join(&name)?)?;
            Some((name, kind))
        };
        Ok(names.into_iter().filter_map(with_kind).collect())
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        let real = self.follow(path, 0).ok()?;
        if let Some(entry) = self.entries.get(&real) {
            // A submodule is a folder whose files this repository does not hold.
            return Some(match entry.mode.as_str() {
                "160000" => EntryKind::Folder,
                _ => EntryKind::File,
            });
        }
        let folder = real == VPath::root() || self.below(&real).next().is_some();
        folder.then_some(EntryKind::Folder)
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        let real = self.follow(path, 0)?;
        match self.kind(&real) {
            Some(_) => Ok(real),
            None => {
                let kind = ReadErrorKind::NotFound;
                Err(ReadError { path: self.display(path), kind })
            }
        }
    }

    fn display(&self, path: &VPath) -> String {
        format!("{}:{}", self.label, path.as_str())
    }
}

impl Batch {
    fn start(folder: GitRepository<'_>) -> std::io::Result<Batch> {
        let mut child = folder
            .command()
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let broken = || std::io::Error::other("git has no pipes");
        let input = child.stdin.take().ok_or_else(broken)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(broken)?);
        Ok(Batch { child, input, output })
    }

    fn read(&mut self, object: &str) -> Result<Vec<u8>, String> {
        let words = |e: std::io::Error| format!("git cat-file: {e}");
        writeln!(self.input, "{object}").map_err(words)?;
        self.input.flush().map_err(words)?;
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(words)?;
        let size = head.trim().rsplit(' ').next().and_then(|n| n.parse::<usize>().ok());
        let Some(size) = size else {
            return Err(format!("git cat-file: {}", head.trim()));
        };
        let mut bytes = vec![0; size + 1];
        self.output.read_exact(&mut bytes).map_err(words)?;
        bytes.pop();
        Ok(bytes)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Killing is how the process learns that nobody asks any more; errors mean it is gone.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

pub(super) fn git(folder: GitRepository<'_>, args: &[&str]) -> Result<Vec<u8>, String> {
    let output = folder
        .command()
        .args(args)
        .output()
        .map_err(|e| format!("cannot run git: {e}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::{GitRepository, GitWorld};
    use crate::{EntryKind, ReadErrorKind, VPath, World};

    #[expect(clippy::disallowed_methods, reason = "a test looks at its files itself")]
    fn run(folder: &Path, args: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(["-c", "commit.gpgsign=false", "-c", "core.symlinks=true"])
            .args(args)
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
    }

    #[test]
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "the test writes what Git reads")]
    fn reads_a_revision_without_a_checkout() {
        let folder =
            std::env::temp_dir().join(format!("git-world-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("repo/base")).unwrap();
        let file = folder.join("repo/base/a.yaml");
        run(&folder, &["init", "-q"]);
        std::fs::write(&file, "one: 1\n").unwrap();
        std::os::unix::fs::symlink("base/a.yaml", folder.join("repo/link")).unwrap();
        std::os::unix::fs::symlink("../../x", folder.join("repo/out")).unwrap();
        run(&folder, &["add", "."]);
        run(&folder, &["commit", "-qm", "first"]);
        std::fs::write(&file, "two: 2\n").unwrap();

        let inside = folder.join("repo");
        let world = GitWorld::open(GitRepository::Callers(&inside), "HEAD").unwrap();
        let path = |p: &str| VPath::new(p).unwrap();
        assert_eq!(&*world.read(&path("base/a.yaml")).unwrap(), b"one: 1\n");
        assert_eq!(&*world.read(&path("link")).unwrap(), b"one: 1\n");
        assert_eq!(world.canonical(&path("link")), Ok(path("base/a.yaml")));
        assert_eq!(world.kind(&path("base")), Some(EntryKind::Folder));
        assert_eq!(world.kind(&path("nothing")), None);
        let outside = world.read(&path("out")).unwrap_err();
        assert_eq!(outside.kind, ReadErrorKind::Outside);
        let root: Vec<_> = world.list(&VPath::root()).unwrap();
        let names: Vec<_> = root.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["base", "link"]);
        let whole = GitRepository::Callers(&folder);
        assert!(GitWorld::open(whole, "no-such-branch").is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
