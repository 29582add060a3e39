//! What was said and heard while a call waits for its answer. A chat file has
//! the answer above the message that causes the call, so this is written later.

use std::time::Duration;

use jiff::Timestamp;

use crate::conversation::{CallId, duration};

/// Lines that wait to be written.
#[derive(Default)]
pub(super) struct Held {
    /// The call that waits for its answer.
    open: Option<CallId>,
    /// The answers so far, as chat files have them.
    answers: Vec<String>,
    lines: Vec<String>,
}

impl Held {
    pub(super) fn write(&mut self, lines: &[String]) {
        self.lines.extend_from_slice(lines);
    }

    /// Notes that a call waits for its answer, and returns whether that is new.
    pub(super) fn open(&mut self, call: &CallId) -> bool {
        let is_new = self.open.as_ref() != Some(call);
        if is_new {
            self.give_up();
            self.open = Some(call.clone());
        }
        is_new
    }

    /// Notes what the call got at this time.
    pub(super) fn answer(&mut self, given: &str, now: Timestamp) {
        let Some(call) = self.open.take() else { return };
        let took = Duration::try_from(call.at.duration_until(now)).unwrap_or_default();
        let (what, body) = given.split_once(char::is_whitespace).unwrap_or((given, ""));
        let after = match took.as_secs() {
            0 => String::new(),
            _ if what == "timeout" => String::new(),
            seconds => format!(" after {}", duration::written(seconds)),
        };
        let line = format!("@call {} {what}{after} {}", call.step, body.trim());
        self.answers.push(line.trim_end().to_owned());
    }

    /// Notes that nobody answered the call before the conversation left it.
    fn give_up(&mut self) {
        let call = self.open.take();
        self.answers.extend(call.map(|call| format!("@call {} timeout", call.step)));
    }

    pub(super) fn into_lines(mut self) -> Vec<String> {
        self.give_up();
        [self.answers, self.lines].concat()
    }
}
