//! Calls on their way out of the bot, and their answers on the way back.
//!
//! A call is handed out after the turn that asked for it is committed, and at
//! most once: if the process ends before it has an answer, silence takes the
//! branch `timeout`.

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::conversation::{CallAnswer, CallId, Request, Session, State};
use crate::message::Sender;

/// A call that a turn has asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The person whose conversation waits for it.
    pub sender: Sender,
    /// How many messages of the person had been taken.
    pub turns: i64,
    /// The request, with places for secrets.
    pub request: Box<Request>,
    /// When a reply was given that said something before the call; `None` if
    /// nothing was said that way.
    pub replied_at: Option<Timestamp>,
}

impl Wanted {
    /// Returns whether a session still waits for it.
    pub(super) fn counts_at(&self, session: &Session) -> bool {
        let CallId { flow, step, at } = &self.request.call;
        let is_there = matches!(&session.state, State::Waiting(place) if place == step);
        let is_it = session.asked.is_some_and(|asked| asked.at == *at);
        is_there && is_it && session.flow.as_ref() == Some(flow)
    }
}

/// What became of a call.
#[derive(Clone, Debug)]
pub struct Called {
    /// The person whose conversation waits for it.
    pub sender: Sender,
    /// The call.
    pub call: CallId,
    /// Its answer.
    pub answer: CallAnswer,
    /// When a reply was given that said something before the call.
    pub replied_at: Option<Timestamp>,
}

/// Answers of calls in the worker's queue, and who waits for what is left.
#[derive(Debug)]
pub(super) struct CalledJob {
    pub(super) answers: Vec<Called>,
    /// The answers that have to be brought again; `None` if the database failed.
    pub(super) later: oneshot::Sender<Option<Vec<Called>>>,
}
