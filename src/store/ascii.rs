//! ASCII text, in the form that costs the databases the least work.

use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::mysql::MySqlTypeInfo;
use sqlx::sqlite::SqliteTypeInfo;
use sqlx::{Database, MySql, Sqlite, Type};

/// A value of a column that contains ASCII, or a time. `MySQL` converts values
/// declared as text from the connection's character set to the column's,
/// character by character; bytes it only checks. `SQLite` would store bytes as
/// such.
pub(super) struct Ascii<T>(pub(super) T);

impl<T> Type<MySql> for Ascii<T> {
    fn type_info() -> MySqlTypeInfo {
        <[u8] as Type<MySql>>::type_info()
    }
}

impl<T> Type<Sqlite> for Ascii<T> {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl<T: AsRef<str>> Encode<'_, MySql> for Ascii<T> {
    fn encode_by_ref(
        &self,
        buffer: &mut <MySql as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        <&[u8] as Encode<'_, MySql>>::encode(self.0.as_ref().as_bytes(), buffer)
    }
}

impl<T: AsRef<str>> Encode<'_, Sqlite> for Ascii<T> {
    fn encode_by_ref(
        &self,
        buffer: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        <&str as Encode<'_, Sqlite>>::encode(self.0.as_ref(), buffer)
    }
}
