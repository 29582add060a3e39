//! The live feed: history, then what comes, each turn once.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use axum::middleware::map_request;
use ringback::conversation::Offer;
use tokio::time::timeout;
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::{FakeBot, Mood};

const PHONE: &str = "+14155552671";
const TWIML: &str = "<Response><Message>yes &amp; no</Message></Response>";

/// Long enough for any machine; no test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(10);

/// The simulator, asked by a page that has its key.
fn simulator(bot: &Arc<FakeBot>) -> Router {
    stopped_by(CancellationToken::new(), bot)
}

fn stopped_by(shutdown: CancellationToken, bot: &Arc<FakeBot>) -> Router {
    let address = "127.0.0.1:5000".parse().unwrap();
    let cookie = HeaderValue::from_str(&bot.cookie(address)).unwrap();
    bot.simulator(address, shutdown).layer(map_request(move |mut request: Request<Body>| {
        request.headers_mut().insert("cookie", cookie.clone());
        ready(request)
    }))
}

async fn open(router: &Router, query: &str) -> Response<Body> {
    let request = Request::get(format!("/simulator/events?phone=%2B14155552671{query}"))
        .header("host", "127.0.0.1:5000");
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// The events of a stream, each with the number of its turn, and their data.
struct Events {
    body: axum::body::BodyDataStream,
    buffer: String,
}

impl Events {
    fn of(response: Response<Body>) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), buffer: String::new() }
    }

    /// The next event; `None` where the stream has ended.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default()
                };
                let data = field("data: ").to_owned();
                let turn =
                    serde_json::from_str::<serde_json::Value>(&data).unwrap()["turn"].as_i64();
                let name = [Some(field("event: ").to_owned()), turn.map(|turn| turn.to_string())];
                let found = (name.into_iter().flatten().collect::<Vec<_>>().join(" "), data);
                self.buffer = self.buffer.split_off(self.buffer.len() - rest.len());
                return Some(found);
            }
            let piece = timeout(DEADLINE, self.body.next()).await.expect("an event in time")?;
            self.buffer.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
    }

    async fn names(&mut self, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        while names.len() < count {
            names.push(self.next().await.expect("the stream goes on").0);
        }
        names
    }
}

fn said(turns: usize) -> Arc<FakeBot> {
    let bot = FakeBot::new();
    for turn in 1..=turns {
        bot.say(PHONE, &format!("message {turn}"), TWIML);
    }
    bot
}

#[tokio::test]
async fn history_comes_first_then_what_is_said() {
    let bot = said(2);
    let mut events = Events::of(open(&simulator(&bot), "").await);
    assert_eq!(events.names(3).await, ["turn 1", "turn 2", "live"]);
    bot.say("+4930123456", "of somebody else", TWIML);
    bot.say(PHONE, "and on", TWIML);
    assert_eq!(events.names(1).await, ["turn 3"]);
}

