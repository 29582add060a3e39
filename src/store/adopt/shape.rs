//! What our tables must have, whichever program made them.

use jiff::Timestamp;

use crate::message::Sender;
use crate::outbox::text::Text;
use crate::store::callbacks::CallbackRow;
use crate::store::person::Person;
use crate::store::rows::Row;
use crate::store::rows::sessions::Plain;

/// A table, and the migration that creates it if it does not exist.
pub(super) struct Table {
    pub(in crate::store) name: &'static str,
    pub(super) made_by: i64,
    /// The columns with which it is created.
    pub(super) columns: &'static [&'static str],
    /// The unique keys with which it is created, by their names in `MySQL`.
    pub(super) keys: &'static [(&'static str, &'static [&'static str])],
}

/// The sessions, which another program may have begun.
pub(in crate::store) const SESSIONS: &str = "user_sessions";

/// The table in which sqlx keeps the completed migrations.
pub(super) const MIGRATIONS: &str = "_sqlx_migrations";

/// The address of a sender, which is the key of the sessions.
pub(super) const KEY: &str = "phone_number";

/// The tables that belong to Ringback alone.
pub(super) const OURS: [Table; 9] = [
    Table {
        name: "messages",
        made_by: 5,
        columns: &[
            "id",
            "message_id",
            KEY,
            "turn",
            "channel",
            "from_address",
            "to_address",
            "body",
            "media",
            "parameters",
            "received_at",
            "state_before",
            "state_after",
            "reply",
        ],
        keys: &[
            ("messages_message_id", &["message_id"]),
            ("messages_phone_number_turn", &[KEY, "turn"]),
        ],
    },
    Table {
        name: "conversations",
        made_by: 6,
        columns: &["id", KEY, "channel", "flow", "outcome", "answers", "began_at", "ended_at"],
        keys: &[],
    },
    Table {
        name: "service_keys",
        made_by: 7,
        columns: &["name", "value"],
        keys: &[("PRIMARY", &["name"])],
    },
    Table {
        name: "flow_versions",
        made_by: 9,
        columns: &["id", "hash", "sources", "first_served_at"],
        keys: &[],
    },
    Table {
        name: "signatures",
        made_by: 11,
        columns: &["id", "signature", "message_id", KEY, "received_at"],
        keys: &[("signatures_signature", &["signature"])],
    },
    Table {
        name: "sender_ids",
        made_by: 13,
        columns: &["external_id", KEY],
        keys: &[("PRIMARY", &["external_id"])],
    },
    Table { name: "outgoing", made_by: 15, columns: Text::COLUMNS, keys: &[] },
    Table {
        name: "send_pace",
        made_by: 15,
        columns: <(String, Timestamp)>::COLUMNS,
        keys: &[("PRIMARY", &["address"])],
    },
    Table {
        name: "callbacks",
        made_by: 16,
        columns: CallbackRow::COLUMNS,
        keys: &[("PRIMARY", &["name"])],
    },
];

/// What a column of the sessions must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Holds {
    /// The sender's address.
    Address,
    /// This many characters.
    Text(u64),
    /// A time.
    Time,
}

/// One of the five columns that the original had.
pub(in crate::store) struct Column {
    pub(in crate::store) name: &'static str,
    pub(super) holds: Holds,
    /// Whether NULL is written to it.
    pub(super) takes_null: bool,
    /// The definition with which `MySQL` creates it.
    pub(in crate::store) definition: &'static str,
}

pub(in crate::store) const ORIGINAL: [Column; 5] = [
    Column {
        name: KEY,
        holds: Holds::Address,
        takes_null: false,
        definition: "VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL",
    },
    Column {
        name: "user_name",
        holds: Holds::Text(100),
        takes_null: true,
        definition: "VARCHAR(100) CHARACTER SET utf8mb4 NULL",
    },
    Column {
        name: "favorite_song",
        holds: Holds::Text(200),
        takes_null: true,
        definition: "VARCHAR(200) CHARACTER SET utf8mb4 NULL",
    },
    Column {
        name: "conversation_state",
        holds: Holds::Text(50),
        takes_null: false,
        definition: "VARCHAR(50) CHARACTER SET utf8mb4 NULL",
    },
    Column {
        name: "last_interaction",
        holds: Holds::Time,
        takes_null: false,
        definition: "TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP",
    },
];

/// The name of a column, and the types in `MySQL` that it may have.
type Added = (&'static str, &'static [&'static str]);

/// The columns that a migration adds to the sessions all at once, each with its
/// type, and the type that a later migration gives it: a column of that name may
/// belong to another program.
pub(super) const ADDED: [(i64, &[Added]); 6] = [
    (
        4,
        &[
            ("flow", &["varchar"]),
            ("answers", &["mediumtext"]),
            ("tries", &["int"]),
            ("began_at", &["datetime"]),
            ("expires_at", &["datetime"]),
            ("turns", &["bigint"]),
            ("opt_outs", &["varchar"]),
        ],
    ),
    (8, &[("stack", &["mediumtext"]), ("language", &["varchar"])]),
    (10, &[("flow_version", &["bigint"])]),
    (14, &[("waits", &["varchar"]), ("wakes_at", &["datetime"])]),
    (15, &[("contact", &["varchar", "text"])]),
    (16, &[("callback", &["mediumtext"])]),
];

/// Returns whether a column of the sessions is written with every session.
pub(super) fn is_written(column: &str) -> bool {
    <(Sender, Person) as Row>::COLUMNS.contains(&column)
}

/// Returns whether a column of the sessions is left out where it is NULL.
pub(super) fn is_often_left_out(column: &str) -> bool {
    is_written(column) && !<(Sender, Person) as Row<Plain>>::COLUMNS.contains(&column)
}
