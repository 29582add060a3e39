//! The ways out of a step, and the words that stand at each.

use crate::conversation::flow::{Ask, Kind, Step, Target, Verb};

/// The most answers that are named at one line.
const MAX_ANSWERS: usize = 3;

/// A way out of a step.
pub(super) struct Way {
    pub(super) target: Target,
    /// When it is taken; none: always.
    pub(super) labels: Vec<String>,
    /// Whether it is taken after too many invalid answers.
    pub(super) is_failure: bool,
}

/// All ways out of a step, commands aside, in the order in which they are tried.
pub(super) fn ways(step: &Step) -> Vec<Way> {
    let ask = match &step.verb {
        Verb::Ask(ask) => Some(&**ask),
        _ => None,
    };
    let mut ways: Vec<Way> = Vec::new();
    for (target, answers) in by_target(step) {
        let labels = vec![named(ask, &answers)];
        ways.push(Way { target, labels, is_failure: false });
    }
    let others = ask.map(|ask| others(ask, step)).unwrap_or_default();
    let is_decided = !step.when.is_empty() && others.is_empty();
    if !is_decided {
        for (condition, target) in &step.branches {
            let labels = vec![condition.text().to_owned()];
            ways.push(Way { target: target.clone(), labels, is_failure: false });
        }
        let labels = if !step.branches.is_empty() {
            vec!["otherwise".to_owned()]
        } else if step.when.is_empty() {
            Vec::new()
        } else {
            vec![others]
        };
        ways.push(Way { target: step.next.clone(), labels, is_failure: false });
    }
    if let Some(on_fail) = ask.and_then(|ask| ask.on_fail.as_ref()) {
        let plural = if on_fail.tries == 1 { "" } else { "s" };
        let labels = vec![format!("after {} invalid answer{plural}", on_fail.tries)];
        ways.push(Way { target: on_fail.target.clone(), labels, is_failure: true });
    }
    ways
}

/// The answers of `when` by where they lead, in the file's order.
fn by_target(step: &Step) -> Vec<(Target, Vec<&str>)> {
    let mut grouped: Vec<(Target, Vec<&str>)> = Vec::new();
    for (answer, target) in &step.when {
        match grouped.iter_mut().find(|(known, _)| known == target) {
            Some((_, answers)) => answers.push(answer),
            None => grouped.push((target.clone(), vec![answer])),
        }
    }
    grouped
}

/// The answers for which `when` has no entry, as they stand at a line; empty
/// where it has all of them.
fn others(ask: &Ask, step: &Step) -> String {
    let Some(answers) = ask.answer.kind.answers() else { return String::new() };
    let decided = |answer: &&str| step.when.iter().any(|(key, _)| key == answer);
    let others: Vec<&str> = answers.into_iter().filter(|answer| !decided(answer)).collect();
    if others.len() > MAX_ANSWERS {
        return "otherwise".to_owned();
    }
    let skip = ask.optional.first().map(String::as_str);
    let named = named(Some(ask), &others);
    match (named.is_empty(), skip) {
        (false, Some(skip)) => format!("{named}, {skip}"),
        (true, Some(skip)) => skip.to_owned(),
        (_, None) => named,
    }
}

/// Answers as people see them: an option by its label.
fn named(ask: Option<&Ask>, answers: &[&str]) -> String {
    let label = |answer: &str| match ask.map(|ask| &ask.answer.kind) {
        Some(Kind::Options(choices)) => {
            choices.iter().find(|choice| choice.id == answer).map(|choice| choice.label.clone())
        }
        _ => None,
    };
    let labels: Vec<String> = answers
        .iter()
        .map(|answer| label(answer).unwrap_or_else(|| (*answer).to_owned()))
        .collect();
    labels.join(", ")
}
