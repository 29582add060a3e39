//! `GET /simulator/events`: a phone's chat as it grows, as server-sent events.
//!
//! A notice only wakes the stream. The stream reads the transcript after the
//! last turn that it sent. A stream that fell behind, or a page that was away,
//! therefore misses nothing and gets nothing twice.
//!
//! | event | id | data | meaning |
//! | --- | --- | --- | --- |
//! | `turn` | the turn | [`TurnData`] | one message and its replies |
//! | `text` | - | [`TextData`] | a text that came by itself; again when its state changes |
//! | `next` | - | a list of [`NextData`] | what comes by itself if nobody writes, in order |
//! | `live` | - | [`LiveData`] | everything so far has been sent |
//! | `reset` | - | `{}` | the turns on the page are not of this transcript, which follows again |

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{self, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::phone::Phone;
use super::shared::{Shared, StartWords};
use super::silence::Silence;
use super::transcript::{ReadError, Transcript};
use crate::bot::feed::{News, Notice};
use crate::conversation::{Upcoming, What};
use crate::message::{Sender, Wish, consent};
use crate::outbox::state::State;
use crate::outbox::text::Text;
use crate::store::transcript::Entry;
use crate::twilio::twiml;
use crate::web::{Closed, Events, last_event_id};

/// The number of turns from before it opened that a page shows.
const HISTORY: u32 = 200;

/// The number of turns that are read at once on the way to the newest.
const PAGE: u32 = 100;

/// The number of texts that a page shows.
const TEXTS: usize = 200;

/// How long a browser waits before it reconnects by itself.
const RETRY: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    phone: Phone,
    /// The last turn that the page has. `Last-Event-ID` says the same if the
    /// browser itself reconnects, and is then newer.
    #[serde(default)]
    after: i64,
}

/// Opens the feed of a phone.
pub(super) async fn follow(
    extract::State(shared): extract::State<Arc<Shared>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Query(Parameters { phone, after }) = match parameters {
        Ok(parameters) => parameters,
        Err(rejection) => return rejection.into_response(),
    };
    let sender = match phone.sender() {
        Ok(sender) => sender,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let last = last_event_id(&headers).unwrap_or(after).max(0);
    let feed = shared.feeds.open(|events| {
        // Subscribes before the first read, so that no turn is lost between the two.
        let notices = shared.simulator.feed.subscribe();
        let start_words = Arc::clone(&shared.simulator.start_words);
        let transcript = Arc::clone(&shared.simulator.transcript);
        let texts = HashMap::new();
        let silence = Arc::clone(&shared.simulator.silence);
        let next = Vec::new();
        let chat = Chat { start_words, transcript, sender, events, last, texts, silence, next };
        async move {
            if let Err(Stopped::Unreadable(error)) = chat.run(notices).await {
                tracing::warn!(%error, "a phone page's feed could not read the transcript");
            }
        }
    });
    feed.unwrap_or_else(|| {
        let complaint = "too many phone pages are open: close one\n";
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], complaint).into_response()
    })
}

/// One open stream.
struct Chat {
    start_words: StartWords,
    transcript: Arc<dyn Transcript>,
    sender: Sender,
    events: Events,
    /// The last turn that was sent.
    last: i64,
    /// The texts that were sent, with their states.
    texts: HashMap<i64, State>,
    silence: Arc<dyn Silence>,
    /// What was sent last about what comes by itself.
    next: Vec<Upcoming>,
}

/// Why a stream ends. The page reconnects and continues after its last turn.
enum Stopped {
    /// The page or the service is gone.
    Closed,
    /// The transcript could not be read.
    Unreadable(ReadError),
}

impl Chat {
    async fn run(mut self, mut notices: Receiver<Notice>) -> Result<(), Stopped> {
        self.begin().await?;
        self.catch_up().await?;
        self.send_texts().await?;
        self.send_next().await?;
        let live = Event::default()
            .event("live")
            .retry(RETRY)
            .json_data(LiveData { start_words: (self.start_words)() })
            .map_err(|error| Stopped::Unreadable(error.into()))?;
        self.send(live).await?;
        loop {
            match notices.recv().await {
                Ok(notice) if notice.sender != self.sender => {}
                Ok(Notice { news: News::Texts, .. }) => {
                    self.send_texts().await?;
                    self.send_next().await?;
                }
                Ok(Notice { news: News::Turn(turn), .. }) if turn <= self.last => {}
                Ok(_) => {
                    self.catch_up().await?;
                    self.send_next().await?;
                }
                Err(RecvError::Lagged(_)) => {
                    self.catch_up().await?;
                    self.send_texts().await?;
                    self.send_next().await?;
                }
                Err(RecvError::Closed) => return Err(Stopped::Closed),
            }
        }
    }

    /// Sends the history to a page that has none, or whose last turn is not in
    /// this transcript (the service now uses another database).
    async fn begin(&mut self) -> Result<(), Stopped> {
        if self.last > 0 {
            let held = self.transcript.after(&self.sender, self.last - 1, 1).await;
            if held?.first().is_some_and(|entry| entry.turn == self.last) {
                return Ok(());
            }
            self.last = 0;
            self.send(Event::default().event("reset").data("{}")).await?;
        }
        let history = self.transcript.latest(&self.sender, HISTORY).await?;
        self.send_turns(history).await.map(drop)
    }

