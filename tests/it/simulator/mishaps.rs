//! Each thing that can go wrong is played on the page's own numbers. The tests check
//! what the service does, and the sentence that says why that is right.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::opened::Opened;
use crate::support::database::{TestDatabase, each_database, select};
use crate::support::forwarder::Forwarder;
use crate::support::page::stranger;
use crate::support::waiting::until;

const ANN: &str = "+14155552671";
const BEN: &str = "+14155552672";
const CYD: &str = "+14155552673";

const FLOW: &str = "\
flow: table
start: [hello]
otherwise: Say hello.
steps:
  NAME: {ask: What is your name?}
  GUESTS: {ask: \"How many, {{ NAME }}?\", nudges: {4m: Still there?, 8m: Last call.}, timeout: 30m, on_timeout: GONE, end: BOOKED}
  GONE: {say: It is gone., end: ABANDONED}
";

impl Opened {
    /// Lets something go wrong, and returns what became of it.
    async fn plays(&self, phone: &str, what: &str) -> Value {
        let wanted = json!({ "phone": phone, "channel": "sms", "what": what });
        let (status, body) = self.post("mishaps", &wanted).await;
        assert_eq!(status, 200, "{what}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

fn played(outcome: &Value) -> (u64, bool, &str, &str) {
    let word = |name: &str| outcome[name].as_str().unwrap();
    let (status, is_right) = (outcome["status"].as_u64().unwrap(), &outcome["is_right"]);
    assert!(outcome["took_ms"].as_f64().unwrap() > 0.0, "{outcome}");
    (status, is_right.as_bool().unwrap(), word("verdict"), word("why"))
}

/// When a request came and when it was answered.
fn when(seen: &Value) -> (Timestamp, Timestamp) {
    let came: Timestamp = seen["at"].as_str().unwrap().parse().unwrap();
    let took = SignedDuration::from_secs_f64(seen["took_ms"].as_f64().unwrap() / 1_000.0);
    (came, came + took)
}

async fn open(database: &TestDatabase) -> Opened {
    Opened::with_flow(database, FLOW, &[]).await
}

/// The messages of a phone, in order, each with the state that it led to.
async fn messages(database: &TestDatabase, phone: &str) -> Vec<String> {
    let glued = if database.is_mysql() {
        "CONCAT(body, ' > ', state_after)"
    } else {
        "body || ' > ' || state_after"
    };
    let of = format!("SELECT {glued} FROM messages WHERE phone_number = '{phone}' ORDER BY turn");
    select(database.url(), &of).await
}

#[tokio::test]
async fn a_repeat_gets_the_first_reply_and_moves_nothing() {
    each_database(async |database| {
        let page = open(database).await;
        let wanted = json!({ "phone": ANN, "channel": "sms", "what": "repeat" });
        let (status, body) = page.post("mishaps", &wanted).await;
        assert_eq!((status, body.starts_with("send a message first")), (409, true), "{body}");
        page.say(ANN, "hello").await;
        page.say(ANN, "Ann").await;
        let outcome = page.plays(ANN, "repeat").await;
        let (status, is_right, verdict, why) = played(&outcome);
        assert_eq!((status, is_right, verdict), (200, true, "authentic"), "{outcome}");
        assert!(why.contains("byte for byte"), "{why}");
        assert!(outcome["body"].as_str().unwrap().contains("How many, Ann?"), "{outcome}");
        assert_eq!(messages(database, ANN).await, ["hello > NAME", "Ann > GUESTS"]);
    })
    .await;
}

/// A message that an earlier start answered is not in memory, but it is in the
/// transcript.
#[tokio::test]
async fn a_message_of_an_earlier_start_can_be_repeated() {
    each_database(async |database| {
        let page = open(database).await;
        page.say(ANN, "hello").await;
        page.service.stop();
        let page = open(database).await;
        let outcome = page.plays(ANN, "repeat").await;
        assert!(played(&outcome).1, "{outcome}");
        assert!(outcome["body"].as_str().unwrap().contains("What is your name?"), "{outcome}");
        assert_eq!(messages(database, ANN).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn two_at_once_are_taken_one_after_the_other() {
    each_database(async |database| {
        let page = open(database).await;
        page.say(ANN, "hello").await;
        let outcome = page.plays(ANN, "twice").await;
        let (status, is_right, _, why) = played(&outcome);
        assert_eq!((status, is_right), (200, true), "{outcome}");
        assert!(why.contains("one after the other"), "{why}");
        assert_eq!(
            (&outcome["count"], outcome["before"].as_array().unwrap().len()),
            (&json!(2), 1)
        );
        assert_ne!(outcome["body"], outcome["before"][0]["body"]);
        assert_eq!(messages(database, ANN).await.len(), 3);
        // The second one came before the first one was answered.
        let both: Vec<_> = page.requests().await.iter().skip(1).map(when).collect();
        assert_eq!(both.len(), 2);
        assert!(both[0].0 < both[1].1 && both[1].0 < both[0].1, "{both:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_authentic_or_no_message_is_refused_and_changes_nothing() {
    each_database(async |database| {
        let account = [("TWILIO_ACCOUNT_SID", "ACffffffffffffffffffffffffffffffff")];
        let page = Opened::with_flow(database, FLOW, &account).await;
        for (what, status, verdict, body, why) in [
            ("wrong_signature", 403, "refused", "forbidden\n", "Nothing proves that Twilio"),
            ("no_body", 400, "authentic", "`Body` is missing", "authentic but not a message"),
            ("other_account", 400, "authentic", "TWILIO_ACCOUNT_SID", "one account only"),
        ] {
            let outcome = page.plays(ANN, what).await;
            let (given, is_right, word, sentence) = played(&outcome);
            assert_eq!((given, is_right, word), (status, true, verdict), "{outcome}");
            assert!(outcome["body"].as_str().unwrap().contains(body), "{outcome}");
            assert!(sentence.contains(why), "{outcome}");
        }
        assert!(messages(database, ANN).await.is_empty());
        // The list has them as well, by their numbers.
        let numbers: Vec<Value> =
            page.requests().await.iter().map(|seen| seen["number"].clone()).collect();
        assert_eq!(numbers, [1, 2, 3].map(Value::from));
    })
    .await;
}

#[tokio::test]
async fn an_old_request_is_still_signed_but_known() {
    each_database(async |database| {
        let page = open(database).await;
        page.say(ANN, "hello").await;
        page.say(BEN, "hello").await;
        let wanted = json!({ "phone": ANN, "channel": "sms", "what": "stale_signature" });
        let (status, body) = page.post("mishaps", &wanted).await;
        assert_eq!((status, body.starts_with("send two messages first")), (409, true), "{body}");
        page.say(ANN, "Ann").await;
        let outcome = page.plays(ANN, "stale_signature").await;
        let (status, is_right, verdict, why) = played(&outcome);
        assert_eq!((status, is_right, verdict), (200, true, "authentic"), "{outcome}");
        assert!(why.contains("A signature has no date"), "{why}");
        assert!(outcome["body"].as_str().unwrap().contains("What is your name?"), "{outcome}");
        assert_eq!(messages(database, ANN).await, ["hello > NAME", "Ann > GUESTS"]);
        // A phone is known on each channel.
        page.say_by("rcs", CYD, "hello").await;
        page.say_by("rcs", CYD, "Cyd").await;
        assert!(played(&page.plays(CYD, "stale_signature").await).1);
    })
    .await;
}

#[tokio::test]
async fn a_recorded_request_cannot_be_cut_into_another_message() {
    each_database(async |database| {
        let page = open(database).await;
        for channel in ["sms", "whatsapp"] {
            let wanted = json!({ "phone": ANN, "channel": channel, "what": "recut" });
            let (status, body) = page.post("mishaps", &wanted).await;
            assert_eq!(status, 200, "{body}");
            let outcome: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(outcome["before"][0]["status"], 200, "{outcome}");
            let (status, is_right, verdict, why) = played(&outcome);
            assert_eq!((status, is_right, verdict), (403, true, "refused"), "{outcome}");
            assert!(why.contains("It belongs to the message that came with it first"), "{why}");
            assert_eq!(outcome["body"], "forbidden\n");
        }
        let senders = "SELECT phone_number FROM user_sessions";
        assert_eq!(select(database.url(), senders).await, [ANN], "the stranger was heard");
    })
    .await;
}

#[tokio::test]
async fn a_long_message_is_taken_whole() {
    each_database(async |database| {
        let page = open(database).await;
        let outcome = page.plays(ANN, "long").await;
        assert_eq!((played(&outcome).0, played(&outcome).1), (200, true), "{outcome}");
        let length = if database.is_mysql() { "CHAR_LENGTH(body)" } else { "LENGTH(body)" };
        let length = format!("SELECT CAST({length} AS CHAR) FROM messages");
        assert_eq!(select(database.url(), &length).await, ["2000"]);
    })
    .await;
}

#[tokio::test]
async fn a_burst_ends_in_silence_for_this_phone_alone() {
    each_database(async |database| {
        let page = open(database).await;
        let outcome = page.plays(ANN, "burst").await;
        let (status, is_right, verdict, why) = played(&outcome);
        assert_eq!((status, is_right, verdict), (200, true, "authentic"), "{outcome}");
        assert!(why.contains("meets silence"), "{why}");
        let count = outcome["count"].as_u64().unwrap();
        assert!((61..=80).contains(&count), "{outcome}");
        assert!(outcome["body"].as_str().unwrap().ends_with("<Response/>"), "{outcome}");
        assert_eq!(messages(database, ANN).await.len() as u64, count - 1);
        // If something else goes wrong then, the page says what it was.
        let outcome = page.plays(ANN, "long").await;
        let (_, is_right, _, why) = played(&outcome);
        assert!(!is_right && why.contains("gets silence"), "{outcome}");
        page.say(BEN, "hello").await;
    })
    .await;
}

/// On a real server that goes away for this service alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_while_the_database_is_away_is_refused_and_lost_nowhere() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let url = Url::parse(database.url()).unwrap();
    let server = url.socket_addrs(|| Some(3306)).unwrap()[0];
    let forwarder = Forwarder::to(server).await;
    let mut through = url.clone();
    through.set_ip_host(forwarder.address().ip()).unwrap();
    through.set_port(Some(forwarder.address().port())).unwrap();
    let page = Opened::with_flow_on(through.as_str(), FLOW, &[]).await;
    let wanted = json!({ "phone": ANN, "channel": "sms", "what": "database_away" });
    let (status, body) = page.post("mishaps", &wanted).await;
    assert_eq!((status, body.starts_with("the database is there")), (409, true), "{body}");
    drop(forwarder);
    let outcome = page.plays(ANN, "database_away").await;
    let (status, is_right, verdict, why) = played(&outcome);
    assert_eq!((status, is_right, verdict), (503, true, "authentic"), "{outcome}");
    assert!(why.contains("fallback URL"), "{why}");
    assert!(messages(&database, ANN).await.is_empty());
}

#[tokio::test]
async fn the_operations_guide_has_each_button() {
    let page = open(&TestDatabase::sqlite()).await;
    let menu = page.get("mishaps").await;
    let guide = include_str!("../../../docs/operations.md");
    let entries = menu.as_array().unwrap();
    assert_eq!(entries.len(), 10);
    for entry in entries {
        let label = entry["label"].as_str().unwrap();
        assert!(guide.contains(&format!("\n| {label} | ")), "{label}");
    }
}

/// In one leap, the first reminder would be left out.
#[tokio::test]
async fn while_minutes_pass_everything_happens_in_its_order() {
    each_database(async |database| {
        let page = open(database).await;
        for phone in [ANN, BEN] {
            page.say(phone, "hello").await;
            page.say(phone, "Ann").await;
        }
        let pass = |minutes: u32| json!({ "phone": ANN, "minutes": minutes });
        assert_eq!(page.post("now", &pass(10)).await.0, 204);
        let texts = |phone: &str| {
            format!("SELECT body FROM outgoing WHERE phone_number = '{phone}' ORDER BY id")
        };
        assert_eq!(select(database.url(), &texts(ANN)).await, ["Still there?", "Last call."]);
        // Twenty minutes are left of the half hour.
        assert_eq!(page.post("now", &pass(19)).await.0, 204);
        assert_eq!(messages(database, ANN).await.len(), 2);
        let state =
            "SELECT conversation_state FROM user_sessions WHERE phone_number = '+14155552671'";
        assert_eq!(select(database.url(), state).await, ["GUESTS"]);
        assert_eq!(page.post("now", &pass(2)).await.0, 204);
        until("the timeout", async || select(database.url(), state).await == ["ABANDONED"]).await;
        assert!(
            select(database.url(), &texts(BEN)).await.is_empty(),
            "somebody else's time passed"
        );
    })
    .await;
}

#[tokio::test]
async fn only_what_there_is_can_go_wrong_and_only_for_the_page() {
    let database = TestDatabase::sqlite();
    let page = open(&database).await;
    let wanted =
        |phone: &str, what: &str| json!({ "phone": phone, "channel": "sms", "what": what });
    for (body, status) in [
        (wanted("1", "repeat"), 422),
        (wanted(ANN, "earthquake"), 422),
        (json!({ "phone": ANN, "what": "repeat" }), 422),
        (wanted(ANN, "other_account"), 409),
    ] {
        assert_eq!(page.post("mishaps", &body).await.0, status, "{body}");
    }
    let url = page.service.url("/simulator/mishaps");
    let plain = page.person.post(&url).body(wanted(ANN, "long").to_string()).send();
    assert_eq!(plain.await.unwrap().status(), 415);
    let refused = stranger().post(&url).json(&wanted(ANN, "long")).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(stranger().get(&url).send().await.unwrap().status(), 403);
    for minutes in [0, 1_441] {
        let pass = json!({ "phone": ANN, "minutes": minutes });
        assert_eq!(page.post("now", &pass).await.0, 400, "{minutes}");
    }
    assert!(messages(&database, ANN).await.is_empty());
    // The menu says what cannot be played here.
    let menu = page.get("mishaps").await;
    let unfit: Vec<&Value> = menu
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| !entry["unfit"].is_null())
        .map(|entry| &entry["what"])
        .collect();
    assert_eq!(unfit, [&json!("other_account")]);
}
