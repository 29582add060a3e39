//! What happens within a turn, told to whoever watches.
//!
//! The service does not watch, and pays nothing for it: nothing is put
//! together here that is not there already. The coverage of chat files and the
//! trace of `ringback chat` do.

use super::answer::Reading;
use super::flow::{Ask, Branch, Command, Flow, Step};
use super::ignored::Ignored;
use super::lost::Lost;
use crate::message::Message;

/// Watches a turn.
pub(super) trait Witness {
    /// A rule decided what the message is, or that time had passed before it.
    fn rule(&mut self, rule: Rule<'_>);

    /// The conversation came to a step, or left it on this way.
    fn branch(&mut self, flow: &Flow, step: &Step, branch: Branch);
}

/// Nobody watches.
impl Witness for () {
    fn rule(&mut self, _: Rule<'_>) {}
    fn branch(&mut self, _: &Flow, _: &Step, _: Branch) {}
}

/// What decides over a message.
pub(super) enum Rule<'a> {
    /// It asks to hear nothing more.
    Stop { answered_by_provider: bool },
    /// It asks to hear from us again.
    Start { answered_by_provider: bool },
    /// Its sender wants no messages.
    OptedOut,
    /// It moves nothing, whatever waits.
    Ignored(Ignored),
    /// Before it, the conversation was over by silence. The flow is named as
    /// the session names it: it may be loaded no more.
    Expired { flow: &'a str, step: &'a str },
    /// The conversation cannot go on where it waited.
    Lost(&'a Lost),
    /// A start word began a flow; `None`: any message does.
    Began { flow: &'a Flow, word: Option<&'a str> },
    /// Nothing begins, and the flow that ended has a text for that.
    Ended { flow: &'a Flow },
    /// Nothing begins, and this flow has a text for that.
    Otherwise { flow: &'a Flow },
    /// Nothing begins, and nothing is said.
    Unheard,
    /// A command was heard.
    Command { flow: &'a Flow, index: usize, command: &'a Command, word: &'a str },
    /// A question took the message as an answer, or not.
    Answer {
        flow: &'a Flow,
        step: &'a Step,
        ask: &'a Ask,
        message: &'a Message,
        reading: &'a Reading,
    },
}
