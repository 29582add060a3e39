//! Random keys that outlive a restart.

use super::connect::{Connected, Database};
use super::{Store, StoreError, on_either};

impl Store {
    /// The key of this name; `fresh` is kept and given where there was none.
    /// Of two processes that ask at once, both get the same.
    pub async fn key(&self, name: &str, fresh: String) -> Result<String, StoreError> {
        if let Some(key) = self.existing_key(name).await? {
            return Ok(key);
        }
        match self.connect().await? {
            Connected::Sqlite(mut connection) => {
                sqlx::query("INSERT OR IGNORE INTO service_keys (name, value) VALUES (?, ?)")
                    .bind(name.to_owned())
                    .bind(fresh)
                    .execute(&mut connection)
                    .await?;
            }
            Connected::MySql(mut connection) => {
                sqlx::query("INSERT IGNORE INTO service_keys (name, value) VALUES (?, ?)")
                    .bind(name.to_owned())
                    .bind(fresh)
                    .execute(&mut connection)
                    .await?;
                sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            }
        }
        self.existing_key(name)
            .await?
            .ok_or_else(|| StoreError::Unexpected("a key that was kept is gone".to_owned()))
    }

    async fn existing_key(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(on_either!(Database, &self.database, source => {
            sqlx::query_scalar("SELECT value FROM service_keys WHERE name = ?")
                .bind(name.to_owned())
                .fetch_optional(&source.readers)
                .await?
        }))
    }
}
