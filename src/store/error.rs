//! The failures of a database, sorted by what to do about them.
//!
//! A database quotes values in its messages (1062 and 1366 do), so those never
//! leave this file. An error contains its code and our own words.

use std::fmt;
use std::io::ErrorKind;

use sqlx::mysql::MySqlDatabaseError;

use super::mysql_codes::{self, Kind};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or does not answer.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Another transaction was in the way; the same batch may pass if it is retried.
    #[error("another transaction held the rows ({0})")]
    Conflict(Code),
    /// A sender's next turn is in the transcript already: their session was
    /// deleted or set back by hand. Counting again helps.
    #[error("a sender's session is behind their transcript")]
    TurnTaken,
    /// A row stayed locked for longer than the bounded wait.
    #[error("a row stayed locked ({0})")]
    Locked(Code),
    /// The database refused a statement; a retry is of no use.
    #[error("the database refused a statement ({0})")]
    Refused(Code),
    /// `DATABASE_URL` cannot be used.
    #[error(
        "`DATABASE_URL` cannot be read; write `sqlite:FILE` or `mysql://USER:PASSWORD@HOST:PORT/DATABASE`"
    )]
    Setting,
    /// The server exists, but the database does not.
    #[error("the server has no database of that name")]
    Missing,
    /// The log-in failed.
    #[error("the database refused the log-in ({0})")]
    LogIn(Code),
    /// The migration cannot be done.
    #[error("{0}")]
    Migration(String),
    /// The database contains something that this version did not write.
    #[error("the database holds something unexpected: {0}")]
    Unexpected(String),
}

impl StoreError {
    /// Returns the error for a database that took longer than anybody waits.
    pub fn late() -> Self {
        Self::Unavailable(LATE.to_owned())
    }

    /// Returns whether it is that error.
    pub(super) fn is_late(&self) -> bool {
        matches!(self, Self::Unavailable(what) if what == LATE)
    }

    /// Returns the reason why a host of several cannot be used.
    pub fn reason(&self) -> String {
        match self {
            Self::Unavailable(what) => what.clone(),
            error => error.to_string(),
        }
    }

    /// Returns whether its text says what to do.
    pub fn advises(&self) -> bool {
        matches!(self, Self::Migration(_))
            || matches!(self, Self::Unavailable(what) if what.contains("`DATABASE_URL`"))
    }

    /// Returns whether a process meets this error if another one changes tables
    /// at the same time. When it looks again, the other's work is done.
    pub(super) fn is_race(&self) -> bool {
        match self {
            Self::Conflict(_) | Self::Locked(_) => true,
            Self::Refused(Code::MySql(number)) => mysql_codes::is_race(*number),
            _ => false,
        }
    }

    /// Returns the kind of failure, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Conflict(_) => "conflict",
            Self::TurnTaken => "turn_taken",
            Self::Locked(_) => "locked",
            Self::Refused(_) => "refused",
            Self::Setting => "setting",
            Self::Missing => "missing",
            Self::LogIn(_) => "log_in",
            Self::Migration(_) => "migration",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

/// The reason where nothing was heard of the database.
const LATE: &str = "it did not answer in time";

/// A database's own number for a failure, such as `MySQL 1213` or `SQLite 5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// The number of an error of MySQL or MariaDB.
    MySql(u16),
    /// An extended result code of `SQLite`.
    Sqlite(String),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MySql(number) => write!(f, "MySQL {number}"),
            Self::Sqlite(code) => write!(f, "SQLite {code}"),
        }
    }
}

/// Returns whether an insert failed because the row exists already.
pub(super) fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                match error.as_ref().try_downcast_ref::<MySqlDatabaseError>() {
                    Some(error) if mysql_codes::is_deadlock(error.number(), error.message()) => {
                        Self::Conflict(Code::MySql(error.number()))
                    }
                    Some(error) => from_mysql(error.number()),
                    None => from_sqlite(error.code().as_deref().unwrap_or_default()),
                }
            }
            sqlx::Error::Configuration(error) if error.to_string().starts_with(NO_RSA) => {
                Self::Unavailable(PASSWORD_WANTS_TLS.to_owned())
            }
            sqlx::Error::Configuration(_) => Self::Setting,
            sqlx::Error::Io(error) => Self::Unavailable(what_failed(&error)),
            sqlx::Error::Tls(error) if error.to_string() == "server does not support TLS" => {
                Self::Unavailable(NO_TLS.to_owned())
            }
            sqlx::Error::Tls(_) => Self::Unavailable("the TLS handshake failed".to_owned()),
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("no connection to it was made in time".to_owned())
            }
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable("the connection is closed".to_owned())
            }
            // The connection broke during an answer, or the answer was invalid.
            sqlx::Error::Protocol(_) => {
                Self::Unavailable("the server's answer could not be read".to_owned())
            }
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Unexpected(format!("column {index} is of another type"))
            }
            sqlx::Error::ColumnNotFound(name) => {
                Self::Unexpected(format!("column `{name}` is missing"))
            }
            _ => Self::Unexpected("a row could not be read".to_owned()),
        }
    }
}

