//! Where a person stands in a conversation, and the changes that one turn
//! makes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Value;
use super::event::Effect;
use crate::message::Reply;

/// The answers of a person in this conversation, by variable.
pub type Answers = BTreeMap<String, Value>;

/// Answers that are also kept in a column of their own, with the characters
/// that it holds. A flow that may save a longer answer does not load.
pub const COLUMNS: [(&str, usize); 2] = [("user_name", 100), ("favorite_song", 200)];

/// Outcomes that the engine itself sets.
pub mod outcome {
    /// The flow ran to its end and named no other outcome.
    pub const COMPLETED: &str = "COMPLETED";
    /// The person said a `stop` command's word.
    pub const CANCELLED: &str = "CANCELLED";
    /// The person wanted no more messages.
    pub const STOPPED: &str = "STOPPED";
    /// The person was silent for longer than the flow's `expire`.
    pub const EXPIRED: &str = "EXPIRED";
}

/// One person's place in a conversation.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Session {
    /// The current flow: the one that began last, or its sub-flow in which the
    /// person is. `None` means that no flow ever began.
    pub flow: Option<String>,
    /// Where in it the person stands.
    pub state: State,
    /// The person's answers in it.
    pub answers: Answers,
    /// The flows that wait for the current one to end, outermost first. Empty
    /// outside of sub-flows, and where nothing waits.
    pub stack: Vec<Caller>,
    /// The language that the person chose last, if they ever chose one.
    pub language: Option<String>,
    /// The number of invalid answers so far to the current question.
    pub tries: u32,
    /// When the conversation began or, after its end, when it ended. The column
    /// is called `began_at`. An older release kept the beginning there even
    /// after the end, so that a period after the end may be over earlier.
    pub since: Option<Timestamp>,
    /// When silence ends the conversation. It is set while a step waits, except
    /// for adopted sessions, which wait forever.
    pub expires_at: Option<Timestamp>,
    /// When the current question was asked, if it does something while no
    /// answer comes, or when the current call began.
    pub asked: Option<Asked>,
    /// When silence causes the next turn; `None` if it causes none.
    pub wakes_at: Option<Timestamp>,
    /// Where a third party can bring a result, once a text has shown that.
    pub callback: Option<Callback>,
}

/// A callback that is worth one result. It dies with the conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    /// The last part of its URL, which nobody can guess.
    pub name: String,
    /// A result that came before the conversation waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early: Option<Json>,
}

/// How long a question or a call has been waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When it was asked, or asked again, or when the call began.
    pub at: Timestamp,
    /// The number of its nudges that are over: said, or left out for a later one.
    pub nudges: usize,
}

impl Session {
    /// Returns the flow that began the conversation, not a sub-flow.
    pub fn outermost_flow(&self) -> Option<&str> {
        self.stack.first().map(|outermost| outermost.flow.as_str()).or(self.flow.as_deref())
    }

    /// Returns the answers in the flow that began the conversation, not in a
    /// sub-flow.
    pub fn outermost_answers(&self) -> &Answers {
        self.stack.first().map_or(&self.answers, |outermost| &outermost.answers)
    }
}

/// A flow that waits for its sub-flow to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caller {
    /// The flow.
    pub flow: String,
    /// The step that runs the sub-flow.
    pub step: String,
    /// The answers in the flow so far.
    pub answers: Answers,
}

/// The state of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum State {
    /// No conversation has begun, or the last one has expired.
    #[default]
    Initial,
    /// The step of this name waits: for a person's answer, or for that of a call.
    Waiting(String),
    /// The conversation ended with this outcome.
    Ended(String),
}

impl State {
    /// The name of the initial state.
    pub const INITIAL: &str = "INITIAL";

    /// Returns the state as it is stored and shown: `INITIAL`, a step, or an
    /// outcome.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Initial => Self::INITIAL,
            Self::Waiting(step) => step,
            Self::Ended(outcome) => outcome,
        }
    }
}

/// The result of one event at a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Where the person stands now.
    pub session: Session,
    /// The messages that answer, at most [`MAX_REPLIES`](crate::message::MAX_REPLIES).
    pub replies: Vec<Reply>,
    /// The conversations that ended, oldest first. One that had expired may
    /// precede one that this event began and ended.
    pub ended: Vec<Ended>,
    /// Facts that an operator should read in the log.
    pub notes: Vec<Note>,
    /// Deeds that the caller is asked to do beside answering.
    pub effects: Vec<Effect>,
}

/// A conversation that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The flow that began it, not a sub-flow.
    pub flow: String,
    /// The outcome.
    pub outcome: String,
    /// All answers in that flow.
    pub answers: Answers,
    /// The time when it began; `None` for adopted sessions.
    pub began_at: Option<Timestamp>,
    /// The time when it ended: that of the event, or the moment when it
    /// expired.
    pub ended_at: Timestamp,
}

/// Something out of the ordinary in a turn. Never holds message text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The stored place no longer fits the flow. The person got a text about
    /// that, and began again.
    BeganAfresh {
        /// The flow of the session.
        flow: String,
        /// The stored step.
        step: String,
        /// The reason for the log: an unknown flow or step, a missing variable.
        reason: String,
    },
    /// The turn had more messages than one reply holds; this many were dropped.
    MessagesDropped(usize),
    /// A result that came early did not fit what the conversation waits for.
    ResultDropped {
        /// The flow.
        flow: String,
        /// The step that waits.
        step: String,
    },
    /// A value was too long and was cut; the first such value of the turn.
    ValueCut {
        /// The flow.
        flow: String,
        /// The step that gave the value.
        step: String,
        /// The variable.
        variable: String,
        /// The number of bytes that are left.
        bytes: usize,
    },
}
