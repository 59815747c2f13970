//! Any bytes as a chart archive: as they are, as a tar, or as the entries of one.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use fuzz::{parts, render};
use helm::Options;
use libfuzzer_sys::fuzz_target;
use source::MemoryWorld;

fuzz_target!(|data: &[u8]| {
    let Some((mode, rest)) = data.split_first() else { return };
    let bytes = match mode % 3 {
        0 => rest.to_vec(),
        1 => gzip(rest),
        _ => gzip(&tar(rest)),
    };
    let mut world = MemoryWorld::new();
    world.insert("c.tgz", &bytes);
    drop(render(&world, "c.tgz", &Options::default()));
});

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Parts as entries: the name is a letter for the kind, and the path.
fn tar(data: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in parts(data) {
        let mut header = tar::Header::new_ustar();
        let (kind, path) = name.split_at_checked(1).unwrap_or(("0", ""));
        header.set_entry_type(tar::EntryType::new(kind.as_bytes()[0]));
        let length = path.len().min(100);
        header.as_mut_bytes()[..length].copy_from_slice(&path.as_bytes()[..length]);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        if builder.append(&header, bytes).is_err() {
            break;
        }
    }
    builder.into_inner().unwrap_or_default()
}
