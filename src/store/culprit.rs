//! Finds the part of a table that refuses a row, and the statement that removes it.
//!
//! A database's own message never leaves the store, since it may quote what was
//! written. The object that it names is looked up instead.

use super::adopt::shape::ORIGINAL;
use super::adopt::{Finding, refusal};
use super::connect::Database;
use super::reader::Reader;
use super::reading::read;
use super::{Store, StoreError};

/// Objects of a table other than its columns.
#[derive(Clone, Copy)]
enum Kind {
    Trigger,
    Check,
    ForeignKey,
}

impl Store {
    /// Returns why a row was refused; `said` is the database's message about it.
    pub(super) async fn why_refused(
        &self,
        table: &'static str,
        error: StoreError,
        said: &str,
    ) -> StoreError {
        let StoreError::Refused(code) = &error else { return error };
        let code = code.to_string();
        let what = format!("refuses what is written to it ({code})");
        match code.as_str() {
            "MySQL 1142" | "MySQL 1143" => self.refuse_rights(code).await,
            "MySQL 1665" => StoreError::Migration(
                "the server writes its binary log by statements, with which it refuses what is \
                 written under READ COMMITTED; set `binlog_format = MIXED` (or `ROW`) in its settings"
                    .to_owned(),
            ),
            "MySQL 3819" | "MySQL 4025" => self.refuse(table, what, Kind::Check, said).await,
            "MySQL 1452" => self.refuse(table, what, Kind::ForeignKey, "").await,
            _ => self.refuse(table, what, Kind::Trigger, "").await,
        }
    }

    /// Returns why a row differs from what was written.
    pub(super) async fn why_changed(&self, table: &'static str) -> StoreError {
        let what = "holds something other than what is written to it".to_owned();
        self.refuse(table, what, Kind::Trigger, "").await
    }

    async fn refuse(
        &self,
        table: &'static str,
        what: String,
        kind: Kind,
        said: &str,
    ) -> StoreError {
        let found = match self.found(table, kind, said).await {
            Ok(found) => found,
            Err(error) => return error,
        };
        if found.is_empty() {
            return StoreError::Migration(format!(
                "the table `{table}` {what}; it was changed by hand, or belongs to another program: compare it \
                 with the one that Ringback makes in an empty database"
            ));
        }
        let finding = |(name, statement): (String, String)| {
            Finding::yours(table, format!("{what}, for which `{name}` is there"), statement)
        };
        refusal(&found.into_iter().map(finding).collect::<Vec<_>>())
    }

    /// Returns the names of the table's objects of this kind, each with the statement that drops
    /// it.
    async fn found(
        &self,
        table: &'static str,
        kind: Kind,
        said: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let text = match (&self.database, kind) {
            (Database::Sqlite(_), _) => {
                "SELECT name, 'TRIGGER' FROM sqlite_master \
                 WHERE type = 'trigger' AND lower(tbl_name) = ?"
            }
            (Database::MySql(_), Kind::Trigger) => {
                "SELECT CAST(trigger_name AS CHAR), 'TRIGGER' FROM information_schema.triggers \
                 WHERE event_object_schema = DATABASE() AND event_object_table = ?"
            }
            (Database::MySql(_), Kind::ForeignKey) => {
                "SELECT CAST(constraint_name AS CHAR), 'FOREIGN KEY' \
                 FROM information_schema.table_constraints WHERE table_schema = DATABASE() \
                 AND constraint_type = 'FOREIGN KEY' AND table_name = ?"
            }
            // On MariaDB a check of a single column has the column's name.
            (Database::MySql(_), Kind::Check) => {
                "SELECT CAST(rule.constraint_name AS CHAR), \
                 COALESCE(CAST(of_column.column_type AS CHAR), 'CONSTRAINT') \
                 FROM information_schema.table_constraints AS rule \
                 LEFT JOIN information_schema.columns AS of_column \
                   ON of_column.table_schema = rule.table_schema \
                  AND of_column.table_name = rule.table_name \
                  AND of_column.column_name = rule.constraint_name \
                 WHERE rule.table_schema = DATABASE() AND rule.constraint_type = 'CHECK' \
                   AND rule.table_name = ?"
            }
        };
        let found: Vec<(String, String)> = read!(self, reader => {
            sqlx::query_as(text).bind(table).fetch_all(&mut *reader).await?
        });
        let is_it = |(name, _): &(String, String)| said.is_empty() || said.contains(name.as_str());
        let statement = |(name, of): (String, String)| {
            let statement = match of.as_str() {
                "TRIGGER" => format!("DROP TRIGGER `{name}`;"),
                "FOREIGN KEY" | "CONSTRAINT" => format!("ALTER TABLE {table} DROP {of} `{name}`;"),
                column_type => {
                    let ours = ORIGINAL.iter().find(|column| column.name == name);
                    let definition = ours.map_or(format!("{column_type} NULL"), |column| {
                        column.definition.to_owned()
                    });
                    format!("ALTER TABLE {table} MODIFY `{name}` {definition};")
                }
            };
            (name, statement)
        };
        Ok(found.into_iter().filter(is_it).map(statement).collect())
    }

    async fn refuse_rights(&self, code: String) -> StoreError {
        let Database::MySql(source) = &self.database else { return StoreError::late() };
        let who = async {
            let mut reader = Reader::of(&source.readers()).await?;
            let who: (String, String) =
                sqlx::query_as("SELECT CAST(DATABASE() AS CHAR), CAST(CURRENT_USER() AS CHAR)")
                    .fetch_one(reader.connection()?)
                    .await?;
            reader.done();
            Ok::<_, sqlx::Error>(who)
        };
        let (database, user) = match who.await {
            Ok(who) => who,
            Err(error) => return error.into(),
        };
        let (name, host) = user.rsplit_once('@').unwrap_or((&user, "%"));
        StoreError::Migration(format!(
            "the user may not do all that serving needs ({code}); as an administrator run\n\n    \
             GRANT SELECT, INSERT, UPDATE, DELETE ON `{database}`.* TO '{name}'@'{host}';"
        ))
    }
}
