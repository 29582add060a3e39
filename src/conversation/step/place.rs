//! The question at which a session waits, found again in the flows of today:
//! by its name, or by one that it had.

use crate::conversation::flow::{Ask, Flow, Flows, Step, Verb};
use crate::conversation::session::{Note, Session, State};

/// A question of a flow.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) flow: &'a Flow,
    pub(super) step: &'a Step,
    pub(super) ask: &'a Ask,
}

impl<'a> Place<'a> {
    /// Where a session waits; `None` where it waits nowhere. An error where the
    /// flows no longer have that place, or want an answer there that the
    /// session lacks.
    pub(super) fn of(flows: &'a Flows, session: &Session) -> Result<Option<Self>, Note> {
        let State::Waiting(name) = &session.state else { return Ok(None) };
        let flow_name = session.flow.clone().unwrap_or_default();
        let place = find(flows, &flow_name, name, session);
        place.map(Some).map_err(|reason| Note::BeganAfresh {
            flow: flow_name,
            step: name.clone(),
            reason,
        })
    }
}

/// Answers that were kept under the former name of their step bear its name of today.
pub(super) fn move_answers(flows: &Flows, session: &mut Session) {
    let Some(flow) = session.flow.as_deref().and_then(|name| flows.get(name)) else { return };
    for (old, new) in &flow.moved {
        if !session.answers.contains_key(new)
            && let Some(answer) = session.answers.remove(old)
        {
            session.answers.insert(new.clone(), answer);
        }
    }
}

fn find<'a>(
    flows: &'a Flows,
    flow: &str,
    step: &str,
    session: &Session,
) -> Result<Place<'a>, String> {
    let flow = flows.get(flow).ok_or("no such flow is loaded")?;
    let step = flow.step_once_named(step).and_then(|id| flow.steps.get(id));
    let step = step.ok_or("the flow has no such step")?;
    let Verb::Ask(ask) = &step.verb else {
        return Err("the step is no question".to_owned());
    };
    match step.known.iter().find(|name| !session.answers.contains_key(*name)) {
        Some(name) => Err(format!("the answer `{name}` is missing")),
        None => Ok(Place { flow, step, ask }),
    }
}
