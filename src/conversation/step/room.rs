//! How much a conversation may hold: beyond it values are cut, so that no flow
//! fills the memory or the database, however it goes round.

use crate::conversation::session::Session;
use crate::conversation::{Answers, Value};

/// The bytes of all texts of a conversation together, those of the flows that
/// wait for a part among them.
const MAX_TOGETHER: usize = 256 << 10;

/// A text of so many bytes is kept whole all the same: ways are chosen by it,
/// as by the id of an option.
const SHORT: usize = 400;

/// How many bytes the texts of a conversation may still grow by.
pub(super) struct Room(usize);

impl Room {
    /// What these answers leave.
    pub(super) fn beside<'a>(answers: impl Iterator<Item = &'a Answers>) -> Self {
        let taken: usize = answers.flat_map(Answers::values).map(Value::bytes).sum();
        Self(MAX_TOGETHER.saturating_sub(taken))
    }

    /// Cuts a value to what there is room for, in the place of the one before;
    /// whether it was longer.
    pub(super) fn fit(&mut self, before: Option<&Value>, value: &mut Value) -> bool {
        let left = self.0 + before.map_or(0, Value::bytes);
        let is_cut = value.cut(left.clamp(SHORT, Value::MAX_BYTES));
        self.0 = left.saturating_sub(value.bytes());
        is_cut
    }
}

/// Cuts the values that an earlier release kept whole; the first of them, by
/// its flow, its variable and what is left.
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
