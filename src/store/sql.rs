//! The texts of the statements.
//!
//! Every statement on a table that grows has its text here and its name in
//! [`Statement`], by which all other modules refer to it. A test reads the plan
//! of each.
//!
//! Values are always bound, never inserted into the text. Only the number of
//! rows varies in a text, as a step of the [ladder](super::ladder).

mod callbacks;
mod dialect;
mod old;
mod outgoing;
mod sender_ids;
mod signatures;

pub use self::dialect::Dialect;
use self::dialect::{placeholders, tuples};
use super::callbacks::CallbackRow;
use super::changes::Recorded;
use super::person::Person;
use super::rows::Row;
use super::rows::sessions::{Plain, Waiting};
use jiff::Timestamp;

use crate::conversation::Ended;
use crate::message::{Channel, Sender};
use crate::outbox::text::Text;

/// The most prepared statements of one connection: the ladder for each of the
/// statements below, and their compounds, with room to spare.
pub(super) const STATEMENT_CACHE: usize = 3_840;

/// Defines [`Statement`] and the list of all statements, which therefore cannot miss one.
macro_rules! statements {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A statement on a table that grows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Statement {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Statement {
            /// All statements.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

statements! {
    /// Reads sessions and locks their rows; fails at once at a stranger's lock.
    LoadSessions,
    /// The same, but passes over the rows that a stranger has locked.
    LoadFreeSessions,
    /// Reads one session without a lock.
    ReadSession,
    /// Reads the sessions after one, in the order of their keys.
    ReadSessions,
    /// Finds sessions in which silence is over.
    DueSessions,
    /// Finds which of some senders have a session that others can see.
    VisibleSessions,
    /// Fails at once where a stranger is making one of some sessions (MySQL only).
    ClaimNewSessions,
    /// Fails at once where a stranger is taking a sender's first message (MySQL only).
    ClaimFirstTurns,
    /// Writes sessions.
    SaveSessions,
    /// Writes sessions in their plain form.
    SavePlainSessions,
    /// Writes sessions in the form of those that wait.
    SaveWaitingSessions,
    /// Claims message ids and keeps what was said.
    InsertMessages,
    /// Keeps the results of conversations that ended.
    InsertConversations,
    /// Gives an open reply its bytes.
    CloseReply,
    /// The replies that some message ids got.
    RecordedReplies,
    /// The newest turn of each of some senders.
    LastTurns,
    /// A sender's turns after one, oldest first.
    EntriesForward,
    /// A sender's turns after one, newest first.
    EntriesBackward,
    /// Reads a version of the flows by its place.
    ReadVersion,
    /// The newest place of a version.
    VersionOfHash,
    /// The version that appeared last.
    NewestVersion,
    /// Keeps a version that appears.
    InsertVersion,
    /// The last message up to an id.
    LastMessage,
    /// How far the next rows go, and how far the old ones among them.
    OldMessages,
    /// Deletes the old ones.
    DeleteMessages,
    /// Claims signatures; an owned signature keeps its owner.
    ClaimSignatures,
    /// Reads the owners of some signatures.
    SignatureOwners,
    /// How far the next signatures go, and how far the old ones among them.
    OldSignatures,
    /// Deletes the old ones.
    DeleteSignatures,
    /// Reads the keys under which people with some ids are kept.
    SenderKeys,
    /// The same, and keeps the rows as they are until the end of the transaction.
    HoldSenderKeys,
    /// Keeps ids that are new with their keys, and locks all of them.
    ClaimSenderIds,
    /// Lets all ids of one key lead to another.
    MoveSenderIds,
    /// The ids that lead to a key.
    SenderIds,
    /// Gives a sender's messages to another, whose turns they follow.
    MoveMessages,
    /// Gives a sender's results to another.
    MoveConversations,
    /// Deletes one session.
    DeleteSession,
    /// Writes texts of the outbox, new ones and known ones.
    SaveTexts,
    /// Reads the texts of some senders that are not over, and locks their rows.
    OpenTexts,
    /// Reads some texts by their numbers, and locks their rows.
    TextsById,
    /// The senders of some texts.
    TextSenders,
    /// Finds senders of whom a text has to be looked at.
    DueTexts,
    /// All texts of a sender.
    TextsOf,
    /// How many texts are in a state, and the oldest time.
    CountTexts,
    /// The next texts that wait and are older than a time.
    StaleTexts,
    /// Gives a sender's texts to another.
    MoveTexts,
    /// How far the next texts go, and how far the old ones among them.
    OldTexts,
    /// Deletes the old ones.
    DeleteTexts,
    /// Reads when some addresses of ours may send, and locks their rows.
    Paces,
    /// Writes when addresses of ours may send.
    SavePaces,
    /// Reads callbacks by their names.
    FindCallbacks,
    /// Writes callbacks, new ones and known ones.
    SaveCallbacks,
    /// How far the next callbacks go that have been over for long.
    OldCallbacks,
    /// Deletes those.
    DeleteCallbacks,
}

impl Statement {
    /// Returns the text, for this many rows if their number varies. It consists
    /// of constants and placeholders only.
    #[must_use]
    pub fn text(self, dialect: Dialect, rows: usize) -> String {
        match self {
            Self::LoadSessions => load_sessions(dialect, "NOWAIT", rows),
            Self::LoadFreeSessions => load_sessions(dialect, "SKIP LOCKED", rows),
            Self::ReadSession => read_session(),
            Self::ReadSessions => read_sessions(),
            Self::DueSessions => DUE_SESSIONS.to_owned(),
            Self::VisibleSessions => visible_sessions(rows),
            Self::ClaimNewSessions => claim_new_sessions(rows),
            Self::ClaimFirstTurns => claim_first_turns(rows),
            Self::SaveSessions => save::<(Sender, Person), ()>(dialect, rows),
            Self::SavePlainSessions => save::<(Sender, Person), Plain>(dialect, rows),
            Self::SaveWaitingSessions => save::<(Sender, Person), Waiting>(dialect, rows),
            Self::InsertMessages => insert::<Recorded, ()>(rows),
            Self::InsertConversations => insert::<(Sender, Channel, Ended), ()>(rows),
            Self::CloseReply => CLOSE_REPLY.to_owned(),
            Self::RecordedReplies => recorded_replies(rows),
            Self::LastTurns => last_turns(rows),
            Self::EntriesForward => format!("{ENTRIES} ORDER BY turn LIMIT ?"),
            Self::EntriesBackward => format!("{ENTRIES} ORDER BY turn DESC LIMIT ?"),
            Self::ReadVersion => READ_VERSION.to_owned(),
            Self::VersionOfHash => VERSION_OF_HASH.to_owned(),
            Self::NewestVersion => NEWEST_VERSION.to_owned(),
            Self::InsertVersion => INSERT_VERSION.to_owned(),
            Self::LastMessage => LAST_MESSAGE.to_owned(),
            Self::OldMessages => old::look("messages", "received_at"),
            Self::DeleteMessages => old::delete(dialect, "messages", "received_at"),
            Self::ClaimSignatures => signatures::claim(dialect, rows),
            Self::SignatureOwners => signatures::owners(rows),
            Self::OldSignatures => old::look("signatures", "received_at"),
            Self::DeleteSignatures => old::delete(dialect, "signatures", "received_at"),
            Self::SenderKeys => sender_ids::keys(rows),
            Self::HoldSenderKeys => sender_ids::hold(dialect, rows),
            Self::ClaimSenderIds => sender_ids::claim(dialect, rows),
            Self::MoveSenderIds => sender_ids::MOVE.to_owned(),
            Self::SenderIds => sender_ids::OF_KEY.to_owned(),
            Self::MoveMessages => sender_ids::MOVE_MESSAGES.to_owned(),
            Self::MoveConversations => sender_ids::MOVE_CONVERSATIONS.to_owned(),
            Self::DeleteSession => sender_ids::DELETE_SESSION.to_owned(),
            Self::SaveTexts => save::<Text, ()>(dialect, rows),
            Self::OpenTexts => outgoing::open(dialect, rows),
            Self::TextsById => outgoing::by_id(dialect, rows),
            Self::TextSenders => outgoing::senders(rows),
            Self::DueTexts => outgoing::DUE.to_owned(),
            Self::TextsOf => outgoing::of_sender(),
            Self::CountTexts => outgoing::COUNT.to_owned(),
            Self::StaleTexts => outgoing::STALE.to_owned(),
            Self::MoveTexts => outgoing::MOVE.to_owned(),
            Self::OldTexts => old::look("outgoing", "created_at"),
            Self::DeleteTexts => old::delete(dialect, "outgoing", "created_at"),
            Self::Paces => outgoing::paces(dialect, rows),
            Self::SavePaces => save::<(String, Timestamp), ()>(dialect, rows),
            Self::FindCallbacks => callbacks::find(rows),
            Self::SaveCallbacks => save::<CallbackRow, ()>(dialect, rows),
            Self::OldCallbacks => callbacks::OLD.to_owned(),
            Self::DeleteCallbacks => callbacks::delete(dialect),
        }
    }
}

/// A compound that does nothing: a server that refuses it does not know
/// compounds. Only `MariaDB` does.
pub(super) const COMPOUND: &str = "BEGIN NOT ATOMIC DO 0; END";

/// Returns several statements and the commit as one. A failure ends it, uncommitted.
pub(super) fn compound(parts: &[(Statement, usize)]) -> String {
    let mut sql = "BEGIN NOT ATOMIC ".to_owned();
    for (statement, rows) in parts {
        sql.push_str(&statement.text(Dialect::MySql, *rows));
        sql.push_str("; ");
    }
    sql.push_str("COMMIT; END");
    sql
}

/// A session's columns, in the order of `SessionRow`. Times are read as text.
const SESSION_COLUMNS: &str = "phone_number, user_name, favorite_song, conversation_state, flow, \
     answers, tries, CAST(began_at AS CHAR) AS began_at, CAST(expires_at AS CHAR) AS expires_at, \
     turns, opt_outs, stack, language, flow_version, waits, \
     CAST(wakes_at AS CHAR) AS wakes_at, contact, callback";

/// Reads sessions and locks their rows; nobody waits for a stranger's lock.
///
/// `FORCE INDEX`: on a small table MariaDB otherwise scans, and meets locks on
/// rows that were not requested.
fn load_sessions(dialect: Dialect, at_a_lock: &str, rows: usize) -> String {
    let (index, lock) = match dialect {
        Dialect::Sqlite => ("", String::new()),
        Dialect::MySql => ("FORCE INDEX (PRIMARY)", format!("FOR UPDATE {at_a_lock}")),
    };
    format!(
        "SELECT {SESSION_COLUMNS} FROM user_sessions {index} \
         WHERE phone_number IN ({}) ORDER BY phone_number {lock}",
        placeholders(rows)
    )
}

/// Reads one session without a lock.
fn read_session() -> String {
    format!(
        "SELECT {SESSION_COLUMNS}, CAST(last_interaction AS CHAR) AS last_interaction \
         FROM user_sessions WHERE phone_number = ?"
    )
}

/// Reads the sessions after one, in the order of their keys.
fn read_sessions() -> String {
    format!(
        "SELECT {SESSION_COLUMNS} FROM user_sessions WHERE phone_number > ? \
         ORDER BY phone_number LIMIT ?"
    )
}

/// Fails at once where a stranger is making one of these rows, which no other
/// can see yet.
fn claim_new_sessions(rows: usize) -> String {
    format!(
        "SELECT phone_number FROM user_sessions FORCE INDEX (PRIMARY) \
         WHERE phone_number IN ({}) FOR UPDATE NOWAIT",
        placeholders(rows)
    )
}

/// Fails at once where a stranger is taking the first message of one of these senders.
fn claim_first_turns(rows: usize) -> String {
    format!(
        "SELECT phone_number FROM messages FORCE INDEX (messages_phone_number_turn) \
         WHERE phone_number IN ({}) AND turn = 1 FOR UPDATE NOWAIT",
        placeholders(rows)
    )
}

/// Finds sessions in which silence is over, the longest first.
const DUE_SESSIONS: &str = "SELECT phone_number FROM user_sessions WHERE wakes_at <= ? \
     ORDER BY wakes_at LIMIT ? OFFSET ?";

/// Finds which of these senders have a session that others can see.
fn visible_sessions(rows: usize) -> String {
    format!("SELECT phone_number FROM user_sessions WHERE phone_number IN ({})", placeholders(rows))
}

/// Writes rows of a table that are new.
fn insert<R: Row<F>, F>(rows: usize) -> String {
    let tuple = format!("({})", vec!["?"; R::COLUMNS.len()].join(", "));
    let (table, columns) = (R::TABLE, R::COLUMNS.join(", "));
    format!("INSERT INTO {table} ({columns}) VALUES {}", tuples(&tuple, rows))
}

/// Writes rows, whether they are new or not. The first column is the key.
fn save<R: Row<F>, F>(dialect: Dialect, rows: usize) -> String {
    let key = R::COLUMNS.first().copied().unwrap_or_default();
    let (at_a_known_key, set): (_, fn(&&str) -> String) = match dialect {
        Dialect::Sqlite => (format!("ON CONFLICT ({key}) DO UPDATE SET"), |column| {
            format!("{column} = excluded.{column}")
        }),
        Dialect::MySql => {
            ("ON DUPLICATE KEY UPDATE".to_owned(), |column| format!("{column} = VALUES({column})"))
        }
    };
    let sets: Vec<String> = R::COLUMNS.iter().skip(1).map(set).collect();
    format!("{} {at_a_known_key} {}", insert::<R, F>(rows), sets.join(", "))
}

/// A reply that is closed has at least the bytes of an empty document.
const CLOSE_REPLY: &str =
    "UPDATE messages SET reply = ?, state_after = ? WHERE message_id = ? AND LENGTH(reply) = 0";

/// Returns the replies that these message ids got.
fn recorded_replies(rows: usize) -> String {
    format!("SELECT message_id, reply FROM messages WHERE message_id IN ({})", placeholders(rows))
}

/// Returns the newest turn of each of these senders.
fn last_turns(rows: usize) -> String {
    format!(
        "SELECT phone_number, MAX(turn) FROM messages WHERE phone_number IN ({}) \
         GROUP BY phone_number",
        placeholders(rows)
    )
}

/// The columns of a sender's turns after one, as a transcript shows them.
const ENTRIES: &str = "SELECT message_id, turn, channel, body, media, parameters, \
     CAST(received_at AS CHAR) AS received_at, state_before, state_after, reply \
     FROM messages WHERE phone_number = ? AND turn > ?";

const READ_VERSION: &str = "SELECT id, hash, sources, \
     CAST(first_served_at AS CHAR) AS first_served_at FROM flow_versions WHERE id = ?";

const VERSION_OF_HASH: &str =
    "SELECT id FROM flow_versions WHERE hash = ? ORDER BY id DESC LIMIT 1";

const NEWEST_VERSION: &str =
    "SELECT id, hash FROM flow_versions WHERE id > 0 ORDER BY id DESC LIMIT 1";

const INSERT_VERSION: &str =
    "INSERT INTO flow_versions (hash, sources, first_served_at) VALUES (?, ?, ?)";

const LAST_MESSAGE: &str = "SELECT id, CAST(received_at AS CHAR) FROM messages \
     WHERE id <= ? ORDER BY id DESC LIMIT 1";
