//! Resolves jumps: from the names of steps to their places.

use std::collections::{HashMap, HashSet};

use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft, DraftStep};
use crate::conversation::load::syntax::keys::COMMAND_TARGETS;
use crate::conversation::{CommandTarget, StepId, outcome};

/// What people write for the end of a conversation, as if it were a step.
const ENDS: [&str; 9] =
    ["END", "FINISH", "STOP", "EXIT", "QUIT", "DONE", "FINISHED", "COMPLETE", "NONE"];

/// What people write for its first step.
const BEGINNINGS: [&str; 5] = ["START", "BEGIN", "FIRST", "RESTART", "INITIAL"];

/// What people write for the step that follows.
const NEXT: [&str; 3] = ["NEXT", "CONTINUE", "FOLLOWING"];

/// The steps of a flow by name.
pub(crate) struct Targets<'a> {
    by_name: HashMap<&'a str, StepId>,
    /// The outcomes that the flow names, and those that the engine has.
    outcomes: HashSet<&'a str>,
}

impl<'a> Targets<'a> {
    pub(crate) fn new(draft: &'a Draft) -> Self {
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

    /// The step with this name.
    pub(crate) fn step(&self, name: &At<String>) -> Option<StepId> {
        self.named(&name.value)
    }

    /// The step with this name, given as plain text.
    pub(crate) fn named(&self, name: &str) -> Option<StepId> {
        self.by_name.get(name).copied()
    }

    /// What a command does.
    pub(crate) fn command(&self, name: &At<String>) -> Option<CommandTarget> {
        match name.value.as_str() {
            "restart" => Some(CommandTarget::Restart),
            "repeat" => Some(CommandTarget::Repeat),
            "stop" => Some(CommandTarget::Stop),
            _ => self.step(name).map(CommandTarget::Step),
        }
    }

    /// Reports jumps to steps that do not exist. Returns whether there are none.
    pub(crate) fn check(&self, report: &mut Report<'_>, draft: &Draft) -> bool {
        let before = report.errors();
        for step in &draft.steps {
            let on_fail = step.ask().and_then(|ask| ask.on_fail.as_ref()).map(|(_, target)| target);
            let when = step.when.iter().map(|(_, target)| target);
            let branches = step.branches.iter().map(|(_, target)| target);
            let on_timeout = step.silence().and_then(|silence| silence.timeout.as_ref());
            let on_timeout = on_timeout.map(|(_, target)| target);
            let targets = when.chain(branches).chain(&step.go).chain(on_fail).chain(on_timeout);
            for target in targets {
                if self.step(target).is_none() {
                    let is_go = step.go.as_ref().is_some_and(|go| go.span == target.span);
                    self.unknown_step(report, draft, target, is_go);
                }
            }
        }
        for target in draft.on_expire.iter().filter(|target| self.step(target).is_none()) {
            self.unknown_step(report, draft, target, false);
        }
        for command in &draft.commands {
            if self.command(&command.target).is_none() {
                let near = self.nearest(report, &command.target.value, &COMMAND_TARGETS);
                let capitals = command.target.value.to_uppercase();
                let ends = ENDS.contains(&capitals.as_str());
                let near = near.or_else(|| {
                    ends.then(|| "`stop` ends a conversation: write `stop`".to_owned())
                });
                report
                    .found(
                        Code::UnknownTarget,
                        command.target.span,
                        format!("there is no step `{}`", command.target.value),
                    )
                    .help("write the name of a step, or one of `restart`, `repeat` and `stop`")
                    .maybe_help(near);
            }
        }
        report.errors() == before
    }

    /// Reports one such jump. `is_go` says whether it is the `go` of a step, which
    /// an `end` can replace.
    fn unknown_step(
        &self,
        report: &mut Report<'_>,
        draft: &Draft,
        target: &At<String>,
        is_go: bool,
    ) {
        let name = target.value.as_str();
        let capitals = name.to_uppercase();
        let ending = match capitals.as_str() {
            known if self.outcomes.contains(known) => Some(known),
            known if ENDS.contains(&known) => Some(outcome::COMPLETED),
            _ => None,
        };
        let first = draft.steps.first().map(|step| step.name.value.as_str());
        let help = match (self.nearest(report, name, &[]), ending, first) {
            (Some(near), _, _) => near,
            (None, Some(end), _) if is_go => {
                format!("to end the conversation here, write `end: {end}` in place of `go`")
            }
            (None, Some(end), _) => ending_step(draft, end),
            (None, _, Some(first)) if name == "restart" => {
                format!(
                    "use `restart` only in `commands`; the first step is `{first}`: write `{first}`"
                )
            }
            (None, None, Some(first)) if BEGINNINGS.contains(&capitals.as_str()) => {
                format!("the first step is `{first}`: write `{first}`")
            }
            _ if NEXT.contains(&capitals.as_str()) && is_go => {
                "leave `go` out: the next step follows by itself".to_owned()
            }
            _ if matches!(name, "repeat" | "stop") => format!("use `{name}` only in `commands`"),
            _ => "write the name of one of the steps".to_owned(),
        };
        report
            .found(Code::UnknownTarget, target.span, format!("there is no step `{name}`"))
            .help(help);
    }

    /// The step whose name is nearest to a wrong one.
    pub(crate) fn nearest(
        &self,
        report: &Report<'_>,
        wrong: &str,
        more: &[&str],
    ) -> Option<String> {
        let mut known = self.by_name.keys().copied().chain(more.iter().copied());
        if let Some(same) = known.find(|name| name.eq_ignore_ascii_case(wrong)) {
            return Some(format!("capitals count: write `{same}`"));
        }
        // Sorted, so that among equally near names the advice is always the same.
        let mut names: Vec<&str> =
            self.by_name.keys().copied().chain(more.iter().copied()).collect();
        names.sort_unstable();
        report.did_you_mean(wrong, names)
    }
}

/// The advice for a jump that should end the conversation.
fn ending_step(draft: &Draft, end: &str) -> String {
    let ends = |step: &&DraftStep| step.end.as_ref().is_some_and(|own| own.value == end);
    match draft.steps.iter().find(ends) {
        Some(step) => {
            let name = &step.name.value;
            format!("the step `{name}` ends the flow that way: write `{name}`")
        }
        None => format!(
            "only a step ends a conversation: add one with `end: {end}`, and write its name here"
        ),
    }
}
