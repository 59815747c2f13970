//! A body that may take more than one try, and more than one run.

use std::fs::File;
use std::io::{Read, Write};

use super::client::{Call, Client, broken, refused, too_large};
use crate::cache::Partial;
use crate::{Cache, Digest, Fault};

/// The largest archive: Helm unpacks no more than this either.
pub(crate) const MAX_ARCHIVE: u64 = 100 << 20;

/// Fetches a file of at most `limit` bytes.
///
/// With an expected digest the file is checked; what the cache holds is not fetched at all, and
/// what an interrupted run left is gone on with; without one only what the server says to be the same file is.
pub(crate) fn download(
    client: &Client,
    call: &Call,
    expected: Option<Digest>,
    limit: u64,
    cache: &Cache,
) -> Result<Vec<u8>, Fault> {
    if let Some(kept) = expected.and_then(|digest| cache.get(&digest)) {
        return Ok(kept);
    }
    let mut download = Download::start(expected, limit, cache)?;
    client.retry(|| download.try_once(client, call))?;
    if let Some(expected) = expected
        && Digest::of(&download.bytes) != expected
    {
        let continued = download.continued;
        download.restart()?;
        if continued {
            // The two parts may be of different files; the whole is fetched once more.
            client.retry(|| download.try_once(client, call))?;
        }
        if Digest::of(&download.bytes) != expected {
            let found = Digest::of(&download.bytes);
            let found = if download.bytes.is_empty() { None } else { Some(found) };
            download.discard();
            return Err(wrong_digest(call, expected, found));
        }
    }
    let bytes = std::mem::take(&mut download.bytes);
    download.discard();
    Ok(bytes)
}

fn wrong_digest(call: &Call, expected: Digest, found: Option<Digest>) -> Fault {
    let found = found.map_or_else(|| "another".to_owned(), |found| found.to_string());
    Fault::new(format!(
        "GET {}: the SHA-256 is {found}, and should be {expected}",
        call.url
    ))
    .hint("the file was changed where it is published: ask why before you trust it")
}

struct Download {
    bytes: Vec<u8>,
    limit: u64,
    kept: Option<(Partial, File)>,
    /// Is any of it from an earlier try?
    continued: bool,
    tag: Option<String>,
    trusted: bool,
}

#[expect(clippy::disallowed_methods, reason = "a part of a file is kept in the cache")]
impl Download {
    fn start(
        expected: Option<Digest>,
        limit: u64,
        cache: &Cache,
    ) -> Result<Download, Fault> {
        let mut download = Download {
            bytes: Vec::new(),
            limit,
            kept: None,
            continued: false,
            tag: None,
            trusted: expected.is_some(),
        };
        let Some(expected) = expected else { return Ok(download) };
        let partial =
            cache.partial(&expected.to_string()).map_err(|e| cannot(cache, &e))?;
        if let Some(partial) = partial {
            let options = File::options().create(true).append(true).read(true).clone();
            let file = options.open(&partial.path).map_err(|e| cannot(cache, &e))?;
            let mut bytes = Vec::new();
            let read = Read::take(&file, limit).read_to_end(&mut bytes);
            read.map_err(|e| cannot(cache, &e))?;
            download.continued = !bytes.is_empty();
            download.bytes = bytes;
            download.kept = Some((partial, file));
        }
        Ok(download)
    }

    fn try_once(&mut self, client: &Client, call: &Call) -> Result<(), Fault> {
        let mut call = call.clone();
        let can_go_on = self.trusted || self.tag.is_some();
        if !self.bytes.is_empty() && can_go_on {
            call.from = self.bytes.len() as u64;
            call.if_range = self.tag.clone();
        }
        // The caller retries; here one request is one try.
        let answer = client.one(&call)?;
        match answer.status() {
            206 if call.from > 0
                && goes_on(answer.header("content-range"), call.from) =>
            {
                self.continued = true;
            }
            200 => self.restart()?,
            206 | 416 => {
                self.restart()?;
                let message = format!("GET {}: the server lost its place", call.url);
                return Err(Fault::new(message).passing());
            }
            _ => return Err(refused(&answer)),
        }
        let strong = answer.header("etag").filter(|tag| !tag.starts_with("W/"));
        self.tag = strong.map(str::to_owned);
        let url = answer.url.clone();
        let announced = answer.length().map(|n| n + self.bytes.len() as u64);
        let mut body = answer.body();
        let mut buffer = vec![0; 64 << 10];
        loop {
            client.go_on()?;
            let read = body.read(&mut buffer).map_err(|error| broken(&url, &error))?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
                break;
            };
            if (self.bytes.len() + read) as u64 > self.limit {
                return Err(too_large(&url, self.limit));
            }
            self.bytes.extend_from_slice(part);
            if let Some((_, file)) = &mut self.kept
                && file.write_all(part).is_err()
            {
                // A full disk: the rest is kept in memory only.
                self.kept = None;
            }
        }
        match announced.is_some_and(|announced| announced > self.bytes.len() as u64) {
            true => Err(broken(&url, &std::io::ErrorKind::UnexpectedEof.into())),
            false => Ok(()),
        }
    }

    fn restart(&mut self) -> Result<(), Fault> {
        self.bytes.clear();
        self.continued = false;
        if let Some((partial, file)) = &self.kept {
            file.set_len(0).map_err(|error| {
                Fault::new(format!("cannot write `{}`: {error}", partial.path.display()))
            })?;
        }
        Ok(())
    }

    /// The part is no longer needed.
    fn discard(&mut self) {
        if let Some((partial, _)) = self.kept.take() {
            // What stays is found by the next run, or by the next collection.
            let _stays = std::fs::remove_file(&partial.path);
        }
    }
}

/// `bytes 100-199/200` after 100 bytes.
fn goes_on(range: Option<&str>, from: u64) -> bool {
    let start = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next());
    start.and_then(|start| start.parse().ok()) == Some(from)
}

/// The fault of a cache that cannot be written.
pub(crate) fn cannot(cache: &Cache, error: &std::io::Error) -> Fault {
    Fault::new(format!("cannot write to the cache `{}`: {error}", cache.root().display()))
        .hint("make it writable, or set THANOS_GITOPS_CACHE to another folder")
}
