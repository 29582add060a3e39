//! Writes turns that really happened as a chat file.
//!
//! The turns are played again, on the clock of chat files: what is written is what
//! `ringback check` will hear. Where the conversation then stands elsewhere than it
//! did, or speaks another language, a comment says so.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::chat_file::{
    CalledBack, Canned, ChatFile, Deployments, Given, Phone, Said, run, written_message,
    written_reply, written_requests, written_state,
};
use super::duration;
use super::explained::{Explained, Happened};
use super::flow::Flows;
use super::request::{CallAnswer, CallId, Request};
use super::session::State;
use super::shown::in_one_line;
use crate::message::{Channel, Media, Message};

/// The address that a medium has in chat files.
const SAMPLE_MEDIA: &str = "https://example.com/media";

/// A message that is not answered.
const SILENCE: &str = "<";

/// The status that a callback gets whose result is taken.
const TAKEN: u16 = 202;

/// A shorter time after the end of a conversation is not written down.
const LONG_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// Returns the turns of the last conversation as a chat file. The turns are those of
/// one person, oldest first. Without a turn, there is no file.
#[must_use]
pub fn recorded(flows: &Flows, turns: &[Arc<Explained>]) -> Option<String> {
    let turns = turns.get(beginning(turns)..).filter(|turns| !turns.is_empty())?;
    let mut recorder = Recorder { flows, phone: Phone::default(), lines: Vec::new() };
    if turns.first().is_some_and(|turn| waits(&turn.before.state)) {
        recorder.lines.push("# The beginning of this conversation is not known.".to_owned());
    }
    for (index, turn) in turns.iter().enumerate() {
        recorder.pause(index.checked_sub(1).and_then(|last| turns.get(last)), turn);
        recorder.lay_answers_ready(turns.get(index..).unwrap_or_default());
        recorder.play(turn);
        recorder.compare(turn, turns.get(index + 1));
    }
    let state = &recorder.phone.session().state;
    if waits(state) {
        recorder.lines.push(written_state(state));
    }
    let mut text = recorder.lines.join("\n") + "\n";
    if let Some(fault) = fault(flows, &text) {
        let fault = fault.lines().map(|line| format!("# {line}").trim_end().to_owned());
        let fault: Vec<String> = fault.collect();
        text = format!("# This file does not pass as it is:\n{}\n{text}", fault.join("\n"));
    }
    Some(text)
}

/// Writes one turn as the lines that a chat file has for it.
#[must_use]
pub fn written_turn(turn: &Explained) -> Vec<String> {
    let mut lines = match &turn.happened {
        Happened::Message(message) => {
            let mut lines = vec![switch_to(in_chat_files(message.channel))];
            lines.extend(attachments(message));
            lines.push(written_message(&message.body));
            lines
        }
        Happened::Silence => {
            let asked_at = turn.before.asked.map(|asked| asked.at).or(turn.before.since);
            let waited = asked_at.map_or(SignedDuration::ZERO, |at| turn.at.duration_since(at));
            vec![written_wait(waited)]
        }
        Happened::Called { call, answer } => {
            vec![written_call(&canned(call, answer, Duration::ZERO))]
        }
        Happened::CalledBack { name, result } => vec![format!("@callback {name} {result}")],
    };
    lines.extend(written_requests(&turn.requests));
    let replies = written_reply(&turn.replies);
    let is_silent = replies.is_empty() && turn.requests.is_empty();
    lines.extend(if is_silent && matches!(turn.happened, Happened::Message(_)) {
        vec![SILENCE.to_owned()]
    } else {
        replies
    });
    lines
}

fn waits(state: &State) -> bool {
    matches!(state, State::Waiting(_))
}

/// Returns the index of the turn with which the last conversation began, or of the
/// first one after a gap: what another process did is not known, nor what was done by
/// hand.
fn beginning(turns: &[Arc<Explained>]) -> usize {
    let is_gap = |pair: &[Arc<Explained>]| pair[0].after.state != pair[1].before.state;
    let known = turns.windows(2).rposition(is_gap).map_or(0, |place| place + 1);
    let begins = |turn: &Arc<Explained>| !waits(&turn.before.state) && waits(&turn.after.state);
    turns.iter().rposition(begins).map_or(known, |place| place.max(known))
}

