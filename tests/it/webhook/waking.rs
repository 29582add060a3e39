//! What silence causes in a service: timeouts and `on_expire` that say nothing.

use std::cell::Cell;

use jiff::Timestamp;
use ringback::conversation::{Flows, Source, State};
use ringback::message::Sender;
use serde_json::{Value, json};

use super::Service;
use crate::support::database::{TestDatabase, each_database, run_sql, select};
use crate::support::waiting::until;

const SILENT: &str = "\
flow: table
start: [table]
expire: 10h
on_expire: GONE
quiet: 21:00 to 8:00
steps:
  GUESTS: {ask: How many?}
  SURE: {ask: Sure?, timeout: 2h, on_timeout: LEFT, end: BOOKED}
  LEFT: {set: {why: no answer}, end: ABANDONED}
  GONE: {set: {why: silence}, end: NO_SHOW}
";

/// 2027-01-15 08:00 UTC, in milliseconds.
const BEGINNING: i64 = 1_800_000_000_000;
const HOUR: i64 = 60 * 60 * 1_000;

thread_local! {
    /// The time of a test, whose service runs in its thread.
    static NOW: Cell<i64> = const { Cell::new(BEGINNING) };
}

fn clock() -> Timestamp {
    Timestamp::from_millisecond(NOW.get()).unwrap()
}

fn flows(text: &str) -> Flows {
    let source = Source { name: "table.yaml".to_owned(), text: text.to_owned() };
    Flows::load(&[source]).unwrap_or_else(|findings| panic!("{}", findings.render(false))).flows
}

async fn start(database: &TestDatabase, text: &str) -> Service {
    NOW.set(BEGINNING);
    let store = Service::start(database.url()).await.store;
    Service::by_clock(store, flows(text), clock)
}

/// Brings somebody to the question that times out.
async fn ask(service: &Service, from: &str) {
    service.say(&format!("SM1{from}"), from, "table").await;
    service.say(&format!("SM2{from}"), from, "2").await;
}

/// So many people, by their numbers.
fn people(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("+1415555{n:04}")).collect()
}

/// The people who are to be woken.
async fn due(database: &TestDatabase) -> Vec<String> {
    let due = "SELECT phone_number FROM user_sessions WHERE wakes_at IS NOT NULL";
    select(database.url(), due).await
}

/// Waits until the state of somebody is this one.
async fn state(service: &Service, from: &str, expected: &str) {
    let sender = Sender::from_key(from.to_owned());
    until(&format!("{from} comes to {expected}"), async || {
        let person = service.store.person(&sender).await.unwrap().unwrap();
        person.session.state.as_str() == expected
    })
    .await;
}

async fn ended(database: &TestDatabase) -> Vec<String> {
    let rows = "SELECT CONCAT(phone_number, ' ', channel, ' ', outcome, ' ', ended_at) \
                FROM conversations ORDER BY id";
    let rows = if database.is_mysql() {
        rows.to_owned()
    } else {
        rows.replace("CONCAT(", "")
            .replace(", ' ', ", " || ' ' || ")
            .replace("ended_at)", "ended_at")
    };
    select(database.url(), &rows).await
}

#[tokio::test]
async fn a_question_times_out_and_a_conversation_expires_by_themselves() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let (ann, ben) = ("+14155552671", "whatsapp:+14155552672");
        service.say("SM1", ann, "table").await;
        service.say("SM2", ann, "2").await;
        service.say("SM3", ben, "table").await;
        assert_eq!(due(database).await.len(), 2);
        NOW.set(BEGINNING + 2 * HOUR);
        state(&service, ann, "ABANDONED").await;
        NOW.set(BEGINNING + 10 * HOUR);
        state(&service, "+14155552672", "NO_SHOW").await;
        assert_eq!(
            ended(database).await,
            [
                "+14155552671 sms ABANDONED 2027-01-15 10:00:00.000",
                "+14155552672 whatsapp NO_SHOW 2027-01-15 18:00:00.000",
            ]
        );
        let answers = select(database.url(), "SELECT answers FROM conversations ORDER BY id").await;
        let answers = answers.iter().map(|json| serde_json::from_str(json).unwrap());
        let expected = [json!({ "GUESTS": "2", "why": "no answer" }), json!({ "why": "silence" })];
        assert_eq!(answers.collect::<Vec<Value>>(), expected);
        assert_eq!(due(database).await, [""; 0]);
        // A repeat still gets its reply, and a new message begins again.
        assert_eq!(service.say("SM2", ann, "2").await.concat(), "Sure?");
        assert_eq!(service.say("SM4", ann, "table").await.concat(), "How many?");
    })
    .await;
}

#[tokio::test]
async fn an_answer_in_time_and_a_stop_end_the_silence() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let (ann, ben) = ("+14155552671", "+14155552672");
        for from in [ann, ben] {
            ask(&service, from).await;
        }
        NOW.set(BEGINNING + 2 * HOUR - 1);
        service.say("SM3", ann, "yes").await;
        service.say("SM4", ben, "stop").await;
        assert_eq!(due(database).await, [""; 0]);
        state(&service, ann, "BOOKED").await;
        state(&service, ben, "STOPPED").await;
    })
    .await;
}

