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
//! | `callback` | - | [`CallbackData`] or `null` | what the conversation waits for from a third party |
//! | `next` | - | a list of [`NextData`] | what comes by itself if nobody writes, in order |
//! | `next_text` | - | [`NextTextData`] | what becomes of the next text by REST, when that changes |
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
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::next_text::NextText;
use super::phone::Phone;
use super::shared::{Shared, Simulator};
use super::shown::{CallbackData, LiveData, NextData, NextTextData, TextData, TurnData};
use super::transcript::ReadError;
use crate::bot::feed::{News, Notice};
use crate::conversation::{Awaited, Upcoming};
use crate::message::Sender;
use crate::outbox::state::State;
use crate::store::transcript::Entry;
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
        let shared = Arc::clone(&shared);
        let (texts, awaited, next) = (HashMap::new(), Vec::new(), Vec::new());
        let next_text = NextText::default();
        let chat = Chat { shared, sender, events, last, texts, awaited, next, next_text };
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
    shared: Arc<Shared>,
    sender: Sender,
    events: Events,
    /// The last turn that was sent.
    last: i64,
    /// The texts that were sent, with their states.
    texts: HashMap<i64, State>,
    /// What was sent last about the callback that is waited for.
    awaited: Vec<Awaited>,
    /// What was sent last about what comes by itself.
    next: Vec<Upcoming>,
    /// What was sent last about the next text by REST.
    next_text: NextText,
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
        self.send_live().await?;
        loop {
            match notices.recv().await {
                Ok(notice) if notice.sender != self.sender => {}
                Ok(Notice { news: News::Texts, .. }) => {
                    self.send_texts().await?;
                    self.send_next().await?;
                    self.send_next_text().await?;
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
                    self.send_next_text().await?;
                }
                Err(RecvError::Closed) => return Err(Stopped::Closed),
            }
        }
    }

    /// Sends the history to a page that has none, or whose last turn is not in
    /// this transcript (the service now uses another database).
    async fn begin(&mut self) -> Result<(), Stopped> {
        if self.last > 0 {
            let held = self.simulator().transcript.after(&self.sender, self.last - 1, 1).await;
            if held?.first().is_some_and(|entry| entry.turn == self.last) {
                return Ok(());
            }
            self.last = 0;
            self.send(Event::default().event("reset").data("{}")).await?;
        }
        let history = self.simulator().transcript.latest(&self.sender, HISTORY).await?;
        self.send_turns(history).await.map(drop)
    }

    /// Sends everything after the last turn.
    async fn catch_up(&mut self) -> Result<(), Stopped> {
        loop {
            let entries = self.simulator().transcript.after(&self.sender, self.last, PAGE).await?;
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
            let event = event("turn", TurnData::of(&entry))?.id(entry.turn.to_string());
            self.send(event).await?;
            self.last = entry.turn;
        }
        Ok(true)
    }

    /// Sends the texts that are on the phone, as far as the page does not know
    /// them or their state.
    async fn send_texts(&mut self) -> Result<(), Stopped> {
        let texts = self.simulator().transcript.texts(&self.sender).await?;
        for text in texts.iter().skip(texts.len().saturating_sub(TEXTS)) {
            let (Some(id), Some(data)) = (text.id, TextData::of(text)) else { continue };
            if self.texts.insert(id, text.state) != Some(text.state) {
                self.send(event("text", data)?).await?;
            }
        }
        Ok(())
    }

    /// Sends what the conversation waits for, as far as that has changed: a
    /// callback, and what comes by itself.
    async fn send_next(&mut self) -> Result<(), Stopped> {
        let awaited = self.simulator().silence.awaited(&self.sender).await?;
        if awaited != self.awaited {
            let data = awaited.first().map(CallbackData::of);
            self.awaited = awaited;
            self.send(event("callback", data)?).await?;
        }
        let next = self.simulator().silence.upcoming(&self.sender).await?;
        if next == self.next {
            return Ok(());
        }
        let data: Vec<NextData> = next.iter().map(NextData::of).collect();
        self.next = next;
        self.send(event("next", data)?).await
    }

    /// Says that everything so far has been sent.
    async fn send_live(&mut self) -> Result<(), Stopped> {
        let simulator = self.simulator();
        let next_text = simulator.account.as_ref().map(|_| self.shared.next_texts.of(&self.sender));
        let data = LiveData { start_words: (simulator.start_words)(), next_text };
        self.next_text = next_text.unwrap_or_default();
        self.send(event("live", data)?.retry(RETRY)).await
    }

    /// Sends what becomes of the next text by REST, if that has changed.
    async fn send_next_text(&mut self) -> Result<(), Stopped> {
        let becomes = self.shared.next_texts.of(&self.sender);
        if becomes == self.next_text {
            return Ok(());
        }
        self.next_text = becomes;
        self.send(event("next_text", NextTextData { becomes })?).await
    }

    fn simulator(&self) -> &Simulator {
        &self.shared.simulator
    }

    async fn send(&self, event: Event) -> Result<(), Stopped> {
        Ok(self.events.send(event).await?)
    }
}

/// Returns an event with this data.
fn event(name: &str, data: impl Serialize) -> Result<Event, Stopped> {
    let event = Event::default().event(name).json_data(data);
    event.map_err(|error| Stopped::Unreadable(error.into()))
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
