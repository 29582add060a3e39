//! What a turn asks of the outside.

use std::time::Duration;

use jiff::Timestamp;

use crate::conversation::event::{Effect, TextKind};
use crate::message::Reply;

/// How long a text is worth sending that answers no message.
const GOOD_FOR: Duration = Duration::from_hours(24);

/// How long a nudge is worth sending at most. It is worth nothing once it would
/// come about when the next one is due.
const NUDGE_GOOD_FOR: Duration = Duration::from_hours(1);

/// Returns the time until which a nudge is worth sending, which was due at this
/// time, so long after the question.
pub(super) fn nudge_good_until(due_at: Timestamp, after: Duration) -> Timestamp {
    due_at.saturating_add(after.min(NUDGE_GOOD_FOR)).unwrap_or(Timestamp::MAX)
}

/// Returns the texts of a turn that answers no message. `nudged` is set if they
/// are a nudge, and says until when it is worth sending; `is_asked` says whether
/// the turn ended at a question.
pub(super) fn texts(
    replies: Vec<Reply>,
    nudged: Option<Timestamp>,
    is_asked: bool,
    now: Timestamp,
) -> Vec<Effect> {
    let last = replies.len().saturating_sub(1);
    let kind = |at| match (nudged, is_asked && at == last) {
        (Some(_), _) => TextKind::Nudge,
        (None, true) => TextKind::Question,
        (None, false) => TextKind::Statement,
    };
    let good_until = nudged.unwrap_or(now.saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX));
    let texts = (0..).zip(replies);
    texts.map(|(at, reply)| Effect::Text { reply, kind: kind(at), good_until }).collect()
}
