//! Callbacks as they are found by their names.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::callbacks::{REMEMBERED_FOR, hash};
use super::sql::Statement;
use super::time::parse_time;
use super::{Store, StoreError};
use crate::message::Sender;

/// A callback as it is found by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCallback {
    /// The person whose conversation has it, or had it.
    pub sender: Sender,
    result: Option<String>,
    over_at: Option<Timestamp>,
}

impl KnownCallback {
    /// Returns whether it was spent on this result; `None` if it was not spent. Of
    /// a result that came early, the conversation decides.
    #[must_use]
    pub fn was_spent_on(&self, result: &Json) -> Option<bool> {
        self.over_at?;
        self.result.as_ref().map(|known| *known == hash(result))
    }

    /// Returns whether it takes no result any more, and remembers none.
    #[must_use]
    pub fn is_gone(&self, now: Timestamp) -> bool {
        let is_old = |at: Timestamp| now.duration_since(at) > REMEMBERED_FOR;
        self.over_at.is_some_and(|at| self.result.is_none() || is_old(at))
    }
}

impl Store {
    /// Returns the callback of this name, in the state of the last commit.
    pub async fn callback(&self, name: &str) -> Result<Option<KnownCallback>, StoreError> {
        type Row = (String, Option<String>, Option<String>);
        let rows: Vec<Row> =
            self.fetch_by_keys(Statement::FindCallbacks, &[name], |name| *name).await?;
        let known = rows.into_iter().next().map(|(key, result, over_at)| {
            let over_at = over_at.as_deref().map(parse_time).transpose()?;
            Ok(KnownCallback { sender: Sender::from_key(key), result, over_at })
        });
        known.transpose()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_members_is_no_difference() {
        let result: Json = serde_json::from_str(r#"{"outcome": "paid", "amount": 1.50}"#).unwrap();
        let known = KnownCallback {
            sender: Sender::from_key("+1".to_owned()),
            result: Some(hash(&result)),
            over_at: Some(Timestamp::UNIX_EPOCH),
        };
        assert_eq!(known.was_spent_on(&json!({"amount": 1.5, "outcome": "paid"})), Some(true));
        assert_eq!(known.was_spent_on(&json!({"amount": 1.5, "outcome": "late"})), Some(false));
        let early = KnownCallback { over_at: None, ..known };
        assert_eq!(early.was_spent_on(&result), None);
    }

    #[test]
    fn it_is_gone_a_day_after_it_was_spent() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let known = |result: Option<&str>, over_at| KnownCallback {
            sender: Sender::from_key("+1".to_owned()),
            result: result.map(str::to_owned),
            over_at,
        };
        assert!(!known(None, None).is_gone(at(100)));
        assert!(!known(Some("x"), None).is_gone(at(100)));
        assert!(known(None, Some(at(100))).is_gone(at(100)));
        assert!(!known(Some("x"), Some(at(76))).is_gone(at(100)));
        assert!(known(Some("x"), Some(at(75))).is_gone(at(100)));
    }
}
