//! What the page's own Twilio does with the next text by REST, as the page
//! chooses it: the real service with its page, and what it keeps of the texts.

use reqwest::{Client, Response};
use ringback::message::Sender;
use ringback::outbox::text::Text;
use ringback::store::Store;
use ringback::store::url::DatabaseUrl;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Duration, timeout};

use crate::support::database::{TestDatabase, each_database, select};
use crate::support::page::{opened_by, stranger};
use crate::support::service::Service;
use crate::support::waiting::until;

const ANN: &str = "+14155552671";
const BEN: &str = "+14155552672";

const FLOW: &str = "\
flow: table
start: [hello]
steps:
  GUESTS: {ask: How many?, nudges: {10m: Still there?, 20m: Last call.}}
";

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(30);

/// A service with its page, opened by somebody who has its key.
struct Page {
    service: Service,
    person: Client,
    store: Store,
    _folder: TempDir,
}

impl Page {
    async fn open(database: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.yaml");
        std::fs::write(&path, FLOW).unwrap();
        let settings = [("FLOWS", path.to_str().unwrap()), ("DATABASE_URL", database.url())];
        let mut service = Service::start(folder.path(), &settings);
        let person = opened_by(&service.page_link()).await;
        Self { service, person, store: store(database), _folder: folder }
    }

    /// What a request of the page is answered.
    async fn post(&self, path: &str, body: Value) -> u16 {
        let url = self.service.url(&format!("/simulator/{path}"));
        self.person.post(url).json(&body).send().await.unwrap().status().as_u16()
    }

    /// Lets somebody come to the question.
    async fn ask(&self, phone: &str) {
        let id = format!("01234567-89ab-4cde-8f01-2345{}", &phone[4..]);
        let message = json!({ "id": id, "from": phone, "channel": "sms", "text": "hello" });
        assert_eq!(self.post("messages", message).await, 204);
    }

    async fn choose(&self, phone: &str, becomes: &str) {
        let choice = json!({ "phone": phone, "becomes": becomes });
        assert_eq!(self.post("next-text", choice).await, 204);
    }

    /// Lets the next nudge come.
    async fn nudge(&self, phone: &str) {
        assert_eq!(self.post("now", json!({ "phone": phone })).await, 204);
    }

    async fn feed(&self, phone: &str) -> Feed {
        let phone = phone.replace('+', "%2B");
        let url = self.service.url(&format!("/simulator/events?phone={phone}"));
        let response = self.person.get(url).send().await.unwrap();
        Feed { response, seen: String::new() }
    }

    async fn texts(&self, phone: &str) -> Vec<Text> {
        self.store.texts_of(&Sender::from_key(phone.to_owned())).await.unwrap()
    }

    /// Waits until this is kept of somebody's texts: the state, why, the code.
    async fn keeps(&self, phone: &str, expected: &[&str]) {
        until(&format!("{expected:?}"), async || {
            // A busy machine may not have a connection in time.
            let texts = self.store.texts_of(&Sender::from_key(phone.to_owned())).await;
            let texts = texts.unwrap_or_default();
            texts.iter().map(kept).collect::<Vec<String>>() == expected
        })
        .await;
    }
}

fn store(database: &TestDatabase) -> Store {
    Store::new(&DatabaseUrl::parse(database.url()).unwrap()).unwrap()
}

fn kept(text: &Text) -> String {
    let reason = text.reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
    let code = text.code.map(|code| format!(" {code}")).unwrap_or_default();
    format!("{}{reason}{code}", text.state.as_str())
}

/// What a page hears.
struct Feed {
    response: Response,
    seen: String,
}

impl Feed {
    /// Waits until the page has heard this.
    async fn hears(&mut self, words: &str) {
        let heard = async {
            while !self.seen.contains(words) {
                let chunk = self.response.chunk().await.unwrap().expect("the feed goes on");
                self.seen += std::str::from_utf8(&chunk).unwrap();
            }
        };
        let heard = timeout(DEADLINE, heard).await;
        assert!(heard.is_ok(), "{words:?} does not come: {}", self.seen);
    }
}

