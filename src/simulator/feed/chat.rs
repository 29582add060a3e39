//! The chat of one phone on a page's feed.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::sse::Event;
use serde::Serialize;
use serde_json::json;

use super::query::Followed;
use super::stopped::Stopped;
use crate::bot::feed::News;
use crate::conversation::{Awaited, Offer, Session, Upcoming};
use crate::message::Sender;
use crate::outbox::state::State;
use crate::simulator::flows::{PlaceData, place_of};
use crate::simulator::next_text::NextText;
use crate::simulator::shared::{Shared, Simulator};
use crate::simulator::shown::{
    CallbackData, LiveData, NextData, NextTextData, OfPhone, OptionData, TextData, TurnData,
};
use crate::store::transcript::Entry;
use crate::web::Events;

/// The number of earlier turns that a page shows when it opens.
const HISTORY: u32 = 200;

/// The number of turns that are read at once while a feed catches up.
const PAGE: u32 = 100;

/// The number of texts that a page shows.
const TEXTS: usize = 200;

/// What a feed has sent about one phone.
pub(super) struct Chat {
    shared: Arc<Shared>,
    events: Arc<Events>,
    /// The phone's number.
    phone: String,
    sender: Sender,
    /// The last turn that was sent.
    last: i64,
    /// The texts that were sent, with their states.
    texts: HashMap<i64, State>,
    /// What was sent last about the callback that is waited for.
    awaited: Vec<Awaited>,
    /// The options that were sent last, and the turn after which they were sent.
    offered: (i64, Vec<Offer>),
    /// What was sent last about what comes by itself.
    next: Vec<Upcoming>,
    /// What was sent last about the next text by REST.
    next_text: NextText,
    /// What was sent last about where the person stands.
    place: Option<PlaceData>,
    /// The session that was seen last.
    session: Option<Session>,
}

impl Chat {
    pub(super) fn new(shared: Arc<Shared>, events: Arc<Events>, followed: &Followed) -> Self {
        Self {
            shared,
            events,
            phone: followed.phone.to_string(),
            sender: followed.sender.clone(),
            last: followed.after,
            texts: HashMap::new(),
            awaited: Vec::new(),
            offered: (followed.after, Vec::new()),
            next: Vec::new(),
            next_text: NextText::default(),
            place: None,
            session: None,
        }
    }

    /// Sends everything so far.
    pub(super) async fn begin(&mut self) -> Result<(), Stopped> {
        self.send_history().await?;
        self.catch_up().await?;
        self.send_texts().await?;
        self.send_place().await?;
        let silence = &self.shared.simulator.silence;
        self.awaited = silence.awaited(&self.sender).await?;
        self.offered = (self.last, silence.options(&self.sender).await?);
        self.next = silence.upcoming(&self.sender).await?;
        self.send_live().await
    }

    /// Sends what is new.
    pub(super) async fn hear(&mut self, news: News) -> Result<(), Stopped> {
        match news {
            News::Texts => {
                self.send_texts().await?;
                self.send_next().await?;
                self.send_place().await?;
                self.send_next_text().await
            }
            News::Turn(turn) if turn <= self.last => Ok(()),
            News::Turn(_) => {
                self.catch_up().await?;
                self.send_next().await?;
                self.send_place().await
            }
        }
    }

    /// Sends whatever is new.
    pub(super) async fn look_again(&mut self) -> Result<(), Stopped> {
        self.catch_up().await?;
        self.hear(News::Texts).await
    }

    /// Sends what is new if anything has changed. This asks the database for less
    /// than looking at everything does.
    pub(super) async fn look_elsewhere(&mut self) -> Result<(), Stopped> {
        let Simulator { transcript, stage, .. } = self.simulator();
        let newer = transcript.after(&self.sender, self.last, 1).await?;
        let has_newer = newer.first().is_some_and(|entry| !entry.reply.is_empty());
        let texts = transcript.texts(&self.sender).await?;
        let shown = texts.iter().skip(texts.len().saturating_sub(TEXTS));
        let has_moved = shown
            .filter(|text| TextData::of(text).is_some())
            .filter_map(|text| Some((text.id?, text.state)))
            .any(|(id, state)| self.texts.get(&id) != Some(&state));
        let session = stage.session(&self.sender).await?.into_iter().next();
        if has_newer || has_moved || session != self.session {
            self.session = session;
            self.look_again().await?;
        }
        Ok(())
    }

