//! Embeds `repo-template/`, which `init` writes: a list of paths and contents.

use std::fmt::Write;
use std::path::{Path, PathBuf};

#[expect(clippy::disallowed_methods, reason = "a build script has no world")]
fn main() -> std::io::Result<()> {
    let root = PathBuf::from(env("CARGO_MANIFEST_DIR")?);
    let template = root.join("repo-template");
    println!("cargo::rerun-if-changed={}", template.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if template.is_dir() {
        find(&template, &template, &mut files)?;
    }
    files.sort();
    let mut list = String::from("&[\n");
    for name in files {
        let path = template.join(&name);
        let path = path.display().to_string();
        // A `String` takes any write.
        let _written = writeln!(list, "    ({name:?}, include_bytes!({path:?})),");
    }
    list.push(']');
    write(&PathBuf::from(env("OUT_DIR")?).join("template.rs"), &list)
}

#[expect(clippy::disallowed_methods, reason = "a build script has no world")]
fn env(name: &str) -> std::io::Result<String> {
    std::env::var(name).map_err(std::io::Error::other)
}

#[expect(clippy::disallowed_methods, reason = "a build script has no sink")]
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

#[expect(clippy::disallowed_methods, reason = "a build script has no world")]
fn find(root: &Path, folder: &Path, files: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // What a build of the template in place left behind is no part of it.
        if path == root.join("rendered") {
            continue;
        }
        if path.is_dir() {
            find(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}
