//! What each statement is given, and by which index it must find its rows.

use ringback::store::Statement;

use super::rows::{
    DAY, DUE, SENDERS, TEXTS_EACH, TURNS, VERSIONS, callback, external_id, hash, message_id, phone,
    signature,
};

/// How many rows one look at old messages takes.
pub(super) const BITE: i64 = 500;

/// A value that a placeholder stands for.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
}

/// What a statement is given, and what is expected of its plan.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) values: Vec<Value>,
    /// The index by which it finds rows, on `SQLite` and on MySQL; `None`: it
    /// only inserts.
    pub(super) index: Option<(&'static str, &'static str)>,
    /// About how many rows it reads there.
    pub(super) reads: usize,
}

pub(super) const SESSION: (&str, &str) = ("sqlite_autoindex_user_sessions_1", "PRIMARY");
pub(super) const WAKES_AT: (&str, &str) = ("user_sessions_wakes_at", "user_sessions_wakes_at");
pub(super) const TEXTS: (&str, &str) = ("outgoing_phone_number", "outgoing_phone_number");
pub(super) const TEXTS_DUE: (&str, &str) = ("outgoing_due_at", "outgoing_due_at");
pub(super) const TEXTS_IN_STATE: (&str, &str) = ("outgoing_state", "outgoing_state");
pub(super) const CALLBACK: (&str, &str) = ("sqlite_autoindex_callbacks_1", "PRIMARY");
pub(super) const OVER_AT: (&str, &str) = ("callbacks_over_at", "callbacks_over_at");
pub(super) const PACE: (&str, &str) = ("sqlite_autoindex_send_pace_1", "PRIMARY");

pub(super) const MESSAGE_ID: (&str, &str) = ("sqlite_autoindex_messages_1", "messages_message_id");
pub(super) const TURN: (&str, &str) = ("sqlite_autoindex_messages_2", "messages_phone_number_turn");
pub(super) const VERSION_HASH: (&str, &str) = ("flow_versions_hash", "flow_versions_hash");
pub(super) const SIGNATURE: (&str, &str) =
    ("sqlite_autoindex_signatures_1", "signatures_signature");
pub(super) const SENDER_ID: (&str, &str) = ("sqlite_autoindex_sender_ids_1", "PRIMARY");
pub(super) const KEY_OF_ID: (&str, &str) = ("sender_ids_phone_number", "sender_ids_phone_number");
pub(super) const CONVERSATION: (&str, &str) =
    ("conversations_phone_number", "conversations_phone_number");
pub(super) const ROW: (&str, &str) = ("INTEGER PRIMARY KEY", "PRIMARY");

pub(super) fn closed() -> Vec<Value> {
    let state = Value::Text("PRICE".to_owned());
    vec![Value::Bytes(Vec::new()), state, Value::Text(message_id(7, 1))]
}

