//! Calls: what happens when a conversation comes to one, and when its answer
//! comes.

use super::build::{self, Unfit};
use super::kept;
use super::place::{self, Place, Waits};
use super::walk::Walk;
use crate::conversation::event::Effect;
use crate::conversation::flow::{Branch, Call, FAILED, Flow, Step, TIMEOUT, Target};
use crate::conversation::request::{CallAnswer, CallId};
use crate::conversation::session::State;
use crate::conversation::witness::Rule;

/// Takes the answer of a call. One that the conversation no longer waits for
/// does nothing.
pub(super) fn take(walk: &mut Walk<'_>, id: &CallId, answer: &CallAnswer) {
    let fits = walk.session.flow.as_ref() == Some(&id.flow)
        && walk.session.state == State::Waiting(id.step.clone())
        && walk.session.asked.is_some_and(|asked| asked.at == id.at);
    let found = place::find(walk.flows, &mut walk.session.clone());
    if let (true, Ok(Some((place, callers)))) = (fits, found)
        && let Waits::Call(call) = place.waits
    {
        walk.callers = callers;
        walk.session.stack.clear();
        walk.go_on_after(place, call, answer);
    }
}

/// The end of a call.
enum Outcome {
    Status(u16),
    Timeout,
    Failed,
}

impl<'a> Walk<'a> {
    /// Asks for a call, and waits for its answer. If the request cannot be made,
    /// it returns where the conversation continues at once.
    pub(super) fn call(
        &mut self,
        flow: &'a Flow,
        step: &'a Step,
        call: &'a Call,
    ) -> Option<Target> {
        let id = CallId { flow: flow.name.clone(), step: step.name.clone(), at: self.now };
        match build::request(call, id, &self.scope(flow)) {
            Ok(request) => {
                self.session.tries = 0;
                self.effects.push(Effect::Call { request: Box::new(request) });
                self.wait(flow, step);
                None
            }
            Err(unfit) => Some(self.unfit(flow, step, unfit)),
        }
    }

    fn unfit(&mut self, flow: &Flow, step: &Step, unfit: Unfit) -> Target {
        let outcome = format!("failed: {}", unfit.why());
        self.witness.rule(Rule::Called { flow, step, outcome: &outcome });
        self.branch_of(flow, step, &Outcome::Failed)
    }

    /// Continues after a call with this answer.
    pub(super) fn go_on_after(&mut self, place: Place<'a>, call: &Call, answer: &CallAnswer) {
        let Place { flow, step, .. } = place;
        let (outcome, words) = match answer {
            CallAnswer::Answered { status, body } if (200..300).contains(status) => {
                match kept::of(&call.keep, body) {
                    Ok(values) => {
                        let mut room = self.room(None);
                        for (variable, value) in values {
                            self.keep((flow, step), &variable, value, &mut room);
                        }
                        (Outcome::Status(*status), status.to_string())
                    }
                    Err(why) => (Outcome::Failed, format!("{status}, but failed: {why}")),
                }
            }
            CallAnswer::Answered { status, .. } => (Outcome::Status(*status), status.to_string()),
            CallAnswer::Timeout => (Outcome::Timeout, "no answer in time".to_owned()),
            CallAnswer::Failed(why) => (Outcome::Failed, format!("failed: {why}")),
        };
        self.witness.rule(Rule::Called { flow, step, outcome: &words });
        let target = self.branch_of(flow, step, &outcome);
        self.run(flow, target, None);
    }

    /// Returns where a call leads: by the most exact entry of its `when`.
    fn branch_of(&mut self, flow: &Flow, step: &Step, outcome: &Outcome) -> Target {
        let keys: Vec<String> = match outcome {
            Outcome::Status(status) => {
                let class = status / 100;
                let mut keys = vec![status.to_string(), format!("{class}xx")];
                keys.extend((class != 2).then(|| FAILED.to_owned()));
                keys
            }
            Outcome::Timeout => vec![TIMEOUT.to_owned(), FAILED.to_owned()],
            Outcome::Failed => vec![FAILED.to_owned()],
        };
        let entry = |key: &String| step.when.iter().position(|(known, _)| known == key);
        let decided = keys.iter().find_map(entry);
        match decided.and_then(|at| Some((at, step.when.get(at)?))) {
            Some((at, (_, target))) => {
                self.witness.branch(flow, step, Branch::When(at));
                target.clone()
            }
            None => self.way_on(flow, step),
        }
    }

    /// Says the `meanwhile` of a call that still runs.
    pub(super) fn stay_at_call(&mut self, place: Place<'a>, call: &'a Call) {
        let Place { flow, step, .. } = place;
        if let Some(text) = &call.meanwhile {
            self.witness.branch(flow, step, Branch::Meanwhile);
            self.say_outside(flow, text);
        }
        self.stay(flow, step, self.session.asked);
    }
}
