//! The rows of the tables on which statements are planned.

use std::fmt::Write;

use crate::support::database::{TestDatabase, run_sql};

/// How many people, and turns of each, the tables hold.
pub(super) const SENDERS: usize = 3000;
pub(super) const TURNS: usize = 4;

/// How many versions of the flows were served.
pub(super) const VERSIONS: usize = 3000;

/// How many texts each person got.
pub(super) const TEXTS_EACH: usize = 3;
/// The people whose silence is over.
pub(super) const DUE: usize = 20;

/// Most messages are older, so that the time alone would find too many rows.
pub(super) const DAY: &str = "2026-11-23 00:00:00.000";

pub(super) fn phone(sender: usize) -> String {
    format!("+1555{sender:07}")
}

pub(super) fn hash(version: usize) -> String {
    format!("{version:064x}")
}

pub(super) fn signature(row: usize) -> Vec<u8> {
    format!("{row:020}").into_bytes()
}

pub(super) fn callback(row: usize) -> String {
    format!("{row:032x}")
}

pub(super) fn external_id(row: usize) -> String {
    format!("whatsapp:US.{row:010}")
}

pub(super) fn message_id(sender: usize, turn: usize) -> String {
    format!("SM{sender:08}{turn:08}")
}

/// Fills the tables.
pub(super) async fn fill(database: &TestDatabase) {
    let mut sql = String::from(
        "INSERT INTO user_sessions (phone_number, conversation_state, flow, turns, wakes_at) VALUES ",
    );
    for sender in 0..SENDERS {
        let comma = if sender == 0 { "" } else { "," };
        // Most people wait for nothing, and of those who do, few are due.
        let wakes_at = match sender {
            ..DUE => format!("'{DAY}'"),
            _ if sender % 10 == 0 => "'2026-12-24 04:05:06.789'".to_owned(),
            _ => "NULL".to_owned(),
        };
        write!(sql, "{comma}('{}', 'COMPLETED', 'survey', {TURNS}, {wakes_at})", phone(sender))
            .unwrap();
    }
    sql.push_str(
        "; INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
         to_address, body, received_at, state_before, state_after, reply) VALUES ",
    );
    for turn in 1..=TURNS {
        for sender in 0..SENDERS {
            let comma = if turn == 1 && sender == 0 { "" } else { "," };
            let (id, from) = (message_id(sender, turn), phone(sender));
            write!(
                sql,
                "{comma}('{id}', '{from}', {turn}, 'sms', '{from}', '+15550006666', 'hello', \
                 '2026-11-2{turn} 04:05:06.789', 'INITIAL', 'INITIAL', '<Response/>')"
            )
            .unwrap();
        }
    }
    sql.push_str("; INSERT INTO flow_versions (hash, sources, first_served_at) VALUES ");
    for version in 0..VERSIONS {
        let comma = if version == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '[]', '2026-11-23 04:05:06.789')", hash(version)).unwrap();
    }
    sql.push_str(
        "; INSERT INTO signatures (signature, message_id, phone_number, received_at) VALUES ",
    );
    for row in 0..SENDERS * TURNS {
        let comma = if row == 0 { "" } else { "," };
        let day = row / SENDERS + 1;
        write!(
            sql,
            "{comma}(X'{}', '{}', '{}', '2026-11-2{day} 04:05:06.789')",
            hex(&signature(row)),
            message_id(row, 1),
            phone(row)
        )
        .unwrap();
    }
    sql.push_str("; INSERT INTO sender_ids (external_id, phone_number) VALUES ");
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '{}')", external_id(row), phone(row)).unwrap();
    }
    sql.push_str(
        "; INSERT INTO conversations \
         (phone_number, channel, flow, outcome, answers, ended_at) VALUES ",
    );
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', 'sms', 'survey', 'COMPLETED', '{{}}', '{DAY}')", phone(row))
            .unwrap();
    }
    sql.push_str(
        "; INSERT INTO outgoing (phone_number, channel, from_address, to_address, body, kind, \
         turns, state, tries, created_at, good_until, not_before, due_at, changed_at) VALUES ",
    );
    for row in 0..SENDERS * TEXTS_EACH {
        let comma = if row == 0 { "" } else { "," };
        // Most are long on the phone, some wait, and of those few are due.
        let (state, due_at) = match row {
            ..DUE => ("pending", format!("'{DAY}'")),
            _ if row % 10 == 0 => ("pending", "'2026-12-24 04:05:06.789'".to_owned()),
            _ => ("delivered", "NULL".to_owned()),
        };
        let (sender, day) = (phone(row % SENDERS), row % 20 + 10);
        write!(
            sql,
            "{comma}('{sender}', 'sms', '+15550006666', '{sender}', 'hello', 'nudge', 1, \
             '{state}', 0, '2026-11-{day} 04:05:06.789', '{DAY}', '{DAY}', {due_at}, '{DAY}')"
        )
        .unwrap();
    }
    add_callbacks(&mut sql);
    sql.push_str("; INSERT INTO send_pace (address, free_at) VALUES ");
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '{DAY}')", phone(row)).unwrap();
    }
    run_sql(database.url(), &sql).await;
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn add_callbacks(sql: &mut String) {
    sql.push_str("; INSERT INTO callbacks (name, phone_number, over_at) VALUES ");
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        // A few were over long ago.
        let over_at = match row {
            ..DUE => format!("'{DAY}'"),
            _ if row % 10 == 0 => "'2026-12-24 04:05:06.789'".to_owned(),
            _ => "NULL".to_owned(),
        };
        let (name, sender) = (callback(row), phone(row));
        write!(sql, "{comma}('{name}', '{sender}', {over_at})").unwrap();
    }
}
