//! One event moves one conversation: [`step`]. [`stop`] ends the conversation of
//! a person who wants no more messages.
//!
//! `settle` first brings the session up to the event's time. Then the file for
//! the kind of event decides what it does: `message`, `silence`, `call` or
//! `callback`. `walk` runs the flow until it waits or ends.

mod aside;
mod build;
mod call;
mod callback;
mod due;
mod effects;
mod hearing;
mod keep;
mod kept;
mod message;
mod offer;
mod place;
mod relabel;
mod room;
mod scope;
mod settle;
mod silence;
mod wait;
mod walk;

use std::cell::Cell;

use jiff::Timestamp;

pub use self::callback::{Awaited, Fit, awaited, check_result, fit, wait_name};
pub use self::due::{Upcoming, What, aged, hastened, upcoming};
pub(super) use self::hearing::{Hearing, hearing};
pub use self::offer::{Offer, offered};
use self::place::{Place, Waits};
use self::settle::{adopt, end, settle};
use self::walk::Walk;
use crate::conversation::event::Event;
use crate::conversation::flow::Flows;
use crate::conversation::lost::Lost;
use crate::conversation::moment::Moment;
use crate::conversation::reply::Replies;
use crate::conversation::session::{Ended, Session, State, Turn, outcome};
use crate::conversation::witness::{Rule, Witness};

/// Returns the turn that an event causes at a session. It cannot fail for any
/// event at any session.
#[must_use]
pub fn step<'m>(
    flows: &Flows,
    session: &Session,
    event: Event<'_>,
    moment: impl Into<Moment<'m>>,
) -> Turn {
    step_seen(flows, session, event, moment, &mut ())
}

/// Steps like [`step`], before a witness.
pub(super) fn step_seen<'m>(
    flows: &Flows,
    session: &Session,
    event: Event<'_>,
    moment: impl Into<Moment<'m>>,
    witness: &mut dyn Witness,
) -> Turn {
    let Moment { now, callbacks } = moment.into();
    let waited_at = &session.state;
    let on_expire = due::expired_at(flows, session, now);
    let (mut session, expired) = match on_expire {
        Some(_) => (adopt(flows, session), None),
        None => settle(flows, session, now),
    };
    let cut = room::cut_stored(&mut session);
    if let Some(expired) = &expired {
        witness.rule(Rule::Expired { flow: &expired.flow, step: waited_at.as_str() });
    }
    let mut walk = Walk {
        flows,
        contact: event.contact(),
        now,
        callbacks,
        has_shown: Cell::new(false),
        session,
        callers: Vec::new(),
        replies: Replies::default(),
        ended: expired.into_iter().collect(),
        notes: Vec::new(),
        answers_message: matches!(event, Event::Message(_)),
        nudged: None,
        asks: false,
        effects: Vec::new(),
        completed: outcome::COMPLETED,
        witness,
    };
    if let Some((flow, variable, value)) = cut {
        walk.note_cut(&flow, waited_at.as_str(), &variable, &value);
    }
    if let Some(at) = on_expire {
        silence::expire(&mut walk, at);
    }
    match event {
        Event::Message(message) => {
            if on_expire.is_some() {
                forget_expired(&mut walk);
            }
            if !walk.ended.is_empty() {
                say_expired(&mut walk);
            }
            message::take(&mut walk, message);
        }
        Event::Silence(_) => silence::pass(&mut walk),
        Event::Called { call, answer, .. } => call::take(&mut walk, call, answer),
        Event::CalledBack { callback, result, .. } => callback::take(&mut walk, callback, result),
    }
    walk.into_turn()
}

/// The relation of a session to flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing waits. Whatever the flows are, the person is in none of them.
    Outside,
    /// The session continues at its place.
    GoesOn,
    /// The next message begins again.
    Lost(Lost),
}

/// Returns the relation of a session to flows that are not served yet, at this
/// time.
#[must_use]
pub fn standing(flows: &Flows, session: &Session, now: Timestamp) -> Standing {
    let (mut session, _) = settle(flows, session, now);
    match place::find(flows, &mut session) {
        Ok(None) => Standing::Outside,
        Ok(Some(_)) => Standing::GoesOn,
        Err(lost) => Standing::Lost(lost),
    }
}

/// Returns the turn that an opt-out causes at a session. A waiting conversation
/// ends with `STOPPED`; any other session stays as it is. There is no reply.
#[must_use]
pub fn stop(flows: &Flows, session: &Session, now: Timestamp) -> Turn {
    let (mut session, expired) = settle(flows, session, now);
    let mut ended: Vec<Ended> = expired.into_iter().collect();
    if matches!(session.state, State::Waiting(_)) {
        ended.push(end(&mut session, outcome::STOPPED, now));
    }
    Turn { session, replies: Vec::new(), ended, notes: Vec::new(), effects: Vec::new() }
}

/// Prepares a session whose conversation silence has ended for the message that
/// came after all. The texts of `on_expire` are for people who do not write.
fn forget_expired(walk: &mut Walk) {
    walk.replies = Replies::default();
    let Session { flow, language, .. } = std::mem::take(&mut walk.session);
    walk.session = Session { flow, language, ..Session::default() };
}

/// Returns a session whose question is only now on its way to the person, so
/// that the times of its nudges and of its timeout count from then.
#[must_use]
pub fn question_asked_at(flows: &Flows, session: &Session, at: Timestamp) -> Session {
    let mut session = session.clone();
    let found = place::find(flows, &mut session.clone());
    // A call runs since it began, whatever is on its way to the person; and a
    // third party does not wait for a text.
    if let Ok(Some((Place { waits: Waits::Call(_) | Waits::Callback(_), .. }, _))) = found {
        return session;
    }
    if let Some(asked) = &mut session.asked {
        asked.at = at;
        session.wakes_at = due::wakes_at(flows, &session);
    }
    session
}

/// Returns whether a session waits for the answer to a question, and not for
/// that of a call or for a callback.
#[must_use]
pub fn is_asking(flows: &Flows, session: &Session) -> bool {
    matches!(
        place::find(flows, &mut session.clone()),
        Ok(Some((Place { waits: Waits::Ask(_), .. }, _)))
    )
}

/// Says the `expired` of the flow that silence has ended, before anything else.
fn say_expired(walk: &mut Walk) {
    let flow = walk.session.flow.as_deref().and_then(|name| walk.flows.get(name));
    if let Some((flow, text)) =
        flow.and_then(|flow| Some((flow, flow.expired_in(walk.language())?)))
    {
        walk.say_outside(flow, text);
    }
}

#[cfg(test)]
mod tests;
