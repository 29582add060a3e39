//! The rows that a batch writes.

use serde_json::{Map, Value as Json, json};

use super::connect::Connected;
use super::on_either;
use super::person::{SessionColumns, answers_text, time_text};
use super::sql;
use super::writer::{Changes, Statement, Writer};
use crate::message::{Media, Message};

impl Writer {
    /// Writes everything but the commit. Messages come first: their ids are
    /// the claim, and a batch that holds a repeated one has then done nothing.
    pub(super) async fn save_rows(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        self.insert_messages(changes).await?;
        self.save_sessions(changes).await?;
        self.insert_conversations(changes).await
    }

    async fn insert_messages(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        for piece in sql::pieces(&changes.messages) {
            let text = self.text(Statement::InsertMessages, piece.len());
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for recorded in piece {
                    let message = &recorded.message;
                    query = query
                        .bind(message.id.clone())
                        .bind(message.sender.as_str().to_owned())
                        .bind(recorded.turn)
                        .bind(message.channel.as_str())
                        .bind(message.from.clone())
                        .bind(message.to.clone())
                        .bind(message.body.clone())
                        .bind(media_text(&message.media))
                        .bind(parameters_text(message))
                        .bind(time_text(recorded.received_at))
                        .bind(recorded.state_before.clone())
                        .bind(recorded.state_after.clone())
                        .bind(recorded.reply.clone());
                }
                query.execute(connection).await?;
            });
        }
        Ok(())
    }

    async fn save_sessions(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        let now = time_text(changes.now);
        for piece in sql::pieces(&changes.people) {
            let text = self.text(Statement::SaveSessions, piece.len());
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for (sender, person) in piece {
                    let columns = SessionColumns::from(person);
                    query = query
                        .bind(sender.as_str().to_owned())
                        .bind(columns.user_name)
                        .bind(columns.favorite_song)
                        .bind(columns.conversation_state)
                        .bind(now.clone())
                        .bind(columns.flow)
                        .bind(columns.answers)
                        .bind(columns.tries)
                        .bind(columns.began_at)
                        .bind(columns.expires_at)
                        .bind(columns.turns)
                        .bind(columns.opt_outs);
                }
                query.execute(connection).await?;
            });
        }
        Ok(())
    }

    async fn insert_conversations(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        for piece in sql::pieces(&changes.ended) {
            let text = self.text(Statement::InsertConversations, piece.len());
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for (sender, channel, ended) in piece {
                    query = query
                        .bind(sender.as_str().to_owned())
                        .bind(channel.as_str())
                        .bind(ended.flow.clone())
                        .bind(ended.outcome.clone())
                        .bind(answers_text(&ended.answers))
                        .bind(ended.began_at.map(time_text))
                        .bind(time_text(ended.ended_at));
                }
                query.execute(connection).await?;
            });
        }
        Ok(())
    }
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
    let mut map = Map::new();
    for (name, value) in &message.parameters {
        let value = Json::String(value.clone());
        match map.get_mut(name) {
            None => drop(map.insert(name.clone(), value)),
            Some(Json::Array(list)) => list.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
        }
    }
    (!map.is_empty()).then(|| Json::Object(map).to_string())
}
