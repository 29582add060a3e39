//! Finds rows by keys, of which there may be more than one statement accepts.

use sqlx::AssertSqlSafe;

use super::connect::{Connected, Database};
use super::either::{Found, Value};
use super::ladder::{MAX_BATCH, padded, padding};
use super::reading::read;
use super::sql::Statement;
use super::{Store, StoreError, Writer, on_either};

impl Writer {
    /// Returns the rows that a statement finds, within the transaction; `value`
    /// is the part of a key that is bound.
    pub(super) async fn fetch_by_keys<'k, Row: Found, Key, V: Value<'k> + 'k>(
        &mut self,
        statement: Statement,
        keys: &'k [Key],
        value: impl Fn(&'k Key) -> V,
    ) -> Result<Vec<Row>, StoreError> {
        let mut all = Vec::new();
        for piece in keys.chunks(MAX_BATCH) {
            let rows = padded(piece.len());
            let text = self.text(statement, rows);
            let found: Vec<Row> = on_either!(Connected, &mut self.connection, connection => {
                let query = padding(piece, rows)
                    .fold(sqlx::query_as(text), |query, key| query.bind(value(key)));
                query.fetch_all(connection).await?
            });
            // There is nearly always one piece.
            if all.is_empty() { all = found } else { all.extend(found) }
        }
        Ok(all)
    }
}

impl Store {
    /// Returns the rows that a statement finds, in the state of the last
    /// commit; `value` is the part of a key that is bound.
    pub(super) async fn fetch_by_keys<'k, Row: Found, Key, V: Value<'k> + 'k>(
        &self,
        statement: Statement,
        keys: &'k [Key],
        value: impl Fn(&'k Key) -> V,
    ) -> Result<Vec<Row>, StoreError> {
        let mut all = Vec::new();
        for piece in keys.chunks(MAX_BATCH) {
            let rows = padded(piece.len());
            // The texts are built in `sql`, from constants and placeholders only.
            let text = statement.text(self.dialect(), rows);
            let found: Vec<Row> = read!(self, reader => {
                let query = padding(piece, rows)
                    .fold(sqlx::query_as(AssertSqlSafe(text.clone())), |query, key| query.bind(value(key)));
                query.fetch_all(&mut *reader).await?
            });
            all.extend(found);
        }
        Ok(all)
    }
}