    /// Sends everything after the last turn.
    async fn catch_up(&mut self) -> Result<(), Stopped> {
        loop {
            let entries = self.transcript.after(&self.sender, self.last, PAGE).await?;
            if entries.is_empty() || !self.send_turns(entries).await? {
                return Ok(());
            }
        }
    }

    /// Sends turns, and returns whether these were all of them. A turn whose reply
    /// is still open comes once it is closed.
    async fn send_turns(&mut self, entries: Vec<Entry>) -> Result<bool, Stopped> {
        for entry in entries {
            if entry.reply.is_empty() {
                return Ok(false);
            }
            let event = Event::default()
                .event("turn")
                .id(entry.turn.to_string())
                .json_data(TurnData::of(&entry))
                .map_err(|error| Stopped::Unreadable(error.into()))?;
            self.send(event).await?;
            self.last = entry.turn;
        }
        Ok(true)
    }

    /// Sends the texts that are on the phone, as far as the page does not know
    /// them or their state.
    async fn send_texts(&mut self) -> Result<(), Stopped> {
        let texts = self.transcript.texts(&self.sender).await?;
        for text in texts.iter().skip(texts.len().saturating_sub(TEXTS)) {
            let (Some(id), Some(at)) = (text.id, text.accepted_at) else { continue };
            if self.texts.insert(id, text.state) == Some(text.state) {
                continue;
            }
            let event = Event::default()
                .event("text")
                .json_data(TextData::of(id, at, text))
                .map_err(|error| Stopped::Unreadable(error.into()))?;
            self.send(event).await?;
        }
        Ok(())
    }

    /// Sends what comes by itself, if that has changed.
    async fn send_next(&mut self) -> Result<(), Stopped> {
        let next = self.silence.upcoming(&self.sender).await?;
        if next == self.next {
            return Ok(());
        }
        let data: Vec<NextData> = next.iter().map(NextData::of).collect();
        self.next = next;
        let event = Event::default()
            .event("next")
            .json_data(data)
            .map_err(|error| Stopped::Unreadable(error.into()))?;
        self.send(event).await
    }

    async fn send(&self, event: Event) -> Result<(), Stopped> {
        Ok(self.events.send(event).await?)
    }
}

impl From<Closed> for Stopped {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

/// The data for a page with an empty chat.
#[derive(Debug, Serialize)]
struct LiveData {
    /// The words that begin a conversation; none if any text does.
    start_words: Vec<String>,
}

/// One turn for the page.
#[derive(Debug, Serialize)]
struct TurnData<'a> {
    turn: i64,
    /// The message's id, by which a page recognizes its own message.
    id: &'a str,
    /// The time at which the message was taken, in RFC 3339.
    at: String,
    channel: &'static str,
    body: &'a str,
    media: Vec<&'a str>,
    replies: Vec<ReplyData>,
    /// The wish of a message without a reply: `stop`, `start` or `help`. The provider answers such
    /// a message itself, which the page would not show.
    wish: Option<&'static str>,
    /// The state that the turn led to.
    state: &'a str,
}

/// A text that came by itself.
#[derive(Debug, Serialize)]
struct TextData<'a> {
    id: i64,
    /// The time at which the provider took it, in RFC 3339.
    at: String,
    channel: &'static str,
    text: &'a str,
    media: &'a [String],
    /// Where it is on its way, as the outbox says it.
    state: &'static str,
}

impl<'a> TextData<'a> {
    fn of(id: i64, at: Timestamp, text: &'a Text) -> Self {
        Self {
            id,
            at: at.to_string(),
            channel: text.route.channel.as_str(),
            text: &text.reply.text,
            media: &text.reply.media,
            state: text.state.as_str(),
        }
    }
}

/// Something that comes by itself.
#[derive(Debug, Serialize)]
struct NextData {
    what: &'static str,
    /// When, in RFC 3339.
    at: String,
}

impl NextData {
    fn of(upcoming: &Upcoming) -> Self {
        let what = match upcoming.what {
            What::Nudge => "nudge",
            What::Timeout => "timeout",
            What::CallOver => "call",
            What::Expiry => "expiry",
        };
        Self { what, at: upcoming.at.to_string() }
    }
}

/// One message of the reply.
#[derive(Debug, Serialize)]
struct ReplyData {
    text: String,
    media: Vec<String>,
}

impl<'a> TurnData<'a> {
    fn of(entry: &'a Entry) -> Self {
        let replies: Vec<ReplyData> = twiml::read(&entry.reply)
            .unwrap_or_default()
            .into_iter()
            .map(|reply| ReplyData { text: reply.text, media: reply.media })
            .collect();
        let consent = consent::of_text(entry.channel, &entry.body);
        Self {
            turn: entry.turn,
            id: &entry.message_id,
            at: entry.received_at.to_string(),
            channel: entry.channel.as_str(),
            body: &entry.body,
            media: entry.media.iter().map(|media| media.url.as_str()).collect(),
            wish: consent.filter(|_| replies.is_empty()).map(|consent| match consent.wish {
                Wish::Stop => "stop",
                Wish::Start => "start",
                Wish::Help => "help",
            }),
            replies,
            state: &entry.state_after,
        }
    }
}
