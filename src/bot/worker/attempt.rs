//! One transaction for a batch of messages, and its repetitions.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::{RETRIES, Worker};
use crate::bot::around::Around;
use crate::bot::batch::Batch;
use crate::bot::connection::connected;
use crate::bot::naming;
use crate::bot::outdated;
use crate::bot::queue::Job;
use crate::bot::spin_wait::spin_wait;
use crate::bot::turn::Turns;
use crate::message::{Message, Sender};
use crate::outbox::text::Text;
use crate::store::{Person, Saved, StoreError, Writer};
use crate::telemetry::{self, Outcome};

impl Worker {
    pub(super) async fn serve_until(
        &mut self,
        deadline: Instant,
        batch: &mut Batch,
        aside: &mut Vec<Job>,
    ) -> Result<(), StoreError> {
        let is_alone = batch.len() == 1;
        let trying = timeout_at(deadline, self.retry(batch, aside));
        let tried = if is_alone { spin_wait(trying).await } else { trying.await };
        let result = tried.unwrap_or_else(|_| Err(StoreError::late()));
        match &result {
            Ok(()) => self.is_up(),
            Err(error) => self.failed(error).await,
        }
        result
    }

    /// Tries until all messages are answered or a failure is final.
    async fn retry(&mut self, batch: &mut Batch, aside: &mut Vec<Job>) -> Result<(), StoreError> {
        let mut tries = 0;
        let mut turns_taken = 0;
        while !batch.is_empty() {
            // A connection that was idle may be dead unnoticed.
            let was_connected = self.writer.is_some();
            let Err(error) = self.once(batch, aside, turns_taken > 1).await else { continue };
            let again = match error {
                StoreError::Conflict(_) => {
                    self.roll_back().await;
                    true
                }
                StoreError::TurnTaken => {
                    // Most likely another process has just taken a newcomer's
                    // first message; otherwise only counting helps.
                    turns_taken += 1;
                    if turns_taken == 2 {
                        tracing::warn!(%error, "turns are counted again");
                    }
                    turns_taken <= 2
                }
                StoreError::Unavailable(_) => {
                    self.hang_up(&error);
                    was_connected || self.parts.store.has_another_host()
                }
                _ => false,
            };
            tries += 1;
            if !again || tries > RETRIES {
                return Err(error);
            }
            telemetry::batch_retried();
        }
        Ok(())
    }

    /// Runs one transaction for all that is open; counts turns again if the
    /// sessions' own counts were wrong.
    async fn once(
        &mut self,
        batch: &mut Batch,
        aside: &mut Vec<Job>,
        recount: bool,
    ) -> Result<(), StoreError> {
        let is_careful = recount || self.is_careful();
        let writer = connected(&mut self.writer, &self.parts.store).await?;
        writer.be_careful(is_careful);
        let mut loaded = writer.load(&batch.senders()).await?;
        if recount {
            writer.recount(&mut loaded).await?;
        }
        let moved = naming::moved(writer, &batch.messages()).await?;
        loaded.people.retain(|sender, _| !moved.contains(sender));
        loaded.locked.extend(moved);
        aside.extend(batch.without(&loaded.locked));
        if batch.is_empty() {
            return writer.roll_back().await;
        }
        if self.versions.wants_more(&loaded.people) {
            // All messages are taken again with the versions just read.
            return Box::pin(self.versions.read(writer, &loaded.people)).await;
        }
        let waiting = self.versions.let_wait(&loaded.people);
        if !waiting.is_empty() {
            // The rows of those who wait must not stay locked: the others are taken again.
            aside.extend(batch.without(&waiting));
            return writer.roll_back().await;
        }
        let messages = batch.messages();
        let (people, now) = (loaded.people, (self.parts.clock)());
        let outgoing = outgoing_to(writer, &people, now).await?;
        let transcripts = self.lately.read(writer, &self.versions, &people, &messages, now).await?;
        let lately = (&self.lately, &transcripts);
        let around = Around {
            mode: self.parts.sending.policy.mode,
            now,
            callback_base: &self.parts.callback_base,
            explains: self.parts.explanations.is_some(),
        };
        let loaded = (people, outgoing);
        // In a box, so that the future of a batch is no larger than it must be.
        let turns = Turns::of(&self.versions, lately, loaded, &messages, around);
        let mut turns = Box::new(turns);
        if !turns.outdated.is_empty() {
            // The others are taken again without them.
            writer.roll_back().await?;
            return outdated::refuse(writer, batch, &turns.outdated).await;
        }
        match writer.save(&turns.changes).await? {
            Saved::Done => {
                self.health.took();
                let now = Instant::now();
                for recorded in &turns.changes.messages {
                    self.flood.count(&recorded.message.sender, now);
                }
                if turns.has_said {
                    self.said.notify_one();
                }
                for recorded in &turns.changes.messages {
                    let id = &recorded.message.id;
                    if let Some(for_so_long) = turns.open.get(id)
                        && let Some((arrived, jobs)) = batch.take_jobs(id)
                    {
                        let whose = (recorded.message.sender.clone(), recorded.turn);
                        self.held.hold(whose, (arrived, *for_so_long), jobs);
                    }
                }
                let closed = turns.changes.closed.iter();
                self.answer_closed(closed.map(|closed| (&closed.id[..], &closed.reply[..])));
                self.explain(turns.explained.take());
                self.hand_out(std::mem::take(&mut turns.calls));
                self.lately.remember(std::mem::take(&mut turns.asked), turns.changes.now);
                self.aftermath.follow(std::mem::take(batch), *turns);
                Ok(())
            }
            Saved::Duplicate => {
                let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
                let mut recorded = writer.recorded(&ids).await?;
                if recorded.is_empty() {
                    // Then it is not an id but a turn.
                    return Err(StoreError::TurnTaken);
                }
                let open = |message: &Message| recorded.get(&message.id).is_some_and(Vec::is_empty);
                let open = batch.jobs_of(open);
                if !open.is_empty() {
                    Box::pin(self.answer_repeats(open)).await;
                }
                recorded.retain(|_, reply| !reply.is_empty());
                for id in recorded.keys() {
                    tracing::info!(message.id = id, "a repeated message got its first reply again");
                }
                batch.answer(recorded, Outcome::Repeated);
                Ok(())
            }
        }
    }
}

/// Returns the texts that are on their way to these people, with their rows
/// locked. Most people have none, and are not asked for.
pub(super) async fn outgoing_to(
    writer: &mut Writer,
    people: &HashMap<Sender, Person>,
    now: Timestamp,
) -> Result<HashMap<Sender, Vec<Text>>, StoreError> {
    let may_have = |person: &Person| {
        let reach = person.reach.as_ref();
        reach.and_then(|reach| reach.texts_until).is_some_and(|until| until > now)
    };
    let some = people.iter().filter(|(_, person)| may_have(person));
    let some: Vec<Sender> = some.map(|(sender, _)| sender.clone()).collect();
    if some.is_empty() {
        return Ok(HashMap::new());
    }
    // This is rare, and must not make the futures of all batches larger.
    Box::pin(writer.open_texts(&some, now)).await
}
