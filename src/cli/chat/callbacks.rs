//! Callbacks in the terminal: the person is the third party, too.

use super::Talk;
use crate::conversation::chat_file::{Answered, CalledBack, written_reply, written_requests};
use crate::conversation::narration;

impl Talk<'_> {
    /// Lets a third party call back, and shows what comes of it. `written` is the
    /// line of chat files; a refusal stands in the file, too.
    pub(super) fn call_back(&mut self, called: &CalledBack, written: &str) -> anyhow::Result<()> {
        let before = self.phone.session().clone();
        let (passed, answered, trace) = self.phone.call_back(&self.flows, called);
        let Answered { status, why } = answered;
        let mut lines = written_requests(&self.phone.take_requests());
        lines.extend(written_reply(&passed.texts));
        let is_silent = self.screen.is_interactive() && lines.is_empty();
        if status != called.status || is_silent {
            self.screen.tell(&format!("The callback is answered with {status}: {why}."));
        }
        let CalledBack { name, result, .. } = called;
        let line = match status {
            _ if status == called.status => written.to_owned(),
            202 => format!("@callback {name} {result}"),
            status => format!("@callback {status} {name} {result}"),
        };
        self.hold();
        self.write(&[line])?;
        self.show_and_write(&lines)?;
        for note in &passed.notes {
            self.screen.tell(&narration::note(note));
        }
        let after = self.phone.session().clone();
        if self.traces && before != after {
            let channel = self.phone.channel();
            let lines = narration::turn(&before, &after, channel, &passed.texts, &trace);
            self.screen.trace(&lines);
        }
        self.release()?;
        self.save_outcome(&before.state)
    }
}
