//! Runs a flow from step to step until it waits or ends, into its sub-flows and
//! back.

use std::cell::Cell;

use jiff::Timestamp;

use super::aside::Aside;
use super::due;
use super::effects;
use super::place::{Caller, Place, Waits};
use super::relabel::relabel;
use super::scope::TurnScope;
use super::settle::end;
use crate::conversation::answer::with_options;
use crate::conversation::attachment::Attachment;
use crate::conversation::event::{Contact, Effect};
use crate::conversation::flow::{Ask, Branch, Flow, Flows, MAX_TURN_STEPS, Step, Target, Verb};
use crate::conversation::moment::Callbacks;
use crate::conversation::reply::{MAX_SAID, Replies};
use crate::conversation::session::{Ended, Note, Session, State, Turn, outcome};
use crate::conversation::template::Template;
use crate::conversation::witness::Witness;
use crate::conversation::{Answers, Value};

/// One turn in progress.
pub(super) struct Walk<'a> {
    pub(super) flows: &'a Flows,
    pub(super) contact: Contact<'a>,
    pub(super) now: Timestamp,
    /// Where third parties can call back.
    pub(super) callbacks: Callbacks<'a>,
    /// Whether a text has shown the callback of the conversation, which is new
    /// if there is none yet.
    pub(super) has_shown: Cell<bool>,
    /// Its answers are those of the current flow. Its stack is written when a
    /// question waits.
    pub(super) session: Session,
    /// The flows around the current one, outermost first.
    pub(super) callers: Vec<Caller<'a>>,
    pub(super) replies: Replies,
    pub(super) ended: Vec<Ended>,
    pub(super) notes: Vec<Note>,
    /// Whether the turn answers a message. Only then does the silence of the
    /// person restart.
    pub(super) answers_message: bool,
    /// If what is said is a nudge: until when it is worth sending.
    pub(super) nudged: Option<Timestamp>,
    /// Whether the turn ended at a question.
    pub(super) asks: bool,
    /// What it asks of the outside beside texts.
    pub(super) effects: Vec<Effect>,
    /// The outcome of a conversation that runs to its end.
    pub(super) completed: &'static str,
    pub(super) witness: &'a mut dyn Witness,
}

impl<'a> Walk<'a> {
    /// Returns the finished turn.
    pub(super) fn into_turn(mut self) -> Turn {
        if matches!(self.session.state, State::Waiting(_)) {
            self.keep_shown_callback();
        }
        let (mut replies, dropped) = self.replies.into_messages();
        if dropped > 0 {
            self.notes.push(Note::MessagesDropped(dropped));
        }
        self.session.wakes_at = due::wakes_at(self.flows, &self.session);
        let mut effects = if self.answers_message {
            Vec::new()
        } else {
            effects::texts(std::mem::take(&mut replies), self.nudged, self.asks, self.now)
        };
        effects.append(&mut self.effects);
        Turn { session: self.session, replies, ended: self.ended, notes: self.notes, effects }
    }

    /// Begins a conversation at a flow's first step, without answers, in this
    /// language or that of the previous conversation.
    pub(super) fn begin(&mut self, flow: &'a Flow, language: Option<&str>) {
        let before = self.session.language.take();
        self.session = Session {
            flow: Some(flow.name.clone()),
            since: Some(self.now),
            language: language.map(str::to_owned).or(before),
            ..Session::default()
        };
        self.run(flow, Target::Step(0), None);
    }

    /// Begins the current flow again. The flows around it stay as they are.
    pub(super) fn restart(&mut self, flow: &'a Flow) {
        if self.callers.is_empty() {
            return self.begin(flow, None);
        }
        self.session.answers.clear();
        self.run(flow, Target::Step(0), None);
    }

    /// Leaves the sub-flows of the flow at this depth, which becomes the
    /// current one. Returns that flow and the way back.
    pub(super) fn leave_subflows(
        &mut self,
        place: Place<'a>,
        depth: usize,
    ) -> (&'a Flow, Aside<'a>) {
        let language = self.session.language.clone();
        let mut left = self.callers.split_off(depth.min(self.callers.len()));
        let Some(outermost) = left.first_mut() else {
            return (place.flow, Aside { place, left, answers: Answers::new(), language });
        };
        let flow = outermost.flow;
        let own = std::mem::take(&mut outermost.answers);
        let answers = std::mem::replace(&mut self.session.answers, own);
        (flow, Aside { place, left, answers, language })
    }

