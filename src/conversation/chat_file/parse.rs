//! Reads the lines of a chat file.

use std::time::Duration;

use super::{Action, Expected, Line, LineError, NEXT_MESSAGE, Said};
use crate::conversation::duration;
use crate::conversation::session::State;
use crate::message::{Channel, Location, Media};

/// Where the picture of an `@media` line lies that names no address.
const SAMPLE_MEDIA: &str = "https://example.com/media";

/// A fault of a line: what is wrong, and what to write.
type Fault = (String, String);

/// All lines, or all faults.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, Vec<LineError>> {
    let mut reader = Reader::default();
    let mut errors = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Err((message, hint)) = reader.line(number, line) {
            errors.push(LineError { line: number, message, hint });
        }
    }
    if let Some(number) = reader.attached_at {
        errors.push(LineError {
            line: number,
            message: "no message follows that could carry this".to_owned(),
            hint: "write a `> text` line below it, or `>` alone for a message without text"
                .to_owned(),
        });
    }
    if errors.is_empty() { Ok(reader.lines) } else { Err(errors) }
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    /// What the next message carries, and the line that said so.
    attached: Said,
    attached_at: Option<usize>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let Some(sign) = line.trim_start().chars().next() else { return Ok(()) };
        if sign != '#' && line.starts_with(char::is_whitespace) {
            return Err(fault("this line is indented", "write it from the line's beginning on"));
        }
        let action = match sign {
            '#' => return Ok(()),
            '<' => return self.expect(number, line),
            '>' => self.say(line)?,
            '=' => state(line)?,
            '?' => variable(line)?,
            '@' => match self.directive(number, line)? {
                Some(action) => action,
                None => return Ok(()),
            },
            _ => {
                return Err(fault(
                    "this line begins with no sign of a chat file",
                    "write `> text` for what the person says, `< text` for the reply, or `# text` for a comment",
                ));
            }
        };
        self.lines.push(Line { number, action });
        Ok(())
    }

    fn say(&mut self, line: &str) -> Result<Action, Fault> {
        let text = content(line, '>')?.replace("\\n", "\n");
        self.attached_at = None;
        let said = Said { text, ..std::mem::take(&mut self.attached) };
        Ok(Action::Say { said, expected: Vec::new() })
    }

    /// A line of the reply to the message just above.
    fn expect(&mut self, number: usize, line: &str) -> Result<(), Fault> {
        let written = if line.trim_end() == NEXT_MESSAGE {
            NEXT_MESSAGE.to_owned()
        } else if let Some(url) = line.strip_prefix("<media ") {
            format!("<media {}", url.trim())
        } else {
            let text = content(line, '<')?;
            if text.trim().is_empty() { "<".to_owned() } else { format!("< {text}") }
        };
        match self.lines.last_mut().map(|line| &mut line.action) {
            Some(Action::Say { expected, .. } | Action::Redeliver { expected })
                if self.attached_at.is_none() =>
            {
                expected.push(Expected { number, written });
                Ok(())
            }
            _ => Err(fault(
                "no message stands above this reply",
                "write replies right below the `>` line that they answer",
            )),
        }
    }

    /// A line with `@`; what the next message carries is no action of its own.
    fn directive(&mut self, number: usize, line: &str) -> Result<Option<Action>, Fault> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        if matches!(name, "@sms" | "@whatsapp" | "@redeliver") && !rest.is_empty() {
            let message = format!("`{name}` takes nothing behind it");
            return Err(fault(message, format!("write `{name}` alone")));
        }
        match name {
            "@wait" => Ok(Some(Action::Wait(length_of_time(rest)?))),
            "@sms" => Ok(Some(Action::Switch(Channel::Sms))),
            "@whatsapp" => Ok(Some(Action::Switch(Channel::Whatsapp))),
            "@redeliver" => {
                if self.lines.iter().any(|line| matches!(line.action, Action::Say { .. })) {
                    return Ok(Some(Action::Redeliver { expected: Vec::new() }));
                }
                Err(fault(
                    "there is no message yet that could come once more",
                    "write `@redeliver` below a `>` line and its reply",
                ))
            }
            "@media" | "@location" | "@button" => {
                self.attach(name, rest)?;
                self.attached_at = Some(number);
                Ok(None)
            }
            "@deploy" => Err(fault("`@deploy` is not supported yet", "leave the line out")),
            _ => Err(fault(
                format!("there is no `{name}`"),
                "the lines with `@` are `@wait`, `@redeliver`, `@media`, `@location`, `@button`, `@sms` and `@whatsapp`",
            )),
        }
    }

    /// Something that the next message carries.
    fn attach(&mut self, name: &str, rest: &str) -> Result<(), Fault> {
        match name {
            "@media" => self.attached.media.push(media(rest)?),
            "@location" => self.attached.location = Some(location(rest)?),
            _ if rest.is_empty() => {
                return Err(fault(
                    "this names no button",
                    "write `@button ID`, the id of an option",
                ));
            }
            _ => self.attached.button = Some(rest.to_owned()),
        }
        Ok(())
    }
}

