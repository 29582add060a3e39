//! How a turn ends: the session notes where the conversation waits, since when
//! and until when.

use jiff::{SignedDuration, Timestamp};

use super::walk::Walk;
use crate::conversation::flow::{Flow, Step, Verb};
use crate::conversation::session::{self, Asked, State};

impl Walk<'_> {
    /// Waits at a step from now on.
    pub(super) fn wait(&mut self, flow: &Flow, step: &Step) {
        let counts = match &step.verb {
            Verb::Ask(ask) => !ask.silence.is_empty(),
            Verb::Call(_) => true,
            Verb::WaitFor(wait) => !wait.silence.is_empty(),
            Verb::Say(_) | Verb::Set(_) | Verb::Run(_) | Verb::Branch => false,
        };
        self.asks = matches!(step.verb, Verb::Ask(_));
        self.stay(flow, step, counts.then_some(Asked { at: self.now, nudges: 0 }));
    }

    /// Waits at a step since this moment.
    pub(super) fn stay(&mut self, flow: &Flow, step: &Step, asked: Option<Asked>) {
        // The silence is that of the person, so only a message ends it.
        if self.answers_message || self.session.expires_at.is_none() {
            // It is limited by the flow that began the conversation.
            let outermost = self.callers.first().map_or(flow, |caller| caller.flow);
            let silence = SignedDuration::try_from(outermost.expire).unwrap_or(SignedDuration::MAX);
            let expires_at = self.now.saturating_add(silence).unwrap_or(Timestamp::MAX);
            self.session.expires_at = Some(expires_at);
        }
        self.session.asked = asked;
        self.session.flow = Some(flow.name.clone());
        self.session.state = State::Waiting(step.name.clone());
        self.write_stack();
    }

    /// Writes the flows around the current one into the session.
    pub(super) fn write_stack(&mut self) {
        let callers = self.callers.drain(..);
        self.session.stack = callers
            .map(|caller| session::Caller {
                flow: caller.flow.name.clone(),
                step: caller.step.name.clone(),
                answers: caller.answers,
            })
            .collect();
    }
}
