//! A line of a chat file, as it is played.

use std::time::Duration;

use jiff::civil::Time;

use super::callbacks::CalledBack;
use super::callee::Canned;
use super::phone::Said;
use crate::conversation::session::State;
use crate::message::Channel;

/// One line with the lines that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) action: Action,
    /// `!`: the requests that it causes. Without any, they are not looked at.
    pub(super) requests: Vec<ExpectedRequest>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// `>`: the person says something.
    Say { said: Said, expected: Vec<Expected> },
    /// `@call`: the next answer of a call.
    Call(Canned),
    /// `@callback`: a third party calls back, and texts may come.
    CallBack { called: CalledBack, expected: Vec<Expected> },
    /// `@redeliver`: the last message arrives again.
    Redeliver { expected: Vec<Expected> },
    /// `@wait`: time passes, and texts may come in it.
    Wait { time: Duration, expected: Vec<Expected> },
    /// `@clock`: time passes until this time of day on the flow's clock.
    Clock { time: Time, expected: Vec<Expected> },
    /// `@sms`, `@whatsapp`: the channel from here on.
    Switch(Channel),
    /// `@deploy`: the flows from here on.
    Deploy(String),
    /// `= OUTCOME`, `= @STEP`: the conversation has ended with the outcome, or
    /// waits at the step.
    IsIn(State),
    /// `? name = value`: the variable has this value.
    Holds { variable: String, value: String },
}

/// A request as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ExpectedRequest {
    /// Method and URL.
    pub(super) target: Expected,
    /// The body, where it is written.
    pub(super) body: Option<Expected>,
}

/// One line of an expected reply or request, as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expected {
    pub(super) number: usize,
    pub(super) written: String,
}
