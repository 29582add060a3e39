//! Counts the people who could continue in flows that are not served yet, and
//! those who could not, by place, with advice on how to let them continue.
//!
//! Nobody is named: only the place of a session and the names of its answers
//! are read. The caller provides the sessions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::finding::{Code, Finding, Findings, Span};
use super::flow::{Flow, Flows, Verb, label_of};
use super::lost::{Lost, Reason};
use super::session::{Answers, Session};
use super::step::{Standing, standing};
use super::suggest;
use super::template::Template;

/// The numbers of sessions that continue, and of those that do not.
#[derive(Clone, Debug, Default)]
pub struct Census {
    going_on: u64,
    lost: BTreeMap<Lost, Group>,
}

/// The people who would be lost at one place for one reason.
#[derive(Clone, Debug)]
struct Group {
    people: u64,
    /// The likely fix; removed as soon as it would not help one of them.
    near: Option<Near>,
}

/// The probable new or former name of something that is missing.
#[derive(Clone, Debug)]
struct Near {
    name: String,
    /// The answers that a person needs to continue with it: one of each list.
    needs: Vec<Vec<String>>,
}

impl Near {
    fn helps(&self, answers: &Answers) -> bool {
        self.needs.iter().all(|names| names.iter().any(|name| answers.contains_key(name)))
    }
}

impl Census {
    /// Counts a session as these flows would find it at this time. `was` are
    /// the flows in which it reached its place, if they are known.
    pub fn count(&mut self, flows: &Flows, was: Option<&Flows>, session: &Session, now: Timestamp) {
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
            group.near = group.near.take().filter(|near| near.helps(answers));
        } else {
            let near = match flow {
                Some(flow) => near_name(flow, was, &lost, session, answers),
                None => near_flow(flows, &lost),
            };
            self.lost.insert(lost, Group { people: 1, near });
        }
    }

    /// Returns how many people continue where they are.
    pub fn going_on(&self) -> u64 {
        self.going_on
    }

    /// Returns how many people would begin again.
    pub fn beginning_again(&self) -> u64 {
        self.lost.values().map(|group| group.people).sum()
    }

    /// Returns a warning for each place at which people would begin again, by
    /// flow and step.
    #[must_use]
    pub fn findings(&self) -> Findings {
        // They concern no file; their positions only keep the order.
        let warnings = self.lost.iter().enumerate().map(|(place, (lost, group))| Finding {
            code: Code::BeginAgain,
            file: String::new(),
            span: Span::new(place, place),
            line: 1,
            column: 1,
            message: what(lost, group.people),
            help: Some(advice(lost, group.near.as_ref().map(|near| near.name.as_str()))),
            labels: Vec::new(),
        });
        Findings::new(warnings.collect(), HashMap::new(), &[])
    }
}

/// Returns the answers of the place's own flow.
fn answers_at<'a>(session: &'a Session, lost: &Lost) -> &'a Answers {
    let around = session.stack.iter().find(|c| c.flow == lost.flow && c.step == lost.step);
    around.map_or(&session.answers, |caller| &caller.answers)
}

/// Returns the name that, written into `renamed`, would let a person with these
/// answers continue.
fn near_name(
    flow: &Flow,
    was: Option<&Flows>,
    lost: &Lost,
    session: &Session,
    answers: &Answers,
) -> Option<Near> {
    let (wrong, candidates): (&str, Vec<&str>) = match &lost.reason {
        Reason::NoStep => {
            // A step that runs a sub-flow can only be replaced by another such
            // step.
            let runs = session.stack.iter().any(|c| c.flow == lost.flow && c.step == lost.step);
            let fits = |verb: &Verb| match verb {
                Verb::Ask(_) | Verb::Call(_) | Verb::WaitFor(_) => !runs,
                Verb::Run(_) => runs,
                _ => false,
            };
            let steps = flow.steps.iter().filter(|step| fits(&step.verb));
            (&lost.step, steps.map(|step| step.name.as_str()).collect())
        }
        Reason::Missing(variable) => (variable, answers.keys().map(String::as_str).collect()),
        _ => return None,
    };
    let captured = captured(flow);
    let mut helping: Vec<Near> = candidates
        .into_iter()
        .filter_map(|name| {
            let needs = needs(flow, &captured, lost, name)?;
            Some(Near { name: name.to_owned(), needs })
        })
        .filter(|near| near.helps(answers))
        .collect();
    let names = || helping.iter().map(|near| near.name.as_str());
    let same = was.and_then(|was| same_question(flow, was.get(&lost.flow)?, lost, names()));
    let name = same.or_else(|| suggest::nearest(wrong, names()))?;
    let at = helping.iter().position(|near| near.name == name)?;
    Some(helping.swap_remove(at))
}

