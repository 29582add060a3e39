//! Finds the place of a waiting session in the current flows: the step, by
//! its name or a former name, and the flows that wait for its flow to end.

use crate::conversation::Answers;
use crate::conversation::flow::{Ask, Call, Flow, Flows, Run, Step, StepId, Verb, WaitFor};
use crate::conversation::lost::{Lost, Reason};
use crate::conversation::session::{Session, State};

/// A step of a flow that waits.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) flow: &'a Flow,
    pub(super) id: StepId,
    pub(super) step: &'a Step,
    pub(super) waits: Waits<'a>,
}

/// What a step waits for.
#[derive(Clone, Copy)]
pub(super) enum Waits<'a> {
    /// The answer to a question.
    Ask(&'a Ask),
    /// The answer to a call.
    Call(&'a Call),
    /// The result of a third party.
    Callback(&'a WaitFor),
}

impl<'a> Place<'a> {
    /// Returns a step of a flow in this language, if it waits.
    pub(super) fn new(flow: &'a Flow, id: StepId, language: Option<&str>) -> Option<Self> {
        let step = flow.steps_in(language).get(id)?;
        let waits = match &step.verb {
            Verb::Ask(ask) => Waits::Ask(ask),
            Verb::Call(call) => Waits::Call(call),
            Verb::WaitFor(wait) => Waits::Callback(wait),
            Verb::Say(_) | Verb::Set(_) | Verb::Run(_) | Verb::Branch => return None,
        };
        Some(Self { flow, id, step, waits })
    }
}

/// A step that runs another flow, while that flow has not ended.
pub(super) struct Caller<'a> {
    pub(super) flow: &'a Flow,
    pub(super) step: &'a Step,
    pub(super) run: &'a Run,
    /// The answers in its flow so far.
    pub(super) answers: Answers,
}

/// A step that waits and the flows around its own, outermost first.
pub(super) type Found<'a> = (Place<'a>, Vec<Caller<'a>>);

/// Returns where a session waits, if it waits at all. It is an error if the
/// flows no longer have that place, or need an answer there that the session
/// lacks.
pub(super) fn find<'a>(flows: &'a Flows, session: &mut Session) -> Result<Option<Found<'a>>, Lost> {
    let stack = std::mem::take(&mut session.stack);
    let State::Waiting(name) = &session.state else { return Ok(None) };
    let flow = session.flow.clone().unwrap_or_default();
    let mut callers = Vec::with_capacity(stack.len());
    let mut expected: Option<&str> = None;
    for caller in stack {
        let lost = |reason| lost(&caller.flow, &caller.step, reason);
        let (flow, _, step) = step_at(flows, &caller.flow, &caller.step, expected).map_err(lost)?;
        let Verb::Run(run) = &step.verb else {
            return Err(lost(Reason::NoRun));
        };
        complete(step, &caller.answers).map_err(lost)?;
        expected = Some(&run.flow);
        callers.push(Caller { flow, step, run, answers: caller.answers });
    }
    let lost = |reason| lost(&flow, name, reason);
    let (flow, id, step) = step_at(flows, &flow, name, expected).map_err(lost)?;
    let Some(place) = Place::new(flow, id, session.language.as_deref()) else {
        return Err(lost(Reason::NoQuestion));
    };
    // The step did something else when the session came to it: no call was made,
    // or no callback was shown, and no answer would ever come.
    let waits_in_vain = match place.waits {
        Waits::Ask(_) => false,
        Waits::Call(_) => session.asked.is_none(),
        Waits::Callback(_) => session.callback.is_none(),
    };
    if waits_in_vain {
        return Err(lost(Reason::NoQuestion));
    }
    complete(step, &session.answers).map_err(lost)?;
    Ok(Some((place, callers)))
}

/// Returns a step of a flow. `expected` is the sub-flow that the flow around it
/// runs.
fn step_at<'a>(
    flows: &'a Flows,
    flow: &str,
    step: &str,
    expected: Option<&str>,
) -> Result<(&'a Flow, StepId, &'a Step), Reason> {
    let flow = flows.get(flow).ok_or(Reason::NoFlow)?;
    if let Some(expected) = expected.filter(|expected| *expected != flow.name) {
        return Err(Reason::OtherSubflow(expected.to_owned()));
    }
    let found = flow.step_once_named(step).and_then(|id| Some((id, flow.steps.get(id)?)));
    let (id, step) = found.ok_or(Reason::NoStep)?;
    Ok((flow, id, step))
}

/// Checks that all variables that have a value at a step are answered.
fn complete(step: &Step, answers: &Answers) -> Result<(), Reason> {
    match step.known.iter().find(|name| !answers.contains_key(*name)) {
        Some(name) => Err(Reason::Missing(name.clone())),
        None => Ok(()),
    }
}

/// Renames answers that were kept under a former name of their step. That
/// includes an ended conversation, which may still be reported.
pub(super) fn move_answers(flows: &Flows, session: &mut Session) {
    let current = session.flow.as_deref().map(|flow| (flow, &mut session.answers));
    let around = session.stack.iter_mut().map(|caller| (&*caller.flow, &mut caller.answers));
    for (flow, answers) in current.into_iter().chain(around) {
        if let Some(flow) = flows.get(flow) {
            rename(&flow.moved, answers);
        }
    }
}

fn rename(moved: &[(String, String)], answers: &mut Answers) {
    for (old, new) in moved {
        if !answers.contains_key(new)
            && let Some(answer) = answers.remove(old)
        {
            answers.insert(new.clone(), answer);
        }
    }
}

fn lost(flow: &str, step: &str, reason: Reason) -> Lost {
    Lost { flow: flow.to_owned(), step: step.to_owned(), reason }
}