/// The words with which sqlx refuses to send a password unencrypted.
const NO_RSA: &str = "RSA auth backend disabled";

const PASSWORD_WANTS_TLS: &str = "the server accepts this user's password only over TLS \
     (`caching_sha2_password`), and this connection has none; write `?ssl-mode=REQUIRED` behind the \
     database's name in `DATABASE_URL`, and see that the server offers TLS";

const NO_TLS: &str = "the server offers no TLS, which `ssl-mode` in `DATABASE_URL` asks for; let it \
     offer TLS, or write `ssl-mode=DISABLED` if nobody can listen between the two";

const TLS_WANTED: &str = "the server accepts no connection without TLS; write `ssl-mode=REQUIRED` in \
     `DATABASE_URL`";

const OF_ANOTHER_NAME: &str = "the server's certificate is for another name; write the host name that \
     it is for into `DATABASE_URL`, or `ssl-mode=VERIFY_CA`, which looks at no name";

const UNKNOWN_AUTHORITY: &str = "the server's certificate does not verify; write \
     `ssl-ca=FILE` in `DATABASE_URL`, with the certificate of the authority that issued it, or \
     `ssl-mode=REQUIRED`, which encrypts, but verifies nobody";

const NO_SUCH_FILE: &str = "a file that `DATABASE_URL` names (`ssl-ca`, `ssl-cert`, `ssl-key` or \
     `socket`) cannot be read; correct its path";

/// Returns the kind of failure, without quoting anything.
fn what_failed(error: &std::io::Error) -> String {
    // rustls wraps its errors in such an error.
    if let Some(why) = error.to_string().strip_prefix("invalid peer certificate: ") {
        let is_name =
            why.starts_with("certificate not valid for name") || why.starts_with("NotValidForName");
        return if is_name { OF_ANOTHER_NAME } else { UNKNOWN_AUTHORITY }.to_owned();
    }
    if error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::PermissionDenied {
        return NO_SUCH_FILE.to_owned();
    }
    // The standard library has no kind for names that cannot be resolved.
    if error.to_string().starts_with("failed to lookup address information") {
        return "its host name cannot be resolved".to_owned();
    }
    error.kind().to_string()
}

fn from_mysql(number: u16) -> StoreError {
    let code = Code::MySql(number);
    match mysql_codes::kind(number) {
        Kind::WantsTls => StoreError::Unavailable(TLS_WANTED.to_owned()),
        Kind::Conflict => StoreError::Conflict(code),
        Kind::Locked => StoreError::Locked(code),
        Kind::LogIn => StoreError::LogIn(code),
        Kind::Missing => StoreError::Missing,
        Kind::Away => StoreError::Unavailable(code.to_string()),
        Kind::Refused => StoreError::Refused(code),
    }
}

/// Sorts SQLite's extended result codes (sqlite.org, "Result and Error Codes"):
/// the low byte is the primary code.
fn from_sqlite(extended: &str) -> StoreError {
    let code = Code::Sqlite(extended.to_owned());
    match extended.parse::<u32>().map(|number| number & 0xff) {
        // SQLITE_BUSY, SQLITE_LOCKED
        Ok(5 | 6) => StoreError::Locked(code),
        // SQLITE_SCHEMA: the tables changed again and again while it prepared.
        Ok(17) => StoreError::Conflict(code),
        // SQLITE_CORRUPT, SQLITE_NOTADB
        Ok(11 | 26) => {
            StoreError::Unexpected("the file is not a SQLite database, or is damaged".to_owned())
        }
        // SQLITE_PERM, SQLITE_READONLY
        Ok(3 | 8) => StoreError::Unavailable(format!("it cannot be written to ({code})")),
        // SQLITE_NOMEM
        Ok(7) => StoreError::Unavailable(format!("there is no memory left ({code})")),
        // SQLITE_INTERRUPT
        Ok(9) => StoreError::Unavailable(format!("it was interrupted ({code})")),
        // SQLITE_IOERR, SQLITE_PROTOCOL
        Ok(10 | 15) => StoreError::Unavailable(format!("reading or writing it failed ({code})")),
        // SQLITE_FULL
        Ok(13) => StoreError::Unavailable(format!("the disk is full ({code})")),
        // SQLITE_CANTOPEN
        Ok(14) => StoreError::Unavailable(format!("the file cannot be opened ({code})")),
        _ => StoreError::Refused(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_that_another_process_causes_are_retried() {
        for number in [1050, 1054, 1060, 1061, 1062, 1091, 1146, 1205, 1213, 1243, 3572] {
            assert!(from_mysql(number).is_race(), "{number}");
        }
        for number in [1045, 1047, 1064, 1114, 1142, 1290, 1366] {
            assert!(!from_mysql(number).is_race(), "{number}");
        }
    }
}