/// A statement without a case is no statement: this does not compile then.
#[expect(clippy::too_many_lines, reason = "a table with an entry for each statement")]
pub(super) fn case(statement: Statement, rows: usize) -> Case {
    let senders = || (0..rows).map(|row| Value::Text(phone(row * 7))).collect();
    let (values, index, reads) = match statement {
        Statement::LoadSessions
        | Statement::LoadFreeSessions
        | Statement::ReadSession
        | Statement::VisibleSessions
        | Statement::DeleteSession
        | Statement::ClaimNewSessions => (senders(), Some(SESSION), rows),
        Statement::ClaimFirstTurns => (senders(), Some(TURN), rows),
        Statement::LastTurns => (senders(), Some(TURN), rows * TURNS),
        Statement::CloseReply => (closed(), Some(MESSAGE_ID), 1),
        Statement::RecordedReplies => {
            let ids = (0..rows).map(|row| Value::Text(message_id(row * 7, 1))).collect();
            (ids, Some(MESSAGE_ID), rows)
        }
        Statement::EntriesForward | Statement::EntriesBackward => {
            let values = vec![Value::Text(phone(7)), Value::Number(1), Value::Number(500)];
            (values, Some(TURN), TURNS)
        }
        // What bounds these is their LIMIT, which the plan does not count in.
        Statement::ReadSessions => {
            (vec![Value::Text(phone(7)), Value::Number(1_000)], Some(SESSION), SENDERS)
        }
        Statement::DueSessions => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(WAKES_AT), DUE)
        }
        Statement::NewestVersion => (vec![], Some(ROW), VERSIONS),
        // Of the rows before it, only the last is read. `MySQL` sees that nothing is
        // excluded by a number beyond all of them, and asks the index for its end.
        Statement::LastMessage => (vec![Value::Number(6_000)], Some(ROW), SENDERS * TURNS),
        Statement::OldMessages | Statement::OldSignatures | Statement::OldTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(100), Value::Number(BITE)];
            (values, Some(ROW), SENDERS * TURNS)
        }
        Statement::SignatureOwners => {
            let signatures = (0..rows).map(|row| Value::Bytes(signature(row * 7))).collect();
            (signatures, Some(SIGNATURE), rows)
        }
        Statement::ClaimSignatures => {
            let row = |row| {
                [Value::Bytes(signature(row)), Value::Number(1), Value::Number(2), Value::Number(3)]
            };
            ((0..rows).flat_map(row).collect(), None, 0)
        }
        Statement::SenderKeys | Statement::HoldSenderKeys => (ids(rows), Some(SENDER_ID), rows),
        Statement::ClaimSenderIds | Statement::SavePaces => (inserted(rows, 2), None, 0),
        Statement::SenderIds => (vec![Value::Text(phone(7))], Some(KEY_OF_ID), 1),
        Statement::MoveSenderIds => {
            (vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))], Some(KEY_OF_ID), 1)
        }
        Statement::MoveConversations => {
            let values = vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))];
            (values, Some(CONVERSATION), 1)
        }
        Statement::MoveMessages => {
            let new = [Value::Text(phone(SENDERS)), Value::Number(3)];
            ([&new[..], &[Value::Text(phone(7))]].concat(), Some(TURN), TURNS)
        }
        Statement::VersionOfHash => (vec![Value::Text(hash(7))], Some(VERSION_HASH), 1),
        Statement::ReadVersion => (vec![Value::Number(7)], Some(ROW), 1),
        Statement::InsertVersion => (inserted(1, 3), None, 0),
        Statement::DeleteMessages | Statement::DeleteSignatures | Statement::DeleteTexts => {
            let bite = [Value::Number(100), Value::Number(100 + BITE)];
            ([&bite[..], &[Value::Text(DAY.to_owned())]].concat(), Some(ROW), 500)
        }
        Statement::SaveSessions => (inserted(rows, 19), None, 0),
        Statement::SavePlainSessions => (inserted(rows, 12), None, 0),
        Statement::SaveWaitingSessions => (inserted(rows, 15), None, 0),
        Statement::FindCallbacks
        | Statement::SaveCallbacks
        | Statement::OldCallbacks
        | Statement::DeleteCallbacks => return of_callbacks(statement, rows),
        Statement::SaveTexts => (inserted(rows, 25), None, 0),
        // Four states of each.
        Statement::OpenTexts => {
            let keys: Vec<Value> = senders();
            ([keys, vec![Value::Text(DAY.to_owned())]].concat(), Some(TEXTS), 8 * rows)
        }
        Statement::TextsOf => (vec![Value::Text(phone(7))], Some(TEXTS), TEXTS_EACH),
        Statement::TextsById | Statement::TextSenders => {
            let ids =
                (0..rows).map(|row| Value::Number(i64::try_from(row * 7 + 100).unwrap())).collect();
            (ids, Some(ROW), rows)
        }
        Statement::DueTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(TEXTS_DUE), DUE)
        }
        Statement::CountTexts => {
            (vec![Value::Text("pending".to_owned())], Some(TEXTS_IN_STATE), SENDERS)
        }
        Statement::StaleTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(TEXTS_IN_STATE), SENDERS)
        }
        Statement::MoveTexts => {
            let values = vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))];
            (values, Some(TEXTS), TEXTS_EACH)
        }
        Statement::Paces => (senders(), Some(PACE), rows),
        Statement::InsertMessages => (inserted(rows, 13), None, 0),
        Statement::InsertConversations => (inserted(rows, 7), None, 0),
    };
    Case { values, index, reads }
}

pub(super) fn inserted(rows: usize, columns: usize) -> Vec<Value> {
    (0..rows * columns).map(|value| Value::Number(i64::try_from(value).unwrap())).collect()
}

fn of_callbacks(statement: Statement, rows: usize) -> Case {
    let day = || Value::Text(DAY.to_owned());
    let (values, index, reads) = match statement {
        Statement::FindCallbacks => {
            let names = (0..rows).map(|row| Value::Text(callback(row * 7))).collect();
            (names, Some(CALLBACK), rows)
        }
        Statement::OldCallbacks => (vec![day(), Value::Number(BITE)], Some(OVER_AT), SENDERS),
        Statement::DeleteCallbacks => (vec![day()], Some(OVER_AT), SENDERS),
        _ => (inserted(rows, 4), None, 0),
    };
    Case { values, index, reads }
}

fn ids(rows: usize) -> Vec<Value> {
    (0..rows).map(|row| Value::Text(external_id(row * 7))).collect()
}
