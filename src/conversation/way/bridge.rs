//! The shortest way through flows from one step where a person waited to the next,
//! if no message of theirs shows the way.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::conversation::flow::{Flow, Flows, Step, StepId, Target, Verb};
use crate::conversation::session::{Session, State, outcome};

/// The most places that are looked at.
const MOST: usize = 20_000;

/// A step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct At {
    /// The flow.
    pub flow: String,
    /// The step, by its current name.
    pub step: String,
}

/// Returns whether a step waits for something.
pub(super) fn waits(step: &Step) -> bool {
    matches!(step.verb, Verb::Ask(_) | Verb::Call(_) | Verb::WaitFor(_))
}

/// A way between two places.
pub(super) struct Bridge {
    /// The steps on it, without the step at its beginning.
    pub(super) steps: Vec<At>,
    /// Its end.
    pub(super) to: At,
    /// The steps that run the sub-flows around its end, outermost first.
    pub(super) around: Vec<At>,
}

/// A step, and the steps of other flows that wait for the end of its flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    /// Flows by their indexes, each with a step, outermost first. The last entry is
    /// the spot.
    stack: Vec<(usize, StepId)>,
}

/// Where a target leads.
enum Led {
    To(Spot),
    /// The whole conversation ends with this outcome.
    Ended(String),
}

/// Returns the shortest way to a step that waits. No question is passed on it,
/// but calls and callbacks may be.
pub(super) fn bridge(
    flows: &Flows,
    from: &Session,
    is_there: impl Fn(&Flow, &Step) -> bool,
) -> Option<Bridge> {
    search(flows, from, |all, spot, is_start| {
        let found = step_at(all, spot);
        !is_start && found.is_some_and(|(flow, step)| waits(step) && is_there(flow, step))
    })
}

/// Returns the steps on the shortest way to the end of the conversation with
/// this outcome.
pub(super) fn bridge_to_end(flows: &Flows, from: &Session, outcome: &str) -> Option<Vec<At>> {
    let found = search(flows, from, |all, spot, is_start| {
        let is_question = step_at(all, spot).is_some_and(|(_, step)| asks(step));
        let ends = |led: &Led| matches!(led, Led::Ended(found) if found == outcome);
        (is_start || !is_question) && next(all, spot).iter().any(ends)
    });
    found.map(|bridge| bridge.steps)
}

fn asks(step: &Step) -> bool {
    matches!(step.verb, Verb::Ask(_))
}

/// Returns the shortest way to one of the places that are wanted.
fn search(
    flows: &Flows,
    from: &Session,
    is_wanted: impl Fn(&[&Flow], &Spot, bool) -> bool,
) -> Option<Bridge> {
    let all: Vec<&Flow> = flows.iter().collect();
    let start = spot(&all, from)?;
    let mut before: BTreeMap<Spot, Option<Spot>> = BTreeMap::from([(start.clone(), None)]);
    let mut open = VecDeque::from([start.clone()]);
    while let Some(spot) = open.pop_front() {
        let is_start = spot == start;
        if is_wanted(&all, &spot, is_start) {
            return Some(written(&all, &before, &spot));
        }
        if !is_start && step_at(&all, &spot).is_some_and(|(_, step)| asks(step)) {
            continue;
        }
        for led in next(&all, &spot) {
            if let Led::To(next) = led
                && before.len() < MOST
                && !before.contains_key(&next)
            {
                before.insert(next.clone(), Some(spot.clone()));
                open.push_back(next);
            }
        }
    }
    None
}

/// Returns the place of a session. A conversation that has not begun has none.
fn spot(flows: &[&Flow], session: &Session) -> Option<Spot> {
    let State::Waiting(name) = &session.state else { return None };
    let around = session.stack.iter().map(|caller| (caller.flow.as_str(), caller.step.as_str()));
    let own = (session.flow.as_deref()?, name.as_str());
    let places = around.chain([own]).map(|(flow, step)| {
        let index = flows.iter().position(|known| known.name == flow)?;
        Some((index, flows.get(index)?.step_once_named(step)?))
    });
    Some(Spot { stack: places.collect::<Option<Vec<_>>>()? })
}

fn step_at<'a>(flows: &[&'a Flow], spot: &Spot) -> Option<(&'a Flow, &'a Step)> {
    let (flow, step) = spot.stack.last()?;
    let flow = flows.get(*flow)?;
    Some((flow, flow.steps.get(*step)?))
}

/// Returns where a place can lead.
fn next(flows: &[&Flow], spot: &Spot) -> Vec<Led> {
    let Some((flow, step)) = step_at(flows, spot) else { return Vec::new() };
    if let Verb::Run(run) = &step.verb
        && let Some(index) = flows.iter().position(|flow| flow.name == run.flow)
    {
        let stack = spot.stack.iter().copied().chain([(index, 0)]);
        return vec![Led::To(Spot { stack: stack.collect() })];
    }
    let silent = flow.on_expire.filter(|_| waits(step)).map(|on| Target::Step(on.step));
    let targets = targets(step).cloned().chain(silent);
    targets.filter_map(|target| led_to(flows, spot.stack.clone(), target)).collect()
}

/// Returns all targets of a step.
fn targets(step: &Step) -> impl Iterator<Item = &Target> {
    let failed = match &step.verb {
        Verb::Ask(ask) => ask.on_fail.as_ref().map(|on_fail| &on_fail.target),
        _ => None,
    };
    let timeout = step.silence().and_then(|silence| silence.timeout.as_ref());
    let decided = step.when.iter().map(|(_, target)| target);
    let branches = step.branches.iter().map(|(_, target)| target);
    let next = std::iter::once(&step.next);
    decided.chain(branches).chain(next).chain(failed).chain(timeout.map(|(_, target)| target))
}

/// Follows a target. At the end of a sub-flow the flow around it goes on.
fn led_to(flows: &[&Flow], mut stack: Vec<(usize, StepId)>, mut target: Target) -> Option<Led> {
    loop {
        let (index, _) = stack.pop()?;
        match target {
            Target::Step(id) => {
                stack.push((index, id));
                return Some(Led::To(Spot { stack }));
            }
            Target::End(ended) => {
                let Some((index, id)) = stack.last() else { return Some(Led::Ended(ended)) };
                let step = flows.get(*index)?.steps.get(*id)?;
                let decided = step.when.iter().find(|(outcome, _)| *outcome == ended);
                target = match decided {
                    Some((_, target)) => target.clone(),
                    None if step.passes_on(&ended) => Target::End(outcome::CANCELLED.to_owned()),
                    None => step.next.clone(),
                };
            }
        }
    }
}

fn written(flows: &[&Flow], before: &BTreeMap<Spot, Option<Spot>>, end: &Spot) -> Bridge {
    let at = |(flow, step): &(usize, StepId)| {
        let flow = flows.get(*flow)?;
        Some(At { flow: flow.name.clone(), step: flow.steps.get(*step)?.name.clone() })
    };
    let mut steps = Vec::new();
    let mut spot = Some(end);
    while let Some(passed) = spot {
        let led_from = before.get(passed).and_then(Option::as_ref);
        if led_from.is_some() {
            steps.extend(passed.stack.last().and_then(at));
        }
        spot = led_from;
    }
    steps.reverse();
    let mut around: Vec<At> = end.stack.iter().filter_map(at).collect();
    let to = around.pop().unwrap_or_else(|| At { flow: String::new(), step: String::new() });
    Bridge { steps, to, around }
}
