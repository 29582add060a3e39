//! The statements on the outbox, and on the pace of our addresses.

use super::dialect::{Dialect, placeholders};
use crate::outbox::text::Text;
use crate::store::rows::Row as _;

/// Which texts are not over. The two states to which a report may still come are
/// over after some time for everything but that report, unless somebody still has
/// to look at them.
const IS_OPEN: &str = "state IN ('pending', 'claimed', 'accepted', 'unknown') \
     AND (state IN ('pending', 'claimed') OR due_at IS NOT NULL OR changed_at > ?)";

/// A text's columns, with times read as text.
fn columns() -> String {
    let column = |name: &&str| match *name {
        "id" | "phone_number" => (*name).to_owned(),
        time if time.ends_with("_at") || matches!(time, "good_until" | "not_before") => {
            format!("CAST({time} AS CHAR) AS {time}")
        }
        other => other.to_owned(),
    };
    let columns: Vec<String> = Text::COLUMNS.iter().map(column).collect();
    columns.join(", ")
}

fn lock(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "",
        Dialect::MySql => "FOR UPDATE",
    }
}

/// Reads the texts of these senders that are not over, in any order. The last
/// value is the time before which states have been over for long.
///
/// `FORCE INDEX`: a scan of a small table would lock rows of others. `INDEXED
/// BY`: where few texts are not over, SQLite would read those of everybody.
pub(super) fn open(dialect: Dialect, rows: usize) -> String {
    let index = match dialect {
        Dialect::Sqlite => "INDEXED BY outgoing_phone_number",
        Dialect::MySql => "FORCE INDEX (outgoing_phone_number)",
    };
    format!(
        "SELECT {} FROM outgoing {index} WHERE phone_number IN ({}) AND {IS_OPEN} {}",
        columns(),
        placeholders(rows),
        lock(dialect)
    )
}

/// Reads these texts.
pub(super) fn by_id(dialect: Dialect, rows: usize) -> String {
    let index = match dialect {
        Dialect::Sqlite => "",
        Dialect::MySql => "FORCE INDEX (PRIMARY)",
    };
    format!(
        "SELECT {} FROM outgoing {index} WHERE id IN ({}) ORDER BY id {}",
        columns(),
        placeholders(rows),
        lock(dialect)
    )
}

/// Reads whose these texts are.
pub(super) fn senders(rows: usize) -> String {
    format!("SELECT id, phone_number FROM outgoing WHERE id IN ({})", placeholders(rows))
}

/// Finds senders of whom a text has to be looked at, the longest due first.
pub(super) const DUE: &str = "SELECT phone_number, CAST(due_at AS CHAR) FROM outgoing WHERE due_at <= ? \
     ORDER BY due_at LIMIT ? OFFSET ?";

/// Reads all texts of a sender, in any order.
pub(super) fn of_sender() -> String {
    format!("SELECT {} FROM outgoing WHERE phone_number = ?", columns())
}

pub(super) const COUNT: &str =
    "SELECT COUNT(*), CAST(MIN(created_at) AS CHAR) FROM outgoing WHERE state = ?";

/// Finds the next texts that wait and are older than a time.
pub(super) const STALE: &str = "SELECT id FROM outgoing WHERE state = 'pending' \
     AND created_at < ? ORDER BY created_at LIMIT ? OFFSET ?";

pub(super) const MOVE: &str = "UPDATE outgoing SET phone_number = ? WHERE phone_number = ?";

/// Reads when these addresses of ours may send.
pub(super) fn paces(dialect: Dialect, rows: usize) -> String {
    let index = match dialect {
        Dialect::Sqlite => "",
        Dialect::MySql => "FORCE INDEX (PRIMARY)",
    };
    format!(
        "SELECT address, CAST(free_at AS CHAR) FROM send_pace {index} WHERE address IN ({}) \
         ORDER BY address {}",
        placeholders(rows),
        lock(dialect)
    )
}