    /// Returns to the question that a command led away from, and to its
    /// sub-flows.
    fn resume(&mut self, aside: Aside<'a>) {
        let Aside { place: before, mut left, mut answers, language } = aside;
        // The language may have been changed in between.
        let (from, to) = (language.as_deref(), self.session.language.as_deref());
        let place = Place::new(before.flow, before.id, to).unwrap_or(before);
        if from != to {
            relabel(before.flow, &mut answers, from, to);
            for caller in &mut left {
                relabel(caller.flow, &mut caller.answers, from, to);
            }
        }
        if let Some(outermost) = left.first_mut() {
            outermost.answers = std::mem::replace(&mut self.session.answers, answers);
            self.callers.append(&mut left);
        }
        self.ask_again(place);
    }

    /// Continues at a target. If a command led away from a question, a step
    /// with `resume` leads back to it.
    pub(super) fn run(
        &mut self,
        mut flow: &'a Flow,
        mut target: Target,
        mut aside: Option<Aside<'a>>,
    ) {
        let mut left = MAX_TURN_STEPS;
        while left > 0 {
            left -= 1;
            let depth = self.callers.len();
            let Some((at, step)) = self.come_to(flow, target) else { return };
            if self.callers.len() < depth {
                // The sub-flow that had the command has ended.
                aside = None;
            }
            flow = at;
            self.witness.branch(flow, step, Branch::Reached);
            match &step.verb {
                Verb::Ask(ask) => {
                    self.session.tries = 0;
                    self.ask(flow, step, ask);
                    return self.wait(flow, step);
                }
                Verb::Say(text) => {
                    let text = text.render(&self.scope(flow), MAX_SAID);
                    self.replies.say(text, self.media(flow, step));
                }
                Verb::Set(variables) => {
                    let mut room = self.room(aside.as_ref());
                    for (variable, template) in variables {
                        let value = template.value(&self.scope(flow), Value::MAX_BYTES);
                        self.keep((flow, step), variable, value, &mut room);
                    }
                }
                Verb::Run(run) => {
                    // The question that was left is forgotten, since others
                    // follow.
                    aside = None;
                    if let Some(subflow) = self.flows.get(&run.flow) {
                        let answers = std::mem::take(&mut self.session.answers);
                        self.callers.push(Caller { flow, step, run, answers });
                        flow = subflow;
                        target = Target::Step(0);
                        continue;
                    }
                    // A loaded flow never gets here.
                }
                Verb::Call(call) => {
                    // An answer remembers no question that was left.
                    aside = None;
                    match self.call(flow, step, call) {
                        Some(failed) => target = failed,
                        None => return,
                    }
                    continue;
                }
                Verb::WaitFor(wait) => {
                    aside = None;
                    match self.wait_for(flow, step, wait) {
                        // An early result is there once at most, and begins a
                        // turn of its own.
                        Some(on) => (target, left) = (on, MAX_TURN_STEPS),
                        None => return,
                    }
                    continue;
                }
                Verb::Branch => {}
            }
            if step.resume
                && let Some(aside) = aside.take()
            {
                return self.resume(aside);
            }
            target = self.way_on(flow, step);
        }
        // A loaded flow never gets to a further step. If one did, it must not
        // hold its person forever.
        if let Some((flow, _)) = self.come_to(flow, target) {
            self.end(flow, outcome::COMPLETED);
        }
    }

    /// Returns the step of a target. If the current flow ends, the one around
    /// it continues. `None` means that the conversation is over.
    fn come_to(&mut self, mut flow: &'a Flow, mut target: Target) -> Option<(&'a Flow, &'a Step)> {
        loop {
            let outcome = match target {
                Target::Step(id) => match flow.steps_in(self.language()).get(id) {
                    Some(step) => return Some((flow, step)),
                    None => outcome::COMPLETED.to_owned(),
                },
                Target::End(outcome) => outcome,
            };
            let Some(caller) = self.callers.pop() else {
                let is_complete = outcome == outcome::COMPLETED;
                self.end(flow, if is_complete { self.completed } else { &outcome });
                return None;
            };
            flow = caller.flow;
            target = self.come_back(caller, outcome);
        }
    }

    /// Takes over the results of a sub-flow that has ended, and returns where
    /// its caller continues.
    fn come_back(&mut self, caller: Caller<'a>, outcome: String) -> Target {
        let Caller { flow, step, run, answers } = caller;
        let theirs = std::mem::replace(&mut self.session.answers, answers);
        let mut room = self.room(None);
        for (ours, their) in &run.keep {
            if let Some(answer) = theirs.get(their) {
                self.keep((flow, step), ours, answer.clone(), &mut room);
            }
        }
        let mut when = (0..).zip(&step.when);
        if let Some((at, (_, target))) = when.find(|(_, (expected, _))| *expected == outcome) {
            self.witness.branch(flow, step, Branch::When(at));
            return target.clone();
        }
        if step.passes_on(&outcome) { Target::End(outcome) } else { self.way_on(flow, step) }
    }

