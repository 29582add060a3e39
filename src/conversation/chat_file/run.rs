//! Plays a chat file against the flows.

use jiff::{SignedDuration, Timestamp};

use super::{Action, ChatFile, Expected, NEXT_MESSAGE, Said};
use crate::conversation::coverage::Coverage;
use crate::conversation::flow::Flows;
use crate::conversation::session::{Answers, Session, State};
use crate::conversation::step::step_seen;
use crate::message::{Channel, Message, Reply};

/// Who speaks in chat files; a number that nobody has.
const PERSON: &str = "+14155550100";

/// The bot's number in chat files.
const BOT: &str = "+14155550199";

/// When every chat begins: 2026-01-05, a Monday, 09:00 UTC.
const BEGINNING: i64 = 1_767_603_600;

/// How a chat file went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The first line at which the conversation went another way; `None` where
    /// all went as written. What follows a mismatch was not played.
    pub mismatch: Option<Mismatch>,
    /// What the chat went through.
    pub coverage: Coverage,
}

/// A line that the conversation did not keep to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The chat file's line, counted from 1.
    pub line: usize,
    /// What it says, and its neighbours, as a chat file writes it.
    pub expected: String,
    /// What came, written likewise.
    pub got: String,
}

/// Plays a chat file, from a person of whom nothing is known.
#[must_use]
pub fn run(flows: &Flows, chat: &ChatFile) -> Report {
    let mut player = Player {
        flows,
        now: Timestamp::from_second(BEGINNING).unwrap_or_default(),
        channel: Channel::Sms,
        session: Session::default(),
        last_reply: Vec::new(),
        messages: 0,
        coverage: Coverage::default(),
    };
    let mismatch = chat.lines.iter().find_map(|line| player.play(line.number, &line.action).err());
    Report { mismatch, coverage: player.coverage }
}

struct Player<'a> {
    flows: &'a Flows,
    now: Timestamp,
    channel: Channel,
    session: Session,
    /// The reply to the last message, which a repetition of it gets again.
    last_reply: Vec<String>,
    messages: u64,
    coverage: Coverage,
}

impl Player<'_> {
    fn play(&mut self, number: usize, action: &Action) -> Result<(), Mismatch> {
        match action {
            Action::Say { said, expected } => {
                self.say(said);
                check_reply(number, expected, &self.last_reply)
            }
            // Who keeps the session remembers message ids and their replies, so
            // nothing moves; an `@redeliver` without `<` lines claims no more.
            Action::Redeliver { expected } if expected.is_empty() => Ok(()),
            Action::Redeliver { expected } => check_reply(number, expected, &self.last_reply),
            Action::Wait(time) => {
                let time = SignedDuration::try_from(*time).unwrap_or(SignedDuration::MAX);
                self.now = self.now.saturating_add(time).unwrap_or(Timestamp::MAX);
                Ok(())
            }
            Action::Switch(channel) => {
                self.channel = *channel;
                Ok(())
            }
            Action::IsIn(state) => {
                check(number, written_state(state), written_state(&self.session.state))
            }
            Action::Holds { variable, value } => {
                let held = self.session.answers.get(variable).map_or_else(
                    || format!("? {variable} is not set"),
                    |held| written_variable(variable, &held.to_string()),
                );
                check(number, written_variable(variable, value), held)
            }
        }
    }

    fn say(&mut self, said: &Said) {
        self.messages += 1;
        let prefix = if self.channel == Channel::Whatsapp { "whatsapp:" } else { "" };
        let id = format!("SM{:032x}", self.messages);
        let (from, to) = (format!("{prefix}{PERSON}"), format!("{prefix}{BOT}"));
        let message = Message {
            media: said.media.clone(),
            location: said.location.clone(),
            button: said.button.clone(),
            ..Message::text(&id, &from, &to, &said.text).expect("a phone number is an address")
        };
        let turn = step_seen(self.flows, &self.session, &message, self.now, &mut self.coverage);
        self.session = Session { answers: stored(turn.session.answers), ..turn.session };
        self.last_reply = written_reply(&turn.replies);
    }
}

/// Answers as the database gives them back, which keeps them as JSON: so a
/// flow that only works while they are in memory fails here, too.
fn stored(answers: Answers) -> Answers {
    serde_json::to_string(&answers).and_then(|json| serde_json::from_str(&json)).unwrap_or(answers)
}

fn check(line: usize, expected: String, got: String) -> Result<(), Mismatch> {
    if expected == got { Ok(()) } else { Err(Mismatch { line, expected, got }) }
}

/// Compares a reply with the lines that were expected of it. `said_at` is the
/// line of the message that it answers.
fn check_reply(said_at: usize, expected: &[Expected], got: &[String]) -> Result<(), Mismatch> {
    let silence = matches!(expected, [Expected { written, .. }] if written == "<");
    let lines: &[Expected] = if silence { &[] } else { expected };
    let is_same = lines.iter().map(|line| &line.written).eq(got);
    if is_same {
        return Ok(());
    }
    let first_difference =
        expected.iter().zip(got).position(|(expected, got)| expected.written != *got);
    let line = match first_difference {
        Some(at) => expected.get(at),
        // One of them goes on where the other ends.
        None => expected.get(got.len()).or(expected.last()),
    };
    let written: Vec<&str> = lines.iter().map(|line| line.written.as_str()).collect();
    Err(Mismatch {
        line: line.map_or(said_at, |line| line.number),
        expected: or_silence(&written.join("\n")),
        got: or_silence(&got.join("\n")),
    })
}

/// A reply that is none, as a chat file writes it.
fn or_silence(reply: &str) -> String {
    if reply.is_empty() { "<".to_owned() } else { reply.to_owned() }
}

/// A reply in the lines of a chat file.
fn written_reply(replies: &[Reply]) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, reply) in replies.iter().enumerate() {
        if number > 0 {
            lines.push(NEXT_MESSAGE.to_owned());
        }
        if !reply.text.is_empty() {
            lines.extend(reply.text.split('\n').map(|line| {
                if line.trim().is_empty() { "<".to_owned() } else { format!("< {line}") }
            }));
        }
        lines.extend(reply.media.iter().map(|url| format!("<media {url}")));
    }
    lines
}

fn written_state(state: &State) -> String {
    match state {
        State::Waiting(step) => format!("= @{step}"),
        State::Initial | State::Ended(_) => format!("= {}", state.as_str()),
    }
}

fn written_variable(variable: &str, value: &str) -> String {
    format!("? {variable} = {}", value.replace('\n', "\\n"))
}
