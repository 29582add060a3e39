//! Who would go on with flows that are not served yet, and who would not:
//! counted by place, with what to write so that they do.
//!
//! Nobody is named: of a session only its place counts, and the names of its
//! answers. Where the sessions come from is the caller's matter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::finding::{Finding, Findings, Severity, Span};
use super::flow::{Flow, Flows, Verb, label_of};
use super::lost::{Lost, Reason};
use super::session::{Answers, Session};
use super::step::{Standing, standing};
use super::suggest;

/// How many sessions go on, and how many do not.
#[derive(Clone, Debug, Default)]
pub struct Census {
    going_on: u64,
    lost: BTreeMap<Lost, Group>,
}

/// Those who would be lost at one place for one reason.
#[derive(Clone, Debug)]
struct Group {
    people: u64,
    /// What the thing that is missing is probably called now, or was before;
    /// gone as soon as it would not help one of them.
    near: Option<String>,
}

impl Census {
    /// Counts a session as these flows would find it at this time.
    pub fn count(&mut self, flows: &Flows, session: &Session, now: Timestamp) {
        let lost = match standing(flows, session, now) {
            Standing::Outside => return,
            Standing::GoesOn => {
                self.going_on += 1;
                return;
            }
            Standing::Lost(lost) => lost,
        };
        let flow = flows.get(&lost.flow);
        let answers = answers_at(session, &lost);
        if let Some(group) = self.lost.get_mut(&lost) {
            group.people += 1;
            let helps = |near: &str| flow.is_some_and(|flow| helps(flow, &lost, near, answers));
            group.near = group.near.take().filter(|near| helps(near));
        } else {
            let near = match flow {
                Some(flow) => near_step(flow, &lost, session, answers),
                None => near_flow(flows, &lost),
            };
            self.lost.insert(lost, Group { people: 1, near });
        }
    }

    /// How many people go on where they are.
    pub fn going_on(&self) -> u64 {
        self.going_on
    }

    /// How many people would begin again.
    pub fn beginning_again(&self) -> u64 {
        self.lost.values().map(|group| group.people).sum()
    }

    /// A warning for each place at which people would begin again, by flow and step.
    #[must_use]
    pub fn findings(&self) -> Findings {
        // They are about no file; their places only keep the order.
        let warnings = self.lost.iter().enumerate().map(|(place, (lost, group))| Finding {
            severity: Severity::Warning,
            file: String::new(),
            span: Span::new(place, place),
            line: 1,
            column: 1,
            message: what(lost, group.people),
            help: Some(advice(lost, group.near.as_deref())),
            labels: Vec::new(),
        });
        Findings::new(warnings.collect(), 0, &[])
    }
}

/// What is known at the place: the answers of its own flow.
fn answers_at<'a>(session: &'a Session, lost: &Lost) -> &'a Answers {
    let around = session.stack.iter().find(|c| c.flow == lost.flow && c.step == lost.step);
    around.map_or(&session.answers, |caller| &caller.answers)
}

/// Another name of today that would let them go on.
fn near_step(flow: &Flow, lost: &Lost, session: &Session, answers: &Answers) -> Option<String> {
    let candidates: Vec<&str> = match &lost.reason {
        Reason::NoStep => {
            // What runs a part is no question, and the other way round.
            let runs = session.stack.iter().any(|c| c.flow == lost.flow && c.step == lost.step);
            let fits = |verb: &Verb| match verb {
                Verb::Ask(_) => !runs,
                Verb::Run(_) => runs,
                _ => false,
            };
            let steps = flow.steps.iter().filter(|step| fits(&step.verb));
            steps.map(|step| step.name.as_str()).collect()
        }
        Reason::Missing(_) => answers.keys().map(String::as_str).collect(),
        _ => return None,
    };
    let candidates = candidates.into_iter().filter(|name| helps(flow, lost, name, answers));
    let wrong = match &lost.reason {
        Reason::Missing(variable) => variable,
        _ => &lost.step,
    };
    suggest::nearest(wrong, candidates).map(str::to_owned)
}

fn near_flow(flows: &Flows, lost: &Lost) -> Option<String> {
    let names = flows.iter().map(|flow| flow.name.as_str());
    suggest::nearest(&lost.flow, names).map(str::to_owned)
}

