//! Opens the database, and says what to do where that fails.

use anyhow::Context;
use secrecy::SecretString;

use crate::bot::number_hash::{self, NumberHash};
use crate::hint::WithHint;
use crate::store::url::{Backend, DatabaseUrl};
use crate::store::{Store, StoreError};

/// A store that is brought up to date, and made where it is a file that is
/// not there; and how numbers are named in its logs.
pub async fn open(url: &DatabaseUrl) -> anyhow::Result<(Store, NumberHash)> {
    let opened = async {
        let store = Store::new(url)?;
        store.migrate().await?;
        with_number_hash(store).await
    };
    explain(opened.await, url)
}

/// A store to look at: what is not there is not made.
pub async fn open_existing(url: &DatabaseUrl) -> anyhow::Result<(Store, NumberHash)> {
    let opened = async {
        let store = Store::existing(url)?;
        store.ready().await?;
        with_number_hash(store).await
    };
    explain(opened.await, url)
}

async fn with_number_hash(store: Store) -> Result<(Store, NumberHash), StoreError> {
    let key = store.key(number_hash::KEY_NAME, NumberHash::fresh_key()).await?;
    Ok((store, NumberHash::new(SecretString::from(key))))
}

fn explain<T>(opened: Result<T, StoreError>, url: &DatabaseUrl) -> anyhow::Result<T> {
    let hint = opened.as_ref().err().and_then(|error| hint(error, url.backend()));
    let opened = opened.with_context(|| format!("the database {url} cannot be used"));
    match hint {
        Some(hint) => opened.with_hint(hint),
        None => opened,
    }
}

fn hint(error: &StoreError, backend: Backend) -> Option<&'static str> {
    match (error, backend) {
        (StoreError::Unavailable(_), Backend::Sqlite) => {
            Some("see that the folder of the file is there, can be written to, and has room")
        }
        (StoreError::Unavailable(_), Backend::Mysql) => Some(
            "see that the server runs, and that host and port in `DATABASE_URL` are right; \
             without any `DATABASE_URL` the file `ringback.db` is used",
        ),
        (StoreError::LogIn(_), _) => Some(
            "see that user and password in `DATABASE_URL` are right, that the user may use this \
             database, and that characters such as `@` are percent-encoded",
        ),
        (StoreError::Missing, _) => {
            Some("make it with `CREATE DATABASE name CHARACTER SET utf8mb4`, or correct the name")
        }
        (StoreError::Refused(_), _) => {
            Some("if its tables are missing or old, `ringback migrate` brings it up to date")
        }
        (StoreError::Locked(_), _) => {
            Some("another process holds a lock on it; end that one, or try again")
        }
        (
            StoreError::Conflict(_)
            | StoreError::Setting
            | StoreError::Migration(_)
            | StoreError::Unexpected(_),
            _,
        ) => None,
    }
}
