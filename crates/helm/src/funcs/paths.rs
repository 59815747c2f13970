//! Paths with slashes. (Go's path and, on Unix the same, path/filepath)

use gotemplate::{Func, Str, func};

pub(super) static FUNCS: &[Func] = &[
    func!("base", base, Transparent),
    func!("dir", dir, Transparent),
    func!("clean", clean, Transparent),
    func!("ext", ext, Transparent),
    func!("isAbs", is_abs),
    func!("osBase", base, Transparent),
    func!("osDir", dir, Transparent),
    func!("osClean", clean, Transparent),
    func!("osExt", ext, Transparent),
    func!("osIsAbs", is_abs),
];

/// The last element; `.` of nothing, `/` of slashes alone. (path.Base)
fn base(path: Str) -> Str {
    let bytes = path.as_bytes();
    if bytes.is_empty() {
        return Str::from(".");
    }
    let end = bytes.iter().rposition(|&b| b != b'/').map_or(0, |at| at + 1);
    if end == 0 {
        return Str::from("/");
    }
    let head = bytes.get(..end).unwrap_or_default();
    let start = head.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
    path.slice(start..end)
}

/// All but the last element, cleaned. (path.Dir)
fn dir(path: Str) -> Str {
    let end = path.as_bytes().iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
    clean(path.slice(0..end))
}

/// The shortest path to the same place. (path.Clean)
fn clean(path: Str) -> Str {
    let bytes = path.as_bytes();
    let rooted = bytes.first() == Some(&b'/');
    let mut kept: Vec<&[u8]> = Vec::new();
    for element in bytes.split(|&b| b == b'/') {
        match element {
            b"" | b"." => {}
            b".." if kept.last().is_some_and(|last| *last != b"..") => {
                kept.pop();
            }
            b".." if rooted => {}
            element => kept.push(element),
        }
    }
    let joined = kept.join(b"/".as_slice());
    match (rooted, joined.is_empty()) {
        (true, _) => Str::from([b"/".as_slice(), &joined].concat()),
        (false, true) => Str::from("."),
        (false, false) if joined == bytes => path,
        (false, false) => Str::from(joined),
    }
}

/// The extension with its dot. (path.Ext)
fn ext(path: Str) -> Str {
    let bytes = path.as_bytes();
    match bytes.iter().rposition(|&b| b == b'.' || b == b'/') {
        Some(at) if bytes.get(at) == Some(&b'.') => path.slice(at..bytes.len()),
        _ => Str::default(),
    }
}

/// Does the path begin at the root? (path.IsAbs)
fn is_abs(path: Str) -> bool {
    path.as_bytes().first() == Some(&b'/')
}
