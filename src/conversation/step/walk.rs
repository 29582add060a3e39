//! Runs a flow from step to step until it waits or ends.

use jiff::{SignedDuration, Timestamp};

use super::place::Place;
use super::scope::TurnScope;
use crate::conversation::Value;
use crate::conversation::answer::option_line;
use crate::conversation::coverage::Way;
use crate::conversation::flow::{Ask, Flow, Kind, MAX_TURN_STEPS, Step, Target, Verb};
use crate::conversation::reply::Replies;
use crate::conversation::session::{Ended, Note, Session, State, Turn, outcome};
use crate::conversation::template::Template;
use crate::conversation::witness::Witness;
use crate::message::Message;

/// One turn on its way.
pub(super) struct Walk<'a> {
    pub(super) message: &'a Message,
    pub(super) now: Timestamp,
    pub(super) session: Session,
    pub(super) replies: Replies,
    pub(super) ended: Vec<Ended>,
    pub(super) notes: Vec<Note>,
    pub(super) witness: &'a mut dyn Witness,
}

impl Walk<'_> {
    /// What came of it.
    pub(super) fn into_turn(mut self) -> Turn {
        let (replies, dropped) = self.replies.into_messages();
        if dropped > 0 {
            self.notes.push(Note::MessagesDropped(dropped));
        }
        Turn { session: self.session, replies, ended: self.ended, notes: self.notes }
    }

    /// Begins a flow at its first step, with no answers.
    pub(super) fn begin(&mut self, flow: &Flow) {
        self.session = Session {
            flow: Some(flow.name.clone()),
            began_at: Some(self.now),
            ..Session::default()
        };
        self.run(flow, Target::Step(0), None);
    }

    /// Goes on from a target. Where a command led away from a question, a step
    /// with `resume` leads back to it.
    pub(super) fn run(&mut self, flow: &Flow, mut target: Target, away_from: Option<Place>) {
        for _ in 0..MAX_TURN_STEPS {
            let Target::Step(id) = target else { break };
            let Some(step) = flow.steps.get(id) else { break };
            self.witness.way(flow, step, Way::Reached);
            match &step.verb {
                Verb::Ask(ask) => {
                    self.session.tries = 0;
                    self.ask(flow, step, ask);
                    return self.wait(flow, step);
                }
                Verb::Say(text) => {
                    let text = text.render(&self.scope(flow));
                    self.replies.say(text, self.media(flow, step));
                }
                Verb::Set(variables) => {
                    for (variable, template) in variables {
                        let value = template.value(&self.scope(flow));
                        self.keep(variable, value);
                    }
                }
                Verb::Branch => {}
            }
            if let Some(place) = away_from.filter(|_| step.resume) {
                return self.ask_again(place);
            }
            target = self.way_on(flow, step);
        }
        match target {
            Target::End(outcome) => self.end(&outcome),
            // No flow that loaded comes here; one that did must not hold its person for ever.
            Target::Step(_) => self.end(outcome::COMPLETED),
        }
    }

    /// Asks the question at hand once more; its tries go on.
    pub(super) fn ask_again(&mut self, place: Place) {
        self.ask(place.flow, place.step, place.ask);
        self.wait(place.flow, place.step);
    }

    /// An answer that is none: complains, asks again, or gives up.
    pub(super) fn reject(&mut self, place: Place) {
        let Place { flow, step, ask } = place;
        self.session.tries = self.session.tries.saturating_add(1);
        match (&ask.on_fail, &ask.error) {
            (Some(on_fail), _) if self.session.tries >= on_fail.tries => {
                self.witness.way(flow, step, Way::Failed);
                self.run(flow, on_fail.target.clone(), None);
            }
            (_, Some(error)) => {
                self.witness.way(flow, step, Way::Error);
                let text = with_options(error.render(&self.scope(flow)), ask);
                self.replies.say(text, Vec::new());
                self.wait(flow, step);
            }
            (_, None) => self.ask_again(place),
        }
    }

    /// Goes on from a question that got this answer.
    pub(super) fn leave_question(&mut self, place: Place, answer: &str) {
        let Place { flow, step, .. } = place;
        self.witness.way(flow, step, Way::Answered);
        let decided = (0..).zip(&step.when).find(|(_, (expected, _))| expected == answer);
        let target = match decided {
            Some((at, (_, target))) => {
                self.witness.way(flow, step, Way::When(at));
                target.clone()
            }
            None => self.way_on(flow, step),
        };
        self.run(flow, target, None);
    }

    /// Keeps an answer.
    pub(super) fn keep(&mut self, variable: &str, value: Value) {
        self.session.answers.insert(variable.to_owned(), value);
    }

    /// Says a text of a flow that is not at one of its steps.
    pub(super) fn say_outside(&mut self, flow: &Flow, text: &Template) {
        let text = text.render(&self.scope(flow));
        self.replies.say(text, Vec::new());
    }

    /// Ends the conversation.
    pub(super) fn end(&mut self, outcome: &str) {
        self.ended.push(super::end(&mut self.session, outcome, self.now));
    }

    /// Where a step leads if no `when` decided.
    fn way_on(&mut self, flow: &Flow, step: &Step) -> Target {
        let scope = self.scope(flow);
        let branch = step.branches.iter().position(|(condition, _)| condition.is_true(&scope));
        let (way, target) = match branch.and_then(|at| Some((at, step.branches.get(at)?))) {
            Some((at, (_, target))) => (Way::If(at), target),
            None => (Way::Next, &step.next),
        };
        self.witness.way(flow, step, way);
        target.clone()
    }

    fn ask(&mut self, flow: &Flow, step: &Step, ask: &Ask) {
        let text = with_options(ask.text.render(&self.scope(flow)), ask);
        self.replies.say(text, self.media(flow, step));
    }

    fn wait(&mut self, flow: &Flow, step: &Step) {
        self.session.state = State::Waiting(step.name.clone());
        let silence = SignedDuration::try_from(flow.expire).unwrap_or(SignedDuration::MAX);
        self.session.expires_at = Some(self.now.saturating_add(silence).unwrap_or(Timestamp::MAX));
    }

    fn media(&self, flow: &Flow, step: &Step) -> Vec<String> {
        let scope = self.scope(flow);
        step.media.iter().map(|address| address.render(&scope)).collect()
    }

    fn scope<'s>(&'s self, flow: &'s Flow) -> TurnScope<'s> {
        TurnScope { flow, message: self.message, now: self.now, answers: &self.session.answers }
    }
}

/// A question with its options below, one a line.
fn with_options(mut text: String, ask: &Ask) -> String {
    if let Kind::Options(choices) = &ask.answer.kind {
        for (number, choice) in (1..).zip(choices) {
            text.push('\n');
            text.push_str(&option_line(number, choice));
        }
    }
    text
}
