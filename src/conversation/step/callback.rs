//! Callbacks: what a third party's result does to a conversation, before it
//! waits for one and while it does.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::place::{self, Place, Waits};
use super::walk::Walk;
use super::{due, kept};
use crate::conversation::Value;
use crate::conversation::event::Effect;
use crate::conversation::flow::{Branch, Flow, Flows, Step, Target, Verb, WaitFor};
use crate::conversation::session::{Callback, Note, Session};
use crate::conversation::witness::Rule;

/// The member of a result that says how it went.
const OUTCOME: &str = "outcome";

/// The longest outcome.
const LONGEST_OUTCOME: usize = 50;

/// The most objects and lists within each other in a result. It is stored within
/// other JSON, whose reader takes 128.
const DEEPEST: usize = 100;

/// What a result at a callback does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The conversation waits for it, and goes on.
    Taken,
    /// It is kept until the conversation waits for it.
    Early,
    /// It is kept already.
    Repeated,
    /// Another one is kept already.
    Conflict,
    /// The conversation waits for another one. The text says why.
    Unfit(String),
    /// No conversation has this callback any more.
    Gone,
}

/// Returns an error, in words, if no callback could take this JSON as its result.
pub fn check_result(result: &Json) -> Result<(), String> {
    if !result.is_object() {
        return Err("the result must be a JSON object".to_owned());
    }
    if !is_within(result, DEEPEST) {
        return Err(format!(
            "the result must have at most {DEEPEST} objects and lists within each other"
        ));
    }
    let Some(outcome) = result.get(OUTCOME) else {
        return Err("the result must have an `outcome`".to_owned());
    };
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match outcome.as_str() {
        Some(text) if (1..=LONGEST_OUTCOME).contains(&text.len()) && text.bytes().all(fits) => {
            Ok(())
        }
        Some(_) => {
            Err(format!("`outcome` must have 1 to {LONGEST_OUTCOME} small letters, digits or `_`"))
        }
        None => Err("`outcome` must be a text".to_owned()),
    }
}

/// Returns whether some JSON has no more levels than this.
fn is_within(json: &Json, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return !(json.is_array() || json.is_object());
    };
    match json {
        Json::Array(items) => items.iter().all(|item| is_within(item, below)),
        Json::Object(members) => members.values().all(|member| is_within(member, below)),
        _ => true,
    }
}

/// A callback that a conversation waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Awaited {
    /// What it waits for, as the flow names it.
    pub name: String,
    /// The last part of the URL.
    pub callback: String,
    /// A result for each outcome, with samples for what is kept of it.
    pub results: Vec<Json>,
}

/// Returns the callback that a session waits for.
#[must_use]
pub fn awaited(flows: &Flows, session: &Session) -> Option<Awaited> {
    let (place, _) = place::find(flows, &mut session.clone()).ok()??;
    let Waits::Callback(wait) = place.waits else { return None };
    let results = place.step.when.iter().map(|(outcome, _)| wait.sample(outcome));
    Some(Awaited {
        name: wait.name.clone(),
        callback: session.callback.as_ref()?.name.clone(),
        results: results.collect(),
    })
}

/// Returns what a session waits for, as the flow names it, or what the flow waits
/// for next if the session does not wait yet.
#[must_use]
pub fn wait_name(flows: &Flows, session: &Session) -> Option<String> {
    if let Some(awaited) = awaited(flows, session) {
        return Some(awaited.name);
    }
    let flow = flows.get(session.flow.as_deref()?)?;
    flow.steps.iter().find_map(|step| match &step.verb {
        Verb::WaitFor(wait) => Some(wait.name.clone()),
        _ => None,
    })
}

/// Returns what a result would do to a session now.
#[must_use]
pub fn fit(flows: &Flows, session: &Session, name: &str, result: &Json, now: Timestamp) -> Fit {
    let own = session.callback.as_ref().filter(|callback| callback.name == name);
    let is_over = due::expires_at(flows, session).is_some_and(|at| at <= now);
    let found = place::find(flows, &mut session.clone());
    let (Some(own), false, Ok(Some((place, _)))) = (own, is_over, found) else {
        return Fit::Gone;
    };
    if let Err(why) = check_result(result) {
        return Fit::Unfit(why);
    }
    match &own.early {
        Some(early) if early == result => return Fit::Repeated,
        Some(_) => return Fit::Conflict,
        None => {}
    }
    let Waits::Callback(wait) = place.waits else { return Fit::Early };
    match read(place.step, wait, result) {
        Ok(_) => Fit::Taken,
        Err(why) => Fit::Unfit(why),
    }
}

