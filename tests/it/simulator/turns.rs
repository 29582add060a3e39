//! Why turns went as they did, and the chat file of a conversation, as the page of the
//! real service has them.

use std::fs;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use reqwest::header;
use serde_json::{Value, json};

use super::opened::Opened;
use crate::support::database::{TestDatabase, each_database};
use crate::support::page::stranger;
use crate::support::ringback::run;
use crate::support::waiting::until;

const ANN: &str = "+14155552671";
const BEN: &str = "+14155552672";

const CAKE: &str = include_str!("../../../flows/cake.yaml");

impl Opened {
    /// The newest turns of a phone, oldest first.
    async fn turns(&self, phone: &str) -> Vec<Value> {
        let turns = self.get(&format!("turns?phone={}", phone.replace('+', "%2B"))).await;
        turns["turns"].as_array().unwrap().clone()
    }

    /// The last conversation of a phone as a chat file.
    async fn chat_file(&self, phone: &str) -> String {
        let path = format!("/simulator/chat?phone={}", phone.replace('+', "%2B"));
        let answer = self.person.get(self.service.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let name = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.starts_with("attachment; filename=\"") && name.ends_with(".chat\""), "{name}");
        answer.text().await.unwrap()
    }

    /// Waits until the newest turn is one that began so.
    async fn turn(&self, phone: &str, what: &str) {
        let is_there =
            async || self.turns(phone).await.last().is_some_and(|turn| turn["what"] == what);
        until("the turn", is_there).await;
    }
}

/// Lets `ringback check` play a chat file beside its flow.
fn check(flow: &str, chat: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cake.yaml"), flow).unwrap();
    fs::write(folder.path().join("cake.2671.chat"), chat).unwrap();
    let checked = run(folder.path(), &[], &["check", "cake.yaml"]);
    assert_eq!(checked.code, Some(0), "{chat}\n{checked}");
}

/// The cake is ordered with a nudge, two calls and a payment.
#[tokio::test]
async fn a_whole_order_is_explained_and_saved() {
    each_database(async |database| {
        // The test also runs at night.
        let flow = CAKE.replace("quiet: 21:00 to 8:00\n", "");
        let page = Opened::with_flow(database, &flow, &[]).await;
        let mut feed = page.feed(ANN).await;
        page.say(ANN, "cake").await;
        page.say(ANN, "apple").await;
        assert_eq!(page.post("now", &json!({ "phone": ANN })).await.0, 204);
        page.turn(ANN, "silence").await;
        page.say(ANN, "8").await;
        page.turn(ANN, "call").await;
        page.say(ANN, "yes").await;
        let path = feed.hears_path().await;
        let paid = "{\"outcome\": \"paid\", \"receipt\": \"R-17\"}";
        let answer = page.person.post(page.service.url(&path)).body(paid).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        page.turn(ANN, "callback").await;
        let turns = page.turns(ANN).await;
        let told: Vec<String> = turns
            .iter()
            .map(|turn| format!("{} -> {}", turn["what"], turn["after"]["state"]).replace('"', ""))
            .collect();
        assert_eq!(
            told,
            [
                "message -> CAKE",
                "message -> PEOPLE",
                "silence -> PEOPLE",
                "message -> PRICE",
                "call -> SURE",
                "message -> LINK",
                "call -> PAYMENT",
                "callback -> ORDERED",
            ]
        );
        assert_eq!(turns[1]["rules"], json!(["the option `apple` of CAKE, by its id"]));
        assert_eq!(turns[1]["path"], "CAKE -> PEOPLE");
        let change = |name: &str, before: Option<&str>, after: Option<&str>| {
            json!({ "name": name, "before": before, "after": after })
        };
        let variables = turns[1]["variables"].as_array().unwrap();
        assert!(variables.contains(&change("CAKE", None, Some("apple"))), "{variables:?}");
        assert_eq!(turns[2]["rules"], json!(["no answer to PEOPLE yet: a nudge"]));
        assert_eq!(turns[3]["calls"][0]["request"], "POST http://shop.test/prices");
        assert_eq!(turns[3]["calls"][0]["body"], "{\"cake\":\"apple\",\"people\":8}");
        assert!(turns[4]["came"].as_str().unwrap().starts_with("PRICE: 200 {"), "{}", turns[4]);
        assert_eq!(turns[7]["came"], "payment {\"outcome\":\"paid\",\"receipt\":\"R-17\"}");
        let variables = turns[7]["variables"].as_array().unwrap();
        assert!(variables.contains(&change("receipt", None, Some("R-17"))), "{variables:?}");
        let chat = page.chat_file(ANN).await;
        for line in ["@wait 10m", "= ORDERED", "@callback payment {", "@call PRICE 200 {"] {
            assert!(chat.contains(line), "{line}: {chat}");
        }
        assert!(!chat.contains('#'), "{chat}");
        check(&flow, &chat);
    })
    .await;
}