    /// Asks the current question again. Its tries keep counting. A call is not
    /// made again, and a callback stays the same: what comes of them still counts.
    pub(super) fn ask_again(&mut self, place: Place<'a>) {
        match place.waits {
            Waits::Ask(ask) => {
                self.ask(place.flow, place.step, ask);
                self.wait(place.flow, place.step);
            }
            Waits::Call(call) => self.stay_at_call(place, call),
            Waits::Callback(wait) => self.stay_at_callback(place, wait),
        }
    }

    /// Handles an invalid answer: says the error, asks again, or gives up.
    pub(super) fn reject(
        &mut self,
        place: Place<'a>,
        ask: &'a Ask,
        attachment: Option<Attachment>,
    ) {
        let Place { flow, step, .. } = place;
        self.session.tries = self.session.tries.saturating_add(1);
        let error = attachment.and_then(|kind| ask.attachment_text(kind));
        let error = error.or(ask.error.as_ref().map(|error| (Branch::Error, error)));
        match (&ask.on_fail, error) {
            (Some(on_fail), _) if self.session.tries >= on_fail.tries => {
                self.witness.branch(flow, step, Branch::Failed);
                self.run(flow, on_fail.target.clone(), None);
            }
            (_, Some((branch, error))) => {
                self.witness.branch(flow, step, branch);
                let text =
                    with_options(error.render(&self.scope(flow), MAX_SAID), &ask.answer.kind);
                self.replies.say(text, Vec::new());
                self.wait(flow, step);
            }
            (_, None) => self.ask_again(place),
        }
    }

    /// Continues after a question that got this answer.
    pub(super) fn leave_question(&mut self, place: Place<'a>, answer: &str) {
        let Place { flow, step, .. } = place;
        self.witness.branch(flow, step, Branch::Answered);
        let decided = (0..).zip(&step.when).find(|(_, (expected, _))| expected == answer);
        let target = match decided {
            Some((at, (_, target))) => {
                self.witness.branch(flow, step, Branch::When(at));
                target.clone()
            }
            None => self.way_on(flow, step),
        };
        self.run(flow, target, None);
    }

    /// Returns the language of the conversation.
    pub(super) fn language(&self) -> Option<&str> {
        self.session.language.as_deref()
    }

    /// Says a text of a flow that belongs to no step.
    pub(super) fn say_outside(&mut self, flow: &Flow, text: &Template) {
        let text = text.render(&self.scope(flow), MAX_SAID);
        self.replies.say(text, Vec::new());
    }

    /// Ends the conversation, with the outermost of its flows.
    fn end(&mut self, flow: &Flow, outcome: &str) {
        self.session.flow = Some(flow.name.clone());
        self.write_stack();
        self.ended.push(end(&mut self.session, outcome, self.now));
    }

    /// Returns where a step leads if no `when` decided.
    pub(super) fn way_on(&mut self, flow: &Flow, step: &Step) -> Target {
        let scope = self.scope(flow);
        let branch = step.branches.iter().position(|(condition, _)| condition.is_true(&scope));
        let (branch, target) = match branch.and_then(|at| Some((at, step.branches.get(at)?))) {
            Some((at, (_, target))) => (Branch::If(at), target),
            None => (Branch::Next, &step.next),
        };
        self.witness.branch(flow, step, branch);
        target.clone()
    }

    fn ask(&mut self, flow: &Flow, step: &Step, ask: &Ask) {
        let text = with_options(ask.text.render(&self.scope(flow), MAX_SAID), &ask.answer.kind);
        self.replies.say(text, self.media(flow, step));
    }

    fn media(&self, flow: &Flow, step: &Step) -> Vec<String> {
        let scope = self.scope(flow);
        step.media.iter().map(|address| address.render(&scope, Value::MAX_BYTES)).collect()
    }

    pub(super) fn scope<'s>(&'s self, flow: &'s Flow) -> TurnScope<'s> {
        TurnScope {
            flow,
            contact: self.contact,
            now: self.now,
            callbacks: self.callbacks,
            callback: self.session.callback.as_ref().map(|callback| callback.name.as_str()),
            has_shown: &self.has_shown,
            answers: &self.session.answers,
            language: self.language(),
        }
    }
}
