//! Signals that come while the service is still starting.

use std::fs;
use std::net::TcpListener;
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

/// A flow that takes a while to load.
fn large(number: u32) -> String {
    let step = |step| format!("  S{step}: {{ask: Question {step}?, max: 40}}\n");
    let steps: String = (0..1_000).map(step).collect();
    format!("flow: large-{number}\nstart: [large {number}]\nsteps:\n{steps}")
}

fn small(question: &str) -> String {
    format!("flow: order\nstart: [order]\nsteps:\n  pizza: {{ask: {question}}}\n")
}

/// A service that is at its flows, and hears signals already.
fn loading() -> (TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..4 {
        fs::write(folder.path().join(format!("large-{number}.yaml")), large(number)).unwrap();
    }
    fs::write(folder.path().join("order.yaml"), small("Which pizza?")).unwrap();
    let settings = [&settings("sqlite:ringback.db")[..], &[("FLOWS", ".")]].concat();
    let service = Service::spawn(folder.path(), &settings);
    wait_until_it_hears(&service);
    (folder, service)
}

/// Waits until SIGHUP no longer ends it.
fn wait_until_it_hears(service: &Service) {
    let status = format!("/proc/{}/status", service.id());
    let hears = || {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 1 == 1
    };
    let until = Instant::now() + DEADLINE;
    while !hears() {
        assert!(Instant::now() < until, "it does not listen for SIGHUP");
        thread::yield_now();
    }
}

#[tokio::test]
async fn a_hangup_while_flows_load_is_kept_until_it_serves() {
    let (folder, mut service) = loading();
    for _ in 0..TIMES {
        service.hangup();
    }
    // They are read once more, as the file may have changed by then.
    fs::write(folder.path().join("order.yaml"), small("Which of our pizzas?")).unwrap();
    service.wait_until_it_listens();
    service.wait_for_line("the reload", |line| line.contains("the flows were read again"));
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
    assert!(last.contains("stopped before it served") && last.contains(what), "{log:#?}");
}

#[test]
fn told_to_stop_while_flows_load_it_ends_at_once() {
    for what in ["SIGTERM", "SIGINT"] {
        let (_folder, service) = loading();
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
    wait_until_it_hears(&service);
    for _ in 0..TIMES {
        service.hangup();
    }
    service.wait_until_it_listens();
    assert!(!say(&service, "SM1", "+14155552671", "hello").await.is_empty());
    let (status, log) = service.stop();
    assert_eq!(status.code(), Some(0), "{log:#?}");
}
