//! Where a person stands, and the way by which they came there.
//!
//! The session holds only where the person is now. The way is worked out from
//! the messages of the conversation: each is played again, before a witness that
//! notes the steps. No message shows the answer of a call, a callback or silence.
//! Such a gap is bridged by the shortest way that the flow allows. The way is only
//! shown, and nothing depends on it.

mod bridge;

use jiff::Timestamp;
use serde::Serialize;

pub use self::bridge::At;
use self::bridge::{bridge, bridge_to_end, waits};
use super::flow::{Branch, Flow, Flows, Step, Verb};
use super::ignored::Known;
use super::opt_out::take_seen;
use super::session::{Answers, Asked, Callback, Caller, Session, State};
use super::witness::{Rule, Witness};
use super::{Callbacks, Moment};
use crate::message::Message;

/// The most steps of a way that are kept. Older ones are forgotten.
const LONGEST: usize = 500;

/// Where a person stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standpoint {
    /// The flow of the last conversation, or the sub-flow in which the person
    /// is. `None` means that no flow ever began.
    pub flow: Option<String>,
    /// The step that waits, if one does.
    pub step: Option<String>,
    /// The outcome of the conversation, if it has ended.
    pub outcome: Option<String>,
    /// The steps that run the sub-flows around the flow, outermost first.
    pub around: Vec<At>,
    /// The steps that the conversation has passed, in order. The step that waits
    /// is the last.
    pub way: Vec<At>,
}

/// A message of a person's transcript.
#[derive(Clone, Debug)]
pub struct Told {
    /// The message.
    pub message: Message,
    /// When it was taken.
    pub at: Timestamp,
    /// The state before it.
    pub before: String,
    /// The state after it.
    pub after: String,
}

/// Returns where a person stands. `told` holds their last messages, oldest
/// first; without them, the way is shorter.
#[must_use]
pub fn standpoint(flows: &Flows, session: &Session, told: &[Told]) -> Standpoint {
    let mut way = Way { flows, now: session, session: Session::default(), steps: Vec::new() };
    for told in told.get(beginning(flows, told)..).unwrap_or_default() {
        way.pass(told);
    }
    way.arrive();
    let current = |at: &At| At { step: current_name(flows, &at.flow, &at.step), ..at.clone() };
    let mut steps: Vec<At> = way.steps.iter().map(current).collect();
    steps.drain(..steps.len().saturating_sub(LONGEST));
    let flow = session.flow.clone();
    let name = |step: &String| current_name(flows, flow.as_deref().unwrap_or_default(), step);
    let (step, outcome) = match &session.state {
        State::Initial => (None, None),
        State::Waiting(step) => (Some(name(step)), None),
        State::Ended(outcome) => (None, Some(outcome.clone())),
    };
    let around = session.stack.iter();
    let around = around.map(|c| At { flow: c.flow.clone(), step: c.step.clone() });
    let around = around.map(|at| current(&at)).collect();
    Standpoint { flow, step, outcome, around, way: steps }
}

/// Returns the current name of a step that may have had another one.
fn current_name(flows: &Flows, flow: &str, step: &str) -> String {
    let found = flows.get(flow).and_then(|flow| {
        let id = flow.step_once_named(step)?;
        Some(flow.steps.get(id)?.name.clone())
    });
    found.unwrap_or_else(|| step.to_owned())
}

/// Returns whether a step of this name waits for something.
fn is_waiting(flows: &Flows, state: &str) -> bool {
    flows.iter().any(|flow| {
        let step = flow.step_once_named(state).and_then(|id| flow.steps.get(id));
        step.is_some_and(waits)
    })
}

/// Returns the index of the first message that has to be played: the last one
/// that began a conversation and led to a step that waits.
fn beginning(flows: &Flows, told: &[Told]) -> usize {
    let begins = |told: &Told| !is_waiting(flows, &told.before) && is_waiting(flows, &told.after);
    told.iter().rposition(begins).unwrap_or_default()
}

/// The way so far, and the session to which it led.
struct Way<'a> {
    flows: &'a Flows,
    /// The present session. Its answers stand in for earlier ones that are not
    /// known.
    now: &'a Session,
    session: Session,
    steps: Vec<At>,
}

