//! OCI registries: the protocol against a registry of ours, and by hand against a real one.

use std::collections::BTreeMap;
use std::sync::Arc;

use vendor::{Digest, Lock};

use crate::fixture::{Surroundings, chart, wanted};
use crate::server::{Reply, Request, Server};

/// Whom the registry lets in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Open,
    Basic,
    Token,
}

/// What the registry holds: paths below `/v2/`.
#[derive(Default)]
struct Store {
    files: BTreeMap<String, Vec<u8>>,
}

impl Store {
    fn push(
        &mut self,
        repository: &str,
        name: &str,
        version: &str,
        archive: &[u8],
    ) -> Digest {
        let (layer, config) = (Digest::of(archive), Digest::of(b"{}"));
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:{config}","size":2}},"layers":[{{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"sha256:{layer}","size":{}}}]}}"#,
            archive.len()
        );
        let digest = Digest::of(manifest.as_bytes());
        let base = format!("{repository}/{name}");
        let tag = version.replace('+', "_");
        for reference in [tag, format!("sha256:{digest}")] {
            self.files.insert(
                format!("{base}/manifests/{reference}"),
                manifest.clone().into_bytes(),
            );
        }
        self.files.insert(format!("{base}/blobs/sha256:{layer}"), archive.to_vec());
        digest
    }

    fn start(self, door: Door) -> Server {
        let port = Arc::new(std::sync::OnceLock::<u16>::new());
        let own = port.clone();
        let server = Server::start(move |request| {
            let address = format!("http://127.0.0.1:{}", own.get().unwrap());
            self.answer(request, door, &address)
        });
        port.set(server.port()).unwrap();
        server
    }

    fn answer(&self, request: &Request, door: Door, address: &str) -> Reply {
        let header = request.header("authorization");
        if request.path.starts_with("/token") {
            let refreshed = request.method == "POST"
                && request.body.contains("grant_type=refresh_token")
                && request.body.contains("refresh_token=s3cret");
            let scoped = request.path.contains("scope=repository%3Aorg%2Fweb%3Apull");
            return match refreshed || (scoped && header == Some(BASIC)) {
                true => Reply::ok("{\"token\": \"s3cret-token\"}"),
                false => Reply::status(401),
            };
        }
        let needed = match door {
            Door::Open => None,
            Door::Basic => Some((BASIC, "Basic realm=\"x\"".to_owned())),
            Door::Token => {
                let realm = format!("Bearer realm=\"{address}/token\",service=\"r\"");
                Some(("Bearer s3cret-token", realm))
            }
        };
        if let Some((needed, challenge)) = needed
            && header != Some(needed)
        {
            let asked = Reply::status(401);
            // Some registries name both ways.
            let asked = match door {
                Door::Token => asked.with("www-authenticate", "Basic realm=\"x\""),
                _ => asked,
            };
            return asked.with("www-authenticate", challenge);
        }
        let path = request.path.trim_start_matches("/v2/");
        if let Some((repository, query)) = path.split_once("/tags/list") {
            return self.tags(repository, query);
        }
        match self.files.get(path) {
            Some(file) => Reply::ok(file.clone()).ranged(request),
            None => Reply::status(404),
        }
    }

    /// One tag on each page.
    fn tags(&self, repository: &str, query: &str) -> Reply {
        let start = format!("{repository}/manifests/");
        let tags = self.files.keys().filter_map(|path| path.strip_prefix(&start));
        let tags: Vec<&str> = tags.filter(|tag| !tag.contains(':')).collect();
        let last = query.strip_prefix("?last=");
        let at = last.and_then(|last| tags.iter().position(|tag| *tag == last));
        let at = at.map_or(0, |at| at + 1);
        let page = tags.get(at).copied().unwrap_or("");
        let reply = Reply::ok(format!("{{\"tags\": [\"{page}\"]}}"));
        match at + 1 < tags.len() {
            true => {
                let next =
                    format!("</v2/{repository}/tags/list?last={page}>; rel=\"next\"");
                reply.with("link", next)
            }
            false => reply,
        }
    }
}

const BASIC: &str = "Basic bWU6czNjcmV0";

fn one_chart() -> (Store, Digest, Vec<u8>) {
    let archive = chart("web", "1.0.0", "");
    let mut store = Store::default();
    let manifest = store.push("org", "web", "1.0.0", &archive);
    (store, manifest, archive)
}

