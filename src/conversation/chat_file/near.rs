//! Suggests which state or variable was probably meant.

use crate::conversation::flow::{Flow, Flows, Target, Verb, label_of};
use crate::conversation::session::{Answers, State, outcome};
use crate::conversation::suggest::nearest;

/// The most variables that are listed.
const MAX_VARIABLES: usize = 8;

/// Returns help about a state that a chat file expects.
pub(super) fn state(flows: &Flows, expected: &State) -> Option<String> {
    let (of_flow, expected) = match expected {
        State::Waiting(name) => match name.split_once('/') {
            Some((flow, step)) => (Some(flow), &State::Waiting(step.to_owned())),
            None => (None, expected),
        },
        _ => (None, expected),
    };
    if let Some(name) = of_flow
        && flows.get(name).is_none()
    {
        let near = nearest(name, flows.iter().map(|flow| flow.name.as_str()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Some(format!("there is no flow `{name}`{near}"));
    }
    let is_meant = |flow: &&Flow| of_flow.is_none_or(|name| flow.name == name);
    let steps = || flows.iter().filter(is_meant).flat_map(|flow| &flow.steps);
    match expected {
        State::Initial => None,
        State::Waiting(name) => match steps().find(|step| step.name == *name) {
            Some(step) if matches!(step.verb, Verb::Ask(_) | Verb::Call(_) | Verb::WaitFor(_)) => {
                None
            }
            Some(_) => Some(format!("`{name}` asks nothing, so that nobody waits there")),
            None if outcomes(flows).contains(&name.as_str()) => {
                Some(format!("`{name}` is an outcome, not a step: `= {name}`"))
            }
            None => {
                let asks = steps().filter(|step| matches!(step.verb, Verb::Ask(_)));
                let near = nearest(name, asks.map(|step| step.name.as_str()));
                Some(match near {
                    Some(near) => format!("there is no step `{name}`; did you mean `= @{near}`?"),
                    None => format!("there is no step `{name}`"),
                })
            }
        },
        State::Ended(name) => {
            let outcomes = outcomes(flows);
            if outcomes.contains(&name.as_str()) {
                return None;
            }
            if steps().any(|step| step.name == *name) {
                return Some(format!("`{name}` is a step: `= @{name}` says that it waits there"));
            }
            Some(match nearest(name, outcomes) {
                Some(near) => format!("nothing ends with `{name}`; did you mean `= {near}`?"),
                None => format!("nothing ends with `{name}`"),
            })
        }
    }
}

/// Returns help about a variable that is not set.
pub(super) fn variable(flows: &Flows, answers: &Answers, name: &str) -> Vec<String> {
    let known: Vec<String> = flows.iter().flat_map(variables).collect();
    let mut help = Vec::new();
    if !known.iter().any(|known| known == name) {
        let near = nearest(name, known.iter().map(String::as_str));
        help.push(match near {
            Some(near) => format!("nothing sets `{name}`; did you mean `{near}`?"),
            None => format!("nothing sets `{name}`"),
        });
    }
    let set: Vec<String> =
        answers.keys().take(MAX_VARIABLES).map(|name| format!("`{name}`")).collect();
    let more = answers.len().saturating_sub(MAX_VARIABLES);
    help.push(match (set.is_empty(), more) {
        (true, _) => "no variable is set".to_owned(),
        (false, 0) => format!("these are set: {}", set.join(", ")),
        (false, more) => format!("these are set: {} and {more} more", set.join(", ")),
    });
    help
}

/// Returns help about an answer for a call that was not made.
pub(super) fn call(flows: &Flows, name: &str) -> String {
    let step_name = name.rsplit('/').next().unwrap_or(name);
    let steps = flows.iter().flat_map(|flow| &flow.steps);
    let calls = steps.filter(|step| matches!(step.verb, Verb::Call(_)));
    let names: Vec<&str> = calls.map(|step| step.name.as_str()).collect();
    if names.contains(&step_name) {
        return "remove this line, or lead the chat to that step once more".to_owned();
    }
    match nearest(step_name, names.iter().copied()) {
        Some(near) => format!("no step `{name}` makes a call; did you mean `{near}`?"),
        None => format!("no step `{name}` makes a call"),
    }
}

/// Returns help about a callback for which no step waits.
pub(super) fn callback(flows: &Flows, name: &str) -> Option<String> {
    let steps = flows.iter().flat_map(|flow| &flow.steps);
    let waits = steps.filter_map(|step| match &step.verb {
        Verb::WaitFor(wait) => Some(wait.name.as_str()),
        _ => None,
    });
    let names: Vec<&str> = waits.collect();
    if names.contains(&name) {
        return None;
    }
    Some(match nearest(name, names.iter().copied()) {
        Some(near) => format!("no step waits for `{name}`; did you mean `{near}`?"),
        None => format!("no step waits for `{name}`"),
    })
}

/// Returns every outcome that a conversation can have.
fn outcomes(flows: &Flows) -> Vec<&str> {
    let own = flows.iter().flat_map(|flow| &flow.steps).filter_map(|step| match &step.next {
        Target::End(outcome) => Some(outcome.as_str()),
        Target::Step(_) => None,
    });
    let engines = [outcome::COMPLETED, outcome::CANCELLED, outcome::STOPPED];
    own.chain(engines).collect()
}

/// Returns every variable that a flow may set.
fn variables(flow: &Flow) -> Vec<String> {
    let of_step = |verb: &Verb| match verb {
        Verb::Ask(ask) => vec![ask.save.clone(), label_of(&ask.save)],
        Verb::Set(entries) => entries.iter().map(|(name, _)| name.clone()).collect(),
        Verb::Run(run) => run.keep.iter().map(|(ours, _)| ours.clone()).collect(),
        Verb::Call(call) => call.keep.iter().map(|kept| kept.variable.clone()).collect(),
        Verb::WaitFor(wait) => wait.keep.iter().map(|kept| kept.variable.clone()).collect(),
        Verb::Say(_) | Verb::Branch => Vec::new(),
    };
    flow.steps.iter().flat_map(|step| of_step(&step.verb)).collect()
}
