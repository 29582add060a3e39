//! What moves a person who did not write.

use super::callbacks::CalledBack;
use super::calls::Called;
use crate::conversation::{Flows, Happened, Session, wait_name};

/// What moves a person who did not write, if it is not silence.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cause<'a> {
    /// The answer of a call.
    Called(&'a Called),
    /// The result of a callback.
    CalledBack(&'a CalledBack),
}

/// Returns a cause as it is kept. Without a cause, silence moved the person.
pub(super) fn happened(cause: Option<Cause<'_>>, flows: &Flows, before: &Session) -> Happened {
    match cause {
        None => Happened::Silence,
        Some(Cause::Called(Called { call, answer, .. })) => {
            Happened::Called { call: call.clone(), answer: answer.clone() }
        }
        Some(Cause::CalledBack(CalledBack { result, .. })) => Happened::CalledBack {
            name: wait_name(flows, before).unwrap_or_default(),
            result: result.clone(),
        },
    }
}
