//! Folders of Git repositories, brought by the real `git`.

use std::path::Path;
use std::process::Command;

use source::{MemoryWorld, Remote, World};
use vendor::{Lock, LockedWorld, Wanted};

use crate::fixture::Surroundings;
use crate::server::{Reply, Server};

fn git(folder: &Path, words: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(identity)
        .args(words)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

fn commit(folder: &Path, files: &[(&str, &str)]) -> String {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "x"]);
    git(folder, &["rev-parse", "HEAD"])
}

#[test]
fn a_server_that_has_a_fault_is_asked_again() {
    let server = Server::start(|_| Reply::status(503));
    let here = Surroundings::new();
    let address = format!("{}/org/repo.git//deploy?ref=v1", server.url());
    let fault = here.one(&Wanted::Address(address), &Lock::default()).fault();
    assert!(fault.message.contains("returned error: 503"), "{fault:?}");
    assert!(fault.message.ends_with("(4 tries)"), "{fault:?}");
    let address = "ext::sh -c true% //x?ref=v1".to_owned();
    here.one(&Wanted::Address(address), &Lock::default()).fault();
    let odd = "--upload-pack=true:x/y//z".to_owned();
    let fault = here.one(&Wanted::Address(odd), &Lock::default()).fault();
    assert!(fault.message.ends_with("is no address"), "{fault:?}");
}

#[test]
fn a_base_is_pinned_to_its_commit() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let first = commit(
        folder.path(),
        &[
            ("deploy/kustomization.yaml", "resources: [../common, a.yaml]\n"),
            ("deploy/a.yaml", "kind: A\n"),
            ("common/kustomization.yaml", "resources: []\n"),
        ],
    );
    git(folder.path(), &["tag", "v1"]);
    let here = Surroundings::new();
    let path = folder.path().to_str().unwrap();
    let address = |reference: &str| format!("file://{path}//deploy{reference}");
    let bring =
        |address: &str, lock: &Lock| here.one(&Wanted::Address(address.to_owned()), lock);
    let empty = Lock::default();
    let locked = bring(&address("?ref=main"), &empty).locked_remote();
    assert_eq!(locked.commit.as_deref(), Some(&*first));
    // The branch goes on; the lock does not.
    let second = commit(folder.path(), &[("deploy/a.yaml", "kind: B\n")]);
    let lock = Lock { remotes: vec![locked.clone()], ..Lock::default() };
    assert_eq!(bring(&address("?ref=main"), &lock).locked_remote(), locked);
    let there = Surroundings::new();
    let again = there.one(&Wanted::Address(address("?ref=main")), &lock).locked_remote();
    assert_eq!(again, locked);
    let newer = bring(&address("?ref=main"), &empty).locked_remote();
    assert_eq!(newer.commit.as_deref(), Some(&*second));
    let tagged = bring(&address("?ref=v1"), &empty).locked_remote();
    assert_eq!(
        (tagged.commit.as_ref(), tagged.sha256),
        (locked.commit.as_ref(), locked.sha256)
    );
    let exact = bring(&address(&format!("?ref={first}")), &empty).locked_remote();
    assert_eq!(exact.sha256, locked.sha256);
    let short = bring(&address(&format!("?ref={}", &first[..9])), &empty).locked_remote();
    assert_eq!(short.sha256, locked.sha256);
    // A build finds the folder and what is next to it.
    let world = MemoryWorld::new().with("charts.lock", lock.to_text());
    let world = LockedWorld::new(world, here.cache.clone());
    let base = world.vendored(&Remote::Address(&address("?ref=main"))).unwrap().unwrap();
    let read = |path: &str| world.read(&base.join(path).unwrap()).unwrap();
    assert_eq!(&*read("a.yaml"), b"kind: A\n");
    assert_eq!(&*read("../common/kustomization.yaml"), b"resources: []\n");
    let fault = bring(&address("?ref=none"), &empty).fault();
    assert!(fault.message.starts_with("git could not fetch"), "{fault:?}");
}
