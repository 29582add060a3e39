//! `ringback chat`: a phone in the terminal. No server, no database.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use jiff::Timestamp;

use super::flows;
use super::output::{Colour, Output};
use crate::conversation::{self, Flows, Session, State};
use crate::message::{Channel, Message, Reply, Sender};

/// Who types: a number for stories, which nobody has.
const PERSON: &str = "+14155550100";

/// Where it goes to.
const BOT: &str = "+14155550199";

const HELP: &str = "\
/reload   read the flow's file again and begin anew
/state    show where the conversation stands and what was answered
/whatsapp, /sms   write on this channel from here on
/quit     end (or Ctrl-D)
Anything else is a message; `\\n` in it is a line break.";

/// Talks until the input ends.
pub(super) fn run(path: Option<&Path>, clock: fn() -> Timestamp) -> anyhow::Result<()> {
    let out = Output::new();
    let mut phone = Phone::new(load(path)?);
    let interactive = io::stdin().is_terminal();
    if interactive {
        let words = phone.start_words();
        out.line(&format!("Say {words} to begin; /help for what else there is."));
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        if interactive {
            out.part("> ");
        }
        let Some(line) = lines.next().transpose()? else {
            if interactive {
                out.line("");
            }
            return Ok(());
        };
        match line.trim() {
            "" => {}
            "/quit" => return Ok(()),
            "/help" => out.line(HELP),
            "/state" => out.line(&phone.state()),
            "/sms" => phone.channel = Channel::Sms,
            "/whatsapp" => phone.channel = Channel::Whatsapp,
            "/reload" => match load(path) {
                Ok(flows) => {
                    phone = Phone::new(flows);
                    out.line("Loaded.");
                }
                Err(error) => out.line(&out.paint(Colour::Red, &format!("{error:#}"))),
            },
            _ => {
                let replies = phone.say(&line.replace("\\n", "\n"), clock());
                out.line(&shown(&out, &replies));
            }
        }
    }
}

fn load(path: Option<&Path>) -> anyhow::Result<Flows> {
    match Flows::load(&flows::sources(path)?) {
        Ok(loaded) => Ok(loaded.flows),
        Err(findings) => Err(flows::refused(&findings)),
    }
}

/// The replies as chat files write them.
fn shown(out: &Output, replies: &[Reply]) -> String {
    let mut lines = Vec::new();
    for (index, reply) in replies.iter().enumerate() {
        if index > 0 {
            lines.push(out.paint(Colour::Cyan, "<---"));
        }
        for line in reply.text.lines() {
            lines.push(format!("{} {line}", out.paint(Colour::Cyan, "<")));
        }
        for url in &reply.media {
            lines.push(format!("{} {url}", out.paint(Colour::Cyan, "<media")));
        }
    }
    if lines.is_empty() {
        lines.push(out.paint(Colour::Cyan, "<"));
    }
    lines.join("\n")
}

struct Phone {
    flows: Flows,
    session: Session,
    channel: Channel,
    said: u64,
}

impl Phone {
    fn new(flows: Flows) -> Self {
        Self { flows, session: Session::default(), channel: Channel::Sms, said: 0 }
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

    fn say(&mut self, text: &str, now: Timestamp) -> Vec<Reply> {
        self.said += 1;
        let address = match self.channel {
            Channel::Whatsapp => format!("whatsapp:{PERSON}"),
            _ => PERSON.to_owned(),
        };
        let Ok(sender) = Sender::from_address(PERSON) else { return Vec::new() };
        let message = Message {
            id: format!("chat{}", self.said),
            sender,
            from: address,
            to: BOT.to_owned(),
            channel: self.channel,
            body: text.to_owned(),
            media: Vec::new(),
            location: None,
            button: None,
            profile_name: None,
            consent: None,
            parameters: Vec::new(),
        };
        let turn = conversation::step(&self.flows, &self.session, &message, now);
        self.session = turn.session;
        turn.replies
    }

    fn state(&self) -> String {
        let mut lines = vec![match &self.session.state {
            State::Initial => "nothing has begun".to_owned(),
            State::Waiting(step) => format!("waits at {step}"),
            State::Ended(outcome) => format!("ended with {outcome}"),
        }];
        lines.extend(self.session.answers.iter().map(|(name, value)| format!("{name} = {value}")));
        lines.join("\n")
    }
}
