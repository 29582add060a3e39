//! The values of the rows that a batch writes.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::ascii::Ascii;
use super::connect::Connected;
use super::on_either;
use super::person::{SessionColumns, answers_text};
use super::time::time_text;
use super::writer::{Changes, Writer};
use super::writes::{Rows, Write, writes};
use crate::message::Media;

impl Writer {
    /// Writes everything; whether it is committed then. While the database is
    /// at one statement, the values of the next are put together.
    pub(super) async fn save_rows(&mut self, changes: &Changes) -> Result<bool, sqlx::Error> {
        let now = time_text(shown(changes.now));
        let writes = writes(changes, self.most, self.takes_compounds);
        let commits = writes.last().is_some_and(|last| last.commits);
        let texts: Vec<_> = writes.iter().map(|write| self.text_of(write)).collect();
        let mut writes = texts.into_iter().zip(&writes);
        on_either!(Connected, &mut self.connection, connection => {
            let query = |(text, write): (_, &Write<'_>)| {
                write.parts.iter().fold(sqlx::query(text), |query, rows| match rows {
                    Rows::Messages(rows) => rows.iter().fold(query, |query, recorded| {
                        let message = &recorded.message;
                        query
                            .bind(Ascii(message.id.as_str()))
                            .bind(Ascii(message.sender.as_str()))
                            .bind(recorded.turn)
                            .bind(Ascii(message.channel.as_str()))
                            .bind(Ascii(message.from.as_str()))
                            .bind(Ascii(message.to.as_str()))
                            .bind(message.body.as_str())
                            .bind(media_text(&message.media))
                            .bind(message.parameters.as_json())
                            .bind(Ascii(time_text(recorded.received_at)))
                            .bind(recorded.state_before.as_str())
                            .bind(recorded.state_after.as_str())
                            .bind(recorded.reply.as_slice())
                    }),
                    Rows::Sessions(rows) => rows.iter().fold(query, |query, (sender, person)| {
                        let columns = SessionColumns::from(person);
                        query
                            .bind(Ascii(sender.as_str()))
                            .bind(columns.user_name)
                            .bind(columns.favorite_song)
                            .bind(columns.conversation_state)
                            .bind(Ascii(now.as_str()))
                            .bind(columns.flow.map(Ascii))
                            .bind(columns.answers)
                            .bind(columns.tries)
                            .bind(columns.began_at.map(Ascii))
                            .bind(columns.expires_at.map(Ascii))
                            .bind(columns.turns)
                            .bind(columns.opt_outs.map(Ascii))
                            .bind(columns.stack)
                            .bind(columns.language.map(Ascii))
                            .bind(columns.flow_version)
                    }),
                    Rows::Conversations(rows) => {
                        rows.iter().fold(query, |query, (sender, channel, ended)| {
                            query
                                .bind(Ascii(sender.as_str()))
                                .bind(Ascii(channel.as_str()))
                                .bind(Ascii(ended.flow.as_str()))
                                .bind(Ascii(ended.outcome.as_str()))
                                .bind(answers_text(&ended.answers))
                                .bind(ended.began_at.map(time_text).map(Ascii))
                                .bind(Ascii(time_text(ended.ended_at)))
                        })
                    }
                })
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
        Ok(commits)
    }
}

/// The first and the last time, in seconds, that a `TIMESTAMP` of every server holds.
const SHOWN: RangeInclusive<i64> = 1..=0x7FFF_FFFF;

/// A time as `last_interaction` takes it: a column for show never refuses a
/// message, not in 2038, nor where a clock is wrong. The bounds are whole
/// seconds, since `MySQL` rounds up what is past half of one.
fn shown(at: Timestamp) -> Timestamp {
    let bound = |second| Timestamp::from_second(second).unwrap_or(at);
    at.clamp(bound(*SHOWN.start()), bound(*SHOWN.end()))
}

fn media_text(media: &[Media]) -> Option<String> {
    let list: Vec<Json> = media
        .iter()
        .map(|item| json!({ "url": item.url, "content_type": item.content_type }))
        .collect();
    (!list.is_empty()).then(|| Json::Array(list).to_string())
}