#[tokio::test]
async fn a_turn_tells_all_that_the_page_shows() {
    let bot = FakeBot::new();
    let twiml = "<Response><Message>one</Message><Message><Body>two</Body>\
                 <Media>https://example.org/a.png</Media></Message></Response>";
    bot.say(PHONE, "<b>\"hi\"\nthere", twiml);
    let mut events = Events::of(open(&simulator(&bot), "").await);
    let (_, data) = events.next().await.unwrap();
    let mut turn: serde_json::Value = serde_json::from_str(&data).unwrap();
    turn["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    turn["at"] = "(a time)".into();
    insta::assert_json_snapshot!(turn);
}

/// A call runs, and what follows may become part of the reply.
#[tokio::test]
async fn a_turn_comes_once_its_reply_is_closed() {
    let bot = said(1);
    bot.say(PHONE, "which price?", "");
    let mut events = Events::of(open(&simulator(&bot), "").await);
    assert_eq!(events.names(2).await, ["turn 1", "live"]);
    bot.close(PHONE, TWIML);
    assert_eq!(events.names(1).await, ["turn 2"]);
    bot.say(PHONE, "and on", TWIML);
    assert_eq!(events.names(1).await, ["turn 3"]);
}

/// The page hides them when a message leaves, so each turn brings them again.
#[tokio::test]
async fn options_come_after_each_turn_as_long_as_there_are_some() {
    let bot = said(1);
    let mut events = Events::of(open(&simulator(&bot), "").await);
    assert_eq!(events.names(2).await, ["turn 1", "live"]);
    let offer = |id: &str| Offer { id: id.to_owned(), label: "<b>".to_owned() };
    *bot.offers.lock().unwrap() = vec![offer("s"), offer("l")];
    for turn in [2, 3] {
        bot.say(PHONE, "pizza", TWIML);
        assert_eq!(events.names(1).await, [format!("turn {turn}")]);
        let (name, data) = events.next().await.unwrap();
        let expected = r#"{"phone":"+14155552671","options":[{"id":"s","label":"<b>"},{"id":"l","label":"<b>"}]}"#;
        assert_eq!((&*name, &*data), ("options", expected));
    }
    bot.offers.lock().unwrap().clear();
    bot.say(PHONE, "large", TWIML);
    assert_eq!(events.names(1).await, ["turn 4"]);
    let (name, data) = events.next().await.unwrap();
    let nothing = r#"{"phone":"+14155552671","options":[]}"#;
    assert_eq!((&*name, &*data), ("options", nothing));
    bot.say(PHONE, "Anna", TWIML);
    bot.say(PHONE, "thanks", TWIML);
    assert_eq!(events.names(2).await, ["turn 5", "turn 6"]);
    // A page that was away may show old options. It learns that there are none now.
    let mut events = Events::of(open(&simulator(&bot), "&after=6").await);
    let (name, data) = events.next().await.unwrap();
    assert!(name == "live" && data.contains(r#""options":[]"#), "{name}: {data}");
}

#[tokio::test]
async fn a_page_goes_on_after_the_last_turn_that_it_has() {
    let bot = said(3);
    let router = simulator(&bot);
    let mut events = Events::of(open(&router, "&after=2").await);
    assert_eq!(events.names(2).await, ["turn 3", "live"]);
}

#[tokio::test]
async fn a_page_of_another_database_begins_anew() {
    let bot = said(9);
    bot.forget();
    bot.say(PHONE, "a new beginning", TWIML);
    let mut events = Events::of(open(&simulator(&bot), "&after=9").await);
    assert_eq!(events.names(3).await, ["reset", "turn 1", "live"]);
}

#[tokio::test]
async fn a_new_page_gets_the_newest_of_a_long_history() {
    let mut events = Events::of(open(&simulator(&said(450)), "").await);
    let names = events.names(201).await;
    assert_eq!((&*names[0], &*names[199], &*names[200]), ("turn 251", "turn 450", "live"));
}

#[tokio::test]
async fn a_page_that_was_away_for_long_gets_all_that_it_missed() {
    let mut events = Events::of(open(&simulator(&said(450)), "&after=1").await);
    let names = events.names(450).await;
    assert_eq!((&*names[0], &*names[448], &*names[449]), ("turn 2", "turn 450", "live"));
}

#[tokio::test]
async fn a_stream_that_fell_behind_misses_nothing() {
    let bot = said(1);
    let mut events = Events::of(open(&simulator(&bot), "").await);
    assert_eq!(events.names(2).await, ["turn 1", "live"]);
    // While nobody reads the stream, more is said than one reading brings, and
    // then so much by others that the notices of it are lost.
    for _ in 0..300 {
        bot.say(PHONE, "more", TWIML);
    }
    for _ in 0..3000 {
        bot.say("+4930123456", "of somebody else", TWIML);
    }
    let expected: Vec<_> = (2..=301).map(|turn| format!("turn {turn}")).collect();
    assert_eq!(events.names(300).await, expected);
}

#[tokio::test]
async fn the_stream_ends_at_shutdown_and_where_the_transcript_cannot_be_read() {
    let bot = said(1);
    let shutdown = CancellationToken::new();
    let router = stopped_by(shutdown.clone(), &bot);
    let mut first = Events::of(open(&router, "").await);
    let mut second = Events::of(open(&router, "").await);
    assert_eq!(first.names(2).await, second.names(2).await);
    bot.set_mood(Mood::Unreadable);
    bot.say(PHONE, "unheard", TWIML);
    assert_eq!(first.next().await, None);
    assert_eq!(second.next().await, None);
    bot.set_mood(Mood::Well);
    let mut third = Events::of(open(&router, "&after=1").await);
    assert_eq!(third.names(2).await, ["turn 2", "live"]);
    shutdown.cancel();
    assert_eq!(third.next().await, None);
}

#[tokio::test]
async fn only_so_many_streams_are_open_at_once() {
    let router = simulator(&said(0));
    let mut open_streams = Vec::new();
    for _ in 0..64 {
        let mut events = Events::of(open(&router, "").await);
        assert_eq!(events.names(1).await, ["live"]);
        open_streams.push(events);
    }
    let refused = open(&router, "").await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    // A closed page makes room for another, as soon as its stream has noticed.
    drop(open_streams);
    timeout(DEADLINE, async {
        while open(&router, "").await.status() != StatusCode::OK {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("room for one more");
}

#[tokio::test]
async fn a_bad_number_is_told_so() {
    let router = simulator(&said(0));
    for query in ["", "?phone=14155552671", "?phone=%2B1&after=0", "?phone=%2B14155552671&after=x"]
    {
        let request = Request::get(format!("/simulator/events{query}"))
            .header("host", "127.0.0.1:5000")
            .body(Body::empty())
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn one_stream_has_the_chats_of_all_phones() {
    const BERT: &str = "+4930123456";
    let bot = said(2);
    bot.say(BERT, "of Bert", TWIML);
    let query = "&after=1&phone=%2B4930123456";
    let mut events = Events::of(open(&simulator(&bot), query).await);
    let mut of = async |count: usize| {
        let mut found = Vec::new();
        for _ in 0..count {
            let (name, data) = events.next().await.unwrap();
            let data: serde_json::Value = serde_json::from_str(&data).unwrap();
            found.push(format!("{} {name}", data["phone"].as_str().unwrap()));
        }
        found.sort();
        found
    };
    let begin =
        ["+14155552671 live", "+14155552671 turn 2", "+4930123456 live", "+4930123456 turn 1"];
    assert_eq!(of(4).await, begin);
    bot.say("+14155550199", "of nobody here", TWIML);
    bot.say(BERT, "and on", TWIML);
    assert_eq!(of(1).await, ["+4930123456 turn 2"]);
    bot.say(PHONE, "and on", TWIML);
    assert_eq!(of(1).await, ["+14155552671 turn 3"]);
}
