//! A small HTTP server on loopback that answers as it is told, faults included.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path with its query.
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    fault: Fault,
}

/// How an answer fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not.
    None,
    /// After so many bytes of the body the connection is closed.
    Cut(usize),
    /// Before the body nothing comes for so long.
    Silent(Duration),
    /// The connection is reset before anything is said.
    Reset,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply { status: 200, headers: Vec::new(), body: body.into(), fault: Fault::None }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply { status, ..Reply::ok("the body is not for people") }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn fault(mut self, fault: Fault) -> Reply {
        self.fault = fault;
        self
    }

    /// Only the part that `Range` asks for, if it asks.
    pub(crate) fn ranged(mut self, request: &Request) -> Reply {
        let from = request.header("range").and_then(|range| {
            range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok()
        });
        if let Some(from) = from.filter(|from| *from < self.body.len()) {
            let (last, all) = (self.body.len() - 1, self.body.len());
            self.body.drain(..from);
            self.status = 206;
            return self.with("content-range", format!("bytes {from}-{last}/{all}"));
        }
        self
    }
}

/// A running server; it ends with the test.
pub(crate) struct Server {
    port: u16,
    scheme: &'static str,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// Puts something around a connection: TLS, or nothing. `None` if it could not.
pub(crate) type Wrap = dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync;

/// Something to read and write.
pub(crate) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

impl Server {
    /// A server of plain HTTP.
    pub(crate) fn start(
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Server {
        Server::wrapped("http", Arc::new(|stream| Some(Box::new(stream))), handler)
    }

    /// A server whose connections are wrapped.
    pub(crate) fn wrapped(
        scheme: &'static str,
        wrap: Arc<Wrap>,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Handler> = Arc::new(handler);
        let seen = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (wrap, handler, seen) = (wrap.clone(), handler.clone(), seen.clone());
                std::thread::spawn(move || serve(stream, &*wrap, &*handler, &seen));
            }
        });
        Server { port, scheme, requests }
    }

    /// Its address, without a `/` at the end.
    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What was asked so far, and forgets it.
    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// The paths that were asked for so far, and forgets them.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.take().into_iter().map(|request| request.path).collect()
    }
}

fn serve(
    stream: TcpStream,
    wrap: &Wrap,
    handler: &Handler,
    seen: &Mutex<Vec<Request>>,
) -> Option<()> {
    let raw = stream.try_clone().ok()?;
    let mut stream = BufReader::new(wrap(stream)?);
    let request = read(&mut stream)?;
    seen.lock().unwrap().push(request.clone());
    let reply = handler(&request);
    let mut stream = stream.into_inner();
    if reply.fault == Fault::Reset {
        // Closing with unread data makes the kernel send a reset.
        drop(stream);
        return raw.shutdown(Shutdown::Both).ok();
    }
    let mut head = format!("HTTP/1.1 {} Said\r\nconnection: close\r\n", reply.status);
    head += &format!("content-length: {}\r\n", reply.body.len());
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    stream.flush().ok()?;
    let body = match reply.fault {
        Fault::Cut(bytes) => &reply.body[..bytes.min(reply.body.len())],
        Fault::Silent(time) => {
            std::thread::sleep(time);
            &reply.body
        }
        _ => &reply.body[..],
    };
    stream.write_all(body).ok()?;
    stream.flush().ok()?;
    drop(stream);
    raw.shutdown(Shutdown::Both).ok()
}

fn read(stream: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request { method, path, headers, body: String::new() };
    let length = request.header("content-length").and_then(|n| n.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

/// A proxy that leads every connection to one port; its address, and what it was asked.
pub(crate) fn proxy(to: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = seen.clone();
            std::thread::spawn(move || tunnel(stream, to, &seen));
        }
    });
    (address, asked)
}

fn tunnel(mut client: TcpStream, to: u16, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    seen.lock().unwrap().push(line.trim_end().to_owned());
    while !line.trim_end().is_empty() {
        line.clear();
        reader.read_line(&mut line).ok()?;
    }
    let mut server = TcpStream::connect(("127.0.0.1", to)).ok()?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
    let (mut up, mut down) = (server.try_clone().ok()?, client.try_clone().ok()?);
    let upwards = std::thread::spawn(move || std::io::copy(&mut reader, &mut up));
    let _closed = std::io::copy(&mut server, &mut down);
    client.shutdown(Shutdown::Both).ok()?;
    upwards.join().ok()?.ok().map(|_| ())
}
