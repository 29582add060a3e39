//! The branches of flows that were taken, and those that were not.
//!
//! The run of a chat file reports the branches that it took. `ringback check`
//! names those that no chat file took. [`mod@advice`] says what to write to
//! take a branch, and [`unanswered`] reports questions without an answer.

mod advice;
mod unanswered;

use std::collections::BTreeSet;

use super::answer::Reading;
use super::flow::{Branch, Flow, Flows, Origin, PATIENCE, Step, Verb};
use super::witness::{Rule, Witness};

/// The branches that some turns took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The flow, the step and the branch. A branch of the flow as a whole has
    /// no step.
    taken: BTreeSet<(String, Option<String>, Branch)>,
}

/// A branch that was never taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The flow.
    pub flow: String,
    /// The step, unless the branch belongs to the flow as a whole.
    pub step: Option<String>,
    /// The branch.
    pub branch: Branch,
    /// The position of the branch in the flow file.
    pub origin: Option<Origin>,
    /// A description of what never happened.
    pub what: String,
    /// Advice on what to write so that it happens.
    pub advice: String,
}

/// The number of branches that were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The number of branches that were taken.
    pub taken: usize,
    /// The number of all branches.
    pub all: usize,
}

impl Share {
    /// Returns the share in percent, rounded down: 100 means all of them.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = (self.taken * 100).checked_div(self.all).unwrap_or(100);
        u8::try_from(percent).unwrap_or(100)
    }
}

impl Witness for Coverage {
    fn rule(&mut self, rule: Rule<'_>) {
        match rule {
            Rule::Expired { flow, .. } => self.add(flow, None, Branch::Expired),
            Rule::Otherwise { flow } => self.add(&flow.name, None, Branch::Otherwise),
            Rule::Ended { flow } => self.add(&flow.name, None, Branch::Ended),
            Rule::Command { flow, index, .. } => {
                self.add(&flow.name, None, Branch::Command(index));
            }
            Rule::Answer { flow, step, reading: Reading::Skipped, .. } => {
                self.add(&flow.name, Some(&step.name), Branch::Skipped);
            }
            Rule::OnExpire { flow, .. } => {
                self.add(&flow.name, None, Branch::OnExpire);
                self.add(&flow.name, None, Branch::Expired);
            }
            Rule::Silence { .. }
            | Rule::Called { .. }
            | Rule::CalledBack { .. }
            | Rule::Meanwhile { .. }
            | Rule::Answer { .. }
            | Rule::Lost(_)
            | Rule::Began { .. }
            | Rule::Unheard
            | Rule::Stop { .. }
            | Rule::Start { .. }
            | Rule::OptedOut
            | Rule::Ignored(_) => {}
        }
    }

    fn branch(&mut self, flow: &Flow, step: &Step, branch: Branch) {
        self.add(&flow.name, Some(&step.name), branch);
    }
}

impl Coverage {
    fn add(&mut self, flow: &str, step: Option<&str>, branch: Branch) {
        self.taken.insert((flow.to_owned(), step.map(str::to_owned), branch));
    }

    /// Adds the branches that other turns took.
    pub fn merge(&mut self, other: Self) {
        self.taken.extend(other.taken);
    }

    /// Returns whether this branch was taken.
    #[must_use]
    pub fn has(&self, flow: &str, step: Option<&str>, branch: Branch) -> bool {
        self.taken.contains(&(flow.to_owned(), step.map(str::to_owned), branch))
    }

    /// Returns how many of a flow's branches were taken.
    #[must_use]
    pub fn share(&self, flow: &Flow) -> Share {
        let branches = branches_of_flow(flow).into_iter().map(|branch| (None, branch)).chain(
            flow.steps.iter().flat_map(|step| {
                branches_of_step(step)
                    .into_iter()
                    .map(move |branch| (Some(step.name.as_str()), branch))
            }),
        );
        let mut share = Share::default();
        for (step, branch) in branches {
            share.all += 1;
            share.taken += usize::from(self.has(&flow.name, step, branch));
        }
        share
    }

    /// Returns how many of all flows' branches were taken.
    #[must_use]
    pub fn share_of_all(&self, flows: &Flows) -> Share {
        let shares = flows.iter().map(|flow| self.share(flow));
        shares.fold(Share::default(), |sum, share| Share {
            taken: sum.taken + share.taken,
            all: sum.all + share.all,
        })
    }

