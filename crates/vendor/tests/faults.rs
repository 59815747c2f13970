//! Servers and networks that fail.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use vendor::{Digest, Wanted};

use crate::fixture::{Surroundings, chart, index, index_of};
use crate::server::{Fault, Reply, Request, Server};

/// A repository whose first `times` answers about the archive come from `fail`.
fn failing(
    times: usize,
    fail: impl Fn(&Request, Reply) -> Reply + Send + Sync + 'static,
) -> Server {
    let tried = AtomicUsize::new(0);
    Server::start(move |request| {
        let values = "a: 1\n".repeat(2000);
        let (index, archive) = index_of("web", "1.0.0", &values);
        if request.path == "/index.yaml" {
            return Reply::ok(index);
        }
        let good = Reply::ok(archive).ranged(request);
        match tried.fetch_add(1, Ordering::Relaxed) < times {
            true => fail(request, good),
            false => good,
        }
    })
}

fn brought(server: &Server) -> crate::fixture::One {
    Surroundings::new().chart("web", &server.url(), "1.0.0")
}

#[test]
fn a_body_that_breaks_off_is_gone_on_with() {
    let server = failing(2, |_, reply| reply.fault(Fault::Cut(100)));
    brought(&server).good();
    let ranges: Vec<Option<String>> = server
        .take()
        .iter()
        .skip(1)
        .map(|r| r.header("range").map(str::to_owned))
        .collect();
    let from = |n: usize| Some(format!("bytes={n}-"));
    assert_eq!(ranges, [None, from(100), from(200)]);
}

#[test]
fn a_body_that_always_breaks_off_is_a_fault() {
    let server = failing(usize::MAX, |_, _| Reply::ok(vec![0; 99]).fault(Fault::Cut(0)));
    let fault = brought(&server).fault();
    let start = format!("GET {}/web-1.0.0.tgz: the answer broke off", server.url());
    assert!(fault.message.starts_with(&start), "{fault:?}");
    assert!(fault.message.ends_with("(4 tries)"), "{fault:?}");
}

#[test]
fn the_next_run_goes_on_where_the_last_one_was_stopped() {
    let here = Surroundings::new();
    let stopped = failing(usize::MAX, |request, reply| match request.header("range") {
        None => reply.fault(Fault::Cut(120)),
        Some(_) => reply.fault(Fault::Reset),
    });
    here.chart("web", &stopped.url(), "1.0.0").fault();
    let server = failing(0, |_, reply| reply);
    here.chart("web", &server.url(), "1.0.0").good();
    let last = server.take().pop().unwrap();
    assert_eq!(last.header("range"), Some("bytes=120-"));
    assert!(!here.chart("web", &server.url(), "1.0.0").locked_chart().version.is_empty());
}

#[test]
fn parts_of_two_files_are_never_one() {
    let here = Surroundings::new();
    // Another file of the same length stands where the first part came from.
    let wrong = failing(usize::MAX, |request, _| match request.header("range") {
        None => Reply::ok(vec![b'x'; 300]).fault(Fault::Cut(120)),
        Some(_) => Reply::ok("").fault(Fault::Reset),
    });
    here.chart("web", &wrong.url(), "1.0.0").fault();
    let server = failing(0, |_, reply| reply);
    here.chart("web", &server.url(), "1.0.0").good();
    let ranges: Vec<bool> =
        server.take().iter().skip(1).map(|r| r.header("range").is_some()).collect();
    assert_eq!(ranges, [true, false]);
}

#[test]
fn a_server_that_ignores_ranges_sends_the_whole() {
    let server = failing(1, |_, reply| reply.fault(Fault::Cut(100)));
    let whole = Server::start(move |request| {
        let (index, archive) = index_of("web", "1.0.0", "");
        match (request.path.as_str(), request.header("range")) {
            ("/index.yaml", _) => Reply::ok(index),
            (_, None) => Reply::ok(archive).fault(Fault::Cut(60)),
            (_, Some(_)) => Reply::ok(archive),
        }
    });
    brought(&server).good();
    brought(&whole).good();
}

#[test]
fn resets_and_passing_statuses_are_tried_again() {
    let server = failing(3, |_, reply| reply.fault(Fault::Reset));
    brought(&server).good();
    for status in [429, 500, 502, 503, 504] {
        let server =
            failing(3, move |_, _| Reply::status(status).with("retry-after", "0"));
        brought(&server).good();
    }
}

#[test]
fn statuses_are_told_with_what_to_do() {
    let told = [
        (404, "404 Not Found", "check the address, the name and the version"),
        (403, "403 Forbidden", "log in with"),
        (429, "429 Too Many Requests (4 tries)", "the server asks for a pause"),
        (500, "500 Internal Server Error (4 tries)", "the server has a fault"),
    ];
    for (status, words, hint) in told {
        let server = failing(usize::MAX, move |_, _| {
            Reply::status(status).with("retry-after", "0")
        });
        let fault = brought(&server).fault();
        assert_eq!(fault.message, format!("GET {}/web-1.0.0.tgz: {words}", server.url()));
        assert!(fault.hint.starts_with(hint), "{fault:?}");
    }
}

