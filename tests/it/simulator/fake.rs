//! A webhook and a transcript in memory, in place of the real ones.
//!
//! The bot behind it plays the built-in conversation. It takes a message only
//! with the signature that Twilio would have put on it, computed here again.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use ringback::bot::Shift;
use ringback::bot::feed::{Feed, News, Notice};
use ringback::conversation::{
    Awaited, Explained, Flows, Offer, Session, State as Standing, Upcoming,
};
use ringback::http;
use ringback::message::{Channel, Sender};
use ringback::outbox::text::Text;
use ringback::simulator::{
    self, Done, FlowNews, ReadError, Reading, Requests, Silence, Simulator, Stage, Transcript,
};
use ringback::store::transcript::Entry;
use ringback::telemetry::Outcome;
use ringback::twilio::public_url::PublicUrl;
use ringback::twilio::signature::AuthToken;
use ringback::web::Key;
use sha1::Sha1;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const TOKEN: &str = "a-key-of-the-tests-own";

/// What the fake service holds. It outlives a restart, as a database would.
pub(crate) struct FakeBot {
    key: Mutex<Key>,
    said: Mutex<HashMap<String, Vec<Entry>>>,
    feed: Feed,
    pub(crate) flows_read: watch::Sender<FlowNews>,
    mood: watch::Sender<Mood>,
    /// The options of the question that everybody is asked.
    pub(crate) offers: Mutex<Vec<Offer>>,
    /// The forms that passed the signature check, in the order they came.
    pub(crate) forms: Mutex<Vec<BTreeMap<String, String>>>,
}

/// How the webhook and the transcript behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// They answer.
    Well,
    /// The webhook keeps messages waiting.
    Slow,
    /// The webhook takes messages, and its answers get lost.
    Forgetful,
    /// The webhook refuses messages.
    Busy,
    /// The webhook meets messages with silence, since they come too fast.
    Silent,
    /// The transcript cannot be read.
    Unreadable,
    /// Both: the service dies between taking a message and answering it.
    Dying,
}

impl FakeBot {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            key: Mutex::new(Key::random()),
            said: Mutex::default(),
            feed: Feed::new(),
            flows_read: watch::Sender::new(FlowNews::default()),
            mood: watch::Sender::new(Mood::Well),
            offers: Mutex::default(),
            forms: Mutex::default(),
        })
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// The simulator on this bot, for requests to `address`.
    pub(crate) fn simulator(
        self: &Arc<Self>,
        address: SocketAddr,
        shutdown: CancellationToken,
    ) -> Router {
        let webhook = Router::new()
            .route("/webhooks/twilio", post(take))
            .with_state((Arc::clone(self), address));
        let requests = self.requests(address, PublicUrl::of_bind(address));
        let webhook = http::watched(webhook, Arc::new(requests.clone()));
        self.simulator_before(webhook, requests, address, shutdown)
    }

    /// A list of what comes in, for the page at `address`.
    pub(crate) fn requests(&self, address: SocketAddr, public_url: PublicUrl) -> Requests {
        Requests::new(&self.key.lock().unwrap(), address, public_url)
    }

    /// The simulator before another webhook.
    pub(crate) fn simulator_before(
        self: &Arc<Self>,
        webhook: Router,
        requests: Requests,
        address: SocketAddr,
        shutdown: CancellationToken,
    ) -> Router {
        simulator::router(Simulator {
            webhook,
            requests,
            token: AuthToken::new(&TOKEN.into()).unwrap(),
            public_url: PublicUrl::of_bind(address),
            account_sid: None,
            account: None,
            feed: self.feed.clone(),
            flows_read: self.flows_read.subscribe(),
            start_words: Arc::new(|| vec!["hello".to_owned(), "good morning".to_owned()]),
            transcript: Arc::new(InMemory(Arc::clone(self))),
            silence: Arc::new(InMemory(Arc::clone(self))),
            stage: Arc::new(InMemory(Arc::clone(self))),
            shutdown,
            address,
            key: self.key.lock().unwrap().clone(),
        })
    }

    /// Has another key from the next start on.
    pub(crate) fn change_key(&self) {
        *self.key.lock().unwrap() = Key::random();
    }

    /// The link that opens the page.
    pub(crate) fn link(&self, address: SocketAddr) -> String {
        self.key.lock().unwrap().link(address)
    }

    /// The cookie that the link gives.
    pub(crate) fn cookie(&self, address: SocketAddr) -> String {
        let link = self.link(address);
        format!("ringback_{}={}", address.port(), link.split_once("/?key=").unwrap().1)
    }

    /// Everything that was said by or to a number.
    pub(crate) fn transcript(&self, phone: &str) -> Vec<Entry> {
        self.said.lock().unwrap().get(phone).cloned().unwrap_or_default()
    }

    /// Forgets everything, as a new database would.
    pub(crate) fn forget(&self) {
        self.said.lock().unwrap().clear();
    }

    /// Takes a turn without any webhook.
    pub(crate) fn say(&self, phone: &str, body: &str, twiml: &str) {
        let channel = Channel::Sms;
        self.record(phone, |turn| Entry {
            turn,
            message_id: format!("SMsaid{turn}"),
            channel,
            body: body.to_owned(),
            media: Vec::new(),
            parameters: None,
            received_at: Timestamp::now(),
            state_before: "INITIAL".to_owned(),
            state_after: "INITIAL".to_owned(),
            reply: twiml.as_bytes().to_vec(),
        });
    }

    /// Closes the reply to the last message.
    pub(crate) fn close(&self, phone: &str, twiml: &str) {
        let sender = Sender::from_address(phone).unwrap();
        let turn = {
            let mut said = self.said.lock().unwrap();
            let last = said.get_mut(phone).and_then(|entries| entries.last_mut()).unwrap();
            last.reply = twiml.as_bytes().to_vec();
            last.turn
        };
        self.feed.publish(Notice { sender, news: News::Turn(turn) });
    }

    fn record(&self, phone: &str, entry: impl FnOnce(i64) -> Entry) {
        let sender = Sender::from_address(phone).unwrap();
        let turn = {
            let mut said = self.said.lock().unwrap();
            let entries = said.entry(phone.to_owned()).or_default();
            let turn = i64::try_from(entries.len()).unwrap() + 1;
            entries.push(entry(turn));
            turn
        };
        self.feed.publish(Notice { sender, news: News::Turn(turn) });
    }

    /// One step of the built-in conversation, or the recorded reply of a repeat.
    fn answer(&self, form: &BTreeMap<String, String>) -> Vec<u8> {
        let id = &form["MessageSid"];
        let phone = Sender::from_address(&form["From"]).unwrap().to_string();
        let entries = self.transcript(&phone);
        if let Some(entry) = entries.iter().find(|entry| entry.message_id == *id) {
            return entry.reply.clone();
        }
        let state_before =
            entries.last().map_or_else(|| "INITIAL".to_owned(), |entry| entry.state_after.clone());
        let body = &form["Body"];
        let (text, state_after) = match state_before.as_str() {
            "WAITING_FOR_NAME" => {
                (format!("Hello {body}, what is your favorite song?"), "WAITING_FOR_SONG")
            }
            "WAITING_FOR_SONG" => (format!("Playing {body}"), "COMPLETED"),
            _ if body.eq_ignore_ascii_case("hello") => {
                ("What is your name?".to_owned(), "WAITING_FOR_NAME")
            }
            _ => ("Say hello to begin.".to_owned(), "INITIAL"),
        };
        let text = quick_xml::escape::escape(&text);
        let reply = format!("<Response><Message>{text}</Message></Response>").into_bytes();
        self.record(&phone, |turn| Entry {
            turn,
            message_id: id.clone(),
            channel: Channel::of_address(&form["From"]),
            body: body.clone(),
            media: Vec::new(),
            parameters: None,
            received_at: Timestamp::now(),
            state_before,
            state_after: state_after.to_owned(),
            reply: reply.clone(),
        });
        reply
    }
}

