//! Opens the database, and says what to do if that fails.

use std::time::Duration;

use anyhow::Context;
use secrecy::SecretString;
use tokio::time::timeout;

use crate::bot::number_hash::{self, NumberHash, random_key};
use crate::hint::WithHint;
use crate::store::url::{Backend, DatabaseUrl};
use crate::store::{Examined, HostState, Store, StoreError};

/// How long a look at a database may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a store, creates it if it is a file that does not exist, and updates
/// it. Also returns the hash that names numbers in its logs.
pub async fn open(url: &DatabaseUrl) -> anyhow::Result<(Store, NumberHash)> {
    let opened = async {
        let store = Store::new(url)?;
        store.migrate().await?;
        with_number_hash(store).await
    };
    explain(opened.await, |error| hint_to_serve(error, url), url)
}

/// Opens a store only to read it, and creates nothing. Also returns the hash
/// that names numbers in its logs.
pub async fn open_existing(url: &DatabaseUrl) -> anyhow::Result<(Store, NumberHash)> {
    let opened = async { with_number_hash(existing(url).await?).await };
    explain_existing(opened.await, url)
}

/// Does the same for a caller that names nobody, so that nothing at all is written.
pub async fn open_to_look(url: &DatabaseUrl) -> anyhow::Result<Store> {
    explain_existing(existing(url).await, url)
}

/// Looks at a database without changing anything; `None` if it is a file that
/// does not exist yet.
pub async fn examine(url: &DatabaseUrl) -> anyhow::Result<Option<Examined>> {
    let examined = async { Store::new(url)?.examine().await };
    let examined = timeout(PATIENCE, examined).await.unwrap_or_else(|_| Err(StoreError::late()));
    explain(examined, |error| hint_to_serve(error, url), url)
}

/// Looks at each of several hosts; empty if there is only one, or a file.
pub async fn examine_hosts(url: &DatabaseUrl) -> Vec<HostState> {
    match Store::new(url) {
        Ok(store) => store.examine_hosts().await,
        // What is wrong with the address is reported already.
        Err(_) => Vec::new(),
    }
}

async fn existing(url: &DatabaseUrl) -> Result<Store, StoreError> {
    let store = Store::existing(url)?;
    store.ready().await?;
    Ok(store)
}

fn explain_existing<T>(opened: Result<T, StoreError>, url: &DatabaseUrl) -> anyhow::Result<T> {
    explain(
        opened,
        |error| match (error, url.backend()) {
            (StoreError::Refused(_), _) => {
                Some("if its tables are missing or old, `ringback migrate` brings it up to date")
            }
            (StoreError::Unavailable(_), Backend::Sqlite) => Some(
                "make sure that the file exists and can be read; `ringback` creates it at its first start, \
             in the folder where it is started, or where `DATABASE_URL` says",
            ),
            (StoreError::Unexpected(_), Backend::Sqlite) => Some(ANOTHER_FILE),
            _ => hint(error),
        },
        url,
    )
}

const ANOTHER_FILE: &str = "make sure that `DATABASE_URL` names the right file";

async fn with_number_hash(store: Store) -> Result<(Store, NumberHash), StoreError> {
    let key = store.key(number_hash::KEY_NAME, random_key()).await?;
    Ok((store, NumberHash::new(SecretString::from(key))))
}

fn explain<T>(
    opened: Result<T, StoreError>,
    hint: impl FnOnce(&StoreError) -> Option<&'static str>,
    url: &DatabaseUrl,
) -> anyhow::Result<T> {
    let hint = opened.as_ref().err().filter(|error| !error.advises()).and_then(hint);
    let opened = opened.with_context(|| format!("the database {url} cannot be used"));
    match hint {
        Some(hint) => opened.with_hint(hint),
        None => opened,
    }
}

/// Says what to do so that the service can use the database.
fn hint_to_serve(error: &StoreError, url: &DatabaseUrl) -> Option<&'static str> {
    match (error, url.backend()) {
        (StoreError::Refused(_), Backend::Mysql) => Some(
            "make sure that the user may create and alter tables in this database; \
             docs/operations.md has the `GRANT`s for migrating and for serving",
        ),
        (StoreError::Unavailable(_), Backend::Sqlite) => {
            Some("make sure that the folder of the file exists, can be written to, and has room")
        }
        (StoreError::Unexpected(_), Backend::Sqlite) => Some(ANOTHER_FILE),
        _ => hint(error),
    }
}

/// Says what to do about one host of several.
pub fn hint_for_host(error: &StoreError) -> &'static str {
    let own = match error {
        // Its hint is about an address with a single host.
        StoreError::Unavailable(_) => None,
        _ => hint(error),
    };
    own.unwrap_or("bring it back, or take it out of `DATABASE_URL`")
}

/// Says what to do, for whatever purpose the database was opened.
fn hint(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::Unavailable(_) => Some(
            "make sure that the server runs, and that host and port in `DATABASE_URL` are right; \
             without any `DATABASE_URL` the file `ringback.db` is used",
        ),
        StoreError::LogIn(_) => Some(
            "make sure that user and password in `DATABASE_URL` are right, that the user may use this \
             database, and that characters such as `@` are percent-encoded",
        ),
        StoreError::Missing => {
            Some("create it with `CREATE DATABASE name CHARACTER SET utf8mb4`, or correct the name")
        }
        StoreError::Locked(_) => {
            Some("another process holds a lock on it; end that process, or try again")
        }
        StoreError::Conflict(_)
        | StoreError::TurnTaken
        | StoreError::Refused(_)
        | StoreError::Setting
        | StoreError::Migration(_)
        | StoreError::Unexpected(_) => None,
    }
}