/// Takes a result. If the conversation does not wait for it yet, the first one is
/// kept. One that does not fit does nothing.
pub(super) fn take(walk: &mut Walk<'_>, name: &str, result: &Json) {
    let found = place::find(walk.flows, &mut walk.session.clone());
    let callback = walk.session.callback.as_mut().filter(|callback| callback.name == name);
    let (Some(callback), Ok(Some((place, callers)))) = (callback, found) else { return };
    let Waits::Callback(wait) = place.waits else {
        callback.early.get_or_insert_with(|| result.clone());
        return;
    };
    if let Ok(read) = read(place.step, wait, result) {
        walk.callers = callers;
        walk.session.stack.clear();
        let target = walk.spend(place.flow, place.step, read);
        walk.run(place.flow, target, None);
    }
}

/// A result that fits.
struct Read<'r> {
    result: &'r Json,
    /// The place of its outcome in `when`.
    outcome: usize,
    /// What is kept of it.
    values: Vec<(String, Value)>,
}

/// Reads a result as a step needs it, or says in words why that cannot be.
fn read<'r>(step: &Step, wait: &WaitFor, result: &'r Json) -> Result<Read<'r>, String> {
    let outcome = result.get(OUTCOME).and_then(Json::as_str).unwrap_or_default();
    let Some(outcome) = step.when.iter().position(|(key, _)| key == outcome) else {
        let outcomes: Vec<&str> = step.when.iter().map(|(key, _)| key.as_str()).collect();
        return Err(format!("`outcome` must be one of: {}", outcomes.join(", ")));
    };
    let values = kept::of(&wait.keep, result.to_string().as_bytes());
    let values = values.map_err(|why| why.replace("the answer", "the result"))?;
    Ok(Read { result, outcome, values })
}

impl<'a> Walk<'a> {
    /// Begins to wait for a callback. A result that came early moves the
    /// conversation on at once: then it returns where to.
    pub(super) fn wait_for(
        &mut self,
        flow: &'a Flow,
        step: &'a Step,
        wait: &'a WaitFor,
    ) -> Option<Target> {
        self.session.tries = 0;
        let fresh = self.callbacks.fresh;
        let new = || Callback { name: fresh.to_owned(), early: None };
        if let Some(result) = self.session.callback.get_or_insert_with(new).early.take() {
            match read(step, wait, &result) {
                Ok(read) => return Some(self.spend(flow, step, read)),
                Err(_) => self
                    .notes
                    .push(Note::ResultDropped { flow: flow.name.clone(), step: step.name.clone() }),
            }
        }
        self.wait(flow, step);
        None
    }

    /// Spends the callback on a result that fits, and returns where that leads.
    fn spend(&mut self, flow: &Flow, step: &Step, read: Read<'_>) -> Target {
        let Read { result, outcome, values } = read;
        if let Some(Callback { name, .. }) = self.session.callback.take() {
            self.has_shown.set(false);
            self.effects.push(Effect::Spend { callback: name, result: result.clone() });
        }
        let mut room = self.room(None);
        for (variable, value) in values {
            self.keep((flow, step), &variable, value, &mut room);
        }
        let (key, target) = match step.when.get(outcome) {
            Some((key, target)) => (key.as_str(), target.clone()),
            // The outcome was found there.
            None => ("", step.next.clone()),
        };
        self.witness.rule(Rule::CalledBack { flow, step, outcome: key });
        self.witness.branch(flow, step, Branch::When(outcome));
        target
    }

    /// Says the `meanwhile` of a step that still waits for a callback.
    pub(super) fn stay_at_callback(&mut self, place: Place<'a>, wait: &'a WaitFor) {
        let Place { flow, step, .. } = place;
        if let Some(text) = &wait.meanwhile {
            self.witness.branch(flow, step, Branch::Meanwhile);
            self.say_outside(flow, text);
        }
        self.stay(flow, step, self.session.asked);
    }

    /// Gives the conversation the callback that a text of this turn has shown.
    pub(super) fn keep_shown_callback(&mut self) {
        if self.has_shown.get() && self.session.callback.is_none() {
            let name = self.callbacks.fresh.to_owned();
            self.session.callback = Some(Callback { name, early: None });
        }
    }
}
