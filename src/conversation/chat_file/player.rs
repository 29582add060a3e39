//! Plays a chat file against the flows.

use jiff::Timestamp;

use super::callbacks::CalledBack;
use super::difference::Difference;
use super::line::{Action, Expected, ExpectedRequest, Line};
use super::mismatch::Mismatch;
use super::near;
use super::phone::{Phone, Said};
use super::position::Position;
use super::requests;
use super::written::{SILENCE, written_reply, written_state, written_variable};
use super::{ChatFile, Deployments};
use crate::conversation::Value;
use crate::conversation::coverage::Coverage;
use crate::conversation::flow::Flows;
use crate::conversation::session::State;

/// The result of playing a chat file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The first line at which the conversation differs, if any. The lines
    /// after a mismatch were not played.
    pub mismatch: Option<Mismatch>,
    /// The branches that the chat took, up to its first `@deploy`. After that,
    /// other flows run than those that are checked.
    pub coverage: Coverage,
}

/// Plays a chat file as an unknown person.
#[must_use]
pub fn run(flows: &Flows, chat: &ChatFile, deployments: &Deployments) -> Report {
    let mut player = Player {
        flows,
        deployments,
        chat,
        phone: Phone::default(),
        last_reply: Vec::new(),
        coverage: Coverage::default(),
        is_deployed: false,
    };
    let mismatch = chat.lines.iter().find_map(|line| player.play(line).err());
    let mismatch = mismatch.or_else(|| player.check_left_over().err());
    Report { mismatch: mismatch.map(|mismatch| *mismatch), coverage: player.coverage }
}

struct Player<'a> {
    flows: &'a Flows,
    deployments: &'a Deployments,
    chat: &'a ChatFile,
    phone: Phone,
    /// The reply to the last message.
    last_reply: Vec<String>,
    coverage: Coverage,
    is_deployed: bool,
}

type Outcome = Result<(), Box<Mismatch>>;

