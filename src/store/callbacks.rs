//! Callbacks: whose they are, and what they were spent on.
//!
//! A session holds the callback that its conversation has at present. This
//! table leads from the name of a callback to the person, and remembers for a
//! while what it was spent on, since third parties repeat what they have said.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::person::Person;
use crate::conversation::Callback;
use crate::message::Sender;

/// How long a repeat of the result on which a callback was spent gets the same
/// answer.
pub(super) const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A callback on its way into its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackRow {
    pub(super) name: String,
    pub(super) sender: Sender,
    /// The hash of the result that came.
    pub(super) result: Option<String>,
    /// When it was spent, or died with its conversation.
    pub(super) over_at: Option<Timestamp>,
}

impl CallbackRow {
    /// Returns the row of a callback whose conversation has been broken off.
    pub(super) fn over(name: String, sender: Sender, now: Timestamp) -> Self {
        Self { name, sender, result: None, over_at: Some(now) }
    }

    /// Returns a row with the longest of every value, which nobody has.
    pub(super) fn longest(sender: &Sender, now: Timestamp) -> Self {
        let name = [Uuid::new_v4(), Uuid::new_v4()].map(|half| half.simple().to_string()).concat();
        let result = Some(hash(&Json::Null));
        Self { name, sender: sender.clone(), result, over_at: Some(now) }
    }
}

/// Returns the hash of a result, which does not depend on the order of its
/// members.
pub(super) fn hash(result: &Json) -> String {
    let mut sorted = result.clone();
    sort(&mut sorted);
    let hash = Sha256::digest(sorted.to_string().as_bytes());
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Sorts the members of all objects. Whether they are sorted anyhow depends on
/// the features with which the library of JSON is built.
fn sort(json: &mut Json) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(sort),
        Json::Object(members) => {
            let mut sorted: Vec<(String, Json)> = std::mem::take(members).into_iter().collect();
            for (_, member) in &mut sorted {
                sort(member);
            }
            sorted.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            members.extend(sorted);
        }
        _ => {}
    }
}

/// Returns what becomes of the callbacks of some people. `spent` are those that
/// were spent now, each on a result.
pub(super) fn rows_of(
    people: &[(Sender, Person)],
    spent: &[(String, Json)],
    now: Timestamp,
) -> Vec<CallbackRow> {
    let mut callbacks = Vec::new();
    for (sender, person) in people {
        let (before, after) = (&person.known_callback, &person.session.callback);
        if before == after {
            continue;
        }
        let row = |name: &str, result: Option<&Json>, over_at| CallbackRow {
            name: name.to_owned(),
            sender: sender.clone(),
            result: result.map(hash),
            over_at,
        };
        let is_new =
            |callback: &&Callback| before.as_ref().is_none_or(|before| before != *callback);
        if let Some(Callback { name, early }) = after.as_ref().filter(is_new) {
            callbacks.push(row(name, early.as_ref(), None));
        }
        let is_over =
            |before: &&Callback| after.as_ref().is_none_or(|after| after.name != before.name);
        if let Some(Callback { name, .. }) = before.as_ref().filter(is_over) {
            let spent = spent.iter().find(|(spent, _)| spent == name);
            callbacks.push(row(name, spent.map(|(_, result)| result), Some(now)));
        }
    }
    callbacks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conversation::Session;

    fn callback(written: &str) -> Option<Callback> {
        let (name, early) = written
            .strip_suffix('!')
            .map_or((written, None), |name| (name, Some(json!({"outcome": "paid"}))));
        (written != "-").then(|| Callback { name: name.to_owned(), early })
    }

    /// Returns the rows as `name`, with `!` if a result is there, and `.` if it is over.
    fn rows(before: &str, after: &str, spent: &str) -> Vec<String> {
        let session = Session { callback: callback(after), ..Session::default() };
        let person = Person { session, known_callback: callback(before), ..Person::default() };
        let people = [(Sender::from_key("+1".to_owned()), person)];
        let spent = Vec::from_iter((spent != "-").then(|| (spent.to_owned(), json!({}))));
        let shown = |row: &CallbackRow| {
            let result = row.result.as_ref().map_or("", |_| "!");
            format!("{}{result}{}", row.name, row.over_at.map_or("", |_| "."))
        };
        rows_of(&people, &spent, Timestamp::UNIX_EPOCH).iter().map(shown).collect()
    }

    #[test]
    fn what_becomes_of_callbacks() {
        for (before, after, spent, expected) in [
            ("-", "-", "-", &[][..]),
            ("-", "a", "-", &["a"]),
            ("a", "a", "-", &[]),
            ("a!", "a!", "-", &[]),
            // A result that came early, and one that did not fit.
            ("a", "a!", "-", &["a!"]),
            ("a!", "a", "-", &["a"]),
            // It was spent.
            ("a", "-", "a", &["a!."]),
            ("a!", "-", "a", &["a!."]),
            ("a", "b", "a", &["b", "a!."]),
            // The conversation ended, and perhaps another one began.
            ("a", "-", "-", &["a."]),
            ("a!", "-", "-", &["a."]),
            ("a", "b", "-", &["b", "a."]),
        ] {
            assert_eq!(rows(before, after, spent), expected, "{before} {after} {spent}");
        }
    }
}
