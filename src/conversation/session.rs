//! Where a person stands, and what one message made of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Value;
use super::event::Effect;
use crate::message::Reply;

/// What a person has answered in this conversation, by variable.
pub type Answers = BTreeMap<String, Value>;

/// Answers that are kept in a column of their own, too, and how many
/// characters it holds: a flow that may save a longer one does not load.
pub const COLUMNS: [(&str, usize); 2] = [("user_name", 100), ("favorite_song", 200)];

/// Outcomes that the engine itself gives.
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
    /// The flow at hand: the one that began last, or the part of it in which
    /// the person is; `None` where none ever began.
    pub flow: Option<String>,
    /// Where in it the person stands.
    pub state: State,
    /// What they answered in it.
    pub answers: Answers,
    /// The flows that wait for the one at hand to end, outermost first. Empty
    /// where no part is run, and where nothing waits.
    pub stack: Vec<Caller>,
    /// The language that they chose last; `None` where they never did.
    pub language: Option<String>,
    /// Invalid answers so far to the question at hand.
    pub tries: u32,
    /// Since when it stands so: when the conversation began, and after its end
    /// when it ended. The column is called `began_at`, and an older release
    /// left the beginning there after the end, too: whatever lasts for some
    /// time after the end is over earlier then.
    pub since: Option<Timestamp>,
    /// When silence ends it; always there while a step waits, but for adopted
    /// sessions, which wait for ever.
    pub expires_at: Option<Timestamp>,
}

impl Session {
    /// The flow that began the conversation, not a part of it.
    pub fn outermost_flow(&self) -> Option<&str> {
        self.stack.first().map(|outermost| outermost.flow.as_str()).or(self.flow.as_deref())
    }

    /// The answers of the conversation, not of a part of it.
    pub fn outermost_answers(&self) -> &Answers {
        self.stack.first().map_or(&self.answers, |outermost| &outermost.answers)
    }
}

/// A flow that waits for another one that it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caller {
    /// The flow.
    pub flow: String,
    /// Its step that runs the other one.
    pub step: String,
    /// What was answered in it so far.
    pub answers: Answers,
}

/// The state of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum State {
    /// Nothing has begun, or what had begun expired.
    #[default]
    Initial,
    /// The step of this name waits for an answer.
    Waiting(String),
    /// The conversation ended with this outcome.
    Ended(String),
}

impl State {
    /// The name of the state of which nothing has begun.
    pub const INITIAL: &str = "INITIAL";

    /// The state as it is stored and shown: `INITIAL`, a step, or an outcome.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Initial => Self::INITIAL,
            Self::Waiting(step) => step,
            Self::Ended(outcome) => outcome,
        }
    }
}

/// What one event made of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Where the person stands now.
    pub session: Session,
    /// The messages that answer, at most [`MAX_REPLIES`](crate::message::MAX_REPLIES).
    pub replies: Vec<Reply>,
    /// The conversations that ended, oldest first: one that had expired may
    /// precede one that this message began and ended.
    pub ended: Vec<Ended>,
    /// What an operator should hear of.
    pub notes: Vec<Note>,
    /// What the caller is to do beside answering.
    pub effects: Vec<Effect>,
}

/// A conversation that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Its flow: that which began it, not a part.
    pub flow: String,
    /// How it ended.
    pub outcome: String,
    /// All that was answered in that flow.
    pub answers: Answers,
    /// When it began; unknown for adopted sessions.
    pub began_at: Option<Timestamp>,
    /// When it ended: this message's time, or the moment it expired.
    pub ended_at: Timestamp,
}

/// Something out of the ordinary in a turn. Never holds message text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The stored place no longer fits the flow: the person was told so, and began again.
    BeganAfresh {
        /// The flow of the session.
        flow: String,
        /// The stored step.
        step: String,
        /// Why it could not go on, for the log: an unknown flow or step, a missing variable.
        reason: String,
    },
    /// More messages in one turn than one answer holds; this many were dropped.
    MessagesDropped(usize),
    /// A value was longer than it may be, and was cut: the first one of the turn.
    ValueCut {
        /// The flow.
        flow: String,
        /// The step that gave the value.
        step: String,
        /// The variable.
        variable: String,
        /// How many bytes it has now.
        bytes: usize,
    },
}
