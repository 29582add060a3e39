//! `ringback chat`: a phone in the terminal. No server, no database. STOP and
//! START do what they do on a phone.
//!
//! Where the input is no terminal, what is said is printed too, and all else
//! as comments: so the output is a chat file.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;

use super::output::{Colour, Output, in_one_line};
use super::{flows, report};
use crate::conversation::{self, Flows, Note, State, Taken};
use crate::message::{AddressError, Channel, Message, Reply, consent};
use crate::store::Person;

/// Who types: a number for stories, which nobody has.
const PERSON: &str = "+14155550100";

/// Where it goes to.
const BOT: &str = "+14155550199";

const HELP: &str = "\
/reload   read the flow's file again and go on from here
/state    show where the conversation stands and what was answered
/whatsapp, /sms   write on this channel from here on
/quit     end (or Ctrl-D)
Anything else is a message; `\\n` in it is a line break.";

/// Talks until the input ends.
pub(super) fn run(path: Option<&Path>, clock: fn() -> Timestamp) -> anyhow::Result<()> {
    let screen = Screen { out: Output::new(), interactive: io::stdin().is_terminal() };
    let mut phone = Phone::new(load(path)?);
    if screen.interactive {
        let words = phone.start_words();
        screen.tell(&format!("Say {words} to begin; /help for what else there is."));
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        screen.prompt();
        let line = lines.next().transpose().context("what was typed cannot be read")?;
        let Some(line) = line else {
            screen.end();
            return Ok(());
        };
        match line.trim() {
            "" => {}
            "/quit" => return Ok(()),
            "/help" => screen.tell(HELP),
            "/state" => screen.tell(&phone.state()),
            "/sms" => phone.channel = screen.switch_to(Channel::Sms),
            "/whatsapp" => phone.channel = screen.switch_to(Channel::Whatsapp),
            "/reload" => match load(path) {
                Ok(flows) => {
                    phone.flows = flows;
                    screen.tell(&format!("Loaded; the conversation {}.", phone.place()));
                }
                Err(error) => screen.complain(&error),
            },
            _ => {
                let Said { replies, remarks } = phone.say(&line.replace("\\n", "\n"), clock())?;
                screen.show(&line, &replies);
                for remark in &remarks {
                    screen.tell(remark);
                }
            }
        }
    }
}

/// What the person sees.
struct Screen {
    out: Output,
    interactive: bool,
}

impl Screen {
    fn prompt(&self) {
        if self.interactive {
            self.out.part("> ");
        }
    }

    /// Leaves the line of the prompt.
    fn end(&self) {
        if self.interactive {
            self.out.line("");
        }
    }

    /// Says what is no part of the conversation.
    fn tell(&self, text: &str) {
        for line in text.lines() {
            let line = if self.interactive { line.to_owned() } else { format!("# {line}") };
            self.out.line(line.trim_end());
        }
    }

    fn complain(&self, error: &anyhow::Error) {
        let complaint = report::render(error, false);
        for line in complaint.trim_end().lines() {
            self.tell(&self.out.paint(Colour::Red, line));
        }
        self.tell("The flows are as they were.");
    }

    fn switch_to(&self, channel: Channel) -> Channel {
        if !self.interactive {
            self.out.line(&format!("@{}", channel.as_str()));
        }
        channel
    }

    /// The replies as chat files write them; what was said stands on an
    /// interactive screen already.
    fn show(&self, said: &str, replies: &[Reply]) {
        let sign = |sign| self.out.paint(Colour::Cyan, sign);
        if !self.interactive {
            self.out.line(&format!("{} {said}", sign(">")));
        }
        for (index, reply) in replies.iter().enumerate() {
            if index > 0 {
                self.out.line(&sign("<---"));
            }
            let lines = reply.text.split('\n').filter(|_| !reply.text.is_empty());
            for line in lines {
                self.out.line(format!("{} {line}", sign("<")).trim_end());
            }
            for url in &reply.media {
                self.out.line(&format!("{} {url}", sign("<media")));
            }
        }
        if replies.is_empty() {
            self.out.line(&sign("<"));
        }
    }
}

fn load(path: Option<&Path>) -> anyhow::Result<Flows> {
    match Flows::load(&flows::sources(path)?) {
        Ok(loaded) => Ok(loaded.flows),
        Err(findings) => Err(flows::refused(&findings)),
    }
}

/// What came back.
struct Said {
    replies: Vec<Reply>,
    /// What an operator would read in the log.
    remarks: Vec<String>,
}

struct Phone {
    flows: Flows,
    person: Person,
    channel: Channel,
    said: u64,
}

impl Phone {
    fn new(flows: Flows) -> Self {
        Self { flows, person: Person::default(), channel: Channel::Sms, said: 0 }
    }

    fn start_words(&self) -> String {
        let words: Vec<String> = self
            .flows
            .iter()
            .flat_map(conversation::Flow::start_words)
            .map(|word| format!("`{word}`"))
            .collect();
        if words.is_empty() { "anything".to_owned() } else { words.join(" or ") }
    }

    fn say(&mut self, text: &str, now: Timestamp) -> Result<Said, AddressError> {
        self.said += 1;
        let address = match self.channel {
            Channel::Whatsapp => format!("whatsapp:{PERSON}"),
            _ => PERSON.to_owned(),
        };
        let message = Message {
            consent: consent::of_text(self.channel, text),
            ..Message::text(&format!("chat{}", self.said), &address, BOT, text)?
        };
        let was_stopped = self.is_stopped();
        let session = &self.person.session;
        let Taken { turn, opted_out } =
            conversation::take(&self.flows, session, was_stopped, &message, now);
        self.person.opt_outs.set(self.channel, opted_out, now);
        self.person.session = turn.session;
        let channel = self.channel.as_str();
        let mut remarks = match (was_stopped, self.is_stopped()) {
            (_, true) => vec![format!("They want no messages by {channel} until they say START.")],
            (true, false) => vec![format!("They want messages by {channel} again.")],
            (false, false) => Vec::new(),
        };
        if was_stopped != self.is_stopped() {
            if message.consent.is_some_and(|consent| consent.answered_by_provider) {
                remarks.push("Twilio answers this by itself.".to_owned());
            }
            remarks.push("`ringback check` plays it as any other text.".to_owned());
        }
        remarks.extend(turn.notes.iter().map(remark));
        Ok(Said { replies: turn.replies, remarks })
    }

    fn is_stopped(&self) -> bool {
        self.person.opt_outs.contains(self.channel)
    }

    /// Where the conversation stands.
    fn place(&self) -> String {
        match &self.person.session.state {
            State::Initial => "has not begun".to_owned(),
            State::Waiting(step) => format!("waits at {step}"),
            State::Ended(outcome) => format!("ended with {outcome}"),
        }
    }

    fn state(&self) -> String {
        let answers = self.person.session.answers.iter();
        let answers = answers.map(|(name, value)| format!("{name} = {}", in_one_line(value)));
        std::iter::once(self.place()).chain(answers).collect::<Vec<_>>().join("\n")
    }
}

fn remark(note: &Note) -> String {
    match note {
        Note::BeganAfresh { flow, step, reason } => {
            format!("The conversation could not go on at {step} of {flow}: {reason}.")
        }
        Note::MessagesDropped(count) => {
            format!("{count} messages more than one answer can hold were dropped.")
        }
    }
}
