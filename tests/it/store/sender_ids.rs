//! People with several names: who holds them, and what moves when one is linked.

use std::collections::BTreeSet;

use ringback::message::{Message, Names, Sender};
use ringback::store::{Saved, StoreError, Writer};

use super::{changes, message, migrated, now, sender, take};
use crate::support::database::{each_database, run_sql, select};

const NUMBER: &str = "whatsapp:+14155552671";
const ID: &str = "whatsapp:US.1349";

/// A message of somebody who is told by this address and these ids.
fn named(id: &str, from: &str, ids: &[&str]) -> Message {
    let mut message = message(id, from);
    message.names = Names::new(message.channel, &message.sender, ids.iter().copied());
    message
}

async fn link(writer: &mut Writer, message: &Message) -> Result<usize, StoreError> {
    Ok(writer.link(&[message], now()).await?.moved.len())
}

#[tokio::test]
async fn names_are_linked_once_and_lead_to_the_number() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let by_id = named("SM1", ID, &[]);
        assert_eq!(link(&mut writer, &by_id).await.unwrap(), 0);
        assert_eq!(store.key_of(&sender(ID)).await.unwrap(), sender(ID));
        take(&mut writer, vec![by_id]).await.unwrap();

        let by_both = named("SM2", NUMBER, &[ID, "whatsapp:US.ENT.7"]);
        assert_eq!(link(&mut writer, &by_both).await.unwrap(), 1);
        assert_eq!(link(&mut writer, &by_both).await.unwrap(), 0, "nothing is left to do");
        for name in [ID, "whatsapp:US.ENT.7", NUMBER] {
            assert_eq!(store.key_of(&sender(name)).await.unwrap(), sender(NUMBER), "{name}");
        }
        assert_eq!(
            store.ids_of(&sender(NUMBER)).await.unwrap(),
            [sender(ID), sender("whatsapp:US.ENT.7")]
        );
        assert_eq!(store.person(&sender(NUMBER)).await.unwrap().unwrap().turns, 1);
        assert_eq!(store.person(&sender(ID)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn many_are_linked_at_once() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let mut writer = store.writer().await.unwrap();
        let messages: Vec<Message> = (0..300)
            .map(|n| {
                let id = format!("whatsapp:US.{n}");
                named(&format!("SM{n}"), &format!("whatsapp:+1415{n:07}"), &[&id])
            })
            .collect();
        let all: Vec<&Message> = messages.iter().collect();
        assert_eq!(writer.link(&all, now()).await.unwrap().moved.len(), 0);
        let ids: Vec<Sender> = (0..300).map(|n| sender(&format!("whatsapp:US.{n}"))).collect();
        let keys = store.sender_keys(&ids.iter().collect()).await.unwrap();
        for message in &messages {
            assert_eq!(keys.of(message.names.as_ref().unwrap()), Some(&message.sender));
        }
    })
    .await;
}

/// In one message after the other of the same transaction.
#[tokio::test]
async fn a_chain_of_names_ends_at_the_last_number() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        for (n, from) in ["whatsapp:US.1", "whatsapp:US.2", "+1", "+2"].iter().enumerate() {
            take(&mut writer, vec![message(&format!("SM{n}"), from)]).await.unwrap();
        }
        let messages = [
            named("SM5", "whatsapp:US.1", &["whatsapp:US.2"]),
            named("SM6", "whatsapp:+1", &["whatsapp:US.2"]),
            named("SM7", "whatsapp:+2", &["whatsapp:US.3", "whatsapp:US.1"]),
        ];
        let all: Vec<&Message> = messages.iter().collect();
        let linked = writer.link(&all, now()).await.unwrap();
        assert_eq!(linked.moved.len(), 3);
        for name in ["whatsapp:US.1", "whatsapp:US.2", "whatsapp:US.3"] {
            assert_eq!(store.key_of(&sender(name)).await.unwrap(), sender("+2"), "{name}");
        }
        let rows = "SELECT CONCAT_WS('|', phone_number, turn) FROM messages ORDER BY turn";
        assert_eq!(select(url, rows).await, ["+2|1", "+2|2", "+2|3", "+2|4"]);
        assert_eq!(select(url, "SELECT phone_number FROM user_sessions").await, ["+2"]);
    })
    .await;
}

/// Whoever takes a message under a key keeps the person there until the commit.
#[tokio::test]
async fn nobody_moves_while_a_message_of_theirs_is_taken() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let (mut writer, mut other) =
            (store.writer().await.unwrap(), store.writer().await.unwrap());
        let (by_id, by_both) = (named("SM1", ID, &[]), named("SM2", NUMBER, &[ID]));
        link(&mut writer, &by_id).await.unwrap();

        let loaded = writer.load(&[sender(ID)].into()).await.unwrap();
        let id = sender(ID);
        let ids: BTreeSet<&Sender> = [&id].into();
        let keys = writer.hold_sender_keys(&ids).await.unwrap();
        assert_eq!(keys.of(by_id.names.as_ref().unwrap()), Some(&id));
        let error = link(&mut other, &by_both).await.unwrap_err();
        assert!(matches!(error, StoreError::Locked(_)), "{error}");
        let saved = writer.save(&changes(loaded, vec![by_id])).await.unwrap();
        assert_eq!(saved, Saved::Done);

        if database.is_mysql() {
            other.roll_back().await.unwrap();
        }
        assert_eq!(link(&mut other, &by_both).await.unwrap(), 1);
        assert_eq!(store.person(&sender(NUMBER)).await.unwrap().unwrap().turns, 1);
    })
    .await;
}

/// A row of the session that was deleted by hand leaves a transcript behind.
#[tokio::test]
async fn turns_are_counted_before_others_follow_them() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        for (id, from) in [("SM1", NUMBER), ("SM2", NUMBER), ("SM3", ID), ("SM4", ID)] {
            take(&mut writer, vec![message(id, from)]).await.unwrap();
        }
        run_sql(
            url,
            &format!(
                "DELETE FROM user_sessions WHERE phone_number = '{}'; \
                 UPDATE user_sessions SET turns = 1",
                sender(NUMBER)
            ),
        )
        .await;
        assert_eq!(link(&mut writer, &named("SM5", NUMBER, &[ID])).await.unwrap(), 1);
        let rows = "SELECT CONCAT_WS('|', message_id, turn) FROM messages ORDER BY turn";
        assert_eq!(select(url, rows).await, ["SM1|1", "SM2|2", "SM3|3", "SM4|4"]);
        assert_eq!(store.person(&sender(NUMBER)).await.unwrap().unwrap().turns, 4);
    })
    .await;
}
