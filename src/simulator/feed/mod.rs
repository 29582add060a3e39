//! `GET /simulator/events`: the chats of a page's phones as they grow, as
//! server-sent events.
//!
//! All phones of a page share one stream, since a browser opens at most six
//! connections to a host. A notice only wakes the stream, which reads the
//! transcript after the last turn that it sent. A stream that fell behind, or a
//! page that was away, therefore misses nothing and gets nothing twice.
//!
//! The data of each event is an object. Its member `phone` names the phone, if
//! the event is about one.
//!
//! | event | data | meaning |
//! | --- | --- | --- |
//! | `turn` | [`TurnData`](super::shown::TurnData) | one message and its replies |
//! | `text` | [`TextData`](super::shown::TextData) | a text that came by itself; again when its state changes |
//! | `callback` | `callback`: a [`CallbackData`](super::shown::CallbackData), or `null` | what the conversation waits for from a third party |
//! | `options` | `options`: a list of [`OptionData`](super::shown::OptionData) | the options of the question that the person is asked |
//! | `next` | `next`: a list of [`NextData`](super::shown::NextData) | what comes by itself if nobody writes, in order |
//! | `next_text` | [`NextTextData`](super::shown::NextTextData) | what becomes of the next text by REST, when that changes |
//! | `place` | [`PlaceData`](super::flows::PlaceData) | where the person stands in the flows, when that changes |
//! | `live` | [`LiveData`](super::shown::LiveData) | everything so far has been sent |
//! | `flows` | [`FlowNews`](super::FlowNews) | the flow files were read again, with success or without |
//! | `requests` | `newest`: a number | requests came in; this is the number of the newest |
//! | `reset` | | the turns on the page are not of this transcript; all of its turns follow |

mod chat;
mod query;
mod stopped;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use self::chat::Chat;
use self::query::Phones;
use self::stopped::Stopped;
use super::requests::Newest;
use super::shared::{FlowNews, Shared};
use crate::bot::feed::Notice;
use crate::message::Sender;
use crate::web::Events;

/// How often a page looks for what another process did on the same database.
const LOOK_ELSEWHERE_EVERY: Duration = Duration::from_secs(1);

/// Opens the feed of a page.
pub(super) async fn follow(
    State(shared): State<Arc<Shared>>,
    phones: Result<Phones, Response>,
) -> Response {
    let Phones(phones) = match phones {
        Ok(phones) => phones,
        Err(refusal) => return refusal,
    };
    let feed = shared.feeds.open(|events| {
        // Subscribes before the first read, so that no turn is lost between the two.
        let notices = shared.simulator.feed.subscribe();
        let events = Arc::new(events);
        let chat = |phone: query::Followed| {
            let chat = Chat::new(Arc::clone(&shared), Arc::clone(&events), &phone);
            (phone.sender, chat)
        };
        let chats = phones.into_iter().map(chat).collect();
        // Each phone begins with what is so now.
        let mut flows_read = shared.simulator.flows_read.clone();
        flows_read.mark_unchanged();
        let newest = Newest::of(&shared.simulator.requests);
        let page = Page { chats, events: Arc::clone(&events), flows_read, newest };
        async move {
            if let Err(Stopped::Unreadable(error)) = page.run(notices).await {
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
struct Page {
    chats: HashMap<Sender, Chat>,
    events: Arc<Events>,
    flows_read: watch::Receiver<FlowNews>,
    newest: Newest,
}

impl Page {
    async fn run(mut self, mut notices: Receiver<Notice>) -> Result<(), Stopped> {
        for chat in self.chats.values_mut() {
            chat.begin().await?;
        }
        let mut elsewhere = interval(LOOK_ELSEWHERE_EVERY);
        elsewhere.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                notice = notices.recv() => self.hear(notice).await?,
                Ok(()) = self.flows_read.changed() => self.send_flows().await?,
                data = self.newest.next() => self.send("requests", &data).await?,
                _ = elsewhere.tick() => self.look_elsewhere().await?,
            }
        }
    }

    async fn hear(&mut self, notice: Result<Notice, RecvError>) -> Result<(), Stopped> {
        match notice {
            Ok(Notice { sender, news }) => match self.chats.get_mut(&sender) {
                Some(chat) => chat.hear(news).await,
                None => Ok(()),
            },
            Err(RecvError::Lagged(_)) => {
                for chat in self.chats.values_mut() {
                    chat.look_again().await?;
                }
                Ok(())
            }
            Err(RecvError::Closed) => Err(Stopped::Closed),
        }
    }

    /// Sends what another process did. Its notices do not come here.
    async fn look_elsewhere(&mut self) -> Result<(), Stopped> {
        for chat in self.chats.values_mut() {
            match chat.look_elsewhere().await {
                // A database that is away is no reason to end the feed.
                Ok(()) | Err(Stopped::Unreadable(_)) => {}
                Err(stopped) => return Err(stopped),
            }
        }
        Ok(())
    }

    /// Sends what became of the flow files, and what may have changed with them.
    async fn send_flows(&mut self) -> Result<(), Stopped> {
        let news = self.flows_read.borrow_and_update().clone();
        self.send("flows", &news).await?;
        for chat in self.chats.values_mut() {
            chat.look_again().await?;
        }
        Ok(())
    }

    /// Sends an event that is about no single phone.
    async fn send(&self, name: &str, data: &impl Serialize) -> Result<(), Stopped> {
        let event = Event::default().event(name).json_data(data);
        let event = event.map_err(|error| Stopped::Unreadable(error.into()))?;
        Ok(self.events.send(event).await?)
    }
}