/// Returns why a file does not pass, if it does not.
fn fault(flows: &Flows, text: &str) -> Option<String> {
    match ChatFile::parse("saved.chat", text) {
        Ok(chat) => {
            run(flows, &chat, &Deployments::new()).mismatch.map(|mismatch| mismatch.to_string())
        }
        Err(findings) => Some(findings.to_string()),
    }
}

struct Recorder<'a> {
    flows: &'a Flows,
    phone: Phone,
    lines: Vec<String>,
}

impl Recorder<'_> {
    /// Lets the time pass that lay before a message, if it counts: after the end of a
    /// conversation a flow may be silent for a while, and silence ends one that waits.
    fn pause(&mut self, last: Option<&Arc<Explained>>, turn: &Explained) {
        let is_message = matches!(turn.happened, Happened::Message(_));
        let has_expired = turn.before.expires_at.is_some_and(|at| at <= turn.at);
        if is_message
            && has_expired
            && let Some(at) = self.phone.session().expires_at
        {
            self.wait(at.duration_since(self.phone.now()));
            return;
        }
        let Some(last) = last.filter(|last| matches!(last.after.state, State::Ended(_))) else {
            return;
        };
        let pause = turn.at.duration_since(last.at);
        if pause >= LONG_PAUSE {
            self.wait(pause);
        }
    }

    /// Lays the answers ready for the calls that a turn makes, and for those to which
    /// these answers lead: a message waits for them.
    fn lay_answers_ready(&mut self, turns: &[Arc<Explained>]) {
        let Some((turn, later)) = turns.split_first() else { return };
        if matches!(turn.happened, Happened::Called { .. }) {
            return;
        }
        let called = |turn: &&Arc<Explained>| matches!(turn.happened, Happened::Called { .. });
        let chain = std::iter::once(turn).chain(later.iter().take_while(called));
        for request in chain.flat_map(|turn| &turn.requests) {
            let canned = answer_of(request, later);
            self.lines.push(written_call(&canned));
            self.phone.expect_call(canned);
        }
    }

    fn play(&mut self, turn: &Explained) {
        let before = self.phone.session().state.clone();
        match &turn.happened {
            Happened::Message(message) => self.say(message),
            Happened::Called { .. } if !self.phone.waits_for_call() => {}
            Happened::Called { .. } | Happened::Silence => {
                // In other flows nothing may be due; the comparison says so.
                if let Some(due) = self.phone.due() {
                    self.wait(due.duration_since(self.phone.now()));
                }
            }
            Happened::CalledBack { name, result } => {
                let called =
                    CalledBack { name: name.clone(), result: result.clone(), status: TAKEN };
                let (passed, answered, _) = self.phone.call_back(self.flows, &called);
                let status = match answered.status {
                    TAKEN => String::new(),
                    status => format!("{status} "),
                };
                self.lines.push(format!("@callback {status}{name} {result}"));
                self.hear(written_reply(&passed.texts));
            }
        }
        let after = &self.phone.session().state;
        if before != *after && matches!(after, State::Ended(_)) {
            self.lines.push(written_state(after));
        }
    }

    fn say(&mut self, message: &Message) {
        let channel = in_chat_files(message.channel);
        if self.phone.channel() != channel {
            self.phone.switch_to(channel);
            self.lines.push(switch_to(channel));
        }
        self.lines.extend(attachments(message));
        self.lines.push(written_message(&message.body));
        let said = Said {
            text: message.body.clone(),
            media: message.media.iter().map(sample).collect(),
            location: message.location.clone(),
            button: message.button.clone(),
        };
        let heard = self.phone.say(self.flows, &said);
        let mut reply = written_reply(&heard.replies);
        if reply.is_empty() && !self.phone.waits_for_call() {
            reply.push(SILENCE.to_owned());
        }
        self.hear(reply);
    }

    fn wait(&mut self, time: SignedDuration) {
        let line = written_wait(time);
        let until = self.phone.later(in_seconds(time));
        let (passed, _) = self.phone.wait_traced(self.flows, until);
        self.lines.push(line);
        self.hear(written_reply(&passed.texts));
    }

    /// Writes what came.
    fn hear(&mut self, reply: Vec<String>) {
        self.lines.extend(written_requests(&self.phone.take_requests()));
        self.lines.extend(reply);
    }

    /// Notes it if the conversation has gone another way than it did.
    fn compare(&mut self, turn: &Explained, next: Option<&Arc<Explained>>) {
        // A message here also waits for the answers of its calls.
        if next.is_some_and(|next| matches!(next.happened, Happened::Called { .. })) {
            return;
        }
        let (was, is) = (&turn.after, self.phone.session());
        if was.state != is.state {
            let state = was.state.as_str();
            self.lines.push(format!("# It was {state} here when this was recorded."));
        }
        if let Some(language) = was.language.as_ref().filter(|_| was.language != is.language) {
            self.lines.push(format!("# The person spoke `{language}` when this was recorded."));
        }
    }
}

