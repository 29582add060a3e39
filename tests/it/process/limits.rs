//! The limits of a connection in time and size: each one ends in the way, and
//! at the time, that `docs/operations.md` tells in its table.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::database::TestDatabase;
use crate::support::service::Service;
use crate::support::twilio::{Form, post, settings};

const HEAD_WITHIN: Duration = Duration::from_secs(15);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const AT_ONCE: Duration = Duration::ZERO;
const MAX_HEAD: usize = 32 * 1024;

/// How much later an end may come on a busy machine. It is less than the limits
/// are apart, so that none is taken for another.
const ROOM: Duration = Duration::from_secs(4);

/// A connection on which something is said, and nothing more.
struct Held {
    what: &'static str,
    stream: TcpStream,
    since: Instant,
}

impl Held {
    async fn open(at: SocketAddr, what: &'static str, said: &str) -> Self {
        let since = Instant::now();
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        Self { what, stream, since }
    }

    /// Waits for the end: the answer, if any, begins and ends like this.
    async fn ends(mut self, after: Duration, begins: &str, ends: &str) {
        let (what, mut answer) = (self.what, String::new());
        let read = timeout(after + ROOM, self.stream.read_to_string(&mut answer)).await;
        let took = self.since.elapsed();
        let read = read.unwrap_or_else(|_| panic!("{what}: still open after {took:?}: {answer}"));
        read.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(took >= after, "{what}: ended after {took:?} already: {answer}");
        assert!(answer.starts_with(begins) && answer.ends_with(ends), "{what}: {answer}");
        assert_eq!(answer.is_empty(), begins.is_empty(), "{what}: {answer}");
    }
}

/// The begin of a head of so many bytes.
fn head_of(bytes: usize) -> String {
    let begin = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ";
    format!("{begin}{}", "x".repeat(bytes - begin.len()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_go_on_is_cut_off_in_time() {
    let database = TestDatabase::sqlite();
    let service = Service::start(tempfile::tempdir().unwrap().path(), &settings(database.url()));
    let form = Form::new("SMslow", "+14155552672", "hello");
    let (head, half) = (form.head(), &form.body[..20]);
    let lasting = head.replace("Connection: close\r\n", "");
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let timed_out = "HTTP/1.1 408 Request Timeout\r\n";
    // All of them at once, since each takes as long as its limit.
    let mut all = JoinSet::new();
    for (what, said, after, begins, ends) in [
        ("silent", String::new(), HEAD_WITHIN, "", ""),
        ("half a head", head[..60].to_owned(), HEAD_WITHIN, "", ""),
        ("idle", get.to_owned(), HEAD_WITHIN, "HTTP/1.1 200 OK\r\n", "alive\n"),
        ("half a body", format!("{head}{half}"), ANSWER_WITHIN, timed_out, ""),
        ("half a body, to be kept", format!("{lasting}{half}"), ANSWER_WITHIN, timed_out, ""),
        ("a giant head", head_of(MAX_HEAD), AT_ONCE, "HTTP/1.1 431 ", ""),
        (
            "a large head",
            head_of(MAX_HEAD - 1_024) + "\r\n\r\n",
            AT_ONCE,
            "HTTP/1.1 200 OK\r\n",
            "alive\n",
        ),
    ] {
        let open = Held::open(service.address(), what, &said).await;
        all.spawn(open.ends(after, begins, ends));
    }
    // Beside them.
    for number in 0..10 {
        post(&service, &format!("SM{number}"), "+14155552671", "hello").await;
    }
    // Each that fails says so above, not only the first.
    let mut failed = 0;
    while let Some(ended) = all.join_next().await {
        failed += usize::from(ended.is_err());
    }
    assert_eq!(failed, 0);
}
