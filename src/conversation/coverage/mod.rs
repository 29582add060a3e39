//! Which ways through the flows were gone, and which were not.
//!
//! A chat file's run tells what it went through; what all of them together
//! left out is what `ringback check` names. What to write so that a way is
//! gone is [`mod@advice`]'s, and questions without an answer are [`unanswered`]'s.

mod advice;
mod unanswered;

use std::collections::BTreeSet;

use super::answer::Reading;
use super::flow::{Branch, Flow, Flows, Origin, Step, Verb};
use super::witness::{Rule, Witness};

/// What some turns went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Flow, step and way; what is no step's has no step.
    passed: BTreeSet<(String, Option<String>, Branch)>,
}

/// A way that nobody went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The flow.
    pub flow: String,
    /// The step, if it is one's.
    pub step: Option<String>,
    /// What never happened there.
    pub way: Branch,
    /// Where the way is written.
    pub origin: Option<Origin>,
    /// What never happened, in words.
    pub what: String,
    /// What to write so that it does.
    pub advice: String,
}

/// How many of the ways were gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// So many were gone.
    pub gone: usize,
    /// Of so many.
    pub all: usize,
}

impl Share {
    /// In percent, rounded down: 100 means all of them.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = (self.gone * 100).checked_div(self.all).unwrap_or(100);
        u8::try_from(percent).unwrap_or(100)
    }
}

impl Witness for Coverage {
    fn rule(&mut self, rule: Rule<'_>) {
        match rule {
            Rule::Expired { flow, .. } => self.add(flow, None, Branch::Expired),
            Rule::Otherwise { flow } => self.add(&flow.name, None, Branch::Otherwise),
            Rule::Ended { flow } => self.add(&flow.name, None, Branch::Ended),
            Rule::Command { flow, command, .. } => {
                if let Some(place) = flow.place_of(command) {
                    self.add(&flow.name, None, Branch::Command(place));
                }
            }
            Rule::Answer { flow, step, reading: Reading::Skipped, .. } => {
                self.add(&flow.name, Some(&step.name), Branch::Skipped);
            }
            Rule::Answer { .. }
            | Rule::Lost(_)
            | Rule::Began { .. }
            | Rule::Unheard
            | Rule::Stop { .. }
            | Rule::Start { .. }
            | Rule::OptedOut
            | Rule::Ignored(_) => {}
        }
    }

    fn way(&mut self, flow: &Flow, step: &Step, way: Branch) {
        self.add(&flow.name, Some(&step.name), way);
    }
}

impl Coverage {
    fn add(&mut self, flow: &str, step: Option<&str>, way: Branch) {
        self.passed.insert((flow.to_owned(), step.map(str::to_owned), way));
    }

    /// Adds what other turns went through.
    pub fn merge(&mut self, other: Self) {
        self.passed.extend(other.passed);
    }

    /// Whether this way was gone.
    #[must_use]
    pub fn has(&self, flow: &str, step: Option<&str>, way: Branch) -> bool {
        self.passed.contains(&(flow.to_owned(), step.map(str::to_owned), way))
    }

    /// How many of a flow's ways were gone.
    #[must_use]
    pub fn share(&self, flow: &Flow) -> Share {
        let ways =
            flow_ways(flow).into_iter().map(|way| (None, way)).chain(flow.steps.iter().flat_map(
                |step| step_ways(step).into_iter().map(move |way| (Some(step.name.as_str()), way)),
            ));
        let mut share = Share::default();
        for (step, way) in ways {
            share.all += 1;
            share.gone += usize::from(self.has(&flow.name, step, way));
        }
        share
    }

    /// How many of all flows' ways were gone.
    #[must_use]
    pub fn share_of_all(&self, flows: &Flows) -> Share {
        let shares = flows.iter().map(|flow| self.share(flow));
        shares.fold(Share::default(), |sum, share| Share {
            gone: sum.gone + share.gone,
            all: sum.all + share.all,
        })
    }

    /// What was left out, in the order of the flows. Of a step that was never
    /// reached, and of a question that was never answered, only that.
    #[must_use]
    pub fn gaps(&self, flows: &Flows) -> Vec<Gap> {
        flows.iter().flat_map(|flow| self.gaps_of(flow)).collect()
    }

    fn gaps_of(&self, flow: &Flow) -> Vec<Gap> {
        let gap = |step: Option<&Step>, way| Gap {
            flow: flow.name.clone(),
            step: step.map(|step| step.name.clone()),
            way,
            origin: flow.origins.of(step.map(|step| step.name.as_str()), way),
            what: advice::what(flow, step, way),
            advice: advice::advice(flow, step, way),
        };
        let is_missing = |step: Option<&Step>, way: Branch| {
            !self.has(&flow.name, step.map(|step| step.name.as_str()), way)
        };
        let mut gaps = Vec::new();
        for step in &flow.steps {
            let ways = step_ways(step);
            let mut missing =
                ways.into_iter().filter(|way| is_missing(Some(step), *way)).peekable();
            match missing.peek() {
                Some(Branch::Reached | Branch::Answered) => {
                    gaps.extend(missing.next().map(|way| gap(Some(step), way)));
                }
                _ => gaps.extend(missing.map(|way| gap(Some(step), way))),
            }
        }
        let of_flow = flow_ways(flow).into_iter().filter(|way| is_missing(None, *way));
        gaps.extend(of_flow.map(|way| gap(None, way)));
        gaps
    }
}

/// The ways of a flow that are no step's.
fn flow_ways(flow: &Flow) -> Vec<Branch> {
    let mut ways: Vec<Branch> = (0..flow.commands.len()).map(Branch::Command).collect();
    ways.extend(flow.otherwise.is_some().then_some(Branch::Otherwise));
    ways.extend(flow.ended.is_some().then_some(Branch::Ended));
    // Silence that its author thought of: every other flow has the default's.
    ways.extend(flow.origins.of(None, Branch::Expired).map(|_| Branch::Expired));
    ways
}

/// The ways of a step, those first without which the others cannot be.
fn step_ways(step: &Step) -> Vec<Branch> {
    let mut ways = vec![Branch::Reached];
    let mut is_decided_by_when = false;
    let has_entry = |answer: &str| step.when.iter().any(|(key, _)| key == answer);
    if let Verb::Run(run) = &step.verb {
        is_decided_by_when = run.outcomes.iter().all(|o| has_entry(o) || step.passes_on(o));
    }
    if let Verb::Ask(ask) = &step.verb {
        ways.push(Branch::Answered);
        ways.extend(ask.error.is_some().then_some(Branch::Error));
        ways.extend((0..ask.attachments.len()).map(Branch::Attachment));
        ways.extend((!ask.optional.is_empty()).then_some(Branch::Skipped));
        ways.extend(ask.on_fail.is_some().then_some(Branch::Failed));
        let answers = ask.answer.kind.answers();
        is_decided_by_when =
            ask.optional.is_empty() && answers.is_some_and(|all| all.iter().all(|a| has_entry(a)));
    }
    ways.extend((0..step.when.len()).map(Branch::When));
    ways.extend((0..step.branches.len()).map(Branch::If));
    let decides = !step.when.is_empty() || !step.branches.is_empty();
    if decides && !is_decided_by_when {
        ways.push(Branch::Next);
    }
    ways
}

#[cfg(test)]
mod tests;