fn fault(message: impl Into<String>, hint: impl Into<String>) -> Fault {
    (message.into(), hint.into())
}

/// What stands behind a line's sign and one space.
fn content(line: &str, sign: char) -> Result<&str, Fault> {
    let rest = line.get(1..).unwrap_or_default();
    match rest.strip_prefix(' ') {
        Some(text) => Ok(text),
        None if rest.is_empty() => Ok(""),
        None => Err(fault(
            format!("no space follows the `{sign}`"),
            format!("write `{sign} {}`", rest.trim_start()),
        )),
    }
}

/// `= OUTCOME` or `= @STEP`.
fn state(line: &str) -> Result<Action, Fault> {
    let state = line[1..].trim();
    let (name, is_step) = state.strip_prefix('@').map_or((state, false), |step| (step, true));
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return Err(fault(
            "this names no state",
            "write `= COMPLETED` for the outcome of a conversation, or `= @STEP` where it waits",
        ));
    }
    Ok(Action::IsIn(match name {
        step if is_step => State::Waiting(step.to_owned()),
        State::INITIAL => State::Initial,
        outcome => State::Ended(outcome.to_owned()),
    }))
}

/// `? name = value`.
fn variable(line: &str) -> Result<Action, Fault> {
    let parts = line[1..].split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    match parts {
        Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
            Ok(Action::Holds { variable: name.to_owned(), value: value.replace("\\n", "\n") })
        }
        _ => Err(fault("this asks for no variable", "write `? name = value`")),
    }
}

/// `90s`, `10m`, `24h` or `7d`.
fn length_of_time(text: &str) -> Result<Duration, Fault> {
    duration::seconds(text).map(Duration::from_secs).ok_or_else(|| {
        fault(
            "this is no length of time",
            "write `@wait 90s`, `@wait 10m`, `@wait 24h` or `@wait 7d`",
        )
    })
}

/// `image/jpeg` or `image/jpeg URL`.
fn media(text: &str) -> Result<Media, Fault> {
    let (content_type, url) = text.split_once(char::is_whitespace).unwrap_or((text, SAMPLE_MEDIA));
    if content_type.split('/').count() != 2 {
        return Err(fault("this names no type of media", "write `@media image/jpeg`"));
    }
    Ok(Media { url: url.trim().to_owned(), content_type: content_type.to_owned() })
}

/// `LAT,LONG`.
fn location(text: &str) -> Result<Location, Fault> {
    let degrees = |text: &str| text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    match text.split_once(',') {
        Some((latitude, longitude)) if degrees(latitude) && degrees(longitude) => Ok(Location {
            latitude: latitude.trim().to_owned(),
            longitude: longitude.trim().to_owned(),
            ..Location::default()
        }),
        _ => Err(fault("this is no place", "write `@location 52.52,13.405`")),
    }
}
