//! A turn with everything that explains it: what happened, what the conversation
//! was before and after, and which rules decided.
//!
//! The phone page shows it, and [`chat_file`](super::chat_file) writes it down.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::event::{Effect, Event};
use super::flow::Flows;
use super::ignored::Known;
use super::moment::Moment;
use super::opt_out::{Taken, take, take_seen};
use super::request::{CallAnswer, CallId, Request};
use super::session::{Session, Turn};
use super::step::{step, step_seen};
use super::trace::Trace;
use crate::message::{Channel, Message, Reply, Sender};

/// What began a turn. In contrast to [`Event`](super::Event), it owns what it names.
#[derive(Clone, Debug)]
pub enum Happened {
    /// The person wrote.
    Message(Arc<Message>),
    /// A silence was over.
    Silence,
    /// A call had an answer, or would have none.
    Called {
        /// The call.
        call: CallId,
        /// What became of it.
        answer: CallAnswer,
    },
    /// A third party called back.
    CalledBack {
        /// What the conversation waits for, as the flow names it.
        name: String,
        /// The result.
        result: Json,
    },
}

/// A turn, explained.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Whose turn it was.
    pub sender: Sender,
    /// When it was taken.
    pub at: Timestamp,
    /// The channel on which the person wrote last.
    pub channel: Channel,
    /// What began it.
    pub happened: Happened,
    /// The session before it.
    pub before: Session,
    /// The session after it.
    pub after: Session,
    /// The rules and the path.
    pub trace: Trace,
    /// What it said.
    pub replies: Vec<Reply>,
    /// The calls that it asked for.
    pub requests: Vec<Request>,
}

impl Explained {
    /// Returns what explains a turn. Whose it was, when and why are known already.
    #[must_use]
    pub fn new(
        (sender, at, channel): (Sender, Timestamp, Channel),
        happened: Happened,
        (before, turn, trace): (&Session, &Turn, Trace),
    ) -> Self {
        let text = |effect: &Effect| match effect {
            Effect::Text { reply, .. } => Some(reply.clone()),
            Effect::Call { .. } | Effect::Spend { .. } => None,
        };
        let request = |effect: &Effect| match effect {
            Effect::Call { request } => Some((**request).clone()),
            Effect::Text { .. } | Effect::Spend { .. } => None,
        };
        let texts = turn.effects.iter().filter_map(text);
        Self {
            sender,
            at,
            channel,
            happened,
            before: before.clone(),
            after: turn.session.clone(),
            trace,
            replies: turn.replies.iter().cloned().chain(texts).collect(),
            requests: turn.effects.iter().filter_map(request).collect(),
        }
    }
}

/// Takes a message like [`take`]. The trace is empty unless it `explains`.
#[must_use]
pub fn take_explained(
    flows: &Flows,
    session: &Session,
    known: Known,
    (message, moment): (&Message, Moment<'_>),
    explains: bool,
) -> (Taken, Trace) {
    let mut trace = Trace::default();
    let taken = if explains {
        take_seen(flows, session, known, message, moment, &mut trace)
    } else {
        take(flows, session, known, message, moment)
    };
    (taken, trace)
}

/// Steps like [`step`](super::step()). The trace is empty unless it `explains`.
#[must_use]
pub fn step_explained(
    flows: &Flows,
    session: &Session,
    event: Event<'_>,
    moment: Moment<'_>,
    explains: bool,
) -> (Turn, Trace) {
    let mut trace = Trace::default();
    let turn = if explains {
        step_seen(flows, session, event, moment, &mut trace)
    } else {
        step(flows, session, event, moment)
    };
    (turn, trace)
}