/// The webhook.
async fn take(
    State((bot, address)): State<(Arc<FakeBot>, SocketAddr)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: BTreeMap<String, String> = serde_urlencoded::from_bytes(&body).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    mac.update(format!("http://{address}/webhooks/twilio").as_bytes());
    for (name, value) in &form {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature = headers.get("x-twilio-signature").map(|value| value.as_bytes().to_vec());
    let expected = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    if signature.as_deref() != Some(expected.as_bytes()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    bot.forms.lock().unwrap().push(form.clone());
    let mut mood = bot.mood.subscribe();
    let mood = *mood.wait_for(|mood| *mood != Mood::Slow).await.unwrap();
    if mood == Mood::Busy {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "too busy\n")
            .into_response();
    }
    if mood == Mood::Silent {
        return (Extension(Outcome::Flooding), "<Response/>").into_response();
    }
    let reply = bot.answer(&form);
    if matches!(mood, Mood::Forgetful | Mood::Dying) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], reply).into_response()
}

/// The transcript.
struct InMemory(Arc<FakeBot>);

impl InMemory {
    fn read(&self, sender: &Sender) -> Result<Vec<Entry>, ReadError> {
        if matches!(*self.0.mood.borrow(), Mood::Unreadable | Mood::Dying) {
            return Err("the database is away".into());
        }
        Ok(self.0.transcript(sender.as_str()))
    }
}

/// The flow is the built-in one. A person who was asked something stands in it.
impl Stage for InMemory {
    fn flows(&self) -> (Arc<Flows>, String) {
        (Arc::new(Flows::built_in().unwrap().flows), "0123456789abcdef".to_owned())
    }

    fn session<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Session> {
        Box::pin(async move {
            let state = match self.read(sender)?.last().map(|entry| entry.state_after.clone()) {
                Some(state) if state.starts_with("WAITING") => Standing::Waiting(state),
                Some(state) if state != Standing::INITIAL => Standing::Ended(state),
                _ => return Ok(Vec::new()),
            };
            let flow = Some("favorite-song".to_owned());
            Ok(vec![Session { flow, state, ..Session::default() }])
        })
    }

    fn explained(&self, _: &Sender) -> Vec<Arc<Explained>> {
        Vec::new()
    }
}

/// Nothing comes by itself.
impl Silence for InMemory {
    fn upcoming<'a>(&'a self, _: &'a Sender) -> Reading<'a, Upcoming> {
        Box::pin(async move { Ok(Vec::new()) })
    }

    fn awaited<'a>(&'a self, _: &'a Sender) -> Reading<'a, Awaited> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn options<'a>(&'a self, _: &'a Sender) -> Reading<'a, Offer> {
        Box::pin(async { Ok(self.0.offers.lock().unwrap().clone()) })
    }

    fn shift(&self, _: Sender, _: Shift) -> Done<'_> {
        Box::pin(async { true })
    }
}

impl Transcript for InMemory {
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a> {
        Box::pin(async move {
            let mut entries = self.read(sender)?;
            Ok(entries.split_off(entries.len().saturating_sub(limit as usize)))
        })
    }

    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a> {
        Box::pin(async move {
            let mut entries = self.read(sender)?;
            entries.retain(|entry| entry.turn > after);
            entries.truncate(limit as usize);
            Ok(entries)
        })
    }

    fn texts<'a>(&'a self, _: &'a Sender) -> Reading<'a, Text> {
        Box::pin(async move { Ok(Vec::new()) })
    }
}
