//! When silence is over: the times of nudges, timeouts and the end of a
//! conversation.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::place::{self, Waits};
use crate::conversation::flow::{Call, Flow, Flows};
use crate::conversation::session::{Session, State};

/// Returns when silence ends the conversation of a waiting session. If its flow
/// says something then, quiet hours postpone it.
pub(super) fn expires_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    let expires_at = session.expires_at?;
    let flow = session.outermost_flow().and_then(|name| flows.get(name));
    Some(match flow.filter(|flow| flow.on_expire.is_some_and(|on_expire| on_expire.says)) {
        Some(flow) => moved(flow, expires_at),
        None => expires_at,
    })
}

/// Something that silence will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// What it does.
    pub what: What,
    /// When, if nobody writes before.
    pub at: Timestamp,
    /// When it would be without quiet hours.
    pub unmoved_at: Timestamp,
}

/// What silence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The person is reminded of the question.
    Nudge,
    /// The question takes its timeout.
    Timeout,
    /// The time of the call is over.
    CallOver,
    /// The conversation ends through its `on_expire`.
    Expiry,
}

/// Returns what silence will do at a session, in order. A conversation without
/// `on_expire` ends by itself with the next message, which is no such thing.
#[must_use]
pub fn upcoming(flows: &Flows, session: &Session) -> Vec<Upcoming> {
    let outermost = session.outermost_flow().and_then(|name| flows.get(name));
    let (Some(outermost), State::Waiting(_)) = (outermost, &session.state) else {
        return Vec::new();
    };
    let expiry = outermost.on_expire.and_then(|_| {
        let (at, unmoved_at) = (expires_at(flows, session)?, session.expires_at?);
        Some(Upcoming { what: What::Expiry, at, unmoved_at })
    });
    let mut all = Vec::from_iter(expiry);
    if let (Some(asked), Ok(Some((place, _)))) =
        (session.asked, place::find(flows, &mut session.clone()))
    {
        let silence = match place.waits {
            Waits::Ask(ask) => Some(&ask.silence),
            Waits::Callback(wait) => Some(&wait.silence),
            Waits::Call(call) => {
                let at = call_ends_at(asked.at, call);
                all.push(Upcoming { what: What::CallOver, at, unmoved_at: at });
                None
            }
        };
        let nudges = silence.into_iter().flat_map(|silence| &silence.nudges).skip(asked.nudges);
        let nudges = nudges.map(|(after, _)| (What::Nudge, *after));
        let timeout = silence.and_then(|silence| silence.timeout.as_ref());
        let timeout = timeout.map(|(after, _)| (What::Timeout, *after));
        all.extend(nudges.chain(timeout).map(|(what, after)| {
            let unmoved_at = later(asked.at, after);
            Upcoming { what, at: moved(outermost, unmoved_at), unmoved_at }
        }));
    }
    all.sort_by_key(|upcoming| upcoming.at);
    all
}

/// Returns when silence causes the next turn of a session, if it does.
pub(super) fn wakes_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    upcoming(flows, session).first().map(|upcoming| upcoming.at)
}

/// Returns the session as if the next thing that silence does were due now; `None`
/// if it does nothing. Quiet hours still postpone it.
#[must_use]
pub fn hastened(flows: &Flows, session: &Session, now: Timestamp) -> Option<Session> {
    let next = upcoming(flows, session).into_iter().next()?;
    let early = next.unmoved_at.duration_since(now).max(SignedDuration::ZERO);
    Some(moved_back(flows, session, early))
}

/// Returns the session as if this much more time had passed since its last turn.
/// Quiet hours still postpone what is due.
#[must_use]
pub fn aged(flows: &Flows, session: &Session, by: SignedDuration) -> Session {
    let mut session = moved_back(flows, session, by);
    session.since = session.since.map(|at| earlier(at, by));
    session
}

/// Returns the session in which everything that silence does comes this much
/// earlier.
fn moved_back(flows: &Flows, session: &Session, by: SignedDuration) -> Session {
    let mut session = session.clone();
    if let Some(asked) = &mut session.asked {
        asked.at = earlier(asked.at, by);
    }
    session.expires_at = session.expires_at.map(|at| earlier(at, by));
    session.wakes_at = wakes_at(flows, &session);
    session
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// Returns the time at which a call is over that began at this one. Quiet hours
/// do not move it: the person who wrote waits for what follows.
pub(super) fn call_ends_at(began_at: Timestamp, call: &Call) -> Timestamp {
    later(began_at, call.timeout)
}

/// Returns the time at which something is due, so long after the question.
pub(super) fn due_at(outermost: &Flow, asked_at: Timestamp, after: Duration) -> Timestamp {
    moved(outermost, later(asked_at, after))
}

fn later(at: Timestamp, after: Duration) -> Timestamp {
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    at.saturating_add(after).unwrap_or(Timestamp::MAX)
}

/// Returns a moment, or the end of the quiet hours in which it lies.
fn moved(outermost: &Flow, at: Timestamp) -> Timestamp {
    outermost.quiet.map_or(at, |quiet| quiet.after(at, &outermost.timezone))
}

/// Returns when silence has ended the conversation of a session, if it has and
/// its flow has an `on_expire`.
pub(super) fn expired_at(flows: &Flows, session: &Session, now: Timestamp) -> Option<Timestamp> {
    let is_waiting = matches!(session.state, State::Waiting(_));
    let flow = session.outermost_flow().and_then(|name| flows.get(name));
    let at = expires_at(flows, session).filter(|at| is_waiting && *at <= now)?;
    flow?.on_expire.map(|_| at)
}
