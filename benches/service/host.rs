//! What the service sends requests to: an account that takes every text, and a
//! host that answers calls after a while. Both run in the generator's thread.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// What an account answers that takes a text.
const CREATED: &str =
    r#"{"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":"1"}"#;

/// What a host answers that is called.
const TOTAL: &str = r#"{"total":9}"#;

/// Answers each request alike, until it goes out of scope.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Host {
    /// An account that takes every text.
    pub(crate) async fn of_texts() -> anyhow::Result<Self> {
        Self::start(Duration::ZERO, answer("201 Created", CREATED)).await
    }

    /// A host that answers each call so much later.
    pub(crate) async fn of_calls(after: Duration) -> anyhow::Result<Self> {
        Self::start(after, answer("200 OK", TOTAL)).await
    }

    async fn start(after: Duration, answer: String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, requests) = (listener.local_addr()?, Arc::<AtomicU64>::default());
        let (answer, counted) = (Arc::<str>::from(answer), Arc::clone(&requests));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, after, Arc::clone(&answer), Arc::clone(&counted)));
            }
        });
        Ok(Self { address, requests, task })
    }

    /// How many requests it has answered.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// One request after the other, for as long as the client likes.
async fn serve(mut stream: TcpStream, after: Duration, answer: Arc<str>, counted: Arc<AtomicU64>) {
    drop(stream.set_nodelay(true));
    let mut received = Vec::with_capacity(2048);
    loop {
        while let Some(end) = end_of_request(&received) {
            received.drain(..end);
            sleep(after).await;
            counted.fetch_add(1, Ordering::Relaxed);
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
        if !stream.read_buf(&mut received).await.is_ok_and(|read| read > 0) {
            return;
        }
    }
}

/// Where the first request ends, if all of it is there.
fn end_of_request(received: &[u8]) -> Option<usize> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(received.get(..end)?).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let end = end + length.map_or(0, |length| length.trim().parse().unwrap_or(0));
    (end <= received.len()).then_some(end)
}