/// Returns the answer of a request among later turns. A call that has none so far
/// gets none in time.
fn answer_of(request: &Request, later: &[Arc<Explained>]) -> Canned {
    let answer = later.iter().find_map(|turn| match &turn.happened {
        Happened::Called { call, answer } if *call == request.call => {
            Some((answer, turn.at.duration_since(call.at)))
        }
        _ => None,
    });
    match answer {
        Some((answer, took)) => {
            let seconds = Duration::from_secs(u64::try_from(took.as_secs()).unwrap_or_default());
            canned(&request.call, answer, seconds)
        }
        None => canned(&request.call, &CallAnswer::Timeout, Duration::ZERO),
    }
}

fn canned(call: &CallId, answer: &CallAnswer, took: Duration) -> Canned {
    let (given, after) = match answer {
        CallAnswer::Answered { status, body } => {
            let body = String::from_utf8_lossy(body);
            let json = serde_json::from_str::<serde_json::Value>(&body);
            let body = json.map_or_else(|_| in_one_line(&body), |json| json.to_string());
            (Given::Answer { status: *status, body }, took)
        }
        CallAnswer::Timeout => (Given::Timeout, Duration::ZERO),
        CallAnswer::Failed(_) => (Given::Refused, Duration::ZERO),
    };
    Canned { step: call.step.clone(), given, after, line: 0 }
}

fn written_call(Canned { step, given, after, .. }: &Canned) -> String {
    let after = match after.as_secs() {
        0 => String::new(),
        seconds => format!(" after {}", duration::written(seconds)),
    };
    let line = match given {
        Given::Answer { status, body } => format!("@call {step} {status}{after} {body}"),
        Given::Timeout => format!("@call {step} timeout"),
        Given::Refused => format!("@call {step} refused"),
    };
    line.trim_end().to_owned()
}

/// Returns a time in whole seconds, at least one.
fn in_seconds(time: SignedDuration) -> Duration {
    let part = u64::from(time.subsec_nanos() > 0);
    let whole = u64::try_from(time.as_secs()).unwrap_or_default();
    Duration::from_secs((whole + part).max(1))
}

fn written_wait(time: SignedDuration) -> String {
    format!("@wait {}", duration::written(in_seconds(time).as_secs()))
}

/// Returns the channel that stands for a channel in chat files, which have two.
fn in_chat_files(channel: Channel) -> Channel {
    match channel {
        Channel::Whatsapp => Channel::Whatsapp,
        _ => Channel::Sms,
    }
}

fn switch_to(channel: Channel) -> String {
    format!("@{}", channel.as_str())
}

/// Returns a medium as a chat file has it: its own address is of no use later.
fn sample(media: &Media) -> Media {
    Media { url: SAMPLE_MEDIA.to_owned(), content_type: media_type(media).to_owned() }
}

fn media_type(media: &Media) -> &str {
    let is_type = media.content_type.split('/').count() == 2
        && !media.content_type.contains(char::is_whitespace);
    if is_type { &media.content_type } else { "application/octet-stream" }
}

/// Writes what a message carries beside its text.
fn attachments(message: &Message) -> Vec<String> {
    let media = message.media.iter().map(|media| format!("@media {}", media_type(media)));
    let location = message.location.iter();
    let location = location.map(|at| format!("@location {},{}", at.latitude, at.longitude));
    let button = message.button.iter().map(|id| format!("@button {id}"));
    media.chain(location).chain(button).collect()
}
