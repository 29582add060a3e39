//! Works on texts that answer no message, between two batches of messages.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;

use tokio::time::{Instant, timeout_at};

use super::{BATCH_WITHIN, Worker};
use crate::bot::connection::connected;
use crate::bot::outgoing::{LoadedTexts, OutgoingTexts, TextJob, TextWork, TextsDone};
use crate::bot::store_errors::{is_about_one, is_away};
use crate::bot::survived::survived;
use crate::message::Sender;
use crate::outbox::news::News;
use crate::outbox::pace::Paces;
use crate::outbox::state::State;
use crate::outbox::text::Text;
use crate::store::{Saved, StoreError};

impl Worker {
    /// Does work on texts; a panic costs this work and no more.
    pub(super) async fn serve_texts_or_survive(&mut self, TextJob { work, done }: TextJob) {
        if done.is_closed() && !work.senders.is_empty() {
            // Nobody would send what is claimed.
            return;
        }
        let served = survived(pin!(self.serve_texts(work))).await;
        if served.is_none() {
            tracing::error!("work on texts panicked: this is a defect of Ringback");
            self.writer = None;
        }
        // It is not a fault if nobody waits any more; but nobody sends the texts then.
        if let Err(Some(TextsDone { claimed, .. })) = done.send(served.flatten())
            && !claimed.is_empty()
        {
            let unsent = |text: &Text| {
                let news = News::NotSent { attempt: text.tries, reason: "stopped", wait: None };
                Some((text.id?, news))
            };
            let news = claimed.iter().filter_map(unsent).collect();
            drop(self.serve_texts(TextWork { news, ..TextWork::default() }).await);
        }
    }

    /// Returns what came of the work; `None` if the database failed, so that
    /// nothing of it may have been done. Halves it like a batch of messages,
    /// until what concerns a single person fails.
    async fn serve_texts(&mut self, work: TextWork) -> Option<TextsDone> {
        self.versions.refresh();
        let deadline = Instant::now() + BATCH_WITHIN;
        let mut done = TextsDone::default();
        let mut parts = vec![work];
        while let Some(mut part) = parts.pop() {
            part.room = part.room.saturating_sub(done.claimed.len());
            let trying = timeout_at(deadline, self.serve_texts_once(&part));
            match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
                Ok(some) => {
                    self.is_up();
                    done.claimed.extend(some.claimed);
                    done.later.extend(some.later);
                    done.shifted |= some.shifted;
                    done.left_due += some.left_due;
                }
                Err(error) => {
                    self.failed(&error).await;
                    let size = part.news.len() + part.senders.len();
                    if is_away(&error) {
                        self.outages.failed(&error, Instant::now());
                        // What was claimed in other parts is saved, and must be sent.
                        return (!done.claimed.is_empty()).then_some(done);
                    } else if is_about_one(&error) && size > 1 {
                        let (first, second) = part.halves();
                        parts.extend([second, first]);
                    } else if is_in_the_way(&error) {
                        done.later.extend(part.news);
                        done.left_due += part.senders.len();
                    } else {
                        self.complain(&error, &part.senders);
                        done.left_due += part.senders.len();
                    }
                }
            }
        }
        Some(done)
    }

    /// Runs one transaction.
    async fn serve_texts_once(&mut self, work: &TextWork) -> Result<TextsDone, StoreError> {
        let writer = connected(&mut self.writer, &self.parts.store).await?;
        let ids: Vec<i64> = work.news.iter().map(|(id, _)| *id).collect();
        let owners = writer.text_senders(&ids).await?;
        let senders = owners.values().chain(&work.senders).chain(work.shifted());
        let senders: BTreeSet<Sender> = senders.cloned().collect();
        if senders.is_empty() {
            writer.roll_back_reading().await?;
            return Ok(TextsDone::default());
        }
        // A person whom another process is serving is passed over.
        writer.be_careful(true);
        let mut loaded = writer.load(&senders).await?;
        if self.versions.wants_more(&loaded.people) {
            self.versions.read(writer, &loaded.people).await?;
            loaded = writer.load(&senders).await?;
        }
        let people = loaded.people;
        let free: Vec<Sender> = people.keys().cloned().collect();
        let now = (self.parts.clock)();
        let mut texts = writer.open_texts(&free, now).await?;
        let is_free = |id: &i64| owners.get(id).is_some_and(|owner| people.contains_key(owner));
        let ids: Vec<i64> = ids.into_iter().filter(is_free).collect();
        add(&mut texts, writer.texts(&ids).await?);
        // Only who may claim gives texts their turns.
        let addresses = if work.senders.is_empty() { Vec::new() } else { addresses(&texts) };
        let known = writer.paces(&addresses).await?;
        let paces = Paces::new(addresses, &known);
        let is_later = |(id, _): &&(i64, _)| owners.contains_key(id) && !is_free(id);
        let later = work.news.iter().filter(is_later).cloned().collect();
        let locked = work.senders.iter().filter(|sender| !people.contains_key(sender)).count();
        let loaded = LoadedTexts { people, texts, paces };
        let pace = (&self.parts.sending, &mut self.plan);
        let outgoing = OutgoingTexts::of(&self.versions, loaded, work, pace, now);
        if outgoing.is_empty() {
            writer.roll_back().await?;
            let OutgoingTexts { shifted, left_due, .. } = outgoing;
            let left_due = locked + left_due;
            return Ok(TextsDone { later, shifted, left_due, ..TextsDone::default() });
        }
        match writer.save(&outgoing.changes).await? {
            Saved::Done => {
                outgoing.log(&self.parts.number_hash);
                self.aftermath.texts_moved(outgoing.whose_moved().chain(work.shifted()));
            }
            Saved::Duplicate => return Err(StoreError::TurnTaken),
        }
        if work.senders.is_empty() && outgoing.has_due() {
            self.said.notify_one();
        }
        let OutgoingTexts { claimed, shifted, left_due, .. } = outgoing;
        Ok(TextsDone { claimed, later, shifted, left_due: locked + left_due })
    }
}

impl TextWork {
    /// Returns it as two, each with about half of it.
    fn halves(mut self) -> (Self, Self) {
        let news = self.news.split_off(self.news.len() / 2);
        let senders = self.senders.split_off(self.senders.len() / 2);
        let room = self.room;
        if self.news.is_empty() && self.senders.is_empty() {
            // One of each: apart.
            return (
                Self { news, room, ..Self::default() },
                Self { senders, room, ..Self::default() },
            );
        }
        (self, Self { news, senders, room, ..Self::default() })
    }
}

fn is_in_the_way(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict(_) | StoreError::Locked(_))
}

/// Adds texts to those that are known, oldest first.
fn add(texts: &mut HashMap<Sender, Vec<Text>>, more: Vec<Text>) {
    for text in more {
        let known = texts.entry(text.sender.clone()).or_default();
        if known.iter().all(|one| one.id != text.id) {
            known.push(text);
        }
    }
    for texts in texts.values_mut() {
        texts.sort_unstable_by_key(|text| text.id);
    }
}

/// Returns our addresses that texts wait at, in order.
fn addresses(texts: &HashMap<Sender, Vec<Text>>) -> Vec<String> {
    let waiting = texts.values().flatten().filter(|text| text.state == State::Pending);
    let addresses: BTreeSet<&String> = waiting.map(|text| &text.route.us).collect();
    addresses.into_iter().cloned().collect()
}
