//! Limits how much a conversation may hold. Values beyond that are cut, so that
//! no loop in a flow fills the memory or the database.

use crate::conversation::session::Session;
use crate::conversation::{Answers, Value};

/// The most bytes of all texts of a conversation, including the flows that wait
/// for a sub-flow.
const MAX_TOGETHER: usize = 256 << 10;

/// A text of up to this many bytes is always kept whole, since a flow may
/// branch by it, as by the id of an option.
const SHORT: usize = 400;

/// The number of bytes by which the texts of a conversation may still grow.
pub(super) struct Room(usize);

impl Room {
    /// Returns the room that these answers leave.
    pub(super) fn beside<'a>(answers: impl Iterator<Item = &'a Answers>) -> Self {
        let taken: usize = answers.flat_map(Answers::values).map(Value::bytes).sum();
        Self(MAX_TOGETHER.saturating_sub(taken))
    }

    /// Cuts a value that replaces another to the room that is left, and returns
    /// whether it was longer.
    pub(super) fn fit(&mut self, before: Option<&Value>, value: &mut Value) -> bool {
        let left = self.0 + before.map_or(0, Value::bytes);
        let is_cut = value.cut(left.clamp(SHORT, Value::MAX_BYTES));
        self.0 = left.saturating_sub(value.bytes());
        is_cut
    }
}

/// Cuts the values that an earlier release kept whole. Returns the flow, the
/// variable and the rest of the first one.
pub(super) fn cut_stored(session: &mut Session) -> Option<(String, String, Value)> {
    let flow = session.flow.as_deref().unwrap_or_default();
    let around = session.stack.iter_mut().map(|caller| (&*caller.flow, &mut caller.answers));
    let mut first = None;
    for (flow, answers) in around.chain([(flow, &mut session.answers)]) {
        for (variable, value) in answers {
            if value.cut(Value::MAX_BYTES) && first.is_none() {
                first = Some((flow.to_owned(), variable.clone(), value.clone()));
            }
        }
    }
    first
}