#[tokio::test]
async fn a_text_is_delivered_if_nothing_else_is_chosen() {
    each_database(async |database| {
        let page = Page::open(database).await;
        let mut feed = page.feed(ANN).await;
        feed.hears(r#""next_text":"delivered""#).await;
        page.ask(ANN).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["delivered"]).await;
        assert!(page.texts(ANN).await[0].sid.is_some());
        feed.hears(r#""state":"delivered","reason":null,"code":null,"meaning":null"#).await;
    })
    .await;
}

#[tokio::test]
async fn a_choice_is_for_one_text_of_one_phone() {
    each_database(async |database| {
        let page = Page::open(database).await;
        page.ask(ANN).await;
        page.ask(BEN).await;
        page.choose(ANN, "failed").await;
        let mut feed = page.feed(ANN).await;
        feed.hears(r#""next_text":"failed""#).await;
        page.nudge(BEN).await;
        page.keeps(BEN, &["delivered"]).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["undelivered 30003"]).await;
        feed.hears(r#""becomes":"delivered"}"#).await;
        let why = r#""code":30003,"meaning":"The person's phone is not reachable.""#;
        feed.hears(&format!(r#""state":"undelivered","reason":null,{why}"#)).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["undelivered 30003", "delivered"]).await;
        // Another page of the same phone hears of a choice, and of its end.
        page.choose(ANN, "lost").await;
        feed.hears(r#""becomes":"lost"}"#).await;
        page.choose(ANN, "delivered").await;
    })
    .await;
}

/// The text is on the phone, and a signed report says so later.
#[tokio::test]
async fn a_report_settles_what_a_lost_answer_did_not() {
    each_database(async |database| {
        let page = Page::open(database).await;
        page.ask(ANN).await;
        page.choose(ANN, "answer_lost").await;
        let mut feed = page.feed(ANN).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["delivered"]).await;
        let text = page.texts(ANN).await.remove(0);
        assert!(text.sid.is_some(), "the report brings the id");
        // The report comes two seconds later, and nothing tells of the text before it.
        let after = text.accepted_at.unwrap().duration_since(text.claimed_at.unwrap());
        assert!(after.as_millis() >= 2_000, "an answer came after {after:?}");
        feed.hears(r#""state":"delivered""#).await;
    })
    .await;
}

/// Nothing is sent, no report comes, and nothing is tried again.
#[tokio::test]
async fn without_a_report_a_text_stays_unknown() {
    each_database(async |database| {
        let page = Page::open(database).await;
        page.ask(ANN).await;
        page.choose(ANN, "lost").await;
        let mut feed = page.feed(ANN).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["unknown lost"]).await;
        feed.hears(r#""state":"unknown","reason":"lost""#).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["unknown lost", "delivered"]).await;
        let texts = page.texts(ANN).await;
        assert_eq!((&texts[0].sid, texts[0].tries), (&None, 1));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_with_21610_is_a_stop() {
    each_database(async |database| {
        let page = Page::open(database).await;
        page.ask(ANN).await;
        page.choose(ANN, "refused").await;
        let mut feed = page.feed(ANN).await;
        page.nudge(ANN).await;
        page.keeps(ANN, &["failed refused 21610"]).await;
        feed.hears(r#""state":"failed","reason":"refused","code":21610,"meaning":"The person has"#)
            .await;
        let ended = select(database.url(), "SELECT outcome FROM conversations").await;
        assert_eq!(ended, ["STOPPED"]);
        // A STOP counts for later messages as well: this one begins nothing.
        let message = json!({
            "id": "01234567-89ab-4cde-8f01-23456789abcd", "from": ANN, "channel": "sms",
            "text": "hello",
        });
        assert_eq!(page.post("messages", message).await, 204);
        let state = "SELECT conversation_state FROM user_sessions";
        assert_eq!(select(database.url(), state).await, ["STOPPED"]);
    })
    .await;
}

#[tokio::test]
async fn only_the_page_may_choose_and_only_what_there_is() {
    let database = TestDatabase::sqlite();
    let page = Page::open(&database).await;
    let choice = |becomes: &str| json!({ "phone": ANN, "becomes": becomes });
    let refused = stranger().post(page.service.url("/simulator/next-text"));
    let refused = refused.json(&choice("lost")).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 403);
    assert_eq!(page.post("next-text", choice("read")).await, 422);
    let no_phone = json!({ "phone": "1", "becomes": "lost" });
    assert_eq!(page.post("next-text", no_phone).await, 422);
    page.feed(ANN).await.hears(r#""next_text":"delivered""#).await;
}

/// Where the real Twilio gets the texts there is nothing to choose.
#[tokio::test]
async fn with_an_account_there_is_no_choice() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("DATABASE_URL", database.url()),
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000"),
        ("TWILIO_API_KEY", "SK00000000000000000000000000000001"),
        ("TWILIO_API_SECRET", "a-secret-of-the-tests"),
        ("TWILIO_API_URL", "http://127.0.0.1:1"),
    ];
    let mut service = Service::start(folder.path(), &settings);
    let person = opened_by(&service.page_link()).await;
    let page = Page { service, person, store: store(&database), _folder: folder };
    let choice = json!({ "phone": ANN, "becomes": "lost" });
    assert_eq!(page.post("next-text", choice).await, 409);
    page.feed(ANN).await.hears(r#""next_text":null"#).await;
}
