//! Chart repositories on HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vendor::{Digest, Entry, Lock};

use crate::fixture::{Surroundings, chart, index, index_of, wanted};
use crate::server::{Reply, Request, Server};

/// A repository with these charts, each `(name, version)`.
fn repository(charts: &[(&'static str, &'static str)]) -> Server {
    let archives: Vec<_> =
        charts.iter().map(|&(n, v)| (n, v, chart(n, v, "a: 1\n"))).collect();
    let digests: Vec<String> =
        archives.iter().map(|(_, _, archive)| Digest::of(archive).to_string()).collect();
    let entries: Vec<_> = archives
        .iter()
        .zip(&digests)
        .map(|((n, v, _), d)| (*n, *v, d.as_str()))
        .collect();
    let index = index(&entries);
    Server::start(move |request| {
        if request.path == "/index.yaml" {
            return Reply::ok(index.clone());
        }
        let path = |n: &str, v: &str| format!("/{n}-{v}.tgz");
        let found = archives.iter().find(|(n, v, _)| request.path == path(n, v));
        found.map_or(Reply::status(404), |f| Reply::ok(f.2.clone()).ranged(request))
    })
}

#[test]
fn an_index_is_read_once_and_what_is_locked_not_at_all() {
    let server =
        repository(&[("a", "1.0.0"), ("b", "1.1.0"), ("b", "1.2.0"), ("c", "2.0.0")]);
    let here = Surroundings::new();
    let url = server.url();
    let all =
        [wanted("a", &url, "1.0.0"), wanted("b", &url, "^1"), wanted("b", &url, "1.1.0")];
    let outcomes = here.bring(&all, &Lock::default());
    let mut lock = Lock::default();
    for outcome in outcomes {
        let Entry::Chart(chart) = outcome.result.unwrap().entry else { panic!() };
        lock.charts.push(chart);
    }
    lock.sort();
    let versions: Vec<&str> = lock.charts.iter().map(|c| c.version.as_str()).collect();
    assert_eq!(versions, ["1.0.0", "1.1.0", "1.2.0"]);
    let mut paths = server.paths();
    paths.sort();
    assert_eq!(paths, ["/a-1.0.0.tgz", "/b-1.1.0.tgz", "/b-1.2.0.tgz", "/index.yaml"]);
    // The second run asks nobody.
    assert!(here.bring(&all, &lock).into_iter().all(|o| !o.result.unwrap().fetched));
    assert!(server.paths().is_empty());
    // On another machine the lock says which versions they are.
    let there = Surroundings::new();
    let brought = there.one(&wanted("b", &url, "^1"), &lock).locked_chart();
    assert_eq!(brought, lock.charts[2]);
}

#[test]
fn what_is_not_published_is_told_with_the_newest_version() {
    let server = repository(&[("web", "1.0.0"), ("web", "1.1.0")]);
    let here = Surroundings::new();
    let fault = here.chart("web", &server.url(), "^2").fault();
    assert_eq!(fault.message, format!("{}/ has no `web` ^2", server.url()));
    assert_eq!(fault.hint, "the newest version is 1.1.0");
    let fault = here.chart("wep", &server.url(), "1.0.0").fault();
    assert_eq!(fault.message, format!("{}/ has no chart `wep`", server.url()));
    let fault = here.chart("web", &server.url(), "latest").fault();
    assert!(fault.message.contains("`latest` is no version and no range"), "{fault:?}");
}

#[test]
fn a_chart_that_was_published_anew_is_not_the_locked_one() {
    let changed = Arc::new(AtomicBool::new(false));
    let switch = changed.clone();
    let server = Server::start(move |request| {
        let values = if switch.load(Ordering::Relaxed) { "a: 2\n" } else { "a: 1\n" };
        let (index, archive) = index_of("web", "1.0.0", values);
        match request.path.as_str() {
            "/index.yaml" => Reply::ok(index),
            _ => Reply::ok(archive).ranged(request),
        }
    });
    let here = Surroundings::new();
    let locked = here.chart("web", &server.url(), "1.0.0").locked_chart();
    let lock = Lock { charts: vec![locked], ..Lock::default() };
    changed.store(true, Ordering::Relaxed);
    let there = Surroundings::new();
    let fault = there.one(&wanted("web", &server.url(), "1.0.0"), &lock).fault();
    assert!(
        fault.message.starts_with("chart `web` 1.0.0 was changed where it is published")
    );
    assert!(fault.hint.contains("vendor --update web"), "{fault:?}");
}

#[test]
fn an_archive_of_another_chart_is_refused() {
    let archive = chart("other", "1.0.0", "");
    let text = index(&[("web", "1.0.0", "")]);
    let server = Server::start(move |request| match request.path.as_str() {
        "/index.yaml" => Reply::ok(text.clone()),
        _ => Reply::ok(archive.clone()),
    });
    let fault = Surroundings::new().chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.ends_with("the archive holds the chart `other`, not `web`"));
}

/// A repository for those who show this header.
fn private(header: &'static str) -> Server {
    Server::start(move |request| {
        if request.header("authorization") != Some(header) {
            return Reply::status(401).with("www-authenticate", "Basic realm=\"x\"");
        }
        let (index, archive) = index_of("web", "1.0.0", "");
        match request.path.as_str() {
            "/index.yaml" => Reply::ok(index),
            _ => Reply::ok(archive).ranged(request),
        }
    })
}

