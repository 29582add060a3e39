//! People who want no messages, before any conversation is asked.
//!
//! Which words mean that is the provider's matter and was decided when the
//! message was read; here it is decided what follows from it.

use jiff::Timestamp;

use crate::conversation::{self, Turn};
use crate::message::{Message, Reply, Wish};
use crate::store::Person;

/// Said to who stopped, where the provider says nothing by itself.
pub(super) const STOPPED: &str =
    "You are unsubscribed and will get no more messages. Send START to hear from us again.";

/// Said to who came back, where the provider says nothing by itself.
pub(super) const STARTED: &str = "You are subscribed again. Send STOP to unsubscribe.";

/// What the wish of a message, or an earlier one, makes of it; `None`: it is
/// for the conversation.
pub fn decide(person: &mut Person, message: &Message, now: Timestamp) -> Option<Turn> {
    let stopped = person.opt_outs.contains(message.channel);
    match message.consent {
        Some(consent) if consent.wish == Wish::Stop => {
            person.opt_outs.insert(message.channel, now);
            let mut turn = conversation::stop(&person.session, now);
            if !stopped && !consent.answered_by_provider {
                turn.replies.push(text(STOPPED));
            }
            Some(turn)
        }
        Some(consent) if consent.wish == Wish::Start && stopped => {
            person.opt_outs.remove(message.channel);
            let mut turn = unmoved(person);
            if !consent.answered_by_provider {
                turn.replies.push(text(STARTED));
            }
            Some(turn)
        }
        _ if stopped => Some(unmoved(person)),
        _ => None,
    }
}

fn unmoved(person: &Person) -> Turn {
    Turn {
        session: person.session.clone(),
        replies: Vec::new(),
        ended: Vec::new(),
        notes: Vec::new(),
    }
}

fn text(text: &str) -> Reply {
    Reply { text: text.to_owned(), media: Vec::new() }
}
