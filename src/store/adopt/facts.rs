//! What `MySQL` reports about a table, without reading its rows.

use sqlx::MySqlConnection;

use super::quoted;
use super::shape::is_written;
use crate::store::StoreError;

pub(super) const PRIMARY: &str = "PRIMARY";

const NUMBERS: [&str; 9] =
    ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit"];

/// What the server reports about a table.
pub(super) struct Facts {
    pub(super) table: String,
    pub(super) kind: String,
    pub(super) engine: String,
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
    pub(super) foreign: Vec<Foreign>,
    pub(super) partitioned_by: Option<String>,
}

/// A column.
#[derive(sqlx::FromRow)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) kind: String,
    pub(super) takes_null: bool,
    pub(super) default_value: Option<String>,
    pub(super) extra: String,
    pub(super) is_generated: bool,
    pub(super) length: i64,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
}

/// An index: its columns (`None`: an expression), each with the length of its
/// prefix if the index does not cover the whole column.
pub(super) struct Index {
    pub(super) name: String,
    pub(super) is_unique: bool,
    pub(super) parts: Vec<(Option<String>, Option<i64>)>,
}

/// A foreign key, of the table or to it.
#[derive(sqlx::FromRow)]
pub(super) struct Foreign {
    pub(super) name: String,
    pub(super) schema_name: String,
    pub(super) table_name: String,
    pub(super) column_name: String,
    pub(super) is_own: bool,
    pub(super) referenced: Option<String>,
}

impl Facts {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn primary(&self) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == PRIMARY)
    }
}

impl Column {
    /// Returns the column as it is, but with NULL allowed.
    pub(super) fn with_null(&self) -> String {
        let collation = match (&self.charset, &self.collation) {
            (Some(charset), Some(collation)) => {
                format!(" CHARACTER SET {charset} COLLATE {collation}")
            }
            _ => String::new(),
        };
        format!("MODIFY {} {}{collation} NULL", quoted(&self.name), self.kind)
    }

    pub(super) fn is_number(&self) -> bool {
        NUMBERS.contains(&self.data_type.as_str())
    }

    /// Returns whether a row gets a value for it that is not written.
    pub(super) fn fills_itself(&self) -> bool {
        self.takes_null
            || self.default_value.is_some()
            || self.is_generated
            || self.extra.contains("auto_increment")
    }

    /// Returns whether it is NULL, and stays so, in a row for which it is not written.
    pub(super) fn is_null_by_itself(&self) -> bool {
        // MariaDB writes the default out.
        let default = self.default_value.as_ref().filter(|value| *value != "NULL");
        self.takes_null
            && default.is_none()
            && !self.is_generated
            && !self.extra.to_ascii_lowercase().contains("on update")
    }

    /// Returns whether all rows may get the same value for it.
    pub(super) fn repeats(&self) -> bool {
        let is_constant =
            |value: &String| !value.contains('(') && !value.eq_ignore_ascii_case("NULL");
        is_written(&self.name) || self.default_value.as_ref().is_some_and(is_constant)
    }

    /// Returns whether it can hold every address, and distinguishes all of them.
    pub(super) fn is_key(&self) -> bool {
        self.data_type == "varchar"
            && self.length >= 190
            && self.collation.as_deref() == Some("ascii_bin")
            && !self.takes_null
            && !self.is_generated
    }
}

impl Index {
    /// Returns whether it has this column, and the whole of it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|(column, prefix)| {
            prefix.is_none()
                && column.as_ref().is_some_and(|column| column.eq_ignore_ascii_case(name))
        })
    }

    pub(super) fn is_just(&self, names: &[&str]) -> bool {
        self.is_unique && self.parts.len() == names.len() && names.iter().all(|name| self.has(name))
    }

    pub(super) fn columns(&self) -> String {
        let part = |(column, prefix): &(Option<String>, Option<i64>)| {
            let prefix = prefix.map(|length| format!("({length})")).unwrap_or_default();
            format!("{}{prefix}", quoted(column.as_deref().unwrap_or_default()))
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

/// Returns what the server reports about a table without reading its rows; `None` if there is no
/// such table.
pub(super) async fn facts(
    connection: &mut MySqlConnection,
    table: &str,
) -> Result<Option<Facts>, StoreError> {
    let found: Option<(String, Option<String>)> = sqlx::query_as(
        "SELECT CAST(table_type AS CHAR), CAST(engine AS CHAR) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name = ?",
    )
    .bind(table.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((kind, engine)) = found else { return Ok(None) };
    let columns: Vec<Column> = sqlx::query_as(
        "SELECT CAST(column_name AS CHAR) AS name, CAST(data_type AS CHAR) AS data_type, \
         CAST(column_type AS CHAR) AS kind, is_nullable = 'YES' AS takes_null, \
         CAST(column_default AS CHAR) AS default_value, CAST(extra AS CHAR) AS extra, \
         COALESCE(generation_expression, '') <> '' AS is_generated, \
         CAST(LEAST(COALESCE(character_maximum_length, 0), 4294967295) AS SIGNED) AS length, \
         CAST(character_set_name AS CHAR) AS charset, CAST(collation_name AS CHAR) AS collation \
         FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position",
    )
    .bind(table.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let parts: Vec<(String, i64, Option<String>, Option<i64>)> = sqlx::query_as(
        "SELECT CAST(index_name AS CHAR), CAST(non_unique AS SIGNED), CAST(column_name AS CHAR), \
         CAST(sub_part AS SIGNED) FROM information_schema.statistics \
         WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index",
    )
    .bind(table.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let mut indexes: Vec<Index> = Vec::new();
    for (name, non_unique, column, prefix) in parts {
        if indexes.last().is_none_or(|index| index.name != name) {
            indexes.push(Index { name, is_unique: non_unique == 0, parts: Vec::new() });
        }
        if let Some(index) = indexes.last_mut() {
            index.parts.push((column, prefix));
        }
    }
    // Within this database only: otherwise a server would open the tables of all others.
    let foreign: Vec<Foreign> = sqlx::query_as(
        "SELECT CAST(constraint_name AS CHAR) AS name, CAST(table_schema AS CHAR) AS schema_name, \
         CAST(table_name AS CHAR) AS table_name, CAST(column_name AS CHAR) AS column_name, \
         table_name = ? AS is_own, CAST(referenced_column_name AS CHAR) AS referenced \
         FROM information_schema.key_column_usage \
         WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL \
           AND (table_name = ? OR referenced_table_name = ?)",
    )
    .bind(table.to_owned())
    .bind(table.to_owned())
    .bind(table.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let partitioned_by: Option<String> = sqlx::query_scalar(
        "SELECT CAST(partition_method AS CHAR) FROM information_schema.partitions \
         WHERE table_schema = DATABASE() AND table_name = ? AND partition_method IS NOT NULL LIMIT 1",
    )
    .bind(table.to_owned())
    .fetch_optional(connection)
    .await?;
    Ok(Some(Facts {
        table: table.to_owned(),
        kind,
        engine: engine.unwrap_or_default(),
        columns,
        indexes,
        foreign,
        partitioned_by,
    }))
}