#[test]
fn silence_has_an_end() {
    let silent = Fault::Silent(Duration::from_secs(20));
    let server = failing(usize::MAX, move |_, reply| reply.fault(silent));
    let start = Instant::now();
    let fault = brought(&server).fault();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(fault.message.contains("timeout"), "{fault:?}");
}

#[test]
fn nobody_there_is_told() {
    let fault = Surroundings::new().chart("web", "http://127.0.0.1:1", "1.0.0").fault();
    assert!(fault.message.starts_with("GET http://127.0.0.1:1/index.yaml:"), "{fault:?}");
    assert!(fault.hint.starts_with("check the address and the network"), "{fault:?}");
}

#[test]
fn a_wrong_digest_is_refused_and_not_kept() {
    let published = Digest::of(b"something else");
    let text = index(&[("web", "1.0.0", &published.to_string())]);
    let archive = chart("web", "1.0.0", "");
    let found = Digest::of(&archive);
    let server = Server::start(move |request| match request.path.as_str() {
        "/index.yaml" => Reply::ok(text.clone()),
        _ => Reply::ok(archive.clone()),
    });
    let here = Surroundings::new();
    let fault = here.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("and should be"), "{fault:?}");
    assert!(here.cache.get(&found).is_none() && here.cache.get(&published).is_none());
}

#[test]
fn redirects_have_an_end() {
    let server = Server::start(|request| {
        Reply::status(302).with("location", format!("{}x", request.path))
    });
    let fault = brought(&server).fault();
    assert!(fault.message.ends_with("more than 10 redirects"), "{fault:?}");
}

#[test]
fn an_index_is_read_as_it_arrives() {
    // Two megabytes of charts that nobody asked for.
    let (own, archive) = index_of("web", "1.0.0", "");
    let mut text = String::from("apiVersion: v1\nentries:\n");
    for n in 0..20_000 {
        text += &format!(
            "  other-{n}:\n  - name: other-{n}\n    version: 1.0.{n}\n    x: |\n      long\n"
        );
    }
    text += own.split_once("entries:\n").unwrap().1;
    let server = Server::start(move |request| match request.path.as_str() {
        "/index.yaml" => Reply::ok(text.clone()),
        _ => Reply::ok(archive.clone()),
    });
    brought(&server).good();
    let cut = Server::start(|_| {
        Reply::ok("apiVersion: v1\nentries:\n  web: []\n# more").fault(Fault::Cut(30))
    });
    let fault = brought(&cut).fault();
    assert!(fault.message.contains("broke off"), "{fault:?}");
    let page = Server::start(|_| Reply::ok("<!doctype html>\n<p>welcome</p>\n"));
    let fault = brought(&page).fault();
    assert!(fault.message.contains("is this a chart repository?"), "{fault:?}");
}

#[test]
fn files_are_brought_by_their_address() {
    let server = Server::start(|request| {
        match (request.path.as_str(), request.header("authorization")) {
            ("/crds/a.yaml?v=1", None) => Reply::ok("kind: A\n"),
            ("/private.yaml", Some("Bearer s3cret")) => Reply::ok("kind: B\n"),
            ("/private.yaml", _) => Reply::status(401),
            _ => Reply::status(500).with("retry-after", "0"),
        }
    });
    let here = Surroundings::new();
    let address = |path: &str| Wanted::Address(format!("{}{path}", server.url()));
    let lock = vendor::Lock::default();
    let remote = here.one(&address("/crds/a.yaml?v=1"), &lock).locked_remote();
    assert_eq!((remote.sha256, remote.commit), (Digest::of(b"kind: A\n"), None));
    let fault = here.one(&address("/crds/b.yaml?v=s3cret"), &lock).fault();
    assert!(fault.message.contains("/crds/b.yaml?…: 500"), "{fault:?}");
    here.one(&address("/private.yaml"), &lock).fault();
    let variable = format!("THANOS_GITOPS_TOKEN_127_0_0_1_{}", server.port());
    let known = Surroundings::new().set(&variable, "s3cret");
    known.one(&address("/private.yaml"), &lock).good();
    server.take();
    let fault = here.one(&address("/crds/a.yaml?token=s3cret"), &lock).fault();
    assert!(fault.message.contains("holds credentials"), "{fault:?}");
    assert!(server.take().is_empty());
}

#[test]
fn a_run_that_is_stopped_ends_soon() {
    let server = failing(usize::MAX, |_, _| Reply::status(503).with("retry-after", "25"));
    let here = Surroundings::new();
    let stop = here.settings.stop.clone();
    let start = Instant::now();
    let fault = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(200));
            stop.store(true, Ordering::Relaxed);
        });
        here.chart("web", &server.url(), "1.0.0").fault()
    });
    assert_eq!(fault.message, "interrupted");
    assert!(start.elapsed() < Duration::from_secs(5));
}
