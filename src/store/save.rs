//! Writes the changes of a batch, statement by statement.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::callbacks::{CallbackRow, rows_of};
use super::changes::Changes;
use super::connect::Connected;
use super::sql::Statement;
use super::time::time_text;
use super::writes::{Write, writes};
use super::{Writer, on_either};

impl Writer {
    /// Writes everything, and returns whether it is then committed. While the
    /// database executes one statement, the values of the next are prepared.
    pub(super) async fn save_rows(&mut self, changes: &Changes) -> Result<bool, sqlx::Error> {
        if !changes.closed.is_empty() {
            // This is rare, and must not make the futures of all batches larger.
            Box::pin(self.close_replies(changes)).await?;
        }
        let callbacks = rows_of(&changes.people, &changes.spent, changes.now);
        if !callbacks.is_empty() {
            Box::pin(self.save_callbacks(callbacks)).await?;
        }
        let now = time_text(shown(changes.now));
        let writes = writes(changes, self.most, self.takes_compounds);
        let commits = writes.last().is_some_and(|last| last.commits);
        let texts: Vec<_> = writes.iter().map(|write| self.text_of(write)).collect();
        let mut writes = texts.into_iter().zip(&writes);
        on_either!(Connected, &mut self.connection, connection => {
            let query = |(text, write): (_, &Write<'_>)| {
                write.parts.iter().fold(sqlx::query(text), |query, rows| rows.bind(query, &now))
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

    /// Writes callbacks, without a commit.
    async fn save_callbacks(&mut self, callbacks: Vec<CallbackRow>) -> Result<(), sqlx::Error> {
        let changes = Changes { callbacks, ..Changes::default() };
        for write in writes(&changes, self.most, false) {
            let text = self.text_of(&write);
            on_either!(Connected, &mut self.connection, connection => {
                let rows = write.parts.iter();
                let query = rows.fold(sqlx::query(text), |query, rows| rows.bind(query, ""));
                query.execute(&mut *connection).await?;
            });
        }
        Ok(())
    }

    async fn close_replies(&mut self, changes: &Changes) -> Result<(), sqlx::Error> {
        for closed in &changes.closed {
            let text = self.text(Statement::CloseReply, 1);
            on_either!(Connected, &mut self.connection, connection => {
                let query = sqlx::query(text).bind(&closed.reply[..]);
                let query = query.bind(closed.state.as_str()).bind(closed.id.as_str());
                query.execute(&mut *connection).await?;
            });
        }
        Ok(())
    }
}

/// The first and the last time, in seconds, that a `TIMESTAMP` of every server can hold.
const SHOWN: RangeInclusive<i64> = 1..=0x7FFF_FFFF;

/// Returns a time for `last_interaction`. This column is only for show and must
/// never refuse a message, neither in 2038 nor with a wrong clock. The bounds
/// are whole seconds, since `MySQL` rounds fractions from one half up.
fn shown(at: Timestamp) -> Timestamp {
    let bound = |second| Timestamp::from_second(second).unwrap_or(at);
    at.clamp(bound(*SHOWN.start()), bound(*SHOWN.end()))
}