/// Returns the only step that exists in the other version alone and asks there
/// what the missing one asks here.
fn same_question<'a>(
    flow: &Flow,
    was: &Flow,
    lost: &Lost,
    mut names: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let (here, wrong, there) = match &lost.reason {
        Reason::Missing(variable) => (flow, variable, was),
        _ => (was, &lost.step, flow),
    };
    let asked = asks(here, wrong)?;
    let mut is_same =
        |name: &&str| here.step_named(name).is_none() && asks(there, name) == Some(asked);
    let name = names.find(&mut is_same)?;
    names.find(is_same).is_none().then_some(name)
}

/// Returns what a question asks.
fn asks<'f>(flow: &'f Flow, step: &str) -> Option<&'f Template> {
    match &flow.steps.get(flow.step_named(step)?)?.verb {
        Verb::Ask(ask) => Some(&ask.text),
        _ => None,
    }
}

/// Returns the flow with nearly this name, whatever its people have answered.
fn near_flow(flows: &Flows, lost: &Lost) -> Option<Near> {
    let names = flows.iter().map(|flow| flow.name.as_str());
    let name = suggest::nearest(&lost.flow, names)?.to_owned();
    Some(Near { name, needs: Vec::new() })
}

/// Returns the answers that a person needs to continue once `renamed` has this
/// name. `None` means that it helps nobody.
fn needs(
    flow: &Flow,
    captured: &BTreeSet<String>,
    lost: &Lost,
    near: &str,
) -> Option<Vec<Vec<String>>> {
    let (old, new, at) = match &lost.reason {
        Reason::Missing(variable) => (near, variable.as_str(), flow.step_once_named(&lost.step)),
        _ => (lost.step.as_str(), near, flow.step_named(near)),
    };
    // An answer moves with its step where it bears the step's name.
    let moves = !captured.contains(old)
        && flow.steps.iter().any(|step| match &step.verb {
            Verb::Ask(ask) => step.name == new && ask.save == new,
            _ => false,
        });
    if matches!(lost.reason, Reason::Missing(_)) && (!moves || flow.step_named(old).is_some()) {
        return None;
    }
    let (old_label, new_label) = (label_of(old), label_of(new));
    let names = |name: &String| {
        let former = flow.moved.iter().filter(|(_, to)| to == name).map(|(from, _)| from.clone());
        let mut names: Vec<String> = std::iter::once(name.clone()).chain(former).collect();
        names.extend((moves && name == new).then(|| old.to_owned()));
        names.extend((moves && *name == new_label).then(|| old_label.clone()));
        names
    };
    Some(flow.steps.get(at?)?.known.iter().map(names).collect())
}

/// Returns the variables to which the flow's steps give a value.
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
            Verb::Call(call) => {
                captured.extend(call.keep.iter().map(|kept| kept.variable.clone()));
            }
            Verb::WaitFor(wait) => {
                captured.extend(wait.keep.iter().map(|kept| kept.variable.clone()));
            }
            Verb::Say(_) | Verb::Branch => {}
        }
    }
    captured
}

/// Returns how many people are affected, and why.
fn what(lost: &Lost, people: u64) -> String {
    let who =
        if people == 1 { "1 person waits".to_owned() } else { format!("{people} people wait") };
    let Lost { flow, step, reason } = lost;
    let place = format!("{who} at `{flow}/{step}`");
    match reason {
        Reason::NoFlow => format!("{place}, and the flow `{flow}` is gone"),
        Reason::OtherSubflow(name) => {
            format!("{place}, and the flow around it runs `{name}` there now")
        }
        Reason::NoStep => format!("{place}, which is gone"),
        Reason::NoQuestion => format!("{place}, which is no longer a question"),
        Reason::NoRun => format!("{place}, which no longer runs another flow"),
        Reason::Missing(name) => {
            format!("{place} without `{name}`, which comes before it now")
        }
    }
}

/// Returns advice that lets them continue.
fn advice(lost: &Lost, near: Option<&str>) -> String {
    let Lost { flow, step, reason } = lost;
    let instead = match (reason, near) {
        (Reason::NoFlow, Some(near)) => {
            format!("a flow cannot get another name: write `flow: {flow}` in that of `{near}`")
        }
        (Reason::NoFlow, None) => "serve a flow of this name until they have finished".to_owned(),
        (Reason::OtherSubflow(_), _) => format!("let it run `{flow}`"),
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