/// A wake-up that fits no more, such as after an older release wrote the row,
/// changes nothing and is not repeated.
#[tokio::test]
async fn a_wake_up_that_fits_no_more_is_forgotten() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let ann = "+14155552671";
        service.say("SM1", ann, "table").await;
        service.say("SM2", ann, "2").await;
        run_sql(database.url(), "UPDATE user_sessions SET wakes_at = '2001-01-01 00:00:00.000'")
            .await;
        let old = "SELECT phone_number FROM user_sessions WHERE wakes_at < '2002-01-01'";
        until("it is forgotten", async || select(database.url(), old).await.is_empty()).await;
        let person =
            service.store.person(&Sender::from_key(ann.to_owned())).await.unwrap().unwrap();
        assert_eq!(person.session.state, State::Waiting("SURE".to_owned()));
        assert_eq!(person.session.wakes_at.unwrap().as_millisecond(), BEGINNING + 2 * HOUR);
        assert_eq!(person.turns, 2);
    })
    .await;
}

/// Two processes sweep the same table: each wake-up happens once.
#[tokio::test]
async fn many_wake_ups_happen_once_each_beside_messages() {
    each_database(async |database| {
        let one = start(database, SILENT).await;
        let other = Service::by_clock(one.store.clone(), flows(SILENT), clock);
        let people = people(150);
        for from in &people {
            ask(&one, from).await;
        }
        NOW.set(BEGINNING + 3 * HOUR);
        for (n, from) in people.iter().enumerate().filter(|(n, _)| n % 10 == 0) {
            // Whichever comes first: the answer is one to the question, or begins nothing.
            let service = if n % 20 == 0 { &one } else { &other };
            service.say(&format!("SM3{from}"), from, "yes").await;
        }
        until("all are over", async || due(database).await.is_empty()).await;
        let outcomes = "SELECT outcome FROM conversations";
        let outcomes = select(database.url(), outcomes).await;
        assert_eq!(outcomes.len(), people.len());
        assert!(outcomes.iter().filter(|outcome| *outcome == "ABANDONED").count() >= 135);
    })
    .await;
}

/// People in flows of a newer release stay due for as long as that lasts.
#[tokio::test]
async fn people_who_cannot_be_woken_hold_up_nobody() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let people = people(150);
        for from in &people {
            ask(&service, from).await;
        }
        let version = "INSERT INTO flow_versions (id, hash, sources, first_served_at) VALUES \
                       (101, 'newer', 'of a newer release', '2027-01-01 00:00:00.000')";
        run_sql(database.url(), version).await;
        run_sql(database.url(), "UPDATE user_sessions SET flow_version = 101").await;
        NOW.set(BEGINNING + 1);
        let ann = "+14155552671";
        service.say("SM1", ann, "table").await;
        service.say("SM2", ann, "2").await;
        NOW.set(BEGINNING + 3 * HOUR);
        state(&service, ann, "ABANDONED").await;
        assert_eq!(ended(database).await.len(), 1);
        // A process that knows their flows again finds all of them.
        run_sql(database.url(), "UPDATE user_sessions SET flow_version = NULL").await;
        until("all are over", async || due(database).await.is_empty()).await;
        assert_eq!(ended(database).await.len(), 151);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_saved_fails_alone() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let people = people(20);
        for from in &people {
            ask(&service, from).await;
        }
        let poison = if database.is_mysql() {
            "CREATE TRIGGER poison BEFORE INSERT ON conversations FOR EACH ROW \
             IF NEW.phone_number = '+14155550007' THEN SIGNAL SQLSTATE '45000'; END IF"
        } else {
            "CREATE TRIGGER poison BEFORE INSERT ON conversations \
             WHEN NEW.phone_number = '+14155550007' BEGIN SELECT RAISE(ABORT, 'poison'); END"
        };
        run_sql(database.url(), poison).await;
        NOW.set(BEGINNING + 3 * HOUR);
        until("the others are over", async || due(database).await == ["+14155550007"]).await;
        run_sql(database.url(), "DROP TRIGGER poison").await;
        state(&service, "+14155550007", "ABANDONED").await;
        assert_eq!(ended(database).await.len(), 20);
    })
    .await;
}

/// A wait that cannot be read, and a person who was deleted by hand.
#[tokio::test]
async fn an_unreadable_wait_ends_and_nobody_comes_back() {
    each_database(async |database| {
        let service = start(database, SILENT).await;
        let (ann, ben) = ("+14155552671", "+14155552672");
        for from in [ann, ben] {
            ask(&service, from).await;
        }
        let broken = format!("UPDATE user_sessions SET waits = '?' WHERE phone_number = '{ann}'");
        run_sql(database.url(), &broken).await;
        let deleted = format!("DELETE FROM user_sessions WHERE phone_number = '{ben}'");
        run_sql(database.url(), &deleted).await;
        NOW.set(BEGINNING + 3 * HOUR);
        until("nobody is due", async || due(database).await.is_empty()).await;
        let left = select(database.url(), "SELECT phone_number FROM user_sessions").await;
        assert_eq!(left, [ann]);
    })
    .await;
}
