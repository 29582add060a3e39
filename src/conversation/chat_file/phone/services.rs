//! The services around a phone: those that a flow calls, and the third parties
//! that call back.

use super::{Passed, Phone};
use crate::conversation::chat_file::callbacks::{Answered, CalledBack};
use crate::conversation::chat_file::callee::{Canned, Given};
use crate::conversation::event::Event;
use crate::conversation::flow::Flows;
use crate::conversation::request::Request;
use crate::conversation::step::step_seen;
use crate::conversation::trace::Trace;
use crate::conversation::witness::Witness;

impl Phone {
    /// Lays an answer ready for a call.
    pub fn expect_call(&mut self, canned: Canned) {
        self.callee.expect(canned);
    }

    /// Answers the call that waits for that, and returns the trace of what follows.
    pub fn answer_call(&mut self, flows: &Flows, given: Given) -> (Passed, Trace) {
        self.callee.answer(given, self.now);
        let mut trace = Trace::default();
        let passed = self.wait_until(flows, self.now, &mut trace);
        (passed, trace)
    }

    /// Returns the call for which no answer was laid ready, while the
    /// conversation waits for it.
    pub fn open_call(&self) -> Option<&Request> {
        let is_waiting = |request: &&Request| {
            let id = &request.call;
            self.session.asked.is_some_and(|asked| asked.at == id.at)
                && self.session.state.as_str() == id.step
        };
        self.callee.unanswered().filter(is_waiting)
    }

    /// Returns whether the end of a call is known, and comes later.
    pub fn waits_for_call(&self) -> bool {
        self.callee.next().is_some()
    }

    /// Returns the requests that were made since this was asked last.
    pub fn take_requests(&mut self) -> Vec<Request> {
        self.callee.made()
    }

    /// Returns the answers that no call took.
    pub(in crate::conversation::chat_file) fn calls_left(&self) -> impl Iterator<Item = &Canned> {
        self.callee.left_over()
    }

    /// Lets a third party call back, and returns the trace of what follows.
    pub fn call_back(&mut self, flows: &Flows, called: &CalledBack) -> (Passed, Answered, Trace) {
        let mut trace = Trace::default();
        let (passed, answered) = self.call_back_seen(flows, called, &mut trace);
        (passed, answered, trace)
    }

    /// Lets a third party call back, before a witness.
    pub(in crate::conversation::chat_file) fn call_back_seen(
        &mut self,
        flows: &Flows,
        called: &CalledBack,
        witness: &mut dyn Witness,
    ) -> (Passed, Answered) {
        let mut passed = Passed::default();
        let (name, answered) = self.callbacks.judge(flows, &self.session, called, self.now);
        let Some(name) = name else { return (passed, answered) };
        let sender = self.sender();
        let (contact, result) = (self.contact(&sender), &called.result);
        let event = Event::CalledBack { contact, callback: &name, result };
        let turn = step_seen(flows, &self.session, event, self.moment(), witness);
        self.keep(turn.session);
        passed.texts.extend(self.call(turn.effects));
        passed.notes.extend(turn.notes);
        self.said.extend(passed.texts.iter().cloned());
        (passed, answered)
    }
}
