//! Which steps and ways of the flows were gone, and which were not.
//!
//! A chat file's run tells what it went through; what all of them together
//! left out is what `ringback check` warns of.

use std::collections::BTreeSet;

use super::flow::{Flow, Flows, Step, Verb};
use super::witness::{Rule, Witness};

/// What some turns went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    passed: BTreeSet<(String, String, Way)>,
}

/// How a step was left, or only reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The conversation came to the step.
    Reached,
    /// A valid answer was given to it, or it was skipped.
    Answered,
    /// The entry of `when` at this place decided, counted from 0.
    When(usize),
    /// The entry of `if` at this place decided, counted from 0.
    If(usize),
    /// Neither decided.
    Next,
    /// Too many invalid answers were given.
    Failed,
}

/// A way that nobody went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The flow.
    pub flow: String,
    /// The step.
    pub step: String,
    /// What never happened there.
    pub way: Way,
}

impl Witness for Coverage {
    fn rule(&mut self, _: Rule<'_>) {}

    fn way(&mut self, flow: &Flow, step: &Step, way: Way) {
        self.passed.insert((flow.name.clone(), step.name.clone(), way));
    }
}

impl Coverage {
    /// Adds what other turns went through.
    pub fn merge(&mut self, other: Self) {
        self.passed.extend(other.passed);
    }

    /// Whether this way was gone.
    #[must_use]
    pub fn has(&self, flow: &str, step: &str, way: Way) -> bool {
        self.passed.contains(&(flow.to_owned(), step.to_owned(), way))
    }

    /// What was left out, in the order of the flows. Of a step that was never
    /// reached, and of a question that was never answered, only that.
    #[must_use]
    pub fn gaps(&self, flows: &Flows) -> Vec<Gap> {
        flows
            .iter()
            .flat_map(|flow| flow.steps.iter().flat_map(move |step| self.gaps_of(flow, step)))
            .collect()
    }

    fn gaps_of(&self, flow: &Flow, step: &Step) -> Vec<Gap> {
        let is_missing = |way: &Way| !self.has(&flow.name, &step.name, *way);
        let first = match step.verb {
            Verb::Ask(_) => vec![Way::Reached, Way::Answered],
            Verb::Say(_) | Verb::Set(_) | Verb::Branch => vec![Way::Reached],
        };
        let missing = match first.into_iter().find(is_missing) {
            Some(way) => vec![way],
            None => ways_on(step).into_iter().filter(is_missing).collect(),
        };
        let gap = |way| Gap { flow: flow.name.clone(), step: step.name.clone(), way };
        missing.into_iter().map(gap).collect()
    }
}

/// The ways on from a step that has more than one.
fn ways_on(step: &Step) -> Vec<Way> {
    let mut ways: Vec<Way> = (0..step.when.len()).map(Way::When).collect();
    ways.extend((0..step.branches.len()).map(Way::If));
    let mut is_decided_by_when = false;
    if let Verb::Ask(ask) = &step.verb {
        ways.extend(ask.on_fail.is_some().then_some(Way::Failed));
        let decided = |answer: &&str| step.when.iter().any(|(key, _)| key == answer);
        let answers = ask.answer.kind.answers();
        is_decided_by_when =
            ask.optional.is_empty() && answers.is_some_and(|answers| answers.iter().all(decided));
    }
    if !ways.is_empty() && !is_decided_by_when {
        ways.push(Way::Next);
    }
    ways
}
