//! The services that flows call, as a chat file plays them: answers that are
//! laid ready, and the requests that were made.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::conversation::flow::{PATIENCE, PATIENCE_WITH_TEXT};
use crate::conversation::request::{CallAnswer, CallId, Request};

/// What a service gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// An answer.
    Answer {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// No answer before the call's time is over.
    Timeout,
    /// No connection.
    Refused,
}

/// An answer that is laid ready for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canned {
    /// The step of the call, or `FLOW/STEP`.
    pub step: String,
    /// What it gets.
    pub given: Given,
    /// How long that takes.
    pub after: Duration,
    /// The line of the chat file that says so.
    pub line: usize,
}

impl Canned {
    fn is_for(&self, id: &CallId) -> bool {
        match self.step.split_once('/') {
            Some((flow, step)) => flow == id.flow && step == id.step,
            None => self.step == id.step,
        }
    }
}

/// The services and what was asked of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Callee {
    canned: VecDeque<Canned>,
    /// The call that was made last, and when which answer comes. A call that
    /// nothing was laid ready for has none.
    running: Option<(Request, Option<(Timestamp, CallAnswer)>)>,
    made: Vec<Request>,
}

/// How long the reply to a message still waits for answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Patience {
    waited: Duration,
}

impl Patience {
    /// Returns whether something that takes so long still comes in time.
    fn lasts(&mut self, after: Duration, has_said: bool) -> bool {
        let waited = self.waited.saturating_add(after);
        let lasts = waited <= PATIENCE && !(has_said && after > PATIENCE_WITH_TEXT);
        if lasts {
            self.waited = waited;
        }
        lasts
    }
}

impl Callee {
    /// Lays an answer ready.
    pub(super) fn expect(&mut self, canned: Canned) {
        self.canned.push_back(canned);
    }

    /// Takes a request. The answer is laid ready, or given later.
    pub(super) fn call(&mut self, request: Request, now: Timestamp) {
        let at = self.canned.iter().position(|canned| canned.is_for(&request.call));
        let canned = at.and_then(|at| self.canned.remove(at));
        let answer = canned.map(|canned| scheduled(&request, canned.given, canned.after, now));
        self.made.push(request.clone());
        self.running = Some((request, answer));
    }

    /// Answers the call that waits for an answer by hand. It is over in time only
    /// when its time is, unless the reply to the message would wait for that.
    pub(super) fn answer(&mut self, given: Given, now: Timestamp) {
        if let Some((request, answer @ None)) = &mut self.running {
            let is_quick = request.timeout <= PATIENCE && request.call.at == now;
            *answer = Some(match given {
                Given::Timeout if is_quick => (now, CallAnswer::Timeout),
                Given::Timeout => scheduled(request, given, Duration::ZERO, request.call.at),
                Given::Answer { .. } | Given::Refused => {
                    scheduled(request, given, Duration::ZERO, now)
                }
            });
        }
    }

    /// Returns the answer that is next, and when it comes.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.running.as_ref().and_then(|(_, answer)| Some(answer.as_ref()?.0))
    }

    /// Takes the next answer, if it comes until then.
    pub(super) fn take(&mut self, until: Timestamp) -> Option<(CallId, CallAnswer)> {
        self.next().filter(|at| *at <= until)?;
        let (request, answer) = self.running.take()?;
        Some((request.call, answer?.1))
    }

    /// Takes the next answer, if the reply to a message still waits for it.
    pub(super) fn take_in_reply(
        &mut self,
        patience: &mut Patience,
        has_said: bool,
        now: Timestamp,
    ) -> Option<(CallId, CallAnswer)> {
        let after = Duration::try_from(now.duration_until(self.next()?)).unwrap_or_default();
        if !patience.lasts(after, has_said) {
            return None;
        }
        self.take(Timestamp::MAX)
    }

    /// Returns the call for which no answer was laid ready.
    pub(super) fn unanswered(&self) -> Option<&Request> {
        self.running.as_ref().filter(|(_, answer)| answer.is_none()).map(|(request, _)| request)
    }

    /// Returns the requests that were made since this was asked last.
    pub(super) fn made(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.made)
    }

    /// Returns the answers that no call took.
    pub(super) fn left_over(&self) -> impl Iterator<Item = &Canned> {
        self.canned.iter()
    }
}

/// Returns when which answer comes. Whatever takes longer than the call may take
/// does not come.
fn scheduled(
    request: &Request,
    given: Given,
    after: Duration,
    now: Timestamp,
) -> (Timestamp, CallAnswer) {
    let (after, answer) = match given {
        Given::Timeout => (request.timeout, CallAnswer::Timeout),
        _ if after >= request.timeout => (request.timeout, CallAnswer::Timeout),
        Given::Answer { status, body } => {
            (after, CallAnswer::Answered { status, body: body.into_bytes() })
        }
        Given::Refused => (after, CallAnswer::Failed("no connection".to_owned())),
    };
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    (now.saturating_add(after).unwrap_or(Timestamp::MAX), answer)
}
