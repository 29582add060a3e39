//! A session as this moment finds it, and how a conversation ends.

use jiff::Timestamp;

use super::place;
use crate::conversation::flow::Flows;
use crate::conversation::session::{Ended, Session, State, outcome};

/// The flow of the sessions that were adopted, which name none.
const ADOPTED_FLOW: &str = "favorite-song";

/// The session as this moment finds it: an adopted one gets its flow, answers
/// bear their names of today, and what has lasted too long is over.
pub(super) fn settle(flows: &Flows, session: &Session, now: Timestamp) -> (Session, Option<Ended>) {
    let mut session = session.clone();
    if session.flow.is_none() && session.state != State::Initial {
        session.flow = Some(ADOPTED_FLOW.to_owned());
    }
    place::move_answers(flows, &mut session);
    let is_waiting = matches!(session.state, State::Waiting(_));
    match session.expires_at {
        Some(expired_at) if is_waiting && expired_at <= now => {
            let ended = end(&mut session, outcome::EXPIRED, expired_at);
            let Session { flow, language, .. } = session;
            (Session { flow, language, ..Session::default() }, Some(ended))
        }
        _ => (session, None),
    }
}

/// Ends the session's conversation. Its answers stay until the next begins.
pub(super) fn end(session: &mut Session, outcome: &str, at: Timestamp) -> Ended {
    // A part ends with the whole, and its answers with it.
    if let Some(outermost) = std::mem::take(&mut session.stack).into_iter().next() {
        session.flow = Some(outermost.flow);
        session.answers = outermost.answers;
    }
    session.state = State::Ended(outcome.to_owned());
    session.tries = 0;
    session.expires_at = None;
    let began_at = session.since.replace(at);
    Ended {
        flow: session.flow.clone().unwrap_or_default(),
        outcome: outcome.to_owned(),
        answers: session.answers.clone(),
        began_at,
        ended_at: at,
    }
}
