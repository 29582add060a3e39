//! Reads the lines of a chat file.

use super::callee::Canned;
use super::directive::{Directive, Fault};
use super::line::{Action, Expected, ExpectedRequest, Line};
use super::phone::Said;
use super::requests::is_target;
use super::written::{MEDIA, NEXT_MESSAGE, SILENCE};
use crate::conversation::session::State;

/// Returns all lines, or all faults with their lines.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, Vec<(usize, Fault)>> {
    let mut reader = Reader::default();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Err(fault) = reader.line(number, line) {
            faults.push((number, fault));
        }
    }
    if let Some(number) = reader.attached_at {
        let fault = Fault::new(
            "no message follows that could carry this",
            "write a `> text` line below it, or `>` alone for a message without text",
        );
        faults.push((number, fault));
    }
    if faults.is_empty() && reader.lines.is_empty() {
        let fault = Fault::new(
            "nothing is said in this chat file",
            "write what the person says, such as `> hello`, and below it with `<` what comes",
        );
        faults.push((1, fault));
    }
    if faults.is_empty() { Ok(reader.lines) } else { Err(faults) }
}

/// The state of reading.
#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    /// The attachments of the next message, and the line of the last one.
    attached: Said,
    attached_at: Option<usize>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let Some(sign) = line.trim_start().chars().next() else { return Ok(()) };
        if sign != '#' && line.starts_with(char::is_whitespace) {
            return Err(Fault::new("this line is indented", "begin it at the start of the line"));
        }
        let action = match sign {
            '#' => return Ok(()),
            '<' => return self.expect(number, line),
            '!' => return self.request(number, line),
            '>' => self.say(line)?,
            '=' => state(line)?,
            '?' => variable(line)?,
            '@' => match self.directive(number, line)? {
                Some(action) => action,
                None => return Ok(()),
            },
            _ => {
                return Err(Fault::new(
                    "this line does not begin with a sign of chat files",
                    "write `> text` for what the person says, `< text` for the reply, or `# text` for a comment",
                ));
            }
        };
        self.lines.push(Line { number, action, requests: Vec::new() });
        Ok(())
    }

    fn say(&mut self, line: &str) -> Result<Action, Fault> {
        let text = content(line, '>')?.replace("\\n", "\n");
        self.attached_at = None;
        let said = Said { text, ..std::mem::take(&mut self.attached) };
        Ok(Action::Say { said, expected: Vec::new() })
    }

    /// Reads a line of the reply to the message directly above.
    fn expect(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let written = if line.trim_end() == NEXT_MESSAGE {
            NEXT_MESSAGE.to_owned()
        } else if let Some(url) = line.strip_prefix(MEDIA) {
            format!("{MEDIA}{}", url.trim())
        } else {
            let text = content(line, '<')?;
            if text.trim().is_empty() { SILENCE.to_owned() } else { format!("< {text}") }
        };
        match self.lines.last_mut().map(|line| &mut line.action) {
            Some(
                Action::Say { expected, .. }
                | Action::Redeliver { expected }
                | Action::Wait { expected, .. }
                | Action::Clock { expected, .. }
                | Action::CallBack { expected, .. },
            ) if self.attached_at.is_none() => {
                expected.push(Expected { number, written });
                Ok(())
            }
            _ => Err(Fault::new(
                "no message stands above this reply",
                "write replies right below the `>` line that they answer",
            )),
        }
    }

    /// Reads a line of the requests that the message directly above causes.
    fn request(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let text = content(line, '!')?.trim();
        let written = Expected { number, written: format!("! {text}") };
        let help =
            "write `! METHOD URL` below the `>` or `@wait` that causes it, and above the `<`";
        let Some(Line { action, requests, .. }) = self.lines.last_mut() else {
            return Err(Fault::new("nothing above this line causes a request", help));
        };
        let (Action::Say { expected, .. }
        | Action::Wait { expected, .. }
        | Action::Clock { expected, .. }
        | Action::CallBack { expected, .. }) = action
        else {
            return Err(Fault::new("nothing above this line causes a request", help));
        };
        if !expected.is_empty() {
            return Err(Fault::new("a request stands above the reply", help));
        }
        match requests.last_mut() {
            _ if is_target(text) => requests.push(ExpectedRequest { target: written, body: None }),
            Some(ExpectedRequest { body: body @ None, .. }) => *body = Some(written),
            _ => return Err(Fault::new("this is neither a request nor the body of one", help)),
        }
        Ok(())
    }

    /// Reads a line with `@`. An attachment of the next message is not an
    /// action of its own.
    fn directive(&mut self, number: usize, line: &str) -> Result<Option<Action>, Fault> {
        Ok(Some(match Directive::read(line)? {
            Directive::Wait(time) => Action::Wait { time, expected: Vec::new() },
            Directive::Clock(time) => Action::Clock { time, expected: Vec::new() },
            Directive::Switch(channel) => Action::Switch(channel),
            Directive::Deploy(file) => Action::Deploy(file),
            Directive::Call(canned) => Action::Call(Canned { line: number, ..canned }),
            Directive::CallBack(called) => Action::CallBack { called, expected: Vec::new() },
            Directive::Redeliver => {
                if !self.lines.iter().any(|line| matches!(line.action, Action::Say { .. })) {
                    return Err(Fault::new(
                        "there is no message yet that could arrive again",
                        "write `@redeliver` below a `>` line and its reply",
                    ));
                }
                Action::Redeliver { expected: Vec::new() }
            }
            Directive::Attach(attachment) => {
                self.attached.attach(attachment);
                self.attached_at = Some(number);
                return Ok(None);
            }
        }))
    }
}

/// Returns the text after a line's sign and one space.
fn content(line: &str, sign: char) -> Result<&str, Fault> {
    let rest = line.get(1..).unwrap_or_default();
    match rest.strip_prefix(' ') {
        Some(text) => Ok(text),
        None if rest.is_empty() => Ok(""),
        None => Err(Fault::new(
            format!("no space follows the `{sign}`"),
            format!("write `{sign} {}`", rest.trim_start()),
        )),
    }
}

/// Reads `= OUTCOME`, `= @STEP` or `= @FLOW/STEP`.
fn state(line: &str) -> Result<Action, Fault> {
    let state = line[1..].trim();
    let (name, is_step) = state.strip_prefix('@').map_or((state, false), |step| (step, true));
    let (flow, step) = name.split_once('/').filter(|_| is_step).unwrap_or(("", name));
    let is_flow = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_name = flow.chars().all(is_flow)
        && step.starts_with(|c: char| c.is_ascii_alphabetic())
        && step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return Err(Fault::new(
            "this does not name a state",
            "write `= COMPLETED` for the outcome of a conversation, or `= @STEP` where it waits",
        ));
    }
    Ok(Action::IsIn(match name {
        step if is_step => State::Waiting(step.to_owned()),
        State::INITIAL => State::Initial,
        outcome => State::Ended(outcome.to_owned()),
    }))
}

/// Reads `? name = value`.
fn variable(line: &str) -> Result<Action, Fault> {
    let parts = line[1..].split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    match parts {
        Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
            Ok(Action::Holds { variable: name.to_owned(), value: value.replace("\\n", "\n") })
        }
        _ => Err(Fault::new("this does not name a variable", "write `? name = value`")),
    }
}
