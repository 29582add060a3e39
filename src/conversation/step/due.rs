//! When silence is over: the times of nudges, timeouts and the end of a
//! conversation.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::place;
use crate::conversation::flow::{Flow, Flows};
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

/// Returns when silence causes the next turn of a session, if it does. A
/// conversation without `on_expire` ends by itself with the next message.
pub(super) fn wakes_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    if !matches!(session.state, State::Waiting(_)) {
        return None;
    }
    let outermost = flows.get(session.outermost_flow()?)?;
    let expiry = outermost.on_expire.and_then(|_| expires_at(flows, session));
    let due = session.asked.and_then(|asked| {
        let (place, _) = place::find(flows, &mut session.clone()).ok()??;
        let silence = &place.ask.silence;
        let nudges = silence.nudges.iter().skip(asked.nudges).map(|(after, _)| *after);
        let times = nudges.chain(silence.timeout.as_ref().map(|(after, _)| *after));
        times.map(|after| due_at(outermost, asked.at, after)).min()
    });
    expiry.into_iter().chain(due).min()
}

/// Returns the time at which something is due, so long after the question.
pub(super) fn due_at(outermost: &Flow, asked_at: Timestamp, after: Duration) -> Timestamp {
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    moved(outermost, asked_at.saturating_add(after).unwrap_or(Timestamp::MAX))
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
