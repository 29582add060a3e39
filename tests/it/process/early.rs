//! Signals that come while the service is still starting.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::ringback::DEADLINE;
use crate::support::service::Service;
use crate::support::twilio::{say, settings};

/// How long an end may take that has nothing to finish.
const AT_ONCE: Duration = Duration::from_secs(5);

/// How often a signal comes.
const TIMES: u32 = 50;

/// A pipe in the place of a flow file: whoever reads it waits for what is written.
fn piped_flow(folder: &Path) -> PathBuf {
    let path = folder.join("order.yaml");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Waits until the service begins to read it.
fn begun_to_read(path: &Path) -> File {
    let (sender, opened) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || sender.send(OpenOptions::new().write(true).open(path)));
    opened.recv_timeout(DEADLINE).expect("the flow is not read").unwrap()
}

fn write(mut pipe: File, question: &str) {
    let flow = format!("flow: order\nstart: [order]\nsteps:\n  pizza: {{ask: {question}}}\n");
    pipe.write_all(flow.as_bytes()).unwrap();
}

/// A service that waits for its flow.
fn loading() -> (TempDir, PathBuf, Service, File) {
    let folder = tempfile::tempdir().unwrap();
    let path = piped_flow(folder.path());
    let settings = [&settings("sqlite:ringback.db")[..], &[("FLOWS", "order.yaml")]].concat();
    let service = Service::spawn(folder.path(), &settings);
    let pipe = begun_to_read(&path);
    (folder, path, service, pipe)
}

#[tokio::test]
async fn a_hangup_while_flows_load_is_kept_until_it_serves() {
    let (_folder, path, mut service, pipe) = loading();
    for _ in 0..TIMES {
        service.hangup();
    }
    write(pipe, "Which pizza?");
    service.wait_until_it_listens();
    // They are read once more, as the file may have changed by then.
    write(begun_to_read(&path), "Which of our pizzas?");
    service.wait_for_line("the reload", |line| line.contains("the flows were read anew"));
    assert_eq!(say(&service, "SM1", "+14155552671", "order").await, ["Which of our pizzas?"]);
    let (status, log) = service.stop();
    assert_eq!(status.code(), Some(0), "{log:#?}");
}

/// Told by this signal, it says so in its log, and ends well.
fn ends_at_once(service: Service, what: &str) {
    if what == "SIGTERM" {
        service.terminate();
    } else {
        service.interrupt();
    }
    let began = Instant::now();
    let (status, log) = service.ended();
    assert!(began.elapsed() < AT_ONCE, "{what}: {:?}", began.elapsed());
    assert_eq!(status.code(), Some(0), "{what}: {log:#?}");
    let last = log.last().unwrap();
    assert!(last.contains("told to stop before it served") && last.contains(what), "{log:#?}");
}

#[test]
fn told_to_stop_while_flows_load_it_ends_at_once() {
    for what in ["SIGTERM", "SIGINT"] {
        let (_folder, _path, service, _pipe) = loading();
        service.hangup();
        ends_at_once(service, what);
    }
}

#[test]
fn told_to_stop_while_the_database_is_silent_it_ends_at_once() {
    for what in ["SIGTERM", "SIGINT"] {
        // Accepts, and never says a word.
        let database = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("mysql://root@{}/ringback", database.local_addr().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let service = Service::spawn(folder.path(), &settings(&url));
        let (sender, accepted) = mpsc::channel();
        thread::spawn(move || sender.send(database.accept()));
        let _connection = accepted.recv_timeout(DEADLINE).unwrap().unwrap();
        for _ in 0..TIMES {
            service.hangup();
        }
        ends_at_once(service, what);
    }
}

/// Signals as fast as they can be sent, from when the first can be heard until
/// it serves.
#[tokio::test]
async fn a_storm_of_hangups_during_a_start_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::spawn(folder.path(), &settings("sqlite:ringback.db"));
    let status = format!("/proc/{}/status", service.id());
    let is_listening = || {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 1 == 1
    };
    let until = Instant::now() + DEADLINE;
    while !is_listening() {
        assert!(Instant::now() < until, "it does not listen for SIGHUP");
        thread::yield_now();
    }
    for _ in 0..TIMES {
        service.hangup();
    }
    service.wait_until_it_listens();
    assert!(!say(&service, "SM1", "+14155552671", "hello").await.is_empty());
    let (status, log) = service.stop();
    assert_eq!(status.code(), Some(0), "{log:#?}");
}