fn address(server: &Server) -> String {
    format!("oci://127.0.0.1:{}/org", server.port())
}

/// Docker's configuration with one registry's entry.
fn docker(server: &Server, entry: &str) -> String {
    format!("{{\"auths\": {{\"127.0.0.1:{}\": {entry}}}}}", server.port())
}

#[test]
fn a_chart_is_locked_with_its_manifest() {
    let (store, manifest, archive) = one_chart();
    let server = store.start(Door::Open);
    let here = Surroundings::new();
    let locked = here.chart("web", &address(&server), "1.0.0").locked_chart();
    assert_eq!((locked.manifest, locked.sha256), (Some(manifest), Digest::of(&archive)));
    server.take();
    // What is locked is fetched by its content, and no tag is asked for.
    let there = Surroundings::new();
    let lock = Lock { charts: vec![locked.clone()], ..Lock::default() };
    let again = there.one(&wanted("web", &address(&server), "1.0.0"), &lock);
    assert_eq!(again.locked_chart(), locked);
    let paths = server.paths();
    assert!(paths.iter().any(|p| p.ends_with(&format!("/manifests/sha256:{manifest}"))));
    assert!(!paths.iter().any(|p| p.ends_with("/1.0.0")), "{paths:?}");
}

#[test]
fn ranges_are_resolved_over_all_pages_of_tags() {
    let mut store = Store::default();
    for version in ["1.0.0", "1.2.0+build.5", "1.1.0", "2.0.0-rc.1", "latest", "7"] {
        store.push("org", "web", version, &chart("web", version, ""));
    }
    let server = store.start(Door::Open);
    let here = Surroundings::new();
    let version = |requested: &str| {
        here.chart("web", &address(&server), requested).locked_chart().version
    };
    assert_eq!(version("~1.1"), "1.1.0");
    assert_eq!(version("^1"), "1.2.0+build.5");
    assert_eq!(version(""), "1.2.0+build.5");
    let fault = here.chart("web", &address(&server), "1").fault();
    assert!(fault.message.contains("/manifests/1: 404 Not Found"), "{fault:?}");
    let fault = here.chart("web", &address(&server), "^9").fault();
    assert!(fault.message.ends_with("/org/web has no tag for `^9`"), "{fault:?}");
}

#[test]
fn names_and_passwords_open_both_doors() {
    for door in [Door::Basic, Door::Token] {
        let (store, ..) = one_chart();
        let server = store.start(door);
        let nobody = Surroundings::new();
        let fault = nobody.chart("web", &address(&server), "1.0.0").fault();
        assert!(fault.message.ends_with("401 Unauthorized"), "{fault:?}");
        assert!(fault.hint.contains("helm registry login"), "{fault:?}");
        for path in [".docker/config.json", ".config/helm/registry/config.json"] {
            let here = Surroundings::new();
            here.write(path, docker(&server, "{\"auth\": \"bWU6czNjcmV0\"}"));
            here.chart("web", &address(&server), "1.0.0").good();
            here.write(path, docker(&server, "{\"auth\": \"bWU6czNjcmV0LW5v\"}"));
            let other = Surroundings::new();
            other.write(path, docker(&server, "{\"auth\": \"bWU6czNjcmV0LW5v\"}"));
            other.chart("web", &address(&server), "1.0.0").fault();
        }
        let variable = format!("THANOS_GITOPS_TOKEN_127_0_0_1_{}", server.port());
        let given = Surroundings::new().set(&variable, "me:s3cret");
        given.chart("web", &address(&server), "1.0.0").good();
    }
}

#[test]
fn an_identity_token_is_exchanged() {
    let (store, ..) = one_chart();
    let server = store.start(Door::Token);
    let here = Surroundings::new();
    here.write(".docker/config.json", docker(&server, "{\"identitytoken\": \"s3cret\"}"));
    here.chart("web", &address(&server), "1.0.0").good();
}

