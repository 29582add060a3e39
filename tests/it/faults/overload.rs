//! Far more messages than can be taken: those that are accepted are answered,
//! the rest are refused quickly, memory stays bounded, and it ends at once.

use std::collections::HashSet;
use std::fs;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream;
use sqlx::{Connection as _, MySqlConnection};

use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::{TestDatabase, select};
use crate::support::setting;
use crate::support::times::Times;
use crate::support::twilio::{Form, client, sid};

/// Messages that are under way at a time, half as many again as may wait.
const AT_ONCE: usize = 3_000;

/// How many there are: each of these places is taken anew as soon as it is free.
const MESSAGES: usize = 3 * AT_ONCE;

/// Answered or refused in some two seconds, as promised, and as much again for a
/// busy machine: the client alone has thousands of requests in hand.
const QUICK: Duration = Duration::from_secs(4);

/// Of a hundred, how many are that quick at least. In the short form a third
/// come while the client is still making its 3,000 connections, which take it
/// seconds beside other tests; the long form outlasts that by far.
fn quick_of_a_hundred() -> usize {
    if lasting().is_some() { 99 } else { 50 }
}

/// Each answer and each refusal, before the provider gives up (15 s) by far.
const IN_TIME: Duration = Duration::from_secs(8);

/// For how long, in the long form.
fn lasting() -> Option<Duration> {
    setting("RINGBACK_FAULTS_OVERLOAD").map(Duration::from_secs)
}

/// The most memory that the process had, in megabytes.
fn peak_memory(service: &Watched) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", service.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_refused_in_part_and_over_when_it_ends() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), database.url());
    let client = client();
    // A database that takes three thousandths of a second for each message's
    // row, so that most of what comes is too much.
    let mut stranger = MySqlConnection::connect(database.url()).await.unwrap();
    let slow = "CREATE TRIGGER slow BEFORE INSERT ON messages FOR EACH ROW DO SLEEP(0.003)";
    sqlx::raw_sql(slow).execute(&mut stranger).await.unwrap();

    let at = service.address();
    let began = Instant::now();
    let goes_on = |number: &usize| match lasting() {
        None => *number < MESSAGES,
        Some(time) => began.elapsed() < time,
    };
    let sent = (0..).take_while(goes_on).map(|person: usize| {
        let client = client.clone();
        let id = sid(&person.to_string());
        let form = Form::new(&id, &format!("{SECRET_NUMBERS}{person:06}"), "hello");
        async move {
            let began = Instant::now();
            let answer = form.post(&client, at).await.unwrap();
            (id, answer, began.elapsed())
        }
    });
    let (mut answered, mut answered_in, mut refused_in) = (Vec::new(), Vec::new(), Vec::new());
    let mut answers = stream::iter(sent).buffer_unordered(AT_ONCE);
    while let Some((id, answer, took)) = answers.next().await {
        match answer.status.as_u16() {
            200 => {
                answered.push(id);
                answered_in.push(took);
            }
            503 => {
                assert_eq!(answer.retry_after.as_deref(), Some("1"));
                refused_in.push(took);
            }
            other => panic!("{other}: {answer:?}"),
        }
    }
    let refused = refused_in.len();
    let (answered_in, refused_in) = (Times::of(answered_in), Times::of(refused_in));
    eprintln!(
        "{:.0?}: answered {answered_in}; refused {refused_in}; {} MB",
        began.elapsed(),
        peak_memory(&service)
    );
    for (what, times) in [("answered", answered_in), ("refused", refused_in)] {
        assert!(times.at(100) < IN_TIME, "not in time: {what} {times}");
        assert!(times.at(quick_of_a_hundred()) < QUICK, "not quickly: {what} {times}");
    }
    assert!(refused > AT_ONCE, "not overloaded: {refused}");
    assert!(!answered.is_empty(), "nobody is served");
    assert!(peak_memory(&service) < 200, "{} MB", peak_memory(&service));

    sqlx::raw_sql("DROP TRIGGER slow").execute(&mut stranger).await.unwrap();
    let (form, ended) =
        (Form::new("SMafter", &format!("{SECRET_NUMBERS}999999"), "hello"), Instant::now());
    assert_eq!(form.post(&client, service.address()).await.unwrap().status, 200);
    eprintln!("it is over: answered after {:.1?}", ended.elapsed());
    // Whoever was answered is there. A commit that took too long may have been
    // refused and yet be there: its repeat gets the reply.
    let kept = select(database.url(), "SELECT message_id FROM messages").await;
    let kept: HashSet<String> = kept.into_iter().collect();
    // Not the database's work for nothing: what it keeps is answered, where it
    // has the machine for itself.
    let least = kept.len() / if lasting().is_some() { 2 } else { 10 };
    assert!(answered.len() > least, "{} of {} are answered", answered.len(), kept.len());
    for id in &answered {
        assert!(kept.contains(id), "{id} was answered and is lost");
    }
    service.stop();
}
