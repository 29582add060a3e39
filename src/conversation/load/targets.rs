//! Jumps by name become jumps by place.

use std::collections::{HashMap, HashSet};

use super::draft::{At, Draft};
use super::names::COMMAND_TARGETS;
use super::report::Report;
use crate::conversation::{CommandTarget, StepId, outcome};

/// The steps of a flow by name.
pub(super) struct Targets<'a> {
    by_name: HashMap<&'a str, StepId>,
    /// The outcomes that the flow names, and those that the engine has.
    outcomes: HashSet<&'a str>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(draft: &'a Draft) -> Self {
        let steps = draft.steps.iter().enumerate();
        let ends = draft.steps.iter().filter_map(|step| step.end.as_ref());
        Self {
            by_name: steps.map(|(id, step)| (step.name.value.as_str(), id)).collect(),
            outcomes: ends
                .map(|end| end.value.as_str())
                .chain([outcome::COMPLETED, outcome::CANCELLED])
                .collect(),
        }
    }

    /// The step of this name.
    pub(super) fn step(&self, name: &At<String>) -> Option<StepId> {
        self.named(&name.value)
    }

    /// The step of this name, wherever it stands.
    pub(super) fn named(&self, name: &str) -> Option<StepId> {
        self.by_name.get(name).copied()
    }

    /// What a command does.
    pub(super) fn command(&self, name: &At<String>) -> Option<CommandTarget> {
        match name.value.as_str() {
            "restart" => Some(CommandTarget::Restart),
            "repeat" => Some(CommandTarget::Repeat),
            "stop" => Some(CommandTarget::Stop),
            _ => self.step(name).map(CommandTarget::Step),
        }
    }

    /// Reports jumps to steps that do not exist; whether there are none.
    pub(super) fn check(&self, report: &mut Report<'_>, draft: &Draft) -> bool {
        let before = report.errors();
        for step in &draft.steps {
            let on_fail = step.ask().and_then(|ask| ask.on_fail.as_ref()).map(|(_, target)| target);
            let when = step.when.iter().map(|(_, target)| target);
            let branches = step.branches.iter().map(|(_, target)| target);
            for target in when.chain(branches).chain(&step.go).chain(on_fail) {
                if self.step(target).is_none() {
                    self.unknown_step(report, target);
                }
            }
        }
        for command in &draft.commands {
            if self.command(&command.target).is_none() {
                let near = self.nearest(report, &command.target.value, &COMMAND_TARGETS);
                report
                    .error(
                        command.target.span,
                        format!("there is no step `{}`", command.target.value),
                    )
                    .help("a command leads to a step, or is `restart`, `repeat` or `stop`")
                    .maybe_help(near);
            }
        }
        report.errors() == before
    }

    fn unknown_step(&self, report: &mut Report<'_>, target: &At<String>) {
        let near = self.nearest(report, &target.value, &[]);
        let help = match target.value.as_str() {
            "restart" | "repeat" | "stop" => format!("`{}` is for `commands` only", target.value),
            name if self.outcomes.contains(name) => {
                format!(
                    "to end the flow with the outcome `{name}`, go to a step with `end: {name}`"
                )
            }
            _ => "write the name of one of the steps".to_owned(),
        };
        report
            .error(target.span, format!("there is no step `{}`", target.value))
            .help(help)
            .maybe_help(near);
    }

    /// The step whose name is nearest to a wrong one.
    pub(super) fn nearest(
        &self,
        report: &Report<'_>,
        wrong: &str,
        more: &[&str],
    ) -> Option<String> {
        // Sorted, so that among equals the advice is always the same.
        let mut names: Vec<&str> =
            self.by_name.keys().copied().chain(more.iter().copied()).collect();
        names.sort_unstable();
        report.did_you_mean(wrong, names)
    }
}
