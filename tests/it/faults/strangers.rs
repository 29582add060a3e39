//! Connections of strangers who want no answer: the real sender gets one all the
//! same, and soon where so many messages are sent that it can be told
//! (`RINGBACK_FAULTS_SERVED`).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::TestDatabase;
use crate::support::ringback::DEADLINE;
use crate::support::setting;
use crate::support::times::Times;
use crate::support::twilio::{Form, client, sid};

/// More than the service takes; fewer where this process may not open so many.
const CROWD: u64 = 5_000;

/// Files of this process that are no connections.
const OTHER_FILES: u64 = 200;

fn start(database: &TestDatabase) -> Watched {
    Watched::start(tempfile::tempdir().unwrap().path(), database.url())
}

/// Of a hundred messages, how long ninety-nine take at most beside strangers.
const SOON: Duration = Duration::from_secs(1);

/// How many messages the real sender writes beside each crowd, in the long form.
fn messages() -> Option<usize> {
    setting("RINGBACK_FAULTS_SERVED")
}

/// The real sender, on a connection of his own each time.
async fn is_served(service: &Watched, round: &str) {
    let mut times = Vec::new();
    for number in 0..messages().unwrap_or(10) {
        let from = format!("{SECRET_NUMBERS}{number:06}");
        let form = Form::new(&sid(&format!("{round}-{number}")), &from, "hello");
        let client = client();
        // Where all of them talk at once it may be told to come again, as Twilio does.
        let mut status = StatusCode::SERVICE_UNAVAILABLE;
        let began = Instant::now();
        for _ in 0..3 {
            let answer = timeout(DEADLINE, form.post(&client, service.address())).await;
            let answer = answer.expect("no answer");
            status = answer.unwrap_or_else(|error| panic!("{round}: {error}")).status;
            if status != StatusCode::SERVICE_UNAVAILABLE {
                break;
            }
        }
        assert_eq!(status, 200, "{round}");
        times.push(began.elapsed());
    }
    let times = Times::of(times);
    eprintln!("| {} | {times} |", round.replace('-', " "));
    // Of a few messages on a machine that does other things, too, one may be slow.
    if messages().is_some() {
        assert!(times.at(99) < SOON, "{round}: {times}");
    }
}

async fn saying(at: SocketAddr, what: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(at).await.ok()?;
    // It may be turned away before it has said all.
    stream.write_all(what.as_bytes()).await.ok()?;
    Some(stream)
}

/// So many, one as the other, who stay as long as they may.
async fn crowd(at: SocketAddr, number: u64, said: &[&str]) -> Vec<Option<TcpStream>> {
    let mut streams = Vec::new();
    for (_, said) in (0..number).zip(said.iter().cycle()) {
        streams.push(saying(at, said).await);
    }
    streams
}

fn room() -> u64 {
    let files = rlimit::increase_nofile_limit(CROWD + OTHER_FILES).unwrap_or(1_024);
    CROWD.min(files.saturating_sub(OTHER_FILES))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_are_silent_or_slow_keep_nobody_out() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    let form = Form::new("SMslow", &format!("{SECRET_NUMBERS}000000"), "Xylophon");
    let (head, body) = (form.head(), &form.body);
    let half = format!("{head}{}", &body[..20]);
    for (what, said) in [("half a head", ["", &head[..60]]), ("half a body", [&half, &half])] {
        let strangers = crowd(service.address(), room(), &said).await;
        eprintln!("{what}: {} of {} are connected", strangers.iter().flatten().count(), room());
        is_served(&service, &what.replace(' ', "-")).await;
    }
    service.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_do_not_read_or_talk_nonsense_keep_nobody_out() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let garbage = [
        // They ask and ask, and read nothing.
        ("slow readers", get.repeat(2_000)),
        ("nonsense behind a request", format!("{get}\0\x01\x02 nonsense\r\n\r\n{get}")),
        ("a giant head", format!("GET /healthz HTTP/1.1\r\nX: {}", "x".repeat(200_000))),
        ("many fields", format!("GET /healthz HTTP/1.1\r\n{}", "X: y\r\n".repeat(20_000))),
        (
            "two lengths",
            "POST /webhooks/twilio HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx"
                .to_owned(),
        ),
        (
            "a length and chunks",
            "POST /webhooks/twilio HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\
             Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                .to_owned(),
        ),
        (
            "a chunk that is too long",
            "POST /webhooks/twilio HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
             FFFFFFFFFFFFFFFFF\r\n"
                .to_owned(),
        ),
    ];
    let mut streams = Vec::new();
    for (what, said) in &garbage {
        let at = service.address();
        for _ in 0..20 {
            let (said, write) = (said.clone(), TcpStream::connect(at).await.unwrap());
            // Whoever is not read from is written to no further: not waited for.
            streams.push(tokio::spawn(async move {
                let mut write = write;
                drop(write.write_all(said.as_bytes()).await);
                write
            }));
        }
        is_served(&service, &what.replace(' ', "-")).await;
    }
    // Half closed is taken for gone: a whole answer or none, and an end.
    for said in [get, &get[..20], ""] {
        let mut half = saying(service.address(), said).await.unwrap();
        half.shutdown().await.unwrap();
        let mut answer = String::new();
        timeout(DEADLINE, half.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert!(answer.is_empty() || answer.ends_with("\r\n\r\nalive\n"), "{answer}");
    }
    is_served(&service, "half-closed").await;
    for stream in streams {
        stream.abort();
    }
    service.stop();
}