/// Whether `renamed` with this name would let somebody with these answers go
/// on; of a flow's name nothing else than its nearness is asked.
fn helps(flow: &Flow, lost: &Lost, near: &str, answers: &Answers) -> bool {
    let (old, new) = match &lost.reason {
        Reason::NoStep => (lost.step.as_str(), near),
        Reason::Missing(variable) => (near, variable.as_str()),
        _ => return true,
    };
    let captured = captured(flow);
    // An answer moves with its step where it bears the step's name.
    let moves = !captured.contains(old)
        && flow.steps.iter().any(|step| match &step.verb {
            Verb::Ask(ask) => step.name == new && ask.save == new,
            _ => false,
        });
    let (old_label, new_label) = (label_of(old), label_of(new));
    let has = |name: &String| {
        answers.contains_key(name)
            || flow.moved.iter().any(|(from, to)| to == name && answers.contains_key(from))
            || moves && name == new && answers.contains_key(old)
            || moves && *name == new_label && answers.contains_key(&old_label)
    };
    let at = match &lost.reason {
        Reason::Missing(_) if !moves || flow.step_named(old).is_some() => return false,
        Reason::Missing(_) => flow.step_once_named(&lost.step),
        _ => flow.step_named(near),
    };
    let step = at.and_then(|id| flow.steps.get(id));
    step.is_some_and(|step| step.known.iter().all(has))
}

/// What the flow's steps give a value.
fn captured(flow: &Flow) -> BTreeSet<String> {
    let mut captured = BTreeSet::new();
    for step in &flow.steps {
        match &step.verb {
            Verb::Ask(ask) => {
                captured.insert(ask.save.clone());
                if ask.answer.kind.has_label() {
                    captured.insert(label_of(&ask.save));
                }
            }
            Verb::Set(variables) => captured.extend(variables.iter().map(|(name, _)| name.clone())),
            Verb::Run(run) => captured.extend(run.keep.iter().map(|(ours, _)| ours.clone())),
            Verb::Say(_) | Verb::Branch => {}
        }
    }
    captured
}

/// Who is hit, and by what.
fn what(lost: &Lost, people: u64) -> String {
    let who =
        if people == 1 { "1 person waits".to_owned() } else { format!("{people} people wait") };
    let Lost { flow, step, reason } = lost;
    let place = format!("{who} at `{flow}/{step}`");
    match reason {
        Reason::NoFlow => format!("{place}, and the flow `{flow}` is gone"),
        Reason::OtherPart(name) => {
            format!("{place}, and the flow around it runs `{name}` there now")
        }
        Reason::NoStep => format!("{place}, which is gone"),
        Reason::NoQuestion => format!("{place}, which is no question any more"),
        Reason::NoRun => format!("{place}, which runs no other flow any more"),
        Reason::Missing(name) => {
            format!("{place} without `{name}`, which comes before it now")
        }
    }
}

/// What lets them go on.
fn advice(lost: &Lost, near: Option<&str>) -> String {
    let Lost { flow, step, reason } = lost;
    let instead = match (reason, near) {
        (Reason::NoFlow, Some(near)) => {
            format!("a flow cannot get another name: write `flow: {flow}` in that of `{near}`")
        }
        (Reason::NoFlow, None) => "serve a flow of this name until they are through".to_owned(),
        (Reason::OtherPart(_), _) => format!("let it run `{flow}`"),
        (Reason::NoStep, near) => {
            let new = near.unwrap_or("…");
            format!("add `renamed: {{{step}: {new}}}` to `{flow}`")
        }
        (Reason::NoQuestion, _) => {
            "let it ask, or call it something else and let `renamed` lead from this name to the \
             question"
                .to_owned()
        }
        (Reason::NoRun, _) => "let it run the flow in which they are".to_owned(),
        (Reason::Missing(name), Some(near)) => {
            format!("they have `{near}`: add `renamed: {{{near}: {name}}}` to `{flow}`")
        }
        (Reason::Missing(name), None) => format!("ask for `{name}` after `{step}`"),
    };
    format!("{instead}, or they begin again")
}

#[cfg(test)]
mod tests;
