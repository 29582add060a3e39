//! `ringback chat`: a phone in the terminal, without a server or a database.
//!
//! If the input is not a terminal, messages are printed as well, and everything
//! else becomes a comment. So the output is a chat file. `--save` writes a chat
//! file in addition. Both use the clock of chat files, which only `/wait`
//! moves, so that they can be played at any time.

mod callbacks;
mod calls;
mod held;
mod input;
mod save;
mod screen;

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use self::held::Held;
use self::input::Input;
use self::save::Saved;
use self::screen::Screen;
use super::args::ChatArgs;
use crate::conversation::chat_file::{
    Directive, Fault, Phone, Said, written_message, written_reply, written_requests, written_state,
};
use crate::conversation::{Flow, Flows, State, narration, nearest};
use crate::flow_files;
use crate::message::consent::OptOutWords;

const HELP: &str = "\
/reload   read the flow's file again and continue from here
/state    show where the conversation stands and what was answered
/trace    show after each message what happened, or no longer
/wait 10m, /clock 22:30   let time pass, and see what comes in it
/call 200 {\"total\": 12}   give the answer for which a call waits; also `timeout` and `refused`
/callback payment {\"outcome\": \"paid\"}   be the third party that the conversation waits for
/redeliver   deliver the last message again
/media image/jpeg, /location 52.52,13.405, /button ID   let the next message carry this
/whatsapp, /sms   write on this channel from here on
/new      continue as another person, who is unknown
/quit     end (or Ctrl-D)
Anything else is a message; `\\n` in it is a line break, and `//` at its beginning stands for one `/`.";

/// Other commands that begin with `/`.
const COMMANDS: [&str; 7] = ["/help", "/state", "/reload", "/trace", "/call", "/new", "/quit"];

/// Commands that begin with `/` here, and with `@` in chat files.
const DIRECTIVES: [&str; 9] = [
    "/wait",
    "/clock",
    "/callback",
    "/redeliver",
    "/media",
    "/location",
    "/button",
    "/whatsapp",
    "/sms",
];

/// Talks until the input ends.
pub(super) fn run(
    path: Option<&Path>,
    args: &ChatArgs,
    clock: fn() -> Timestamp,
) -> anyhow::Result<()> {
    let flows = load(path)?;
    let saved = args.save.as_deref().map(Saved::create).transpose()?;
    let screen = Screen::new();
    let mut talk = Talk {
        path,
        flows,
        clock: Some(clock).filter(|_| screen.is_interactive() && saved.is_none()),
        waited: SignedDuration::ZERO,
        phone: Phone::default(),
        attached: Said::default(),
        attached_lines: Vec::new(),
        held: None,
        traces: args.trace,
        screen,
        saved,
    };
    talk.welcome();
    let mut input = Input::new();
    while let Some(line) = input.next(&talk.screen)? {
        if line.trim() == "/quit" {
            break;
        }
        talk.line(&line)?;
    }
    talk.finish()
}

fn load(path: Option<&Path>) -> anyhow::Result<Flows> {
    Ok(flow_files::load(path, &OptOutWords::default())?.flows)
}

/// A talk of a person with the flows.
struct Talk<'a> {
    path: Option<&'a Path>,
    flows: Flows,
    /// The system's clock; `None` means the clock of chat files.
    clock: Option<fn() -> Timestamp>,
    /// The time by which the phone's clock is ahead of the system's clock.
    waited: SignedDuration,
    phone: Phone,
    /// The attachments of the next message, and their lines in chat files.
    attached: Said,
    attached_lines: Vec<String>,
    /// What waits for the answer of a call before it is written.
    held: Option<Held>,
    traces: bool,
    screen: Screen,
    saved: Option<Saved>,
}

impl Talk<'_> {
    fn welcome(&self) {
        if self.screen.is_interactive() {
            let words = start_words(&self.flows);
            self.screen.tell(&format!("Say {words} to begin; /help for what else there is."));
        }
        if let (true, Some(saved)) = (self.screen.is_interactive(), &self.saved) {
            let now = self.phone.now().strftime("%A, %-d %B %Y, %H:%M UTC");
            let name = saved.name();
            self.screen.tell(&format!("For {name} it is {now}; /wait lets time pass."));
        }
    }

    /// Carries out a typed line.
    fn line(&mut self, line: &str) -> anyhow::Result<()> {
        let word = line.split_whitespace().next().unwrap_or_default();
        match line.trim() {
            "" if self.attached == Said::default() => {}
            "/help" => self.screen.tell(HELP),
            "/state" => self.screen.tell(&narration::session(self.phone.session()).join("\n")),
            "/reload" => self.reload()?,
            "/trace" => {
                self.traces = !self.traces;
                let text = if self.traces {
                    "Each turn is traced."
                } else {
                    "Turns are no longer traced."
                };
                self.screen.tell(text);
            }
            _ if DIRECTIVES.contains(&word) => {
                let line = format!("@{}", line.trim().trim_start_matches('/'));
                match Directive::read(&line) {
                    Ok(directive) => self.directive(&line, directive)?,
                    Err(fault) => self.refuse(&fault),
                }
            }
            "/new" => self.begin_anew()?,
            _ if word == "/call" => self.answer_call(line.trim())?,
            _ if word.starts_with("//") => self.say(&line.replacen('/', "", 1))?,
            _ if word.starts_with('/') => self.refuse(&unknown(word)),
            _ => self.say(line)?,
        }
        Ok(())
    }

    /// Continues as another person, at the same time and on the same channel.
    fn begin_anew(&mut self) -> anyhow::Result<()> {
        if let Some(saved) = &self.saved {
            let (name, help) = (saved.name(), "end with `/quit`, and save another file");
            self.refuse(&Fault::new(format!("{name} holds the talk of one person"), help));
            return Ok(());
        }
        let mut phone = Phone::default();
        phone.set_time(self.phone.now());
        phone.switch_to(self.phone.channel());
        self.phone = phone;
        (self.attached, self.attached_lines) = Default::default();
        self.release()?;
        self.screen.tell("Another person writes from here on.");
        Ok(())
    }

    /// Carries out a line of chat files that is not a message. `written` is its
    /// form there.
    fn directive(&mut self, written: &str, directive: Directive) -> anyhow::Result<()> {
        self.catch_up();
        match directive {
            Directive::Redeliver => return self.redeliver(written),
            Directive::Attach(attachment) => {
                self.attached.attach(attachment);
                self.attached_lines.push(written.to_owned());
                if self.screen.is_interactive() {
                    self.screen
                        .tell("The next message carries it; Enter alone sends it without a text.");
                }
                return Ok(());
            }
            Directive::Wait(time) => return self.wait_until(self.phone.later(time), written),
            Directive::Clock(time) => {
                return self.wait_until(self.phone.next(&self.flows, time), written);
            }
            Directive::CallBack(called) => return self.call_back(&called, written),
            Directive::Switch(channel) => self.phone.switch_to(channel),
            // These cannot be typed: `/reload` and `/call` serve the same purpose.
            Directive::Deploy(_) | Directive::Call(_) => return Ok(()),
        }
        self.write(&[written.to_owned()])
    }

    /// Sets the clock forward, and shows what came in that time.
    fn wait_until(&mut self, until: Timestamp, written: &str) -> anyhow::Result<()> {
        let ahead = self.phone.now().duration_until(until);
        self.waited = self.waited.saturating_add(ahead);
        let lines = self.pass(until);
        if self.screen.is_interactive() && lines.is_empty() {
            self.screen.tell("It is so much later now.");
        }
        self.hold();
        self.write(&[written.to_owned()])?;
        self.show_and_write(&lines)?;
        self.release()
    }

    /// Shows and writes lines of what the bot does.
    fn show_and_write(&mut self, lines: &[String]) -> anyhow::Result<()> {
        if self.screen.is_interactive() {
            self.screen.lines(lines);
        }
        self.write(lines)
    }

    /// Saves the outcome, if the conversation has ended.
    fn save_outcome(&mut self, before: &State) -> anyhow::Result<()> {
        let after = &self.phone.session().state;
        if before == after || matches!(after, State::Waiting(_)) {
            return Ok(());
        }
        let line = written_state(after);
        self.saved.as_mut().map_or(Ok(()), |saved| saved.write(&[line]))
    }

    /// Lets time pass, and returns the lines of what came in it.
    fn pass(&mut self, until: Timestamp) -> Vec<String> {
        let before = self.phone.session().clone();
        let (passed, trace) = self.phone.wait_traced(&self.flows, until);
        let after = self.phone.session();
        for note in &passed.notes {
            self.screen.tell(&narration::note(note));
        }
        if self.traces && before != *after {
            let channel = self.phone.channel();
            let lines = narration::turn(&before, after, channel, &passed.texts, &trace);
            self.screen.trace(&lines);
        }
        written_reply(&passed.texts)
    }

    /// Brings the phone's clock up to that of the system, if it follows that.
    fn catch_up(&mut self) {
        let Some(clock) = self.clock else { return };
        // The time stands still while a call waits for the person's answer.
        if self.phone.open_call().is_some() {
            return;
        }
        let now = clock().saturating_add(self.waited).unwrap_or(Timestamp::MAX);
        let lines = self.pass(now);
        self.screen.lines(&lines);
    }

    fn say(&mut self, line: &str) -> anyhow::Result<()> {
        self.catch_up();
        let text = line.replace("\\n", "\n");
        let said = Said { text, ..std::mem::take(&mut self.attached) };
        let before = self.phone.session().clone();
        let was_opted_out = self.phone.is_opted_out();
        let (heard, trace) = self.phone.say_traced(&self.flows, &said);
        let mut reply = written_reply(&heard.replies);
        if self.phone.open_call().is_none() {
            reply = or_silence(reply);
        }
        let mut lines = written_requests(&self.phone.take_requests());
        lines.append(&mut reply);
        self.hold();
        let attached = std::mem::take(&mut self.attached_lines);
        self.write(&attached)?;
        self.write(&[written_message(&said.text)])?;
        self.show_and_write(&lines)?;
        self.release()?;
        self.save_outcome(&before.state)?;
        let (is_opted_out, channel) = (self.phone.is_opted_out(), self.phone.channel());
        for remark in narration::remarks(was_opted_out, is_opted_out, channel, &heard) {
            self.screen.tell(&remark);
        }
        for note in &heard.notes {
            self.screen.tell(&narration::note(note));
        }
        if self.traces {
            let after = self.phone.session();
            let lines = narration::turn(&before, after, channel, &heard.replies, &trace);
            self.screen.trace(&lines);
        }
        Ok(())
    }

    fn redeliver(&mut self, written: &str) -> anyhow::Result<()> {
        let Some(heard) = self.phone.redeliver(&self.flows) else {
            self.refuse(&Fault::new("there is no message yet", "say something first"));
            return Ok(());
        };
        let mut lines = vec![written.to_owned()];
        lines.extend(or_silence(written_reply(&heard.replies)));
        self.show_and_write(&lines)?;
        if self.traces {
            self.screen.trace(&["a repeat: the recorded reply, and nothing moves".to_owned()]);
        }
        Ok(())
    }

    fn reload(&mut self) -> anyhow::Result<()> {
        match load(self.path) {
            Ok(flows) => {
                self.flows = flows;
                let place = narration::place(self.phone.session());
                self.screen.tell(&format!("Loaded; the conversation {place}."));
                let comment = "# The flow was read again here.".to_owned();
                match &mut self.held {
                    Some(held) => held.write(&[comment]),
                    None => self.saved.as_mut().map_or(Ok(()), |saved| saved.write(&[comment]))?,
                }
                Ok(())
            }
            Err(error) => {
                self.screen.complain(&error);
                self.screen.tell("The flows stay as they were.");
                Ok(())
            }
        }
    }

    /// Writes lines in the form of chat files, which differs from the typed
    /// form.
    fn write(&mut self, lines: &[String]) -> anyhow::Result<()> {
        if let Some(held) = &mut self.held {
            held.write(lines);
            return Ok(());
        }
        if !self.screen.is_interactive() {
            self.screen.lines(lines);
        }
        self.saved.as_mut().map_or(Ok(()), |saved| saved.write(lines))
    }

    fn refuse(&self, fault: &Fault) {
        // Lines with `@` in chat files are typed with `/`.
        let text = format!("{}: {}", fault.message, fault.help);
        self.screen.tell(&text.replace("`@", "`/"));
    }

    /// Ends the chat file, and reports the result.
    fn finish(mut self) -> anyhow::Result<()> {
        if let Some(held) = self.held.take() {
            self.write(&held.into_lines())?;
        }
        let Some(saved) = self.saved else { return Ok(()) };
        let result = saved.finish(self.path, &self.flows, &self.phone.session().state)?;
        self.screen.tell(&result);
        Ok(())
    }
}

/// Returns what to type in place of an unknown command.
fn unknown(word: &str) -> Fault {
    let commands = COMMANDS.iter().chain(&DIRECTIVES).copied();
    let help = match nearest(word, commands) {
        Some(near) => {
            format!("did you mean `{near}`? A message that begins with `/` is typed as `//`")
        }
        None => "`/help` lists them; a message that begins with `/` is typed as `//`".to_owned(),
    };
    Fault::new(format!("`{word}` is not a command"), help)
}

/// Writes an empty reply as silence.
fn or_silence(reply: Vec<String>) -> Vec<String> {
    if reply.is_empty() { vec!["<".to_owned()] } else { reply }
}

fn start_words(flows: &Flows) -> String {
    let words: Vec<String> =
        flows.iter().flat_map(Flow::start_words).map(|word| format!("`{word}`")).collect();
    if words.is_empty() { "anything".to_owned() } else { words.join(" or ") }
}