const BASIC: &str = "Basic bWU6czNjcmV0";

#[test]
fn credentials_come_from_helm_or_from_a_variable() {
    let server = private(BASIC);
    let fault = Surroundings::new().chart("web", &server.url(), "1.0.0").fault();
    assert_eq!(
        fault.message,
        format!("GET {}/index.yaml: 401 Unauthorized", server.url())
    );
    assert!(fault.hint.contains("helm repo add"), "{fault:?}");
    let listed = Surroundings::new();
    let entry = |password: &str| {
        format!("url: {}/\n  username: me\n  password: {password}", server.url())
    };
    listed.repositories(&entry("s3cret"));
    listed.chart("web", &server.url(), "1.0.0").good();
    listed.repositories(&entry("s3cret-no"));
    listed.chart("web", &server.url(), "1.0.0").fault();
    // By its name in Helm's list.
    let named = Surroundings::new();
    named.repositories(&entry("s3cret"));
    named.chart("web", "@own", "1.0.0").good();
    named.chart("web", "alias:own", "1.0.0").good();
    named.chart("web", "@other", "1.0.0").fault();
    let variable = format!("THANOS_GITOPS_TOKEN_127_0_0_1_{}", server.port());
    let given = Surroundings::new().set(&variable, "me:s3cret");
    given.chart("web", &server.url(), "1.0.0").good();
    let token = private("Bearer s3cret");
    let variable = format!("THANOS_GITOPS_TOKEN_127_0_0_1_{}", token.port());
    let given = Surroundings::new().set(&variable, "s3cret");
    given.chart("web", &token.url(), "1.0.0").good();
    let inside = format!("http://me:s3cret@127.0.0.1:{}", server.port());
    let fault = Surroundings::new().chart("web", &inside, "1.0.0").fault();
    assert!(fault.message.contains("holds credentials"), "{fault:?}");
}

fn headers(server: &Server) -> Vec<Option<String>> {
    let header = |request: Request| request.header("authorization").map(str::to_owned);
    server.take().into_iter().map(header).collect()
}

#[test]
fn credentials_go_to_their_own_server_only() {
    let (_, archive) = index_of("web", "1.0.0", "");
    let body = archive.clone();
    let other = Server::start(move |request| Reply::ok(body.clone()).ranged(request));
    let elsewhere = format!("http://localhost:{}/web.tgz", other.port());
    let digest = Digest::of(&archive).to_string();
    let named = index(&[("web", "1.0.0", &digest)]).replace("web-1.0.0.tgz", &elsewhere);
    // The index names another server.
    let server = Server::start(move |_| Reply::ok(named.clone()));
    let login = format!("url: {}\n  username: me\n  password: s3cret", server.url());
    let here = Surroundings::new();
    here.repositories(&login);
    here.chart("web", &server.url(), "1.0.0").good();
    assert_eq!(headers(&server), [Some(BASIC.to_owned())]);
    assert_eq!(headers(&other), [None]);
    // It was asked for that they go there, too.
    let here = Surroundings::new();
    here.repositories(&format!("{login}\n  pass_credentials_all: true"));
    here.chart("web", &server.url(), "1.0.0").good();
    assert_eq!(headers(&other), [Some(BASIC.to_owned())]);
    // The server redirects to another one: never.
    let (plain, _) = index_of("web", "1.0.0", "");
    let server = Server::start(move |request| match request.path.as_str() {
        "/index.yaml" => Reply::ok(plain.clone()),
        _ => Reply::status(307).with("location", elsewhere.clone()),
    });
    let here = Surroundings::new();
    let login = format!("url: {}\n  username: me\n  password: s3cret", server.url());
    here.repositories(&format!("{login}\n  pass_credentials_all: true"));
    here.chart("web", &server.url(), "1.0.0").good();
    let sent = Some(BASIC.to_owned());
    assert_eq!(headers(&server), [sent.clone(), sent]);
    assert_eq!(headers(&other), [None]);
}

#[test]
fn credentials_are_not_sent_over_plain_http() {
    let here = Surroundings::new();
    here.repositories(
        "url: http://charts.example.com\n  username: me\n  password: s3cret",
    );
    let fault = here.chart("web", "http://charts.example.com", "1.0.0").fault();
    assert!(fault.message.starts_with("credentials are not sent over plain HTTP"));
}

#[test]
fn a_proxy_is_asked_for_the_way_to_the_server() {
    let server = repository(&[("web", "1.0.0")]);
    let (proxy, asked) = crate::server::proxy(server.port());
    let here = Surroundings::new().set("HTTP_PROXY", &proxy);
    here.chart("web", "http://charts.example.com", "1.0.0").good();
    let line = "CONNECT charts.example.com:80 HTTP/1.1".to_owned();
    assert_eq!(*asked.lock().unwrap(), [line.clone(), line]);
    assert_eq!(server.paths(), ["/index.yaml", "/web-1.0.0.tgz"]);
    let direct = Surroundings::new().set("HTTP_PROXY", &proxy).set("NO_PROXY", "invalid");
    direct.chart("web", "http://charts.invalid", "1.0.0").fault();
    assert_eq!(asked.lock().unwrap().len(), 2);
}
