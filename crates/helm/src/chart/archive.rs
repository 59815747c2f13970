//! Chart archives: entries read in memory, nothing ever unpacked.
//!
//! Follows `pkg/chart/loader/archive` of Helm 4.2. Links and devices are refused, which
//! upstream reads as empty files.

use std::io::Read;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::buffered::Buffered;

/// The largest sum of all files: 100 MiB.
const MAX_CHART: u64 = 100 * 1024 * 1024;

/// The largest file: 5 MiB.
pub(super) const MAX_FILE: u64 = 5 * 1024 * 1024;

/// The most entries of an archive. Upstream sets no limit; the largest charts have a thousand.
const MAX_ENTRIES: usize = 20_000;

/// A file of an archive: its name below the chart's folder, and its bytes.
pub type ArchiveFile = (String, Arc<[u8]>);

/// The files of a chart's archive: each name below the chart's folder, and the bytes without
/// a byte order mark. Errors are Helm's.
pub fn archive_files(bytes: &[u8]) -> Result<Vec<ArchiveFile>, String> {
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        return Err("file does not appear to be a gzipped archive".to_owned());
    }
    let files = load_archive_files(bytes)?;
    Ok(files.into_iter().map(|file| (file.name, file.data)).collect())
}

/// Reads the files of a gzipped tar archive, the first folder taken off their names.
pub(super) fn load_archive_files(bytes: &[u8]) -> Result<Vec<Buffered>, String> {
    read_archive(bytes, MAX_CHART)
}

/// The same for archives whose files have no more than `most` bytes together.
fn read_archive(bytes: &[u8], most: u64) -> Result<Vec<Buffered>, String> {
    let unzipped = MultiGzDecoder::new(bytes).take(2 * most);
    let mut archive = tar::Archive::new(unzipped);
    let mut files = Vec::new();
    let mut remaining = most;
    let broken = |_: std::io::Error| "unexpected EOF".to_owned();
    for (number, entry) in archive.entries().map_err(broken)?.enumerate() {
        if number >= MAX_ENTRIES {
            return Err(format!("chart archive holds more than {MAX_ENTRIES} entries"));
        }
        let mut entry = entry.map_err(broken)?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if path.ends_with('/') {
            continue;
        }
        let name = entry_name(&path)?;
        if !kind.is_file() {
            return Err(format!(
                "chart archive holds {path:?}, which is no regular file"
            ));
        }
        let size = entry.size();
        if size > remaining {
            return Err(too_large(most));
        }
        if size > MAX_FILE {
            return Err(format!(
                "decompressed chart file {path:?} is larger than the maximum file size \
                 {MAX_FILE}"
            ));
        }
        let mut data = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        entry.by_ref().take(remaining).read_to_end(&mut data).map_err(broken)?;
        let read = data.len() as u64;
        remaining = remaining.saturating_sub(read);
        if read < size || remaining == 0 {
            return Err(too_large(most));
        }
        files.push(Buffered::new(name, data));
    }
    match files.is_empty() {
        true => Err("no files in chart archive".to_owned()),
        false => Ok(files),
    }
}

fn too_large(most: u64) -> String {
    format!("decompressed chart is larger than the maximum size {most}")
}

