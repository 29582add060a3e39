//! Opt-outs, and messages that get no answer. Both are decided before any flow
//! gets the message.
//!
//! The message says already whether its words mean an opt-out; this file
//! decides what follows from that. The caller keeps which people want no
//! messages on which line.

use super::event::Event;
use super::flow::Flows;
use super::ignored::{self, Ignored, Known};
use super::moment::Moment;
use super::session::{Session, Turn};
use super::step::{step_seen, stop};
use super::witness::{Rule, Witness};
use crate::message::{Message, Reply, Wish};

/// The reply to a STOP, if the provider does not answer it.
const STOPPED: &str =
    "You are unsubscribed and will get no more messages. Send START to hear from us again.";

/// The reply to a START, if the provider does not answer it.
const STARTED: &str = "You are subscribed again. Send STOP to unsubscribe.";

/// The effect of one message on a session, and on the wish to hear nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The turn of the session.
    pub turn: Turn,
    /// Whether the sender wants no messages on this line from here on.
    pub opted_out: bool,
    /// Why the message was ignored, if it was; never set for an opt-out.
    pub ignored: Option<Ignored>,
}

/// Takes a message with what is known of it beside the session. Most messages
/// are passed to [`step`](super::step()). Like it, this cannot fail.
#[must_use]
pub fn take<'m>(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    moment: impl Into<Moment<'m>>,
) -> Taken {
    take_seen(flows, session, known, message, moment, &mut ())
}

/// Takes a message like [`take`], before a witness.
pub(super) fn take_seen<'m>(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    moment: impl Into<Moment<'m>>,
    witness: &mut dyn Witness,
) -> Taken {
    let moment = moment.into();
    let now = moment.now;
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
            None => {
                taken(step_seen(flows, session, Event::Message(message), moment, witness), false)
            }
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
