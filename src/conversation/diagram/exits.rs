//! The exits of a step, and the words at each of them.

use crate::conversation::duration;
use crate::conversation::flow::{Ask, Kind, Step, Target, Verb, is_success};

/// The most answers that are named at one line.
const MAX_ANSWERS: usize = 3;

/// One exit of a step.
pub(super) struct Exit {
    pub(super) target: Target,
    /// The words that say when it is taken. Without any it is always taken.
    pub(super) labels: Vec<String>,
    /// Whether it is taken because no valid answer comes.
    pub(super) is_failure: bool,
}

/// Returns all exits of a step in the order in which they are tried, without
/// commands.
pub(super) fn exits(step: &Step) -> Vec<Exit> {
    let ask = ask_of(step);
    let mut exits: Vec<Exit> = Vec::new();
    for (target, answers) in by_target(step) {
        let is_failure = is_call(step) && !answers.iter().any(|answer| is_success(answer));
        exits.push(Exit { target, labels: vec![named(ask, &answers)], is_failure });
    }
    let others = others(step);
    let is_decided = others.as_ref().is_some_and(String::is_empty);
    if !is_decided {
        let labels = if !step.branches.is_empty() {
            vec!["otherwise".to_owned()]
        } else if exits.is_empty() {
            Vec::new()
        } else {
            others.into_iter().collect()
        };
        for (condition, target) in &step.branches {
            let labels = vec![condition.text().to_owned()];
            exits.push(Exit { target: target.clone(), labels, is_failure: false });
        }
        exits.push(Exit { target: step.next.clone(), labels, is_failure: false });
    }
    if let Some(on_fail) = ask.and_then(|ask| ask.on_fail.as_ref()) {
        let plural = if on_fail.tries == 1 { "" } else { "s" };
        let labels = vec![format!("after {} invalid answer{plural}", on_fail.tries)];
        exits.push(Exit { target: on_fail.target.clone(), labels, is_failure: true });
    }
    if let Some((after, target)) = step.silence().and_then(|silence| silence.timeout.as_ref()) {
        let what = if is_callback(step) { "callback" } else { "answer" };
        let labels = vec![format!("no {what} for {}", duration::written(after.as_secs()))];
        exits.push(Exit { target: target.clone(), labels, is_failure: true });
    }
    exits
}

fn is_call(step: &Step) -> bool {
    matches!(step.verb, Verb::Call(_))
}

fn is_callback(step: &Step) -> bool {
    matches!(step.verb, Verb::WaitFor(_))
}

fn ask_of(step: &Step) -> Option<&Ask> {
    match &step.verb {
        Verb::Ask(ask) => Some(ask),
        _ => None,
    }
}

/// Returns the answers or outcomes of `when` by their target, in the file's
/// order.
fn by_target(step: &Step) -> Vec<(Target, Vec<&str>)> {
    let mut grouped: Vec<(Target, Vec<&str>)> = Vec::new();
    let passed_on = outcomes(step).filter(|outcome| step.passes_on(outcome));
    let passed_on = passed_on.map(|outcome| (outcome, Target::End(outcome.to_owned())));
    let decided = step.when.iter().map(|(answer, target)| (answer.as_str(), target.clone()));
    for (answer, target) in decided.chain(passed_on) {
        match grouped.iter_mut().find(|(known, _)| *known == target) {
            Some((_, answers)) => answers.push(answer),
            None => grouped.push((target, vec![answer])),
        }
    }
    grouped
}

/// Returns the outcomes of the flow that a step runs.
fn outcomes(step: &Step) -> impl Iterator<Item = &str> {
    let run = match &step.verb {
        Verb::Run(run) => Some(run),
        _ => None,
    };
    run.into_iter().flat_map(|run| &run.outcomes).map(String::as_str)
}

/// Returns the answers or outcomes without an entry in `when`, in the order of
/// a line. The result is empty if all have one, and `None` if there is no list
/// of them.
fn others(step: &Step) -> Option<String> {
    let ask = ask_of(step);
    let answers = match (&step.verb, ask) {
        (Verb::Run(_), _) => outcomes(step).filter(|outcome| !step.passes_on(outcome)).collect(),
        (_, Some(ask)) => ask.answer.kind.answers()?,
        (Verb::Call(_), _) => vec!["2xx"],
        (Verb::WaitFor(_), _) => return Some(String::new()),
        _ => return None,
    };
    let decided = |answer: &&str| step.when.iter().any(|(key, _)| key == answer);
    let others: Vec<&str> = answers.into_iter().filter(|answer| !decided(answer)).collect();
    if others.len() > MAX_ANSWERS {
        return Some("otherwise".to_owned());
    }
    let skip = ask.and_then(|ask| ask.optional.first());
    let named = others.iter().map(|answer| label(ask, answer));
    Some(named.chain(skip.cloned()).collect::<Vec<_>>().join(", "))
}

/// Returns answers as people see them.
fn named(ask: Option<&Ask>, answers: &[&str]) -> String {
    answers.iter().map(|answer| label(ask, answer)).collect::<Vec<_>>().join(", ")
}

/// Returns an answer as people see it. An option has its label.
fn label(ask: Option<&Ask>, answer: &str) -> String {
    let choice = match ask.map(|ask| &ask.answer.kind) {
        Some(Kind::Options(choices)) => choices.iter().find(|choice| choice.id == answer),
        _ => None,
    };
    choice.map_or_else(|| answer.to_owned(), |choice| choice.label.clone())
}
