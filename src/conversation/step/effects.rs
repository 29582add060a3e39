//! What a turn asks of the outside.

use crate::conversation::event::{Effect, TextKind};
use crate::message::Reply;

/// Returns the texts of a turn that answers no message. `is_asked` says whether
/// the turn ended at a question.
pub(super) fn texts(replies: Vec<Reply>, has_nudged: bool, is_asked: bool) -> Vec<Effect> {
    let last = replies.len().saturating_sub(1);
    let kind = |at| match (has_nudged, is_asked && at == last) {
        (true, _) => TextKind::Nudge,
        (false, true) => TextKind::Question,
        (false, false) => TextKind::Statement,
    };
    let texts = (0..).zip(replies);
    texts.map(|(at, reply)| Effect::Text { reply, kind: kind(at) }).collect()
}