/// The name without its first folder, or why it is refused.
fn entry_name(path: &str) -> Result<String, String> {
    let delimiter = if path.contains('\\') { '\\' } else { '/' };
    let (first, rest) = path.split_once(delimiter).unwrap_or((path, ""));
    let name = rest.replace(delimiter, "/");
    if name.starts_with('/') {
        return Err("chart illegally contains absolute paths".to_owned());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return Err("chart illegally references parent directory".to_owned());
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    let name = parts.join("/");
    if name.is_empty() {
        return Err(format!(
            "chart illegally contains content outside the base directory: {path:?}"
        ));
    }
    if name.starts_with("..") {
        return Err("chart illegally references parent directory".to_owned());
    }
    let mut start = name.bytes();
    let drive = start.next().is_some_and(|b| b.is_ascii_alphabetic())
        && start.next() == Some(b':')
        && start.next() == Some(b'/');
    if drive {
        return Err("chart contains illegally named files".to_owned());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".to_owned());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{entry_name, load_archive_files, read_archive};

    /// A gzipped tar archive of these entries: kind, name, content or link target.
    fn archive(entries: &[(tar::EntryType, &str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (kind, name, text) in entries {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            let data = match kind {
                tar::EntryType::Symlink => {
                    header.set_link_name(text).unwrap();
                    ""
                }
                _ => text,
            };
            header.set_size(data.len() as u64);
            header.set_cksum();
            tar.append(&header, data.as_bytes()).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        let mut gzip =
            flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn reads_regular_files_and_refuses_the_rest() {
        use tar::EntryType::{Directory, Regular, Symlink};
        let good = archive(&[
            (Directory, "c/", ""),
            (Regular, "c/Chart.yaml", "\u{feff}name: c\n"),
        ]);
        let files = load_archive_files(&good).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].name, "Chart.yaml");
        assert_eq!(&*files[0].data, b"name: c\n");
        let refused = |entries: &[_]| load_archive_files(&archive(entries)).unwrap_err();
        let link = refused(&[(Symlink, "c/values.yaml", "/etc/passwd")]);
        assert!(link.ends_with("which is no regular file"), "{link}");
        let climbing = refused(&[(Regular, "c/../../x", "x")]);
        assert_eq!(climbing, "chart illegally references parent directory");
        assert_eq!(refused(&[]), "no files in chart archive");
        let large = "x".repeat(5 * 1024 * 1024 + 1);
        let many: Vec<_> = (0..20_001).map(|_| (Directory, "c/", "")).collect();
        assert_eq!(refused(&many), "chart archive holds more than 20000 entries");
        let large = refused(&[(Regular, "c/big", &large)]);
        assert!(large.contains("larger than the maximum file size 5242880"), "{large}");
    }

    /// What is said of a gzipped text that is taken for an archive.
    fn zipped(tar: &[u8]) -> String {
        let mut gzip =
            flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(tar).unwrap();
        load_archive_files(&gzip.finish().unwrap()).unwrap_err()
    }

    #[test]
    fn archives_that_climb_link_or_lie_are_refused() {
        use tar::EntryType::{Block, Char, Fifo, GNUSparse, Link, Regular, Symlink};
        let refused = |entries: &[_]| load_archive_files(&archive(entries)).unwrap_err();
        for kind in [Symlink, Link, Char, Block, Fifo, GNUSparse] {
            let words = refused(&[(kind, "c/values.yaml", "/etc/passwd")]);
            assert!(!words.is_empty(), "{kind:?}");
        }
        for (name, words) in [
            ("c/../../x", "chart illegally references parent directory"),
            ("c//etc/passwd", "chart illegally contains absolute paths"),
            ("/etc/passwd", "chart yaml not in base directory"),
            ("c/c:/x", "chart contains illegally named files"),
        ] {
            let said = load_archive_files(&archive(&[(Regular, name, "x")]));
            match said {
                Err(said) => assert_eq!(said, words, "{name}"),
                // Below a folder of whatever name nothing can leave the chart.
                Ok(files) => assert!(files.iter().all(|f| !f.name.starts_with('/'))),
            }
        }
        // A header that promises more than there is.
        let mut header = tar::Header::new_ustar();
        header.set_path("c/Chart.yaml").unwrap();
        header.set_entry_type(Regular);
        header.set_size(1 << 40);
        header.set_cksum();
        let said = zipped(header.as_bytes());
        assert!(said.contains("larger than the maximum"), "{said}");
        assert_eq!(zipped(&[7; 700]), "unexpected EOF");
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let zeros = "0".repeat(1 << 16);
        let names: Vec<String> = (0..25).map(|n| format!("c/{n}")).collect();
        let entries: Vec<_> = names
            .iter()
            .map(|name| (tar::EntryType::Regular, name.as_str(), zeros.as_str()))
            .collect();
        let bomb = archive(&entries);
        assert!(bomb.len() < 1 << 16, "{}", bomb.len());
        let said = read_archive(&bomb, 1 << 20).unwrap_err();
        assert!(said.contains("larger than the maximum size 1048576"), "{said}");
        assert_eq!(read_archive(&bomb, 1 << 22).unwrap().len(), 25);
    }

    #[test]
    fn names_never_leave_the_chart() {
        assert_eq!(entry_name("c/templates/./a.yaml").unwrap(), "templates/a.yaml");
        assert_eq!(entry_name("c\\templates\\a.yaml").unwrap(), "templates/a.yaml");
        assert!(entry_name("c/../../etc/passwd").is_err());
        assert!(entry_name("c//etc/passwd").is_err());
        assert!(entry_name("Chart.yaml").is_err());
        assert!(entry_name("c/c:/x").is_err());
    }
}