    /// Sends the history to a page that has none, or whose last turn is not in
    /// this transcript (the service now uses another database).
    async fn send_history(&mut self) -> Result<(), Stopped> {
        if self.last > 0 {
            let held = self.simulator().transcript.after(&self.sender, self.last - 1, 1).await;
            if held?.first().is_some_and(|entry| entry.turn == self.last) {
                return Ok(());
            }
            self.last = 0;
            self.send("reset", ()).await?;
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
            self.send("turn", TurnData::of(&entry, &self.shared.files)).await?;
            self.last = entry.turn;
        }
        Ok(true)
    }

    /// Sends the texts on the phone that the page does not know, or of which it
    /// does not know the present state.
    async fn send_texts(&mut self) -> Result<(), Stopped> {
        let texts = self.simulator().transcript.texts(&self.sender).await?;
        for text in texts.iter().skip(texts.len().saturating_sub(TEXTS)) {
            let (Some(id), Some(data)) = (text.id, TextData::of(text)) else { continue };
            if self.texts.insert(id, text.state) != Some(text.state) {
                self.send("text", data).await?;
            }
        }
        Ok(())
    }

    /// Sends what the conversation waits for, as far as that has changed: the
    /// callback, the options, and what comes by itself.
    async fn send_next(&mut self) -> Result<(), Stopped> {
        let awaited = self.simulator().silence.awaited(&self.sender).await?;
        if awaited != self.awaited {
            let callback = awaited.first().map(CallbackData::of);
            self.awaited = awaited;
            self.send("callback", json!({ "callback": callback })).await?;
        }
        self.send_options().await?;
        let next = self.simulator().silence.upcoming(&self.sender).await?;
        if next == self.next {
            return Ok(());
        }
        let data: Vec<NextData> = next.iter().map(NextData::of).collect();
        self.next = next;
        self.send("next", json!({ "next": data })).await
    }

    /// Sends the options of the current question. The page hides them with each
    /// message, so they are sent again after each turn.
    async fn send_options(&mut self) -> Result<(), Stopped> {
        let offered = self.simulator().silence.options(&self.sender).await?;
        let (turn, known) = &self.offered;
        if offered == *known && (offered.is_empty() || *turn == self.last) {
            return Ok(());
        }
        let options = OptionData::all(&offered);
        self.offered = (self.last, offered);
        self.send("options", json!({ "options": options })).await
    }

    /// Says that everything so far has been sent.
    async fn send_live(&mut self) -> Result<(), Stopped> {
        let simulator = self.simulator();
        let next_text = simulator.account.as_ref().map(|_| self.shared.next_texts.of(&self.sender));
        let data = LiveData {
            start_words: (simulator.start_words)(),
            next_text,
            options: OptionData::all(&self.offered.1),
            callback: self.awaited.first().map(CallbackData::of),
            next: self.next.iter().map(NextData::of).collect(),
            flows: simulator.flows_read.borrow().clone(),
        };
        self.next_text = next_text.unwrap_or_default();
        self.send("live", data).await
    }

    /// Sends what becomes of the next text by REST, if that has changed.
    async fn send_next_text(&mut self) -> Result<(), Stopped> {
        let becomes = self.shared.next_texts.of(&self.sender);
        if becomes == self.next_text {
            return Ok(());
        }
        self.next_text = becomes;
        self.send("next_text", NextTextData { becomes }).await
    }

    /// Sends where the person stands, if that has changed.
    async fn send_place(&mut self) -> Result<(), Stopped> {
        let place = place_of(self.simulator(), &self.sender).await?;
        let is_known = match &self.place {
            Some(known) => *known == place,
            None => !place.has_begun(),
        };
        if is_known {
            return Ok(());
        }
        self.place = Some(place.clone());
        self.send("place", place).await
    }

    fn simulator(&self) -> &Simulator {
        &self.shared.simulator
    }

    /// Sends an event of this phone.
    async fn send(&self, name: &str, data: impl Serialize) -> Result<(), Stopped> {
        let data = OfPhone { phone: &self.phone, data };
        let event = Event::default().event(name).json_data(data);
        let event = event.map_err(|error| Stopped::Unreadable(error.into()))?;
        Ok(self.events.send(event).await?)
    }
}
