//! People who want no messages, before any flow is asked.
//!
//! Which words mean that was decided when the message was read; here it is
//! decided what follows from it. Who wants none on which line of ours is the
//! caller's to keep.

use jiff::Timestamp;

use super::flow::Flows;
use super::session::{Session, Turn};
use super::step::{step_seen, stop};
use super::witness::{Rule, Witness};
use crate::message::{Message, Reply, Wish};

/// Said to who stopped, where the provider says nothing by itself.
const STOPPED: &str =
    "You are unsubscribed and will get no more messages. Send START to hear from us again.";

/// Said to who came back, where the provider says nothing by itself.
const STARTED: &str = "You are subscribed again. Send STOP to unsubscribe.";

/// What one message makes of a session, and of the wish to hear nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// What it makes of the session.
    pub turn: Turn,
    /// Whether its sender wants no messages on its line from here on.
    pub opted_out: bool,
}

/// Takes a message of somebody who wants no messages on its line, or has
/// not said so. Total, like [`step`](super::step()), which most messages come to.
#[must_use]
pub fn take(
    flows: &Flows,
    session: &Session,
    opted_out: bool,
    message: &Message,
    now: Timestamp,
) -> Taken {
    take_seen(flows, session, opted_out, message, now, &mut ())
}

/// Like [`take`], before a witness.
pub(super) fn take_seen(
    flows: &Flows,
    session: &Session,
    opted_out: bool,
    message: &Message,
    now: Timestamp,
    witness: &mut dyn Witness,
) -> Taken {
    let wish = message.consent.map(|consent| (consent.wish, consent.answered_by_provider));
    match wish {
        Some((Wish::Stop, answered_by_provider)) => {
            witness.rule(Rule::Stop { answered_by_provider });
            let mut turn = stop(flows, session, now);
            if !opted_out && !answered_by_provider {
                turn.replies.push(text(STOPPED));
            }
            Taken { turn, opted_out: true }
        }
        Some((Wish::Start, answered_by_provider)) if opted_out => {
            witness.rule(Rule::Start { answered_by_provider });
            let mut turn = unmoved(session);
            if !answered_by_provider {
                turn.replies.push(text(STARTED));
            }
            Taken { turn, opted_out: false }
        }
        _ if opted_out => {
            witness.rule(Rule::OptedOut);
            Taken { turn: unmoved(session), opted_out: true }
        }
        _ => Taken { turn: step_seen(flows, session, message, now, witness), opted_out: false },
    }
}

fn unmoved(session: &Session) -> Turn {
    Turn { session: session.clone(), replies: Vec::new(), ended: Vec::new(), notes: Vec::new() }
}

fn text(text: &str) -> Reply {
    Reply { text: text.to_owned(), media: Vec::new() }
}
