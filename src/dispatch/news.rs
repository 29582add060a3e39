//! What an answer or a report of the provider means for a text.

use crate::outbox::news::{Fate, News};
use crate::outbox::state::State;
use crate::twilio::rest::callback::Callback;
use crate::twilio::rest::codes::{self, Class};
use crate::twilio::rest::outcome::{NotSent, Outcome, Refused, Sent};
use crate::twilio::rest::status::Status;

/// Returns what the answer to an attempt means.
#[must_use]
pub fn of_outcome(outcome: Outcome, attempt: u32) -> News {
    match outcome {
        Outcome::Sent(Sent { sid, status, .. }) => News::Accepted { sid, state: state(&status) },
        Outcome::NotSent(not_sent) => {
            let wait = match not_sent {
                NotSent::Busy { retry_after } => retry_after,
                NotSent::NoAddress | NotSent::NoConnection | NotSent::Tls => None,
            };
            News::NotSent { attempt, reason: not_sent.word(), wait }
        }
        Outcome::Unknown(doubt) => News::Unknown { attempt, reason: doubt.word() },
        Outcome::Refused(Refused { code, class, .. }) => {
            News::Refused { attempt, code, fate: fate(class) }
        }
    }
}

/// Returns what a report means.
#[must_use]
pub fn of_callback(callback: Callback) -> News {
    let Callback { sid, to, status, code } = callback;
    let fate = code.map_or(Fate::GivenUp, |code| fate(codes::class(code)));
    News::Reported { sid, to, state: state(&status), code, fate }
}

/// Returns the state that a status means. Whatever is said of a text, the
/// provider has it.
fn state(status: &Status) -> State {
    match status {
        Status::Scheduled
        | Status::Accepted
        | Status::Queued
        | Status::Sending
        | Status::Other(_) => State::Accepted,
        Status::Sent => State::Sent,
        Status::Failed | Status::Canceled => State::Failed,
        Status::Undelivered => State::Undelivered,
        Status::Delivered => State::Delivered,
        Status::Read => State::Read,
    }
}

fn fate(class: Class) -> Fate {
    match class {
        Class::Permanent | Class::Configuration | Class::Uncertain => Fate::GivenUp,
        Class::Retry(after) => Fate::Again(after),
        Class::Contact => Fate::Unreachable,
        Class::OptedOut => Fate::OptedOut,
    }
}
