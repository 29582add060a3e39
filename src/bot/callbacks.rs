//! Callbacks on their way to the conversations that wait for them.

use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::conversation::{Fit, Flows, Session, fit};
use crate::message::Sender;

/// A result that a third party brings.
#[derive(Clone, Debug)]
pub struct CalledBack {
    /// The person whose conversation has the callback.
    pub sender: Sender,
    /// The name of the callback.
    pub name: String,
    /// The result.
    pub result: Json,
}

/// What a conversation says to a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is taken, or was before.
    Taken,
    /// Another result was there before.
    Conflict,
    /// The conversation cannot use it. The text says why.
    Unfit(String),
    /// The conversation does not have this callback, or no longer.
    Gone,
    /// The person cannot be served now.
    Later,
}

/// A result in the worker's queue, and the channel on which its verdict is awaited.
#[derive(Debug)]
pub(super) struct CallbackJob {
    pub(super) called: CalledBack,
    pub(super) verdict: oneshot::Sender<Verdict>,
}

/// Returns a name for a callback that nobody can guess; the empty text where no
/// flow waits for one.
pub(super) fn offered(flows: &Flows) -> String {
    if flows.wait_for_callbacks() { Uuid::new_v4().simple().to_string() } else { String::new() }
}

/// Returns what a session says to a result, and whether that moves it.
pub(super) fn judge(
    flows: &Flows,
    session: &Session,
    CalledBack { name, result, .. }: &CalledBack,
    now: Timestamp,
) -> (Verdict, bool) {
    match fit(flows, session, name, result, now) {
        Fit::Taken | Fit::Early => (Verdict::Taken, true),
        Fit::Repeated => (Verdict::Taken, false),
        Fit::Conflict => (Verdict::Conflict, false),
        Fit::Unfit(why) => (Verdict::Unfit(why), false),
        Fit::Gone => (Verdict::Gone, false),
    }
}