#[cfg(unix)]
#[test]
fn helpers_are_asked_for_credentials() {
    use std::os::unix::fs::PermissionsExt;
    let (store, ..) = one_chart();
    let server = store.start(Door::Token);
    let here = Surroundings::new();
    let script = "#!/bin/sh\nread server\n[ \"$1\" = get ] || exit 3\n\
                  echo \"{\\\"ServerURL\\\":\\\"$server\\\",\\\"Username\\\":\\\"me\\\",\\\"Secret\\\":\\\"s3cret\\\"}\"\n";
    let program = here.write("bin/docker-credential-test", script);
    let refusing = here.write(
        "bin/docker-credential-none",
        "#!/bin/sh\necho credentials not found in native keychain\nexit 1\n",
    );
    for program in [&program, &refusing] {
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(program, executable).unwrap();
    }
    let folder = std::path::Path::new(&program).parent().unwrap().to_str().unwrap();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
    let here = here.set("PATH", &path);
    let host = format!("127.0.0.1:{}", server.port());
    let config = format!("{{\"credHelpers\": {{\"{host}\": \"test\"}}}}");
    here.write(".docker/config.json", config);
    here.chart("web", &address(&server), "1.0.0").good();
    let none = format!(
        "{{\"credsStore\": \"none\", \"auths\": {{\"{host}\": {{\"auth\": \"bWU6czNjcmV0\"}}}}}}"
    );
    let other = Surroundings::new().set("PATH", &path);
    other.write(".docker/config.json", none);
    other.chart("web", &address(&server), "1.0.0").good();
    let missing = Surroundings::new();
    missing.write(".docker/config.json", "{\"credsStore\": \"is-not-there\"}");
    let fault = missing.chart("web", &address(&server), "1.0.0").fault();
    assert!(fault.message.starts_with("`docker-credential-is-not-there get` failed"));
}

#[test]
fn contents_are_what_their_digests_say() {
    let (mut store, manifest, archive) = one_chart();
    let layer = Digest::of(&archive);
    store.files.insert(
        format!("org/web/blobs/sha256:{layer}"),
        chart("web", "1.0.0", "other: 1\n"),
    );
    let server = store.start(Door::Open);
    let fault = Surroundings::new().chart("web", &address(&server), "1.0.0").fault();
    assert!(
        fault.message.contains("and should be") || fault.message.contains("larger"),
        "{fault:?}"
    );
    let (mut store, ..) = one_chart();
    let name = format!("org/web/manifests/sha256:{manifest}");
    store.files.insert(name, b"{\"layers\": []}".to_vec());
    let server = store.start(Door::Open);
    let locked = vendor::LockedChart {
        name: "web".into(),
        repository: address(&server),
        requested: "1.0.0".into(),
        version: "1.0.0".into(),
        sha256: layer,
        files: None,
        manifest: Some(manifest),
        provenance: None,
    };
    let lock = Lock { charts: vec![locked], ..Lock::default() };
    let fault = Surroundings::new()
        .one(&wanted("web", &address(&server), "1.0.0"), &lock)
        .fault();
    assert!(fault.message.ends_with("the manifest is not what its digest says"));
}

#[test]
fn what_is_no_chart_is_refused() {
    let mut store = Store::default();
    let image = b"{\"layers\": [{\"mediaType\": \"application/x-tar\"}]}";
    store.files.insert("org/web/manifests/1.0.0".into(), image.to_vec());
    let server = store.start(Door::Open);
    let fault = Surroundings::new().chart("web", &address(&server), "1.0.0").fault();
    assert!(fault.message.ends_with("this is no Helm chart"), "{fault:?}");
    let fault = Surroundings::new().chart("../x", &address(&server), "1.0.0").fault();
    assert!(fault.message.contains("it is no name"), "{fault:?}");
    let fault = Surroundings::new().chart("web", "oci://me:s3cret@x/y", "1.0.0").fault();
    assert!(fault.message.contains("holds credentials"), "{fault:?}");
}

#[test]
fn a_blob_elsewhere_gets_no_credentials() {
    let (store, _, archive) = one_chart();
    let other = Server::start(move |request| Reply::ok(archive.clone()).ranged(request));
    let to = format!("http://localhost:{}/signed?key=s3cret", other.port());
    let own = Arc::new(std::sync::OnceLock::<u16>::new());
    let port = own.clone();
    let server = Server::start(move |request| {
        let address = format!("http://127.0.0.1:{}", port.get().unwrap());
        match (request.header("authorization"), request.path.contains("/blobs/")) {
            (Some("Bearer s3cret-token"), true) => {
                Reply::status(307).with("location", to.clone())
            }
            _ => store.answer(request, Door::Token, &address),
        }
    });
    own.set(server.port()).unwrap();
    let here = Surroundings::new();
    here.write(".docker/config.json", docker(&server, "{\"auth\": \"bWU6czNjcmV0\"}"));
    here.chart("web", &address(&server), "1.0.0").good();
    let asked = other.take();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("authorization"), None);
}