impl Way<'_> {
    /// Goes on as a message led.
    fn pass(&mut self, told: &Told) {
        if !is_waiting(self.flows, &told.before) {
            self.session.state = match told.before.as_str() {
                State::INITIAL => State::Initial,
                outcome => State::Ended(outcome.to_owned()),
            };
            self.session.stack.clear();
        } else if !self.is_at(&told.before) && !self.bridge_to(|_, step| step.name == told.before) {
            self.jump_to(&told.before);
        }
        self.remember_answers();
        let mut seen = Seen::default();
        let callbacks = Callbacks { base: "", fresh: "fresh" };
        let moment = Moment { now: told.at, callbacks };
        let known = Known::default();
        let taken = take_seen(self.flows, &self.session, known, &told.message, moment, &mut seen);
        let after = taken.turn.session;
        let fits = after.state.as_str() == told.after;
        // The answer of a call within the turn is not known here.
        if fits || is_at_rest(self.flows, &after) && told.before != told.after {
            if seen.has_begun {
                self.steps.clear();
            }
            self.steps.append(&mut seen.steps);
            self.session = after;
        }
        if !self.is_at(&told.after) && is_waiting(self.flows, &told.after) {
            self.bridge_to(|_, step| step.name == told.after);
        } else if !fits && told.before != told.after {
            self.end(&told.after);
        }
        self.come_back();
    }

    /// Goes on to the end of the conversation.
    fn end(&mut self, outcome: &str) {
        self.steps.extend(bridge_to_end(self.flows, &self.session, outcome).unwrap_or_default());
        let flow = self.session.outermost_flow().map(str::to_owned);
        let state = State::Ended(outcome.to_owned());
        self.session = Session { flow, state, ..Session::default() };
    }

    /// Goes on to the place where the person stands now.
    fn arrive(&mut self) {
        if let (State::Ended(outcome), State::Waiting(_)) = (&self.now.state, &self.session.state) {
            return self.end(outcome);
        }
        let State::Waiting(step) = &self.now.state else { return };
        let Some(flow) = &self.now.flow else { return };
        if self.session.flow.as_ref() != Some(flow) || !self.is_at(step) {
            self.bridge_to(|at, found| at.name == *flow && found.name == *step);
        }
        self.session.state = State::Waiting(step.clone());
        self.session.flow = Some(flow.clone());
        self.come_back();
    }

    fn is_at(&self, step: &str) -> bool {
        matches!(&self.session.state, State::Waiting(name) if name == step)
    }

    /// Notes the step that waits, unless it was noted last: a command may have led
    /// away from it and back.
    fn come_back(&mut self) {
        let (State::Waiting(step), Some(flow)) = (&self.session.state, &self.session.flow) else {
            return;
        };
        let at = At { flow: flow.clone(), step: step.clone() };
        if self.steps.last() != Some(&at) {
            self.steps.push(at);
        }
    }

    /// Goes on at a step to which no way is known because older messages are gone.
    fn jump_to(&mut self, step: &str) {
        let has_step = |flow: &&Flow| flow.step_once_named(step).is_some();
        let current = self.now.flow.as_deref().and_then(|flow| self.flows.get(flow));
        let stack = if current.is_some_and(|flow| has_step(&flow)) {
            self.now.stack.clone()
        } else {
            Vec::new()
        };
        let found = current.filter(has_step).or_else(|| self.flows.iter().find(has_step));
        self.session = Session {
            flow: found.map(|flow| flow.name.clone()),
            state: State::Waiting(step.to_owned()),
            stack,
            language: self.now.language.clone(),
            ..Session::default()
        };
        self.wait_for_anybody();
        self.come_back();
    }

    /// Lets the step wait, whatever it waits for. A step that waits for a third
    /// party needs both of these values.
    fn wait_for_anybody(&mut self) {
        self.session.asked = Some(Asked { at: Timestamp::UNIX_EPOCH, nudges: 0 });
        self.session.callback = Some(Callback { name: "unknown".to_owned(), early: None });
    }

    /// Goes on by the shortest way to a step that waits, and returns whether there
    /// is one.
    fn bridge_to(&mut self, is_there: impl Fn(&Flow, &Step) -> bool) -> bool {
        let Some(bridge) = bridge(self.flows, &self.session, is_there) else { return false };
        let callers = bridge.around.into_iter();
        let stack = callers.map(|At { flow, step }| Caller { flow, step, answers: Answers::new() });
        let language = self.session.language.take();
        self.session = Session {
            flow: Some(bridge.to.flow.clone()),
            state: State::Waiting(bridge.to.step.clone()),
            answers: std::mem::take(&mut self.session.answers),
            stack: stack.collect(),
            language,
            ..Session::default()
        };
        self.wait_for_anybody();
        self.steps.extend(bridge.steps);
        self.remember_answers();
        true
    }

    /// Fills in the answers that are not known from the messages, from the present
    /// session.
    fn remember_answers(&mut self) {
        let Self { now, session, .. } = self;
        let today = std::iter::once((now.flow.as_deref(), &now.answers));
        let around = now.stack.iter().map(|caller| (Some(caller.flow.as_str()), &caller.answers));
        let known: Vec<(Option<&str>, &Answers)> = today.chain(around).collect();
        let fill = |flow: Option<&str>, answers: &mut Answers| {
            for (_, known) in known.iter().filter(|(of, _)| *of == flow) {
                for (name, value) in *known {
                    answers.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
        };
        fill(session.flow.as_deref(), &mut session.answers);
        for caller in &mut session.stack {
            fill(Some(&caller.flow), &mut caller.answers);
        }
    }
}

/// Returns whether a session waits for a call or a callback.
fn is_at_rest(flows: &Flows, session: &Session) -> bool {
    let State::Waiting(name) = &session.state else { return false };
    let flow = session.flow.as_deref().and_then(|flow| flows.get(flow));
    let step = flow.and_then(|flow| flow.steps.get(flow.step_once_named(name)?));
    step.is_some_and(|step| matches!(step.verb, Verb::Call(_) | Verb::WaitFor(_)))
}

/// Notes the steps of a turn.
#[derive(Default)]
struct Seen {
    steps: Vec<At>,
    /// Whether a conversation began.
    has_begun: bool,
}

impl Witness for Seen {
    fn rule(&mut self, rule: Rule<'_>) {
        if matches!(rule, Rule::Began { .. } | Rule::Lost(_)) {
            self.has_begun = true;
            self.steps.clear();
        }
    }

    fn branch(&mut self, flow: &Flow, step: &Step, branch: Branch) {
        if branch == Branch::Reached {
            self.steps.push(At { flow: flow.name.clone(), step: step.name.clone() });
        }
    }
}

#[cfg(test)]
mod tests;
