//! A host of the tests' own: it keeps what it was asked, and plays one part for
//! each connection.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{interval, timeout};
use tokio_rustls::TlsAcceptor;

use super::DEADLINE;
use crate::support::waiting::until_closed;

/// What the host does with a connection.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// It answers, and holds the connection.
    Answer(Vec<u8>),
    /// It answers so much later, and holds the connection.
    AnswerAfter(Duration, Vec<u8>),
    /// It answers, and closes.
    AnswerAndClose(Vec<u8>),
    /// It closes before it reads.
    Close,
    /// It speaks before it reads.
    Greet(Vec<u8>),
    /// It reads, and says nothing.
    Silence,
    /// It begins an answer, and then says the same again and again without end.
    Endless(Vec<u8>, Vec<u8>),
    /// The same, slowly.
    Drip(Vec<u8>, Vec<u8>),
}

impl Part {
    /// An answer with this status, with a body and its length.
    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self::headers(&format!("HTTP/1.1 {status} X\r\nContent-Length: {}", body.len()), body)
    }

    /// The same, so much later.
    pub(crate) fn after(time: Duration, status: u16, body: &str) -> Self {
        match Self::status(status, body) {
            Self::Answer(bytes) => Self::AnswerAfter(time, bytes),
            other => other,
        }
    }

    /// An answer with these lines, without the line ends of the last one.
    pub(crate) fn headers(lines: &str, body: &str) -> Self {
        Self::Answer(format!("{lines}\r\n\r\n{body}").into_bytes())
    }
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    parts: Arc<Vec<Part>>,
    tls: Option<TlsAcceptor>,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
    closed: Arc<Notify>,
}

impl Server {
    /// Starts a host that plays these parts, and the last one for all further
    /// connections.
    pub(crate) async fn start(parts: &[Part]) -> Self {
        Self::start_at("127.0.0.1:0", parts, None).await
    }

    pub(crate) async fn start_at(at: &str, parts: &[Part], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            parts: Arc::new(parts.to_vec()),
            tls,
            requests: Arc::default(),
            connections: Arc::default(),
            closed: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let part = accepting.next_part();
                let server = accepting.clone();
                tokio::spawn(async move {
                    server.serve(stream, part).await;
                    server.closed.notify_one();
                });
            }
        });
        server
    }

    /// The URL of this path, by the address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far, each as it came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    /// Waits until a connection is over by the caller's will.
    pub(crate) async fn closed(&self) {
        timeout(DEADLINE, self.closed.notified()).await.expect("the connection stays open");
    }

    fn next_part(&self) -> Part {
        let mut connections = self.connections.lock().unwrap();
        let part = self.parts.get(*connections).or(self.parts.last()).unwrap();
        *connections += 1;
        part.clone()
    }

    async fn serve(&self, mut stream: TcpStream, part: Part) {
        match &part {
            Part::Close => return,
            Part::Greet(bytes) => {
                drop(stream.write_all(bytes).await);
                return until_closed(&mut stream).await;
            }
            _ => {}
        }
        match &self.tls {
            None => self.play(stream, part).await,
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    self.play(stream, part).await;
                }
            }
        }
    }

    async fn play(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin, part: Part) {
        let Some(request) = read(&mut stream).await else { return };
        self.requests.lock().unwrap().push(request);
        match part {
            Part::Close | Part::Greet(_) => {}
            Part::Answer(bytes) => {
                drop(stream.write_all(&bytes).await);
                until_closed(&mut stream).await;
            }
            Part::AnswerAfter(time, bytes) => {
                tokio::time::sleep(time).await;
                drop(stream.write_all(&bytes).await);
                until_closed(&mut stream).await;
            }
            Part::AnswerAndClose(bytes) => {
                drop(stream.write_all(&bytes).await);
                drop(stream.shutdown().await);
            }
            Part::Silence => until_closed(&mut stream).await,
            Part::Endless(start, again) => {
                drop(stream.write_all(&start).await);
                while stream.write_all(&again).await.is_ok() {}
            }
            Part::Drip(start, again) => {
                drop(stream.write_all(&start).await);
                let mut ticks = interval(Duration::from_millis(10));
                while stream.write_all(&again).await.is_ok() {
                    ticks.tick().await;
                }
            }
        }
    }
}

/// Reads one request with its body, whose length it says.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
