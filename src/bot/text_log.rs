//! The log lines and counts of texts that answer no message.

use super::number_hash::NumberHash;
use crate::outbox::state::State;
use crate::outbox::text::Text;
use crate::telemetry;

/// Logs and counts a text whose state has just changed.
pub(super) fn tell(text: &Text, number_hash: &NumberHash) {
    if matches!(text.state, State::Pending | State::Claimed) {
        if let (State::Pending, Some(reason)) = (text.state, &text.reason) {
            // Once for each text, however long the provider is away.
            if text.tries == 1 {
                tracing::warn!(text.id = text.id, reason, "a text was not sent and is tried again");
            } else {
                tracing::debug!(
                    text.id = text.id,
                    reason,
                    "a text was not sent and is tried again"
                );
            }
        }
        return;
    }
    telemetry::text(text.state);
    let (id, hash, reason) = (text.id, number_hash.of(&text.sender), text.reason.as_deref());
    let state = text.state.as_str();
    match text.state {
        State::Failed | State::Undelivered => tracing::warn!(
            text.id = id,
            sender.hash = hash,
            text.state = state,
            code = text.code,
            "a text did not reach the person"
        ),
        State::Unknown => tracing::warn!(
            text.id = id,
            sender.hash = hash,
            reason,
            "nobody knows whether a text was sent: it is not sent again"
        ),
        State::Dropped => tracing::info!(
            text.id = id,
            sender.hash = hash,
            reason,
            "a text was given up before it was sent"
        ),
        _ => tracing::info!(
            text.id = id,
            sender.hash = hash,
            text.state = state,
            "a text is on its way"
        ),
    }
}
