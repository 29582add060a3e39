//! The meaning of a store error for the messages of a batch.

use super::refusal::Refusal;
use crate::store::StoreError;

/// Returns whether no message at all can be taken at present.
pub(super) fn is_away(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_) | StoreError::LogIn(_) | StoreError::Missing)
}

/// Returns whether one message or sender of a batch may be the cause, so that
/// the others would pass without it.
pub(super) fn is_about_one(error: &StoreError) -> bool {
    match error {
        StoreError::Conflict(_)
        | StoreError::TurnTaken
        | StoreError::Locked(_)
        | StoreError::Refused(_)
        | StoreError::Unexpected(_) => true,
        StoreError::Unavailable(_)
        | StoreError::Setting
        | StoreError::Missing
        | StoreError::LogIn(_)
        | StoreError::Migration(_) => false,
    }
}

/// Returns the refusal for the messages.
pub(super) fn refusal(error: &StoreError) -> Refusal {
    match error {
        StoreError::Refused(_) | StoreError::Unexpected(_) | StoreError::TurnTaken => {
            Refusal::Rejected
        }
        StoreError::Conflict(_) | StoreError::Locked(_) => Refusal::Busy,
        StoreError::Unavailable(_)
        | StoreError::Setting
        | StoreError::Missing
        | StoreError::LogIn(_)
        | StoreError::Migration(_) => Refusal::Unavailable,
    }
}
