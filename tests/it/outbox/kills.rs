//! `kill -9` at random moments while texts are sent: none is sent twice, and
//! none is lost of which nobody says so.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::{Bench, minutes, written};
use crate::faults::{chance, kills};
use crate::support::database::{TestDatabase, run_sql, select};
use crate::support::fake_twilio::{Answer, Part};
use crate::support::twilio::say;
use crate::support::waiting::until;

/// A question that is asked for ever.
const FLOW: &str = "\
flow: table
start: [table]
expire: 20h
commands: {stop: [enough]}
steps:
  GUESTS: {ask: How many?, nudges: {10m: Are you still there?}, go: GUESTS}
";

/// People who are asked at the same time.
const PEOPLE: usize = 24;

/// What the provider does with a request, at random.
fn parts() -> [Part; 8] {
    [
        Part::Take,
        Part::Take,
        Part::ReportFirst(vec!["sent"]),
        Part::Send(Answer::Close),
        Part::Send(Answer::Fault(500)),
        Part::Lose(Answer::Close),
        Part::Busy { retry_after: Some(0) },
        Part::Refuse { status: 400, code: 21_617 },
    ]
}

/// Waits until all silences and all texts of this moment are settled.
async fn nothing_waits(bench: &Bench) {
    let now = written(Timestamp::now());
    let due = format!("SELECT phone_number FROM user_sessions WHERE wakes_at < '{now}'");
    until("nothing waits", async || {
        let open = "SELECT phone_number FROM outgoing WHERE state IN ('pending', 'claimed')";
        select(&bench.url, &due).await.is_empty() && select(&bench.url, open).await.is_empty()
    })
    .await;
}

async fn kill_while_it_sends(database: &TestDatabase, name: &str) {
    let mut chance = chance(name);
    let rate = [("SEND_RATE", "200")];
    let mut bench = Bench::with(database, FLOW, &rate).await;
    let people: Vec<String> = (0..PEOPLE).map(|n| format!("+1415555{n:04}")).collect();
    for from in &people {
        bench.ask(from).await;
    }
    let mut sent: BTreeMap<(String, String), usize> = BTreeMap::new();
    let rounds = kills().div_ceil(4);
    for _ in 0..rounds {
        let kinds = parts();
        let random = (0..PEOPLE).map(|_| {
            let kind = usize::try_from(chance.of(0..kinds.len() as u64)).unwrap();
            kinds[kind].clone()
        });
        bench.twilio.play(&random.collect::<Vec<_>>());
        // Everybody is reminded at once.
        for from in &people {
            bench.pass(from, minutes(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(chance.of(0..1_200))).await;
        bench = bench.restart(&[]);
        // The dead process sends nothing more: a minute later its texts are unknown.
        let past = "UPDATE outgoing SET claimed_at = '2026-01-01 00:00:00.000', \
                    due_at = '2026-01-01 00:00:00.000' WHERE state = 'claimed'";
        run_sql(&bench.url, past).await;
        nothing_waits(&bench).await;
        // They write, and are asked the next question.
        for from in &people {
            let id = format!("SM{from}n{}", bench.turns(from).await);
            say(&bench.service, &id, from, "3").await;
        }
        nothing_waits(&bench).await;
    }
    for text in bench.twilio.texts() {
        let id = text.status_callback.unwrap();
        *sent.entry((text.to, id)).or_default() += 1;
    }
    assert!(sent.values().all(|times| *times == 1), "a text was sent twice: {sent:?}");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for from in &people {
        for row in bench.rows(from).await {
            let id = format!("?m={}#", row.id.unwrap());
            let reached = sent.keys().any(|(to, url)| to == from && url.contains(&id));
            let state = row.state.as_str();
            *counts.entry(state.to_owned()).or_default() += 1;
            match state {
                "accepted" | "sent" => assert!(reached, "{row:?} was never sent"),
                "failed" | "dropped" | "replied" => assert!(!reached, "{row:?} was sent"),
                // Nobody knows, and that is what it says.
                "unknown" => {}
                other => panic!("{other}: {row:?}"),
            }
        }
    }
    eprintln!("{rounds} kills: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_service_while_it_sends_on_sqlite() {
    let database = TestDatabase::sqlite();
    kill_while_it_sends(&database, "texts, SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_service_while_it_sends_on_mysql() {
    let Some(database) = TestDatabase::mysql().await else { return };
    kill_while_it_sends(&database, "texts, MySQL").await;
}
