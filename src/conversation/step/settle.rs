//! Brings a session up to a moment, and ends conversations.

use jiff::Timestamp;

use super::{due, place};
use crate::conversation::flow::Flows;
use crate::conversation::session::{Ended, Session, State, outcome};

/// The flow of adopted sessions, which have no flow's name.
const ADOPTED_FLOW: &str = "favorite-song";

/// Brings a session up to current flows: an adopted one gets its flow, and
/// answers get their current names.
pub(super) fn adopt(flows: &Flows, session: &Session) -> Session {
    let mut session = session.clone();
    if session.flow.is_none() && session.state != State::Initial {
        session.flow = Some(ADOPTED_FLOW.to_owned());
    }
    place::move_answers(flows, &mut session);
    session
}

/// Brings a session up to this moment. A conversation that has expired ends;
/// what its flow has in `on_expire` is not done.
pub(super) fn settle(flows: &Flows, session: &Session, now: Timestamp) -> (Session, Option<Ended>) {
    let mut session = adopt(flows, session);
    let is_waiting = matches!(session.state, State::Waiting(_));
    match due::expires_at(flows, &session) {
        Some(expired_at) if is_waiting && expired_at <= now => {
            let ended = end(&mut session, outcome::EXPIRED, expired_at);
            let Session { flow, language, .. } = session;
            (Session { flow, language, ..Session::default() }, Some(ended))
        }
        _ => (session, None),
    }
}

/// Ends the session's conversation. Its answers stay until the next one begins.
pub(super) fn end(session: &mut Session, outcome: &str, at: Timestamp) -> Ended {
    // A sub-flow ends with the whole conversation, and so do its answers.
    if let Some(outermost) = std::mem::take(&mut session.stack).into_iter().next() {
        session.flow = Some(outermost.flow);
        session.answers = outermost.answers;
    }
    session.state = State::Ended(outcome.to_owned());
    session.tries = 0;
    session.expires_at = None;
    session.asked = None;
    session.callback = None;
    session.wakes_at = None;
    let began_at = session.since.replace(at);
    Ended {
        flow: session.flow.clone().unwrap_or_default(),
        outcome: outcome.to_owned(),
        answers: session.answers.clone(),
        began_at,
        ended_at: at,
    }
}