    /// Returns the branches that were not taken, in the order of the flows. A
    /// step that was never reached, or a question that was never answered, is
    /// one gap.
    #[must_use]
    pub fn gaps(&self, flows: &Flows) -> Vec<Gap> {
        flows.iter().flat_map(|flow| self.gaps_of(flow)).collect()
    }

    fn gaps_of(&self, flow: &Flow) -> Vec<Gap> {
        let gap = |step: Option<&Step>, branch| Gap {
            flow: flow.name.clone(),
            step: step.map(|step| step.name.clone()),
            branch,
            origin: flow.origins.of(step.map(|step| step.name.as_str()), branch),
            what: advice::what(flow, step, branch),
            advice: advice::advice(flow, step, branch),
        };
        let is_missing = |step: Option<&Step>, branch: Branch| {
            !self.has(&flow.name, step.map(|step| step.name.as_str()), branch)
        };
        let mut gaps = Vec::new();
        for step in &flow.steps {
            let branches = branches_of_step(step);
            let mut missing =
                branches.into_iter().filter(|branch| is_missing(Some(step), *branch)).peekable();
            match missing.peek() {
                Some(Branch::Reached | Branch::Answered) => {
                    gaps.extend(missing.next().map(|branch| gap(Some(step), branch)));
                }
                _ => gaps.extend(missing.map(|branch| gap(Some(step), branch))),
            }
        }
        let of_flow = branches_of_flow(flow).into_iter().filter(|branch| is_missing(None, *branch));
        gaps.extend(of_flow.map(|branch| gap(None, branch)));
        gaps
    }
}

/// Returns the branches of a flow that belong to no step.
fn branches_of_flow(flow: &Flow) -> Vec<Branch> {
    let mut branches: Vec<Branch> = (0..flow.commands.len()).map(Branch::Command).collect();
    branches.extend(flow.otherwise.is_some().then_some(Branch::Otherwise));
    branches.extend(flow.ended.is_some().then_some(Branch::Ended));
    // Silence counts only if the author set its limit; other flows have the
    // default.
    branches.extend(flow.origins.of(None, Branch::Expired).map(|_| Branch::Expired));
    branches.extend(flow.on_expire.is_some().then_some(Branch::OnExpire));
    branches
}

/// Returns the branches of a step. Those that the others depend on come first.
fn branches_of_step(step: &Step) -> Vec<Branch> {
    let mut branches = vec![Branch::Reached];
    let mut is_decided_by_when = false;
    let has_entry = |answer: &str| step.when.iter().any(|(key, _)| key == answer);
    if let Verb::Run(run) = &step.verb {
        is_decided_by_when = run.outcomes.iter().all(|o| has_entry(o) || step.passes_on(o));
    }
    if let Verb::Call(call) = &step.verb {
        // In a chat file no message comes before the reply to the one above it.
        let is_heard = call.meanwhile.is_some() && call.timeout > PATIENCE;
        branches.extend(is_heard.then_some(Branch::Meanwhile));
        is_decided_by_when = has_entry("2xx");
    }
    if let Verb::WaitFor(wait) = &step.verb {
        branches.extend(wait.meanwhile.is_some().then_some(Branch::Meanwhile));
        is_decided_by_when = true;
    }
    if let Verb::Ask(ask) = &step.verb {
        branches.push(Branch::Answered);
        branches.extend(ask.error.is_some().then_some(Branch::Error));
        branches.extend((0..ask.attachments.len()).map(Branch::Attachment));
        branches.extend((!ask.optional.is_empty()).then_some(Branch::Skipped));
        branches.extend(ask.on_fail.is_some().then_some(Branch::Failed));
        let answers = ask.answer.kind.answers();
        is_decided_by_when =
            ask.optional.is_empty() && answers.is_some_and(|all| all.iter().all(|a| has_entry(a)));
    }
    if let Some(silence) = step.silence() {
        branches.extend((0..silence.nudges.len()).map(Branch::Nudge));
        branches.extend(silence.timeout.is_some().then_some(Branch::TimedOut));
    }
    branches.extend((0..step.when.len()).map(Branch::When));
    branches.extend((0..step.branches.len()).map(Branch::If));
    let decides = !step.when.is_empty() || !step.branches.is_empty();
    if decides && !is_decided_by_when {
        branches.push(Branch::Next);
    }
    branches
}

#[cfg(test)]
mod tests;
