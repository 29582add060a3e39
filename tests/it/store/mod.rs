//! What the store promises, held on every database that is there.

mod adoption;
mod batches;
mod clocks;
mod locks;
mod migrations;
mod millions;
mod plans;
mod retention;
mod retention_clock;
mod sender_ids;
mod signatures;
mod tables;
mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use ringback::message::{Channel, Line, Message, Sender};
use ringback::store::url::DatabaseUrl;
use ringback::store::{Changes, Loaded, Recorded, Saved, Store, StoreError, Writer};

/// A line on which somebody may want no messages.
const WHATSAPP: Line<'_> =
    Line { channel: Channel::Whatsapp, number: "+15550006666", service: None };

/// A migrated store.
async fn migrated(url: &str) -> Store {
    let store = Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap();
    store.migrate().await.unwrap();
    store
}

fn sender(address: &str) -> Sender {
    Sender::from_address(address).unwrap()
}

fn senders(addresses: &[&str]) -> BTreeSet<Sender> {
    addresses.iter().map(|address| sender(address)).collect()
}

fn message(id: &str, from: &str) -> Message {
    Message::text(id, from, "+15550006666", "hello").unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T04:05:06.789Z".parse().unwrap()
}

/// Counts one more turn of each message's sender and keeps the id as the reply.
fn changes(loaded: Loaded, messages: Vec<Message>) -> Changes {
    let mut people = loaded.people;
    let mut changes = Changes { now: now(), ..Changes::default() };
    for message in messages {
        let person = people.get_mut(&message.sender).unwrap();
        person.turns += 1;
        changes.messages.push(Recorded {
            turn: person.turns,
            received_at: now(),
            state_before: "INITIAL".to_owned(),
            state_after: "INITIAL".to_owned(),
            reply: format!("reply to {}", message.id).into_bytes(),
            message: Arc::new(message),
        });
    }
    changes.people = people.into_iter().collect();
    changes.people.sort_by(|(a, _), (b, _)| a.cmp(b));
    changes
}

/// One whole batch.
async fn take(writer: &mut Writer, messages: Vec<Message>) -> Result<Saved, StoreError> {
    let senders = messages.iter().map(|message| message.sender.clone()).collect();
    let loaded = writer.load(&senders).await?;
    assert!(loaded.locked.is_empty(), "nobody else is at work");
    writer.save(&changes(loaded, messages)).await
}
