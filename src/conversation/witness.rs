//! Reports what happens within a turn to a witness.
//!
//! The service has no witness and pays nothing: all that is reported here
//! exists already. The coverage of chat files and the trace of `ringback chat`
//! are witnesses.

use super::answer::Reading;
use super::flow::{Ask, Branch, Command, Flow, Step};
use super::ignored::Ignored;
use super::lost::Lost;
use crate::message::Message;

/// A witness of a turn.
pub(super) trait Witness {
    /// Reports a rule that decided about the message, or about the time before
    /// it.
    fn rule(&mut self, rule: Rule<'_>);

    /// Reports that the conversation took this branch at a step.
    fn branch(&mut self, flow: &Flow, step: &Step, branch: Branch);
}

/// No witness.
impl Witness for () {
    fn rule(&mut self, _: Rule<'_>) {}
    fn branch(&mut self, _: &Flow, _: &Step, _: Branch) {}
}

/// A rule that decides about a message.
pub(super) enum Rule<'a> {
    /// It asks to hear nothing more.
    Stop { answered_by_provider: bool },
    /// It asks to hear from us again.
    Start { answered_by_provider: bool },
    /// Its sender wants no messages.
    OptedOut,
    /// It moves nothing, whatever waits.
    Ignored(Ignored),
    /// Silence had ended the conversation before it. The flow has the session's
    /// name for it, since it may no longer be loaded.
    Expired { flow: &'a str, step: &'a str },
    /// Nobody wrote for so long that this happens at a step.
    Silence { flow: &'a Flow, step: &'a Step, branch: Branch },
    /// A call has come to its end at a step, in these words.
    Called { flow: &'a Flow, step: &'a Step, outcome: &'a str },
    /// A third party has called back to a step with this outcome.
    CalledBack { flow: &'a Flow, step: &'a Step, outcome: &'a str },
    /// A message came while a call runs, or a callback is waited for, at a step.
    Meanwhile { flow: &'a Flow, step: &'a Step },
    /// Silence has ended the conversation at a step, and the flow says what
    /// happens then.
    OnExpire { flow: &'a Flow, step: &'a str },
    /// The conversation cannot continue where it waited.
    Lost(&'a Lost),
    /// A start word began a flow; `None` means that any message begins it.
    Began { flow: &'a Flow, word: Option<&'a str> },
    /// Nothing begins, and the flow that ended has a text for that.
    Ended { flow: &'a Flow },
    /// Nothing begins, and this flow has a text for that.
    Otherwise { flow: &'a Flow },
    /// Nothing begins, and nothing is said.
    Unheard,
    /// A command was heard.
    Command { flow: &'a Flow, index: usize, command: &'a Command, word: &'a str },
    /// A question accepted the message as an answer, or not.
    Answer {
        flow: &'a Flow,
        step: &'a Step,
        ask: &'a Ask,
        message: &'a Message,
        reading: &'a Reading,
    },
}
