//! Two services on a cluster of several nodes, of which one fails while 64
//! people write. `scripts/cluster` starts a cluster and says what fails.
//!
//! `RINGBACK_FAULTS_CLUSTER` is the address with all hosts, and
//! `RINGBACK_FAULTS_CLUSTER_BREAKS` has a line for each fault: its name, the
//! command that begins it, and the command that ends it, separated by ` :: `.
//! `RINGBACK_FAULTS_CLUSTER_SECONDS` is how long a fault lasts; 20 if it is not set.

use std::env;
use std::process::Command;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::chance;
use super::crowd::Crowd;
use super::watched::Watched;
use crate::support::database::select;
use crate::support::leave_to;
use crate::support::ringback::DEADLINE;

/// People who write to each of the two services.
const PEOPLE: u64 = 32;

/// How long the crowd is watched before a fault, during it and after it, in seconds.
const WATCHED_FOR: u64 = 20;

/// What is done to a cluster.
struct Break {
    name: String,
    begin: String,
    end: String,
}

impl Break {
    fn of(line: &str) -> Self {
        let parts: Vec<&str> = line.split(" :: ").collect();
        let [name, begin, end] = parts[..] else { panic!("not a fault: {line}") };
        Self { name: name.to_owned(), begin: begin.to_owned(), end: end.to_owned() }
    }
}

async fn sh(command: &str) {
    let command = command.to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        (Command::new("sh").args(["-c", &command]).status().unwrap(), command)
    });
    let (status, command) = ran.await.unwrap();
    assert!(status.success(), "{command}: {status}");
}

/// Watches for a while: how many answers came, and the longest time in which
/// the people of one service got none, up to the end.
async fn watch(crowds: &[Crowd; 2], seconds: u64) -> (usize, Duration) {
    let [one, other] = crowds;
    let (one, other) = tokio::join!(watch_one(one, seconds), watch_one(other, seconds));
    (one.0 + other.0, one.1.max(other.1))
}

async fn watch_one(crowd: &Crowd, seconds: u64) -> (usize, Duration) {
    let mut count = crowd.count();
    let known = *count.borrow_and_update();
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
    loop {
        let answered = timeout_at(end, count.changed()).await;
        longest = longest.max(last.elapsed());
        last = Instant::now();
        if answered.is_err() {
            let now = *count.borrow();
            return (now - known, longest);
        }
    }
}

/// Waits until a node has all messages: it applies them a moment later than the
/// node that took them.
async fn has_applied(url: &str, messages: usize) {
    let count = "SELECT CAST(COUNT(*) AS CHAR) FROM messages";
    let until = Instant::now() + DEADLINE;
    while select(url, count).await != [messages.to_string()] {
        assert!(Instant::now() < until, "a node does not have all {messages} messages");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lose_nodes_and_nothing_else() {
    let Ok(url) = env::var("RINGBACK_FAULTS_CLUSTER") else {
        return leave_to("scripts/cluster", "it needs a cluster");
    };
    let breaks = env::var("RINGBACK_FAULTS_CLUSTER_BREAKS").unwrap_or_default();
    let breaks: Vec<Break> =
        breaks.lines().filter(|line| !line.trim().is_empty()).map(Break::of).collect();
    let folder = tempfile::tempdir().unwrap();
    let services = [Watched::start(folder.path(), &url), Watched::start(folder.path(), &url)];
    let mut chance = chance("clusters");
    let [a, b] = services.each_ref().map(|service| service.address());
    let crowds =
        [Crowd::of(0..PEOPLE, a, &mut chance), Crowd::of(PEOPLE..2 * PEOPLE, b, &mut chance)];
    crowds[0].answered(100).await;
    crowds[1].answered(100).await;
    let seconds = env::var("RINGBACK_FAULTS_CLUSTER_SECONDS");
    let seconds = seconds.map_or(WATCHED_FOR, |seconds| seconds.parse().unwrap());
    eprintln!(
        "| fault | answers in {seconds} s | longest pause | answers in {seconds} s after it | longest pause |"
    );
    let (answers, pause) = watch(&crowds, seconds).await;
    eprintln!("| none | {answers} | {pause:.1?} | | |");
    for (number, fault) in breaks.iter().enumerate() {
        let (during, ()) = tokio::join!(watch(&crowds, seconds), sh(&fault.begin));
        let (after, ()) = tokio::join!(watch(&crowds, seconds), sh(&fault.end));
        eprintln!(
            "| {} | {} | {:.1?} | {} | {:.1?} |",
            fault.name, during.0, during.1, after.0, after.1
        );
        // Everybody goes on at the other service, where what was answered
        // before is a repeat.
        let (first, second) = if number % 2 == 0 { (b, a) } else { (a, b) };
        crowds[0].go_on(first);
        crowds[1].go_on(second);
        for crowd in &crowds {
            crowd.answered(20).await;
        }
    }
    let [first, second] = crowds;
    let (mut book, other) = tokio::join!(first.finish(), second.finish());
    book.add(other);
    let logs = services.map(Watched::stop);
    // What each node has, once it has applied everything.
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, rest) = rest.split_once('@').unwrap();
    let (hosts, tail) = rest.split_once('/').unwrap();
    for host in hosts.split(',') {
        let one = format!("{scheme}://{user}@{host}/{tail}");
        has_applied(&one, book.len()).await;
        book.agrees_with(&one).await;
    }
    eprintln!(
        "{} messages answered, {} times no answer, {} repeats; {:#?}",
        book.len(),
        book.unanswered,
        book.repeats,
        logs.map(|log| [
            log.told("messages are refused", "error"),
            log.told("a database host", "why")
        ])
    );
}
