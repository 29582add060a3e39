//! Explains a turn in words, for the author of a flow.
//!
//! It names the rules that decided about the message, and the path that the
//! conversation took. [`mod@reading`] explains how a message was read as an
//! answer.

mod reading;

use super::flow::{Branch, CommandTarget, Flow, Step, Verb};
use super::ignored::Ignored;
use super::lost::Lost;
use super::witness::{Rule, Witness};

/// The rules and the path of a turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The rules that decided about the message, in order.
    pub rules: Vec<String>,
    /// The steps that were passed, and what led from each to the next. A step
    /// in another flow than the previous one is `FLOW/STEP`.
    pub path: String,
    /// The flow and the step at the end of the path.
    at: Option<(String, String)>,
}

impl Trace {
    fn come_to(&mut self, flow: &Flow, step: &Step) {
        if let Some((last, _)) = &self.at {
            self.path.push_str(" -> ");
            if *last != flow.name {
                self.path.push_str(&flow.name);
                self.path.push('/');
            }
        }
        self.path.push_str(&step.name);
        self.at = Some((flow.name.clone(), step.name.clone()));
    }

    fn is_at(&self, flow: &Flow, step: &Step) -> bool {
        let at = self.at.as_ref().map(|(flow, step)| (flow.as_str(), step.as_str()));
        at == Some((&flow.name, &step.name))
    }
}

/// Says that a step waits in vain.
fn nothing_came(step: &Step) -> String {
    match &step.verb {
        Verb::WaitFor(wait) => format!("no callback `{}` to {}", wait.name, step.name),
        _ => format!("no answer to {}", step.name),
    }
}

impl Witness for Trace {
    fn rule(&mut self, rule: Rule<'_>) {
        let said = match rule {
            Rule::Stop { answered_by_provider: true } => {
                "STOP: no more messages on this channel; Twilio answers it by itself".to_owned()
            }
            Rule::Stop { .. } => "STOP: no more messages on this channel".to_owned(),
            Rule::Start { answered_by_provider: true } => {
                "START: messages on this channel again; Twilio answers it by itself".to_owned()
            }
            Rule::Start { .. } => "START: messages on this channel again".to_owned(),
            Rule::OptedOut => "no messages are wanted on this channel: silence".to_owned(),
            Rule::Ignored(Ignored::Reaction) => {
                "a reaction to something that was said: silence".to_owned()
            }
            Rule::Ignored(Ignored::Provider) => {
                "not a word of the flow: Twilio answers it".to_owned()
            }
            Rule::Ignored(Ignored::Double) => {
                "the same text again before its answer was read: silence".to_owned()
            }
            Rule::Ignored(Ignored::Quiet) => {
                "no start word, and the `quiet_after` of the end is not over: silence".to_owned()
            }
            Rule::Expired { flow, step } => {
                format!("the silence at {step} of {flow} was too long: the conversation is over")
            }
            Rule::Silence { flow, step, branch } => {
                self.come_to(flow, step);
                match branch {
                    Branch::Nudge(_) => format!("{} yet: a nudge", nothing_came(step)),
                    _ => format!("{} in time", nothing_came(step)),
                }
            }
            Rule::Called { flow, step, outcome } => {
                if !self.is_at(flow, step) {
                    self.come_to(flow, step);
                }
                format!("the call of {}: {outcome}", step.name)
            }
            Rule::CalledBack { flow, step, outcome } => {
                if !self.is_at(flow, step) {
                    self.come_to(flow, step);
                }
                format!("the callback of {}: {outcome}", step.name)
            }
            Rule::Meanwhile { flow, step } => {
                self.come_to(flow, step);
                match step.verb {
                    Verb::WaitFor(_) => format!("no command, and {} still waits", step.name),
                    _ => format!("no command, and the call of {} still runs", step.name),
                }
            }
            Rule::OnExpire { flow, step } => {
                format!("the silence at {step} was too long: `on_expire` of {}", flow.name)
            }
            Rule::Lost(Lost { flow, step, reason }) => {
                format!("{flow} cannot continue at {step}: {reason}")
            }
            Rule::Began { flow, word: Some(word) } => {
                format!("the start word `{word}` begins {}", flow.name)
            }
            Rule::Began { flow, word: None } => format!("any message begins {}", flow.name),
            Rule::Ended { flow } => format!("no start word: `ended` of {}", flow.name),
            Rule::Otherwise { flow } => format!("`otherwise` of {}", flow.name),
            Rule::Unheard => "no start word, and no `otherwise`: silence".to_owned(),
            Rule::Command { flow, command, word, .. } => {
                let does = match command.target {
                    CommandTarget::Step(id) => {
                        let step = flow.steps.get(id).map_or("", |step| step.name.as_str());
                        format!("goes to {step}")
                    }
                    CommandTarget::Restart => "begins again".to_owned(),
                    CommandTarget::Repeat => "asks again".to_owned(),
                    CommandTarget::Stop => format!("ends {}", flow.name),
                };
                format!("the command `{word}` {does}")
            }
            Rule::Answer { flow, step, ask, message, reading } => {
                self.come_to(flow, step);
                reading::explained(step, ask, message, reading)
            }
        };
        self.rules.push(said);
    }

    fn branch(&mut self, flow: &Flow, step: &Step, branch: Branch) {
        // At the end of a sub-flow, the path leads back to the step that ran
        // it.
        if branch == Branch::Reached || !self.is_at(flow, step) {
            self.come_to(flow, step);
        }
        let condition = |index: usize| {
            step.branches.get(index).map(|(condition, _)| condition.text()).unwrap_or_default()
        };
        let answer = |index: usize| step.when.get(index).map_or("", |(answer, _)| answer.as_str());
        let part = match branch {
            Branch::When(index) => format!(" (`{}`)", answer(index)),
            Branch::If(index) => format!(" (`{}`)", condition(index)),
            Branch::Next if !step.branches.is_empty() => " (no condition holds)".to_owned(),
            Branch::Failed => " (given up)".to_owned(),
            Branch::Error => " (`error`)".to_owned(),
            Branch::Nudge(_) => " (a nudge)".to_owned(),
            Branch::TimedOut => " (timed out)".to_owned(),
            Branch::Meanwhile => " (`meanwhile`)".to_owned(),
            Branch::Attachment(_) => " (`attachment`)".to_owned(),
            Branch::Next
            | Branch::Reached
            | Branch::Answered
            | Branch::Skipped
            | Branch::Command(_)
            | Branch::Otherwise
            | Branch::Ended
            | Branch::Expired
            | Branch::OnExpire => return,
        };
        self.path.push_str(&part);
    }
}

#[cfg(test)]
mod tests;
