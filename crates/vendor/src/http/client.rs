//! One client for everything: redirects, retries, limits.
//!
//! Redirects are followed here and not by the library below, so that credentials go to the
//! server they are for and to no other.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use super::proxy::Proxies;
use super::tls::{self, TlsFiles};
use super::url::Url;
use crate::environment::Environment;
use crate::fault::FaultKind;
use crate::{Fault, Settings};

/// How many redirects are followed, as in Go.
const MAX_REDIRECTS: usize = 10;

/// How often something is tried.
const TRIES: u32 = 4;

/// The longest that a server may ask to wait.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, an answer, and each part of it.
    pub silence: Duration,
    /// For one whole answer.
    pub whole: Duration,
    /// Before the second try; each later one waits twice as long.
    pub retry: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(600),
            retry: Duration::from_millis(500),
        }
    }
}

/// Sends requests.
pub(crate) struct Client {
    environment: Environment,
    proxies: Proxies,
    patience: Patience,
    stop: Arc<AtomicBool>,
    agents: Mutex<Vec<(TlsFiles, Agent)>>,
}

/// What to ask for.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// From where.
    pub(crate) url: Url,
    /// The media types that will do; anything if it is empty.
    pub(crate) accept: String,
    /// The `Authorization` for this server.
    pub(crate) authorization: Option<String>,
    /// Certificates for this server.
    pub(crate) tls: TlsFiles,
    /// Where to go on.
    pub(crate) from: u64,
    /// Go on only with what has this tag.
    pub(crate) if_range: Option<String>,
    /// A form to send; then it is a `POST`.
    pub(crate) form: Option<String>,
}

/// What came back.
pub(crate) struct Answer {
    /// Where it came from in the end.
    pub(crate) url: Url,
    response: Response<Body>,
}

impl Call {
    /// A plain request.
    pub(crate) fn new(url: Url) -> Call {
        Call {
            url,
            accept: String::new(),
            authorization: None,
            tls: TlsFiles::default(),
            from: 0,
            if_range: None,
            form: None,
        }
    }
}

impl Answer {
    /// The status.
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.response.headers(), name)
    }

    /// Every value of a header that is text.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.response.headers().get_all(name).into_iter();
        values.filter_map(|value| value.to_str().ok())
    }

    /// The length that the server announces.
    pub(crate) fn length(&self) -> Option<u64> {
        self.header("content-length")?.parse().ok()
    }

    /// The body.
    pub(crate) fn body(self) -> impl Read + use<> {
        self.response.into_body().into_reader()
    }

    /// The whole body, which may have at most `limit` bytes.
    pub(crate) fn bytes(self, limit: u64) -> Result<Vec<u8>, Fault> {
        let url = self.url.clone();
        let mut bytes = Vec::new();
        let read = self.body().take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| broken(&url, &error))?;
        match bytes.len() as u64 > limit {
            true => Err(too_large(&url, limit)),
            false => Ok(bytes),
        }
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// The fault of a body that has no end.
pub(crate) fn too_large(url: &Url, limit: u64) -> Fault {
    let mib = limit >> 20;
    Fault::new(format!("GET {url}: the answer is larger than {mib} MiB"))
}

/// The fault of a body that broke off.
pub(crate) fn broken(url: &Url, error: &std::io::Error) -> Fault {
    Fault::new(format!("GET {url}: the answer broke off: {error}")).passing()
}

impl Client {
    /// A client in these surroundings.
    pub(crate) fn new(environment: Environment, settings: &Settings) -> Client {
        let proxies = Proxies::new(&environment);
        let (patience, stop) = (settings.patience, settings.stop.clone());
        Client { environment, proxies, patience, stop, agents: Mutex::default() }
    }

    /// Is the run to end?
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Fails if the run is to end.
    pub(crate) fn go_on(&self) -> Result<(), Fault> {
        match self.is_stopped() {
            true => Err(Fault::new("interrupted")),
            false => Ok(()),
        }
    }

    /// Waits, but not for a run that is to end.
    fn pause(&self, time: Duration) {
        let step = Duration::from_millis(50);
        let mut left = time;
        while !left.is_zero() && !self.is_stopped() {
            std::thread::sleep(left.min(step));
            left = left.saturating_sub(step);
        }
    }

    /// Asks until there is an answer that will not change by asking again; any status counts
    /// but those that say "later".
    pub(crate) fn send(&self, call: &Call) -> Result<Answer, Fault> {
        self.retry(|| self.one(call))
    }

    /// Asks once. A status that says "later" is a fault that passes.
    pub(crate) fn one(&self, call: &Call) -> Result<Answer, Fault> {
        let answer = self.once(call)?;
        match answer.status() {
            429 | 500 | 502 | 503 | 504 => Err(later(&answer)),
            _ => Ok(answer),
        }
    }

    /// Tries again what could succeed.
    pub(crate) fn retry<T>(
        &self,
        mut act: impl FnMut() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut tried = 1;
        loop {
            self.go_on()?;
            match act() {
                Err(fault) if fault.passing && tried < TRIES => {
                    let wait = self.patience.retry * 2u32.saturating_pow(tried - 1);
                    self.pause(fault.wait.unwrap_or(wait).min(MAX_WAIT));
                    tried += 1;
                }
                Err(mut fault) => {
                    if tried > 1 {
                        fault.message.push_str(&format!(" ({tried} tries)"));
                    }
                    return Err(fault);
                }
                done => return done,
            }
        }
    }

