//! What must hold at the end, whoever was killed: each text went one way, none
//! twice, none was lost of which nobody says so, and nobody is stuck.

use std::collections::{BTreeMap, BTreeSet};

use ringback::twilio::twiml;
use serde_json::Value;

use super::Scene;
use super::people::Log;
use crate::support::database::select;

/// What is kept of a text that answers no message.
#[derive(Debug)]
struct Row {
    from: String,
    kind: String,
    state: String,
    body: String,
}

/// The columns of a query's rows.
async fn rows<const N: usize>(url: &str, columns: [&str; N], table: &str) -> Vec<[String; N]> {
    let query = format!("SELECT CONCAT_WS('|', {}) FROM {table}", columns.join(", "));
    let rows = select(url, &query).await;
    let cut = |row: &String| {
        let parts: Vec<String> = row.splitn(N, '|').map(str::to_owned).collect();
        parts.try_into().unwrap()
    };
    rows.iter().map(cut).collect()
}

/// Checks all of it, and returns how many texts are in each state.
pub(super) async fn check(scene: &Scene, log: &Log) -> BTreeMap<String, usize> {
    let url = &scene.url;
    let messages = rows(url, ["message_id", "CAST(reply AS CHAR)"], "messages").await;
    let count = messages.len();
    let kept: BTreeMap<String, String> =
        messages.into_iter().map(|[id, reply]| (id, reply)).collect();
    assert_eq!(kept.len(), count, "a message is there twice");
    assert_eq!(
        kept.keys().collect::<BTreeSet<_>>(),
        log.replies.keys().collect::<BTreeSet<_>>(),
        "messages that are kept, and that were answered"
    );
    for (id, reply) in &log.replies {
        assert_eq!(reply, &kept[id], "{id}: answered, and kept");
    }
    let outbox = outbox(url).await;
    let counts = check_outbox(scene, &outbox);
    check_orders(scene, log, &kept, &outbox).await;
    counts
}

async fn outbox(url: &str) -> BTreeMap<i64, Row> {
    let columns = ["id", "phone_number", "kind", "state", "body"];
    let rows = rows(url, columns, "outgoing").await;
    let row = |[id, from, kind, state, body]: [String; 5]| {
        (id.parse().unwrap(), Row { from, kind, state, body })
    };
    rows.into_iter().map(row).collect()
}

/// Compares the states of texts with what reached the phones.
fn check_outbox(scene: &Scene, outbox: &BTreeMap<i64, Row>) -> BTreeMap<String, usize> {
    let mut reached: BTreeMap<i64, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    let texts = scene.twilio.texts();
    for text in &texts {
        let url = text.status_callback.as_ref().unwrap();
        let id = url.split_once("?m=").unwrap().1.split_once('#').unwrap().0.parse().unwrap();
        let row = &outbox[&id];
        assert_eq!((&row.from, &row.body), (&text.to, &text.body), "{id}");
        *reached.entry(id).or_default() += 1;
        let before = last.insert(&text.to, id);
        assert!(before < Some(id), "{id} came after {before:?}: {row:?}");
    }
    let mut counts = BTreeMap::new();
    for (id, row) in outbox {
        let times = reached.get(id).copied().unwrap_or(0);
        match (row.state.as_str(), row.kind.as_str()) {
            ("accepted" | "sent" | "delivered", _) => assert_eq!(times, 1, "{id}: {row:?}"),
            ("failed" | "replied", _) | ("dropped", "nudge") => {
                assert_eq!(times, 0, "{id}: {row:?}");
            }
            // Nobody knows, and that is what it says.
            ("unknown", _) => assert!(times <= 1, "{id}: {row:?}"),
            _ => panic!("{id}: {row:?}"),
        }
        *counts.entry(format!("{} {}", row.kind, row.state)).or_default() += 1;
    }
    counts
}

/// Compares how each conversation ended with what was said in it, by one way or
/// the other.
async fn check_orders(
    scene: &Scene,
    log: &Log,
    kept: &BTreeMap<String, String>,
    outbox: &BTreeMap<i64, Row>,
) {
    let mut said: BTreeMap<(String, String), usize> = BTreeMap::new();
    let replies = kept.values().flat_map(|reply| twiml::read(reply.as_bytes()).unwrap());
    let by_rest = outbox.values().filter(|row| row.state != "replied");
    let texts = replies.map(|reply| reply.text).chain(by_rest.map(|row| row.body.clone()));
    // What was said before a call stands above what follows it.
    let texts: Vec<String> =
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    for text in texts.iter().filter(|text| text.starts_with("Xylophon")) {
        let (pizza, rest) = text.split_once(' ').unwrap();
        *said.entry((pizza.to_owned(), rest.to_owned())).or_default() += 1;
    }
    let mut outcomes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let ended = rows(&scene.url, ["phone_number", "outcome", "answers"], "conversations").await;
    for [number, outcome, answers] in ended {
        let answers: Value = serde_json::from_str(&answers).unwrap();
        let pizza = answers["pizza"].as_str().unwrap_or_default().to_owned();
        outcomes.entry(pizza).or_default().push((number, outcome));
    }
    for (pizza, order) in &log.pizzas {
        let outcome = match outcomes.get(pizza).map(Vec::as_slice) {
            Some([(number, outcome)]) if *number == order.from => outcome.as_str(),
            other => {
                let told = transcript(&scene.url, &order.from).await;
                panic!("{pizza} ended as {other:?}: {order:?}: {told:#?}")
            }
        };
        let expected: &[&str] = match outcome {
            "ORDERED" => &["costs 9. Shall we?", "is ordered."],
            "GIVEN_UP" => &["takes too long."],
            "FAILED" => &["is not to be had."],
            // It was given up during the call, or at the question after it.
            "CANCELLED" if order.may_be_cancelled => &[],
            other => panic!("{pizza}: {other}"),
        };
        for text in ["costs 9. Shall we?", "is ordered.", "takes too long.", "is not to be had."] {
            let times = said.get(&(pizza.clone(), text.to_owned())).copied().unwrap_or(0);
            if outcome == "CANCELLED" && text.starts_with("costs") {
                assert!(times <= 1, "{pizza} {text}: {times} times");
            } else {
                let times_expected = usize::from(expected.contains(&text));
                assert_eq!(times, times_expected, "{pizza} {text} ({outcome})");
            }
        }
    }
    let mut calls = BTreeSet::new();
    for request in scene.host.requests() {
        let line = request.lines().next().unwrap().to_owned();
        assert!(calls.insert(line.clone()), "{line} was called twice");
    }
}

/// All that somebody wrote and was told, for a test that fails.
async fn transcript(url: &str, number: &str) -> Vec<String> {
    let of = format!("WHERE phone_number = '{number}'");
    let message = "CONCAT_WS(' ', received_at, body, state_before, state_after, reply)";
    let mut told = select(url, &format!("SELECT {message} FROM messages {of}")).await;
    let text = "CONCAT_WS(' ', created_at, id, kind, state, reason, body, claimed_at)";
    told.extend(select(url, &format!("SELECT {text} FROM outgoing {of}")).await);
    let person = "CONCAT_WS(' ', last_interaction, conversation_state, waits, wakes_at, contact)";
    told.extend(select(url, &format!("SELECT {person} FROM user_sessions {of}")).await);
    told.sort();
    told
}
