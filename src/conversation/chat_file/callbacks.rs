//! The third parties of a chat file: the callbacks that it plays, and what a
//! service would answer them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::conversation::flow::{Flows, Verb};
use crate::conversation::moment::Callbacks as Offered;
use crate::conversation::session::{Callback, Session, State};
use crate::conversation::step::{Fit, fit};

/// What stands before the names of callbacks in chat files.
const BASE: &str = "https://ringback.test/callbacks/";

/// The status of a callback that is taken.
pub(super) const TAKEN: u16 = 202;

/// What a service answers to callbacks that it read.
pub(super) const STATUSES: [u16; 4] = [TAKEN, 404, 409, 422];

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
    /// How many conversations have shown.
    made: u32,
    /// The name of the next one.
    fresh: String,
    /// The results on which some were spent.
    spent: BTreeMap<String, Json>,
    /// The callback on which each `wait_for` was spent last.
    by_wait: BTreeMap<String, String>,
    /// What is called back at present.
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
    pub(super) fn spend(&mut self, name: &str, result: Json) {
        self.spent.insert(name.to_owned(), result);
        if let Some(wait) = self.calling.take() {
            self.by_wait.insert(wait, name.to_owned());
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
        let waits_for = waits_for(flows, session);
        let own = session.callback.as_ref();
        let is_its = waits_for.is_none_or(|wait| wait == called.name);
        let spent = self.by_wait.get(&called.name).filter(|_| waits_for.is_none() || !is_its);
        if let Some(result) = spent.and_then(|name| self.spent.get(name)) {
            return if *result == called.result {
                answered(TAKEN, "it is a repeat")
            } else {
                answered(409, "another result was there before")
            };
        }
        if let Some(other) = waits_for.filter(|_| !is_its) {
            return answered(404, &format!("the conversation waits for `{other}`"));
        }
        let Some(own) = own else { return answered(404, "the conversation has no callback") };
        match &own.early {
            Some(early) if *early == called.result => return answered(TAKEN, "it is a repeat"),
            Some(_) => return answered(409, "another result was there before"),
            None => {}
        }
        self.calling = Some(called.name.clone());
        let taken =
            |why: &str| (Some(own.name.clone()), Answered { status: TAKEN, why: why.to_owned() });
        match fit(flows, session, &own.name, &called.result, now) {
            Fit::Taken => taken("the conversation goes on"),
            Fit::Early => taken("it is kept until the conversation waits for it"),
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