impl Player<'_> {
    fn play(&mut self, line: &Line) -> Outcome {
        let (number, requests) = (line.number, &line.requests);
        match &line.action {
            Action::Say { said, expected } => {
                self.say(said);
                self.check_requests(number, requests)?;
                self.check_reply(number, expected)
            }
            Action::Redeliver { expected } => self.redeliver(number, expected),
            Action::Wait { time, expected } => {
                self.wait_until(number, self.phone.later(*time), requests, expected)
            }
            Action::Clock { time, expected } => {
                let until = self.phone.next(self.flows, *time);
                self.wait_until(number, until, requests, expected)
            }
            Action::Call(canned) => {
                self.phone.expect_call(canned.clone());
                Ok(())
            }
            Action::CallBack { called, expected } => {
                self.call_back(number, called, requests, expected)
            }
            Action::Switch(channel) => {
                self.phone.switch_to(*channel);
                Ok(())
            }
            Action::Deploy(file) => self.deploy(number, file),
            Action::IsIn(state) => self.check_state(number, state),
            Action::Holds { variable, value } => self.check_variable(number, variable, value),
        }
    }

    /// Returns the value of a variable of the current flow.
    fn held(&self, variable: &str) -> Option<Value> {
        let session = self.phone.session();
        let flow = session.flow.as_deref().and_then(|name| self.flows.get(name));
        match flow.filter(|flow| flow.is_language(variable)) {
            Some(flow) => flow.language(session.language.as_deref()).map(Value::from),
            None => session.answers.get(variable).cloned(),
        }
    }

    /// Lets time pass. What comes in it must be expected.
    fn wait_until(
        &mut self,
        number: usize,
        until: Timestamp,
        requests: &[ExpectedRequest],
        expected: &[Expected],
    ) -> Outcome {
        let passed = if self.is_deployed {
            self.phone.wait_until(self.flows, until, &mut ())
        } else {
            self.phone.wait_until(self.flows, until, &mut self.coverage)
        };
        self.check_requests(number, requests)?;
        self.check(number, expected, &written_reply(&passed.texts))
    }

    /// Lets a third party call back. What comes then must be expected, and the
    /// answer must have the status that the line says.
    fn call_back(
        &mut self,
        number: usize,
        called: &CalledBack,
        requests: &[ExpectedRequest],
        expected: &[Expected],
    ) -> Outcome {
        let (passed, answered) = if self.is_deployed {
            self.phone.call_back_seen(self.flows, called, &mut ())
        } else {
            self.phone.call_back_seen(self.flows, called, &mut self.coverage)
        };
        if answered.status != called.status {
            let position = Position { line: number, column: 1 };
            let message = format!("the callback is answered with {}", answered.status);
            let mut mismatch = self.mismatch(position, &message, Difference::default());
            mismatch.notes.push(answered.why);
            mismatch.notes.extend(near::callback(self.flows, &called.name));
            return Err(mismatch);
        }
        self.check_requests(number, requests)?;
        self.check(number, expected, &written_reply(&passed.texts))
    }

    /// Compares the requests that were made with their expected lines. Each call
    /// must have an answer.
    fn check_requests(&mut self, number: usize, expected: &[ExpectedRequest]) -> Outcome {
        let made = self.phone.take_requests();
        let position = Position { line: number, column: 1 };
        if let Some(request) = self.phone.open_call() {
            let step = &request.call.step;
            let message = format!("`{step}` makes a call, and no `@call` says what it gets");
            let mut mismatch = self.mismatch(position, &message, Difference::default());
            mismatch.notes.push(format!("the request is `{}`", request.shown()));
            mismatch.notes.push(format!(
                "write `@call {step} 200 {{…}}` above this line, or `timeout` or `refused` in place of the status and the body"
            ));
            return Err(mismatch);
        }
        let (lines, came) = requests::compared(expected, &made);
        if expected.is_empty() || lines.iter().map(|(_, line)| line).eq(&came) {
            return Ok(());
        }
        let difference = Difference::between(&lines, &came);
        let position = difference.position().unwrap_or(position);
        let message = match (expected.len(), made.len()) {
            (_, 0) => "no request was made",
            (expected, made) if expected < made => "more requests were made",
            (expected, made) if expected > made => "fewer requests were made",
            _ => "the request differs",
        };
        Err(self.mismatch(position, message, difference))
    }

    /// Reports an answer that no call took.
    fn check_left_over(&self) -> Outcome {
        let Some(canned) = self.phone.calls_left().next() else { return Ok(()) };
        let position = Position { line: canned.line, column: 1 };
        let message = format!("no call of `{}` took this answer", canned.step);
        let mut mismatch = self.mismatch(position, &message, Difference::default());
        mismatch.notes.push(near::call(self.flows, &canned.step));
        Err(mismatch)
    }

    fn say(&mut self, said: &Said) {
        let heard = if self.is_deployed {
            self.phone.say(self.flows, said)
        } else {
            self.phone.say_seen(self.flows, said, &mut self.coverage)
        };
        self.last_reply = written_reply(&heard.replies);
    }

    /// Delivers the same message again. Whatever lines stand below it, the same
    /// reply must come, and nothing may move.
    fn redeliver(&mut self, number: usize, expected: &[Expected]) -> Outcome {
        let before = self.phone.clone();
        let heard = self.phone.redeliver(self.flows).unwrap_or_default();
        let reply = written_reply(&heard.replies);
        let first = std::mem::replace(&mut self.last_reply, reply);
        let position = Position { line: number, column: 1 };
        if first != self.last_reply {
            let message = "the same message got a different reply when it arrived again";
            let difference = Difference::between(&numbered(number, &first), &self.last_reply);
            return Err(self.mismatch(position, message, difference));
        }
        if !self.phone.stands_as(&before) {
            let message = "the same message moved the conversation when it arrived again";
            let state = |phone: &Phone| written_state(&phone.session().state);
            let stood = [(number, state(&before))];
            let difference = Difference::between(&stood, &[state(&self.phone)]);
            return Err(self.mismatch(position, message, difference));
        }
        if expected.is_empty() { Ok(()) } else { self.check_reply(number, expected) }
    }

    fn deploy(&mut self, number: usize, file: &str) -> Outcome {
        if let Some(flows) = self.deployments.get(file) {
            self.flows = flows;
            self.is_deployed = true;
            return Ok(());
        }
        let message = format!("`{file}` was not given to this chat file");
        let position = Position { line: number, column: 1 };
        Err(self.mismatch(position, &message, Difference::default()))
    }

    /// Compares the last reply with its expected lines. `said_at` is the line
    /// of the message that it answers.
    fn check_reply(&self, said_at: usize, expected: &[Expected]) -> Outcome {
        self.check(said_at, expected, &self.last_reply)
    }

    /// Compares what came with its expected lines.
    fn check(&self, said_at: usize, expected: &[Expected], got: &[String]) -> Outcome {
        let silence = matches!(expected, [Expected { written, .. }] if written == SILENCE);
        let lines: &[Expected] = if silence { &[] } else { expected };
        if lines.iter().map(|line| &line.written).eq(got) {
            return Ok(());
        }
        let written: Vec<(usize, String)> =
            expected.iter().map(|line| (line.number, line.written.clone())).collect();
        let silent = [SILENCE.to_owned()];
        let difference = Difference::between(&written, if got.is_empty() { &silent } else { got });
        let message = match (lines, got) {
            ([], _) => "a reply came, but none is expected here",
            (_, []) => "no reply came",
            _ if difference.is_hidden => "the reply looks the same, but differs",
            _ if starts_as(lines, got) => "the reply continues",
            _ if got.len() < lines.len() && starts_as(&lines[..got.len()], got) => {
                "the reply ends earlier"
            }
            _ => "the reply differs",
        };
        let position = difference.position().unwrap_or(Position { line: said_at, column: 1 });
        Err(self.mismatch(position, message, difference))
    }

    fn check_state(&self, number: usize, expected: &State) -> Outcome {
        let names_flow = matches!(expected, State::Waiting(step) if step.contains('/'));
        let session = self.phone.session();
        let state = &match (&session.state, &session.flow) {
            (State::Waiting(step), Some(flow)) if names_flow => {
                State::Waiting(format!("{flow}/{step}"))
            }
            (state, _) => state.clone(),
        };
        if expected == state {
            return Ok(());
        }
        let difference =
            Difference::between(&[(number, written_state(expected))], &[written_state(state)]);
        let message = match state {
            State::Initial => "nothing has begun".to_owned(),
            State::Waiting(step) => format!("the conversation waits at `{step}`"),
            State::Ended(outcome) => format!("the conversation ended with `{outcome}`"),
        };
        let position = Position { line: number, column: 1 };
        let mut mismatch = self.mismatch(position, &message, difference);
        mismatch.notes.extend(near::state(self.flows, expected));
        Err(mismatch)
    }

    fn check_variable(&self, number: usize, variable: &str, value: &str) -> Outcome {
        let answers = &self.phone.session().answers;
        let held = self.held(variable).map(|value| value.to_string());
        if held.as_deref().is_some_and(|held| held.trim() == value) {
            return Ok(());
        }
        let written = [(number, written_variable(variable, value))];
        let position = Position { line: number, column: 1 };
        let Some(held) = held else {
            let message = format!("`{variable}` is not set");
            let mut mismatch =
                self.mismatch(position, &message, Difference::between(&written, &[]));
            mismatch.notes.extend(near::variable(self.flows, answers, variable));
            return Err(mismatch);
        };
        let difference = Difference::between(&written, &[written_variable(variable, &held)]);
        let position = difference.position().unwrap_or(position);
        Err(self.mismatch(position, &format!("`{variable}` has a different value"), difference))
    }

    fn mismatch(&self, position: Position, message: &str, difference: Difference) -> Box<Mismatch> {
        Box::new(Mismatch::new(&self.chat.source, position, message, difference))
    }
}

fn starts_as(lines: &[Expected], got: &[String]) -> bool {
    got.iter().take(lines.len()).eq(lines.iter().map(|line| &line.written))
}

/// Numbers lines that together belong to one line of the file.
fn numbered(line: usize, lines: &[String]) -> Vec<(usize, String)> {
    lines.iter().map(|text| (line, text.clone())).collect()
}
