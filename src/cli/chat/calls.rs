//! Calls in the terminal: the person says what a service answers.

use super::Talk;
use super::held::Held;
use crate::conversation::chat_file::{Fault, Given, written_reply, written_requests};
use crate::conversation::narration;

impl Talk<'_> {
    /// Gives the answer for which a call waits.
    pub(super) fn answer_call(&mut self, line: &str) -> anyhow::Result<()> {
        if self.phone.open_call().is_none() {
            self.refuse(&Fault::new("no call waits for an answer", "lead the conversation to one"));
            return Ok(());
        }
        let written = line.trim_start_matches("/call").trim();
        let given = match Given::read(written) {
            Ok(given) => given,
            Err(fault) => {
                self.refuse(&fault);
                return Ok(());
            }
        };
        let before = self.phone.session().clone();
        let (passed, trace) = self.phone.answer_call(&self.flows, given);
        let mut lines = written_requests(&self.phone.take_requests());
        lines.extend(written_reply(&passed.texts));
        if let Some(held) = &mut self.held {
            held.answer(written, self.phone.now());
        }
        self.show_and_write(&lines)?;
        if self.phone.waits_for_call() {
            self.screen.tell("It comes when the time of the call is over; /wait lets time pass.");
        }
        for note in &passed.notes {
            self.screen.tell(&narration::note(note));
        }
        let after = self.phone.session().clone();
        if self.traces {
            let channel = self.phone.channel();
            let lines = narration::turn(&before, &after, channel, &passed.texts, &trace);
            self.screen.trace(&lines);
        }
        self.release()?;
        self.save_outcome(&before.state)
    }

    /// Holds back what is written from here on, if a call waits for its answer:
    /// in a chat file the answer stands above.
    pub(super) fn hold(&mut self) {
        if self.phone.open_call().is_some() && self.held.is_none() {
            self.held = Some(Held::default());
        }
    }

    /// Writes what was held back, if no call waits any more. Otherwise asks for
    /// the answer.
    pub(super) fn release(&mut self) -> anyhow::Result<()> {
        if let Some(request) = self.phone.open_call() {
            if self.held.as_mut().is_some_and(|held| held.open(&request.call)) {
                self.screen.tell(&narration::open_call(request).join("\n"));
            }
            return Ok(());
        }
        match self.held.take() {
            Some(held) => self.write(&held.into_lines()),
            None => Ok(()),
        }
    }
}
