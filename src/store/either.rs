//! Values and rows that both databases accept.

use sqlx::encode::Encode;
use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{FromRow, MySql, Sqlite, Type};

/// A value that can be bound to a statement.
pub(super) trait Value<'v>:
    Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, MySql> + Type<MySql>
{
}

impl<'v, T> Value<'v> for T where
    T: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, MySql> + Type<MySql>
{
}

/// A statement to which values can be bound.
pub(super) trait Binds: Sized {
    /// Returns the statement with its next value.
    fn with<'v>(self, value: impl Value<'v>) -> Self;
}

impl Binds for Query<'_, Sqlite, SqliteArguments> {
    fn with<'v>(self, value: impl Value<'v>) -> Self {
        self.bind(value)
    }
}

impl Binds for Query<'_, MySql, MySqlArguments> {
    fn with<'v>(self, value: impl Value<'v>) -> Self {
        self.bind(value)
    }
}

/// A value that is made of a found row.
pub(super) trait Found:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + Send + Unpin
{
}

impl<T> Found for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + Send + Unpin
{
}
