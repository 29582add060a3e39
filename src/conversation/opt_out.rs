//! People who want no messages, and messages that are nobody's to answer, before
//! any flow is asked.
//!
//! Which words mean that was decided when the message was read; here it is
//! decided what follows from it. Who wants none on which line of ours is the
//! caller's to keep.

use jiff::Timestamp;

use super::event::Event;
use super::flow::Flows;
use super::ignored::{self, Ignored, Known};
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
    /// Why nothing came of it, where it was no opt-out and yet ignored.
    pub ignored: Option<Ignored>,
}

/// Takes a message of which so much is known beside the session. Total, like [`step`](super::step()), which most messages come to.
#[must_use]
pub fn take(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    now: Timestamp,
) -> Taken {
    take_seen(flows, session, known, message, now, &mut ())
}

/// Like [`take`], before a witness.
pub(super) fn take_seen(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    now: Timestamp,
    witness: &mut dyn Witness,
) -> Taken {
    let opted_out = known.opted_out;
    let taken = |turn, opted_out| Taken { turn, opted_out, ignored: None };
    let wish = message.consent.map(|consent| (consent.wish, consent.answered_by_provider));
    match wish {
        Some((Wish::Stop, answered_by_provider)) => {
            witness.rule(Rule::Stop { answered_by_provider });
            let mut turn = stop(flows, session, now);
            if !opted_out && !answered_by_provider {
                turn.replies.push(text(STOPPED));
            }
            taken(turn, true)
        }
        Some((Wish::Start, answered_by_provider)) if opted_out => {
            witness.rule(Rule::Start { answered_by_provider });
            let mut turn = unmoved(session);
            if !answered_by_provider {
                turn.replies.push(text(STARTED));
            }
            taken(turn, false)
        }
        _ if opted_out => {
            witness.rule(Rule::OptedOut);
            taken(unmoved(session), true)
        }
        _ => match ignored::why(flows, session, known, message, now) {
            Some(why) => {
                witness.rule(Rule::Ignored(why));
                Taken { turn: unmoved(session), opted_out: false, ignored: Some(why) }
            }
            None => taken(step_seen(flows, session, Event::Message(message), now, witness), false),
        },
    }
}

fn unmoved(session: &Session) -> Turn {
    Turn {
        session: session.clone(),
        replies: Vec::new(),
        ended: Vec::new(),
        notes: Vec::new(),
        effects: Vec::new(),
    }
}

fn text(text: &str) -> Reply {
    Reply { text: text.to_owned(), media: Vec::new() }
}
