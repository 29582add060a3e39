//! The third parties of a chat file: the callbacks that it plays, and what a
//! service would answer them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::conversation::flow::{Flows, Verb};
use crate::conversation::moment::Callbacks as Offered;
use crate::conversation::session::{Callback, Session, State};
use crate::conversation::step::{Fit, check_result, fit};

/// What stands before the names of callbacks in chat files.
const BASE: &str = "https://ringback.test/callbacks/";

/// The status of a callback that is taken.
pub(super) const TAKEN: u16 = 202;

/// What a service answers to callbacks that it read.
pub(super) const STATUSES: [u16; 4] = [TAKEN, 404, 409, 422];

/// How long a service knows on which result a callback was spent.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A third party that calls back.
#[derive(Clone, Debug, PartialEq)]
pub struct CalledBack {
    /// What the flow waits for, as its `wait_for` names it.
    pub name: String,
    /// The result.
    pub result: Json,
    /// The status of the answer that is expected.
    pub status: u16,
}

/// What it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Why, in words.
    pub why: String,
}

/// The callbacks of a conversation: `1`, then `2`.
#[derive(Clone, Debug, Default)]
pub(super) struct Callbacks {
    /// The number of callbacks that were made so far.
    made: u32,
    /// The name of the next one.
    fresh: String,
    /// The result on which the last callback of each `wait_for` was spent, and when.
    spent: BTreeMap<String, (Json, Timestamp)>,
    /// The `wait_for` whose result is being taken.
    calling: Option<String>,
}

impl Callbacks {
    /// Returns what a conversation may get in its next turn.
    pub(super) fn offered(&self) -> Offered<'_> {
        let fresh = if self.fresh.is_empty() { "1" } else { &self.fresh };
        Offered { base: BASE, fresh }
    }

    /// Notes the callback of a session, which may be new.
    pub(super) fn keep(&mut self, callback: Option<&Callback>) {
        if callback.is_some_and(|callback| callback.name == self.offered().fresh) {
            self.made += 1;
            self.fresh = (self.made + 1).to_string();
        }
    }

    /// Notes that a callback is spent.
    pub(super) fn spend(&mut self, result: Json, now: Timestamp) {
        if let Some(wait) = self.calling.take() {
            self.spent.insert(wait, (result, now));
        }
    }

    /// Returns what a service answers to a callback, and the name of the callback
    /// if the conversation hears of it.
    pub(super) fn judge(
        &mut self,
        flows: &Flows,
        session: &Session,
        called: &CalledBack,
        now: Timestamp,
    ) -> (Option<String>, Answered) {
        let answered = |status, why: &str| (None, Answered { status, why: why.to_owned() });
        if let Err(why) = check_result(&called.result) {
            return answered(422, &why);
        }
        if !waits_somewhere(flows, &called.name) {
            return answered(404, &format!("no step waits for `{}`", called.name));
        }
        let waits_for = waits_for(flows, session);
        let other = waits_for.filter(|wait| *wait != called.name);
        // A line of a chat file names no URL. It means the callback that the
        // conversation has now, if it has one.
        let Some(own) = session.callback.as_ref().filter(|_| other.is_none()) else {
            return match (self.spent.get(&called.name), other) {
                (Some((_, at)), _) if now.duration_since(*at) > REMEMBERED_FOR => {
                    answered(404, "the callback was spent more than a day before")
                }
                (Some((result, _)), _) if *result == called.result => {
                    answered(TAKEN, "it is a repeat")
                }
                (Some(_), _) => answered(409, "another result was there before"),
                (None, Some(other)) => {
                    answered(404, &format!("the conversation waits for `{other}`"))
                }
                (None, None) => answered(404, "the conversation has no callback"),
            };
        };
        self.calling = Some(called.name.clone());
        let taken =
            |why: &str| (Some(own.name.clone()), Answered { status: TAKEN, why: why.to_owned() });
        match fit(flows, session, &own.name, &called.result, now) {
            Fit::Taken => taken("the conversation goes on"),
            Fit::Early => taken("it is kept until the conversation waits for it"),
            Fit::Repeated => answered(TAKEN, "it is a repeat"),
            Fit::Conflict => answered(409, "another result was there before"),
            Fit::Unfit(why) => answered(422, &why),
            Fit::Gone => answered(404, "the conversation is over"),
        }
    }
}

/// Returns what a session waits for, if that is a callback.
fn waits_for<'f>(flows: &'f Flows, session: &Session) -> Option<&'f str> {
    let State::Waiting(step) = &session.state else { return None };
    let flow = flows.get(session.flow.as_deref()?)?;
    match &flow.steps.get(flow.step_once_named(step)?)?.verb {
        Verb::WaitFor(wait) => Some(&wait.name),
        _ => None,
    }
}

/// Returns whether some flow has a step that waits for this.
fn waits_somewhere(flows: &Flows, name: &str) -> bool {
    let mut steps = flows.iter().flat_map(|flow| &flow.steps);
    steps.any(|step| matches!(&step.verb, Verb::WaitFor(wait) if wait.name == name))
}
