//! Silence after an end with `quiet_after`, as the databases keep it.

use std::cell::Cell;

use jiff::Timestamp;
use ringback::conversation::{Flows, Source};

use super::Service;
use crate::support::database::{each_database, run_sql, select};

const ANN: &str = "+14155552671";

const DESK: &str = "\
flow: desk
start: [desk]
otherwise: Write DESK.
steps:
  NAME: {ask: Your name?, max: 40}
  DONE: {say: Someone will write to you soon., end: HANDED_OVER, quiet_after: 24h}
";

/// 2027-01-15 08:00 UTC, in milliseconds.
const BEGINNING: i64 = 1_800_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

thread_local! {
    /// The time of a test, whose service runs in its thread.
    static NOW: Cell<i64> = const { Cell::new(BEGINNING) };
}

fn clock() -> Timestamp {
    Timestamp::from_millisecond(NOW.get()).unwrap()
}

fn flows(text: &str) -> Flows {
    let source = Source { name: "desk.yaml".to_owned(), text: text.to_owned() };
    Flows::load(&[source]).unwrap_or_else(|findings| panic!("{findings}")).flows
}

async fn says(service: &Service, after: i64, id: &str, body: &str) -> String {
    NOW.set(NOW.get() + after);
    service.say(id, ANN, body).await.concat()
}

#[tokio::test]
async fn it_is_quiet_from_the_end_on_for_as_long_as_the_flow_says() {
    each_database(async |database| {
        let url = database.url();
        NOW.set(BEGINNING);
        let store = Service::start(url).await.store;
        let service = Service::by_clock(store.clone(), flows(DESK), clock);
        assert_eq!(says(&service, 0, "SM1", "desk").await, "Your name?");
        let soon = "Someone will write to you soon.";
        assert_eq!(says(&service, 5_000, "SM2", "Ann").await, soon);
        assert_eq!(says(&service, 1, "SM3", "Thanks").await, "");
        assert_eq!(says(&service, DAY - 2, "SM4", "Hello?").await, "");
        assert_eq!(says(&service, 0, "SM2", "Ann").await, soon, "a repeat gets its reply");
        assert_eq!(says(&service, 1, "SM5", "Hello?").await, "Write DESK.");
        assert_eq!(says(&service, 0, "SM4", "Hello?").await, "", "a repeat gets its silence");

        let silent = "SELECT CONCAT_WS('|', turn, state_before, state_after, body) FROM messages \
             WHERE message_id IN ('SM3', 'SM4') ORDER BY id";
        assert_eq!(
            select(url, silent).await,
            ["3|HANDED_OVER|HANDED_OVER|Thanks", "4|HANDED_OVER|HANDED_OVER|Hello?"]
        );
        let results = "SELECT CONCAT_WS('|', outcome, began_at, ended_at) FROM conversations";
        assert_eq!(
            select(url, results).await,
            ["HANDED_OVER|2027-01-15 08:00:00.000|2027-01-15 08:00:05.000"]
        );
    })
    .await;
}

#[tokio::test]
async fn the_flows_of_today_and_the_row_decide_whether_it_is_quiet() {
    each_database(async |database| {
        let url = database.url();
        NOW.set(BEGINNING);
        let store = Service::start(url).await.store;
        let service = Service::by_clock(store.clone(), flows(DESK), clock);
        says(&service, 0, "SM1", "desk").await;
        says(&service, 0, "SM2", "Ann").await;
        assert_eq!(says(&service, 1_000, "SM3", "hm").await, "");
        for (n, (text, reply)) in [
            (DESK.replace(", quiet_after: 24h", ""), "Write DESK."),
            (DESK.replace("24h", "1s"), "Write DESK."),
            (DESK.replace("24h", "2s"), ""),
            (DESK.replace("HANDED_OVER", "CALL_BACK"), "Write DESK."),
            (DESK.replace("flow: desk", "flow: other"), "Write DESK."),
        ]
        .into_iter()
        .enumerate()
        {
            let other = Service::by_clock(store.clone(), flows(&text), clock);
            assert_eq!(says(&other, 0, &format!("SM4{n}"), "hm").await, reply, "{text}");
        }
        // An older release left there when the conversation began, or nothing.
        for (n, (since, reply)) in [
            ("'2027-01-14 08:00:01.000'", "Write DESK."),
            ("'2027-01-14 08:00:01.001'", ""),
            ("NULL", "Write DESK."),
            ("'9999-12-30 00:00:00.000'", ""),
        ]
        .into_iter()
        .enumerate()
        {
            run_sql(url, &format!("UPDATE user_sessions SET began_at = {since}")).await;
            assert_eq!(says(&service, 0, &format!("SM5{n}"), "hm").await, reply, "{since}");
        }
        assert_eq!(says(&service, 0, "SM6", "desk").await, "Your name?");
    })
    .await;
}
