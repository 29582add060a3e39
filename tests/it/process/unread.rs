//! A log that nobody reads: it stops nothing, and what is lost of it is reported.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::ringback::{DEADLINE, command};
use crate::support::service::Service;
use crate::support::twilio::{Form, client, say, settings};

/// An end waits for the log, but hardly longer than this.
const SOON: Duration = Duration::from_secs(5);

/// A talkative service and where it tells figures.
fn start() -> (TempDir, Service, String) {
    let folder = tempfile::tempdir().unwrap();
    let more = [("METRICS_BIND", "127.0.0.1:0"), ("RUST_LOG", "trace")];
    let settings = [&settings("sqlite:ringback.db")[..], &more].concat();
    let mut service = Service::start(folder.path(), &settings);
    let line = service.wait_for_line("where figures are", |line| line.contains("figures are at"));
    let line: Value = serde_json::from_str(&line).unwrap();
    let figures = format!("http://{}/metrics", line["metrics"].as_str().unwrap());
    (folder, service, figures)
}

/// The lines that were lost so far.
async fn lost(figures: &str) -> u64 {
    let told = client().get(figures).send().await.unwrap().text().await.unwrap();
    let count = Regex::new(r"(?m)^ringback_log_lines_lost_total (\d+)$").unwrap();
    count.captures(&told).unwrap()[1].parse().unwrap()
}

/// Has it log until lines are lost.
async fn fill(address: SocketAddr, figures: &str) {
    let mut form = Form::new("SM0", "+14155552671", "hello");
    form.body.push_str("&More=x");
    let client = client();
    let filling = async {
        while lost(figures).await == 0 {
            let refused = join_all((0..200).map(|_| form.post(&client, address))).await;
            assert!(refused.into_iter().all(|answer| answer.unwrap().status == 403));
        }
    };
    timeout(DEADLINE, filling).await.expect("requests are not answered, or no line is lost");
}

async fn exited(service: Service) -> ExitStatus {
    tokio::task::spawn_blocking(move || service.exited()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_holds_up_neither_messages_nor_the_end() {
    let (_folder, service, figures) = start();
    service.pause_log();
    fill(service.address(), &figures).await;
    for (id, says) in [("SM1", "hello"), ("SM2", "Ann"), ("SM3", "Yesterday")] {
        assert!(!say(&service, id, "+14155552671", says).await.is_empty());
    }
    let health = client().get(service.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    service.terminate();
    let began = Instant::now();
    assert_eq!(exited(service).await.code(), Some(0));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_is_not_held_up_either() {
    let (_folder, service, figures) = start();
    service.pause_log();
    fill(service.address(), &figures).await;
    let mut unfinished = TcpStream::connect(service.address()).await.unwrap();
    unfinished.write_all(b"GET /healthz HTTP/1.1\r\nHost:").await.unwrap();
    client().get(service.url("/healthz")).send().await.unwrap();
    service.terminate();
    // Nobody reads that it heard: it accepts no connection any more.
    let until = Instant::now() + DEADLINE;
    while TcpStream::connect(service.address()).await.is_ok() {
        assert!(Instant::now() < until, "it still accepts connections");
        tokio::task::yield_now().await;
    }
    service.terminate();
    let began = Instant::now();
    assert_eq!(exited(service).await.code(), Some(1));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_is_reported_once_somebody_reads_again() {
    let (_folder, mut service, figures) = start();
    service.pause_log();
    fill(service.address(), &figures).await;
    say(&service, "SM1", "+14155552671", "hello").await;
    let counted = lost(&figures).await;
    service.resume_log();
    let reported = service.wait_for_line("the loss", |line| line.contains("log lines were lost"));
    let reported: Value = serde_json::from_str(&reported).unwrap();
    assert!(reported["lost"].as_u64() >= Some(counted), "{reported} of {counted}");
    // From there on there is room again, and the end has all of its lines.
    say(&service, "SM2", "+14155552671", "Ann").await;
    service.wait_for_line("the turn", |line| line.contains("turn taken") && line.contains("SM2"));
    let (status, log) = tokio::task::spawn_blocking(move || service.stop()).await.unwrap();
    assert_eq!(status.code(), Some(0));
    let stopped = log.iter().rposition(|line| line.contains(r#""message":"stopped""#));
    let signalled = log.iter().rposition(|line| line.contains("finishing what was accepted"));
    assert!(stopped > signalled && signalled.is_some(), "{:#?}", log.last());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_standard_error_is_no_fault() {
    let (_folder, service, figures) = start();
    service.close_log();
    fill(service.address(), &figures).await;
    assert!(!say(&service, "SM1", "+14155552671", "hello").await.is_empty());
    service.terminate();
    let began = Instant::now();
    assert_eq!(exited(service).await.code(), Some(0));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

/// A pipe that is full from the beginning: its reader, and what to write to.
fn full_pipe() -> (std::io::PipeReader, std::io::PipeWriter) {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut other = writer.try_clone().unwrap();
    let (sender, filled) = mpsc::channel();
    thread::spawn(move || {
        // A byte that finds no room waits, and ends with the reader.
        for bytes in [vec![b'x'; 65_536 - 1], vec![b'x']] {
            drop(other.write_all(&bytes));
            let _ = sender.send(());
        }
    });
    // Where pipes are smaller, the first is not done, and the pipe as full.
    let first = filled.recv_timeout(Duration::from_secs(1));
    let _ = first.and_then(|()| filled.recv_timeout(DEADLINE));
    (reader, writer)
}

#[test]
fn a_failure_that_nobody_reads_does_not_last() {
    let nowhere = ("DATABASE_URL", "sqlite:absent/ringback.db");
    let folder = tempfile::tempdir().unwrap();
    let broken = tempfile::tempdir().unwrap();
    std::fs::write(broken.path().join(".env"), "broken").unwrap();
    let here = folder.path();
    for (folder, settings, arguments, code) in [
        (here, [("BIND", "nowhere")].as_slice(), ["serve"].as_slice(), 1),
        (here, &[("LOG_FORMAT", "xml")], &["serve"], 1),
        (here, &[("FLOWS", "absent")], &["serve"], 1),
        (here, &[nowhere], &["serve"], 1),
        (here, &[nowhere], &["migrate"], 1),
        (here, &[nowhere], &["show", "+14155552671"], 1),
        (here, &[nowhere], &["prune", "--older-than", "90d"], 1),
        (here, &[], &["--unknown"], 2),
        (broken.path(), &[], &["serve"], 1),
    ] {
        let (reader, writer) = full_pipe();
        let mut command = command(folder, settings, arguments);
        let mut child = command.stdout(Stdio::null()).stderr(writer).spawn().unwrap();
        drop(command);
        let (sender, ended) = mpsc::channel();
        let began = Instant::now();
        thread::scope(|scope| {
            let id = child.id().to_string();
            scope.spawn(|| sender.send(child.wait().unwrap()).unwrap());
            let status = ended.recv_timeout(DEADLINE);
            if status.is_err() {
                std::process::Command::new("kill").args(["-KILL", &id]).status().unwrap();
            }
            assert_eq!(status.ok().and_then(|status| status.code()), Some(code), "{arguments:?}");
        });
        assert!(began.elapsed() < SOON, "{arguments:?}: {:?}", began.elapsed());
        drop(reader);
    }
}
