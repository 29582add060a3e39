//! The session settings of a connection to `MySQL`.

use sqlx::MySqlConnection;

/// The settings that all connections to `MySQL` share, whatever the server's
/// own settings are. Statements then mean the same on every server, and none is
/// cut short or delayed. Each comment is read by one server only: `MariaDB`
/// reads `/*M!`, and `MySQL` reads `/*!80000`, which `MariaDB` skips.
///
/// - `READ COMMITTED`: under `REPEATABLE READ` the first messages of new senders
///   meet in gap locks.
/// - `lock_wait_timeout` is about whole tables: `MySQL` keeps waiting for one
///   after its client has gone, so that a long `ALTER TABLE` would gather dead
///   connections until there are too many.
/// - `autocommit`: a reader that leaves a transaction open holds up every `ALTER
///   TABLE`.
/// - `completion_type`: a commit may neither begin a transaction nor hang up.
/// - `sql_mode` as a whole: each mode that a server may have changes what a
///   statement means, refuses dates of an adopted table, or takes `''` for `NULL`.
/// - `sql_select_limit`, `sql_big_selects`: all rows that a statement asks for.
/// - `sql_safe_updates`: the migrator deletes by a column without an index.
/// - `default_storage_engine`: sqlx names none for its own table.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1, \
     SESSION lock_wait_timeout = 1, \
     SESSION time_zone = '+00:00', \
     SESSION autocommit = 1, \
     SESSION completion_type = 0, \
     SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
     SESSION sql_select_limit = 18446744073709551615, \
     SESSION sql_big_selects = 1, \
     SESSION sql_safe_updates = 0, \
     SESSION sql_auto_is_null = 0, \
     SESSION foreign_key_checks = 1, \
     SESSION unique_checks = 1, \
     SESSION default_storage_engine = InnoDB \
     /*M!100100 , SESSION max_statement_time = 0 */ \
     /*!80000 , SESSION max_execution_time = 0 */; \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

/// Sets up a connection as every statement expects it.
pub(super) async fn set_up(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SESSION).execute(connection).await?;
    Ok(())
}
