//! Random keys that survive a restart, and other values that are kept under a name.

use sqlx::Connection as _;

use super::connect::{Connected, Database};
use super::look_again::Patience;
use super::reading::read;
use super::sql::Dialect;
use super::{Store, StoreError, on_either};

impl Store {
    /// Returns the key of this name; stores and returns `fresh` if there was
    /// none. If two processes ask at once, both get the same key.
    pub async fn key(&self, name: &str, fresh: String) -> Result<String, StoreError> {
        let mut patience = Patience::new();
        loop {
            match self.key_once(name, &fresh).await {
                Ok(Some(key)) => return Ok(key),
                // Another process stored it on another node, and it is not here yet.
                Ok(None) if patience.rest().await => {}
                Ok(None) => {
                    return Err(StoreError::Unexpected("a key that was kept is gone".to_owned()));
                }
                Err(error) if error.is_race() && patience.rest().await => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn key_once(&self, name: &str, fresh: &str) -> Result<Option<String>, StoreError> {
        if let Some(key) = self.existing_key(name).await? {
            return Ok(Some(key));
        }
        match self.connect().await? {
            Connected::Sqlite(mut connection) => {
                sqlx::query("INSERT OR IGNORE INTO service_keys (name, value) VALUES (?, ?)")
                    .bind(name.to_owned())
                    .bind(fresh.to_owned())
                    .execute(&mut connection)
                    .await?;
            }
            Connected::MySql(mut connection) => {
                sqlx::query("INSERT IGNORE INTO service_keys (name, value) VALUES (?, ?)")
                    .bind(name.to_owned())
                    .bind(fresh.to_owned())
                    .execute(&mut connection)
                    .await?;
                sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            }
        }
        self.existing_key(name).await
    }

    /// Stores a value under this name, and replaces an earlier one.
    pub(super) async fn set_key(&self, name: &str, value: String) -> Result<(), StoreError> {
        on_either!(Connected, self.connect().await?, connection => {
            let mut connection = connection;
            sqlx::query("REPLACE INTO service_keys (name, value) VALUES (?, ?)")
                .bind(name.to_owned())
                .bind(value)
                .execute(&mut connection)
                .await?;
            if self.dialect() == Dialect::MySql {
                sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            }
            connection.close().await?;
        });
        Ok(())
    }

    /// Returns the value that is stored under this name.
    pub(super) async fn existing_key(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(read!(self, reader => {
            sqlx::query_scalar("SELECT value FROM service_keys WHERE name = ?")
                .bind(name.to_owned())
                .fetch_optional(&mut *reader)
                .await?
        }))
    }
}