/// What chat files cannot say is said in a comment, and they pass all the same.
#[tokio::test]
async fn what_a_chat_file_cannot_repeat_is_said_in_it() {
    let database = TestDatabase::sqlite();
    let flow = "flow: cake\nstart: [cake]\notherwise: Say cake.\nexpire: 30m\nsteps:\n  \
                CAKE: {ask: Which?, max: 20}\n  ICING: {ask: Icing?, max: 20}\n";
    let page = Opened::with_flow(&database, flow, &[]).await;
    page.say_by("whatsapp", ANN, "cake").await;
    page.say_by("rcs", ANN, "apple").await;
    let chat = page.chat_file(ANN).await;
    let expected = "@whatsapp\n> cake\n< Which?\n@sms\n> apple\n< Icing?\n= @ICING\n";
    assert_eq!(chat, expected);
    check(flow, &chat);
    // Silence has ended it before the next message.
    let pass = json!({ "phone": ANN, "minutes": 31 });
    assert_eq!(page.post("now", &pass).await.0, 204);
    page.say_by("rcs", ANN, "hm").await;
    let chat = page.chat_file(ANN).await;
    assert!(chat.ends_with("< Icing?\n@wait 30m\n> hm\n< Say cake.\n"), "{chat}");
    check(flow, &chat);
    // What was done by hand is not in the file, nor what was before it.
    page.say(ANN, "cake").await;
    assert_eq!(page.post("anew", &json!({ "phone": ANN })).await.0, 204);
    page.say(ANN, "hm").await;
    let chat = page.chat_file(ANN).await;
    assert_eq!(chat, "> hm\n< Say cake.\n");
    check(flow, &chat);
    // Another process took the beginning.
    let other = Opened::with_flow(&database, flow, &[]).await;
    other.say(BEN, "cake").await;
    page.say(BEN, "apple").await;
    let chat = page.chat_file(BEN).await;
    assert!(chat.starts_with("# The beginning of this conversation is not known.\n"), "{chat}");
    assert!(chat.contains("# It was ICING here when this was recorded.\n"), "{chat}");
    check(flow, &chat);
}

/// The page says why "Now" lets nothing come.
#[tokio::test]
async fn what_waits_for_the_end_of_the_quiet_hours_says_so() {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let hour = |hours: i64| now.saturating_add(hours.hours()).strftime("%H:00").to_string();
    for (from, to, is_postponed) in [(-1, 3, true), (3, 6, false)] {
        let (from, to) = (hour(from), hour(to));
        let flow = format!(
            "flow: cake\nstart: [cake]\nquiet: {from} to {to}\ntimezone: UTC\nsteps:\n  \
             CAKE: {{ask: Which?, max: 20, nudges: {{10m: Well?}}}}\n"
        );
        let database = TestDatabase::sqlite();
        let page = Opened::with_flow(&database, &flow, &[]).await;
        page.say(ANN, "cake").await;
        let mut feed = page.feed(ANN).await;
        feed.hears(&format!("\"is_postponed\":{is_postponed}")).await;
    }
}

/// Two processes serve one database, each with a page of its own.
#[tokio::test]
async fn a_page_shows_what_another_process_took() {
    each_database(async |database| {
        let page = Opened::with_flow(database, CAKE, &[]).await;
        let other = Opened::with_flow(database, CAKE, &[]).await;
        let mut feed = page.feed(ANN).await;
        feed.hears("event: live").await;
        other.say(ANN, "nonsense").await;
        feed.hears("\"turn\":1,").await;
        other.say(ANN, "cake").await;
        feed.hears("\"turn\":2,").await;
        feed.hears("\"step\":\"CAKE\"").await;
    })
    .await;
}

/// Only the last conversation is saved, and a comment says it if the flow has changed.
#[tokio::test]
async fn a_chat_file_is_that_of_the_last_conversation() {
    let database = TestDatabase::sqlite();
    let page = Opened::with_flow(&database, CAKE, &[]).await;
    let nothing = page.person.get(page.service.url("/simulator/chat?phone=%2B14155552671"));
    assert_eq!(nothing.send().await.unwrap().status(), 404);
    page.say(BEN, "cake").await;
    page.say(ANN, "cake").await;
    page.say(ANN, "never mind").await;
    page.say(ANN, "cake").await;
    page.say(ANN, "a # \n b").await;
    let chat = page.chat_file(ANN).await;
    assert_eq!(chat.matches("> cake\n").count(), 1, "{chat}");
    assert!(chat.contains("> a # \\n b\n") && chat.ends_with("= @CAKE\n"), "{chat}");
    check(CAKE, &chat);
    assert_eq!(page.turns(BEN).await.len(), 1);
}

/// Somebody without the key learns nothing.
#[tokio::test]
async fn the_turns_are_for_the_page_only() {
    let database = TestDatabase::sqlite();
    let page = Opened::with_flow(&database, CAKE, &[]).await;
    page.say(ANN, "cake").await;
    for path in ["turns", "chat"] {
        let url = page.service.url(&format!("/simulator/{path}?phone=%2B14155552671"));
        assert_eq!(stranger().get(url).send().await.unwrap().status(), 403, "{path}");
    }
    let refused = page.person.get(page.service.url("/simulator/turns?phone=no")).send();
    assert_eq!(refused.await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_phone_begins_anew() {
    each_database(async |database| {
        let page = Opened::with_flow(database, CAKE, &[]).await;
        page.say(ANN, "cake").await;
        page.say(ANN, "apple").await;
        assert_eq!(page.post("anew", &json!({ "phone": ANN })).await, (204, String::new()));
        let place = page.get("place?phone=%2B14155552671").await;
        assert_eq!((&place["flow"], &place["step"]), (&Value::Null, &Value::Null));
        page.say(ANN, "cake").await;
        let turns = page.turns(ANN).await;
        assert_eq!(turns[2]["before"]["state"], "INITIAL");
        assert_eq!(turns[2]["after"]["state"], "CAKE");
        let (status, _) = page.post("anew", &json!({ "phone": "no" })).await;
        assert_eq!(status, 422);
    })
    .await;
}