    /// One request, and those that it is redirected to.
    fn once(&self, call: &Call) -> Result<Answer, Fault> {
        let mut call = call.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.request(&call)?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) || call.form.is_some() {
                return Ok(Answer { url: call.url, response });
            }
            let Some(location) = header(response.headers(), "location") else {
                return Ok(Answer { url: call.url, response });
            };
            let next = call.url.join(location).map_err(|words| {
                Fault::new(format!("GET {}: redirected, but {words}", call.url))
            })?;
            if call.url.is_tls() && !next.is_tls() {
                let message =
                    format!("GET {}: redirected to plain HTTP at {next}", call.url);
                return Err(Fault::new(message).hint("name the address that it moved to"));
            }
            if !next.is_same_origin(&call.url) {
                call.authorization = None;
                call.tls.client = None;
            }
            call.url = next;
        }
        Err(Fault::new(format!("GET {}: more than {MAX_REDIRECTS} redirects", call.url)))
    }

    fn request(&self, call: &Call) -> Result<Response<Body>, Fault> {
        let url = &call.url;
        if call.authorization.is_some() && !url.is_tls() && !url.is_loopback() {
            let message = format!("credentials are not sent over plain HTTP to {url}");
            return Err(Fault::new(message).hint("write the address with `https`"));
        }
        let agent = self.agent(&call.tls)?;
        let proxy = self.proxies.of(url)?;
        let wire = url.wire();
        let sent = match &call.form {
            Some(form) => {
                let mut post = agent.post(&wire).config().proxy(proxy).build();
                post = post.header("content-type", "application/x-www-form-urlencoded");
                post.send(form.as_str())
            }
            None => {
                let mut get = agent.get(&wire).config().proxy(proxy).build();
                if !call.accept.is_empty() {
                    get = get.header("accept", &call.accept);
                }
                if let Some(authorization) = &call.authorization {
                    get = get.header("authorization", authorization);
                }
                if call.from > 0 {
                    get = get.header("range", format!("bytes={}-", call.from));
                }
                if let Some(tag) = &call.if_range {
                    get = get.header("if-range", tag);
                }
                get.call()
            }
        };
        sent.map_err(|error| unsent(url, &error))
    }

    fn agent(&self, files: &TlsFiles) -> Result<Agent, Fault> {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, agent)) = agents.iter().find(|(known, _)| known == files) {
            return Ok(agent.clone());
        }
        let Patience { silence, whole, .. } = self.patience;
        let agent = Agent::config_builder()
            .tls_config(tls::config(files, &self.environment)?)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("thanos-gitops/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(silence))
            .timeout_connect(Some(silence))
            .timeout_recv_response(Some(silence))
            .timeout_per_read(Some(silence))
            .timeout_global(Some(whole))
            .max_response_header_size(64 << 10)
            .max_idle_connections_per_host(8)
            .build()
            .new_agent();
        agents.push((files.clone(), agent.clone()));
        Ok(agent)
    }
}

/// No answer came at all.
fn unsent(url: &Url, error: &ureq::Error) -> Fault {
    let fault = Fault::new(format!("GET {url}: {error}"));
    if let Some(error) = tls_error(error) {
        return match error {
            rustls::Error::InvalidCertificate(_) => fault.kind(FaultKind::Certificate).hint(
                "the server's certificate is not trusted: put your authority into the \
                 machine's store, SSL_CERT_FILE, or `caFile` of Helm's repositories.yaml",
            ),
            rustls::Error::AlertReceived(_) => fault.kind(FaultKind::Certificate).hint(
                "the server refuses this client: it may ask for a certificate, `certFile` \
                 and `keyFile` of Helm's repositories.yaml",
            ),
            _ => fault.hint("check the address: the server may not speak TLS"),
        };
    }
    match error {
        ureq::Error::HostNotFound => {
            fault.hint("check the address; behind a proxy, set HTTPS_PROXY").passing()
        }
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed => {
            fault.hint("check the address and the network, then run it again").passing()
        }
        ureq::Error::Protocol(_) => fault.passing(),
        _ => fault,
    }
}

/// What is wrong with TLS; it comes by itself or as a fault of reading.
fn tls_error(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn later(answer: &Answer) -> Fault {
    let wait = answer.header("retry-after").and_then(|text| text.parse().ok());
    let mut fault = refused(answer).passing();
    fault.wait = wait.map(Duration::from_secs);
    fault
}

/// The fault of a status that is no success.
pub(crate) fn refused(answer: &Answer) -> Fault {
    let status = answer.status();
    let reason = answer.response.status().canonical_reason().unwrap_or("");
    let fault =
        Fault::new(format!("GET {}: {status} {reason}", answer.url)).status(status);
    match status {
        401 | 403 => fault.hint(
            "log in with `docker login` or `helm registry login`, or add the repository \
             with `helm repo add --username … --password-stdin`",
        ),
        404 => fault.hint(
            "check the address, the name and the version; some servers say this to whom they \
             do not know",
        ),
        429 => fault.hint("the server asks for a pause: run it again later, or log in"),
        500..=599 => fault.hint("the server has a fault: run it again later"),
        _ => fault,
    }
}
