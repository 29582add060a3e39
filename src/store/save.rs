//! The rows that a batch writes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Value as Json, json};

use super::connect::Connected;
use super::on_either;
use super::person::{Person, SessionColumns, answers_text, time_text};
use super::sql::{self, Statement};
use super::writer::{Changes, Recorded, Writer};
use crate::conversation::{Answers, Ended, Value};
use crate::message::{Channel, Media, Message, Sender};

/// Rows of one table, as many as one statement takes.
enum Rows<'a> {
    Messages(&'a [Recorded]),
    Sessions(&'a [(Sender, Person)]),
    Conversations(&'a [(Sender, Channel, Ended)]),
}

impl<'a> Rows<'a> {
    /// All that a batch writes. Messages come first: their ids are the claim,
    /// and a batch that holds a repeated one has then done nothing.
    fn of(changes: &'a Changes, most: usize) -> Vec<Self> {
        let messages = sql::pieces(&changes.messages, most, message_size);
        let sessions = sql::pieces(&changes.people, most, |(_, person)| session_size(person));
        let conversations =
            sql::pieces(&changes.ended, most, |(.., ended)| answers_size(&ended.answers));
        let messages = messages.into_iter().map(Rows::Messages);
        let sessions = sessions.into_iter().map(Rows::Sessions);
        messages.chain(sessions).chain(conversations.into_iter().map(Rows::Conversations)).collect()
    }

    fn statement(&self) -> (Statement, usize) {
        match self {
            Rows::Messages(rows) => (Statement::InsertMessages, rows.len()),
            Rows::Sessions(rows) => (Statement::SaveSessions, rows.len()),
            Rows::Conversations(rows) => (Statement::InsertConversations, rows.len()),
        }
    }
}

impl Writer {
    /// Writes everything but the commit. While the database is at one
    /// statement, the values of the next are put together.
    pub(super) async fn save_rows(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        let now = time_text(changes.now);
        let mut writes = Vec::new();
        for rows in Rows::of(changes, self.most) {
            let (statement, count) = rows.statement();
            writes.push((self.text(statement, count), rows));
        }
        let mut writes = writes.into_iter();
        on_either!(Connected, &mut self.connection, connection => {
            let query = |(text, rows)| match rows {
                Rows::Messages(rows) => rows.iter().fold(sqlx::query(text), |query, recorded| {
                    let message = &recorded.message;
                    query
                        .bind(message.id.as_str())
                        .bind(message.sender.as_str())
                        .bind(recorded.turn)
                        .bind(message.channel.as_str())
                        .bind(message.from.as_str())
                        .bind(message.to.as_str())
                        .bind(message.body.as_str())
                        .bind(media_text(&message.media))
                        .bind(parameters_text(message))
                        .bind(time_text(recorded.received_at))
                        .bind(recorded.state_before.as_str())
                        .bind(recorded.state_after.as_str())
                        .bind(recorded.reply.as_slice())
                }),
                Rows::Sessions(rows) => rows.iter().fold(sqlx::query(text), |query, (sender, person)| {
                    let columns = SessionColumns::from(person);
                    query
                        .bind(sender.as_str())
                        .bind(columns.user_name)
                        .bind(columns.favorite_song)
                        .bind(columns.conversation_state)
                        .bind(now.as_str())
                        .bind(columns.flow)
                        .bind(columns.answers)
                        .bind(columns.tries)
                        .bind(columns.began_at)
                        .bind(columns.expires_at)
                        .bind(columns.turns)
                        .bind(columns.opt_outs)
                        .bind(columns.stack)
                        .bind(columns.language)
                        .bind(columns.flow_version)
                }),
                Rows::Conversations(rows) => {
                    rows.iter().fold(sqlx::query(text), |query, (sender, channel, ended)| {
                        query
                            .bind(sender.as_str())
                            .bind(channel.as_str())
                            .bind(ended.flow.as_str())
                            .bind(ended.outcome.as_str())
                            .bind(answers_text(&ended.answers))
                            .bind(ended.began_at.map(time_text))
                            .bind(time_text(ended.ended_at))
                    })
                }
            };
            let mut at_hand = writes.next().map(query);
            while let Some(written) = at_hand {
                let (result, next) = tokio::join!(
                    written.execute(&mut *connection),
                    async { writes.next().map(query) }
                );
                result?;
                at_hand = next;
            }
        });
        Ok(())
    }
}

/// What a row has beside its texts of any length: ids, addresses, states, times.
const FIXED: usize = 400;

/// About how many bytes the values of a message's row have. What JSON escapes may make
/// more of them, which costs a wait and nothing else.
fn message_size(recorded: &Recorded) -> usize {
    let message = &recorded.message;
    let media = message.media.iter().map(|item| item.url.len() + item.content_type.len() + 32);
    let parameters = message.parameters.iter().map(|(name, value)| name.len() + value.len() + 8);
    FIXED
        + message.body.len()
        + recorded.reply.len()
        + media.sum::<usize>()
        + parameters.sum::<usize>()
}

/// The same of a session's row, some answers of which have columns of their own.
fn session_size(person: &Person) -> usize {
    let session = &person.session;
    let around = session.stack.iter().map(|caller| answers_size(&caller.answers));
    2 * answers_size(&session.answers) + around.sum::<usize>()
}

fn answers_size(answers: &Answers) -> usize {
    let answer = |(name, value): (&String, &Value)| match value {
        Value::Text(text) => name.len() + text.len() + 8,
        Value::Integer(_) | Value::Number(_) => name.len() + 32,
    };
    FIXED + answers.iter().map(answer).sum::<usize>()
}

fn media_text(media: &[Media]) -> Option<String> {
    let list: Vec<Json> = media
        .iter()
        .map(|item| json!({ "url": item.url, "content_type": item.content_type }))
        .collect();
    (!list.is_empty()).then(|| Json::Array(list).to_string())
}

/// A name that came several times has a list.
fn parameters_text(message: &Message) -> Option<String> {
    let mut map: BTreeMap<&str, OneOrMore<'_>> = BTreeMap::new();
    for (name, value) in &message.parameters {
        match map.entry(name.as_str()) {
            Entry::Vacant(entry) => drop(entry.insert(OneOrMore::One(value))),
            Entry::Occupied(mut entry) => entry.get_mut().push(value),
        }
    }
    // Texts under text keys always serialise.
    (!map.is_empty()).then(|| serde_json::to_string(&map).unwrap_or_default())
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum OneOrMore<'a> {
    One(&'a str),
    More(Vec<&'a str>),
}

impl<'a> OneOrMore<'a> {
    fn push(&mut self, value: &'a str) {
        match self {
            Self::One(first) => *self = Self::More(vec![first, value]),
            Self::More(values) => values.push(value),
        }
    }
}
