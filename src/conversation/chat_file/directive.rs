//! The lines with `@`: events beside the messages.

use std::time::Duration;

use jiff::civil::Time;

use super::callbacks::{CalledBack, STATUSES, TAKEN};
use super::callee::{Canned, Given};
use super::phone::Said;
use crate::conversation::{daytime, duration};
use crate::message::{Channel, Location, Media};

/// The address of the picture for an `@media` line without an address.
const SAMPLE_MEDIA: &str = "https://example.com/media";

/// The meaning of a line with `@`.
#[derive(Clone, Debug, PartialEq)]
pub enum Directive {
    /// `@wait`: time passes.
    Wait(Duration),
    /// `@clock`: time passes until this time of day.
    Clock(Time),
    /// `@sms`, `@whatsapp`: the channel from here on.
    Switch(Channel),
    /// `@call`: the next answer of a call.
    Call(Canned),
    /// `@callback`: a third party calls back.
    CallBack(CalledBack),
    /// `@redeliver`: the last message arrives again.
    Redeliver,
    /// `@deploy`: this file replaces the flow's own from here on.
    Deploy(String),
    /// `@media`, `@location`, `@button`: the next message carries this.
    Attach(Attachment),
}

/// An attachment of a message beside its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Attachment {
    /// A picture, a sound or a file.
    Media(Media),
    /// A shared place.
    Location(Location),
    /// The id of a tapped button.
    Button(String),
}

/// A fault in a line: what is wrong, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The fault in words.
    pub message: String,
    /// The advice on what to write.
    pub help: String,
}

impl Fault {
    /// Creates a fault with its help.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl Directive {
    /// Reads a whole line, its `@` included.
    pub fn read(line: &str) -> Result<Self, Fault> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        if matches!(name, "@sms" | "@whatsapp" | "@redeliver") && !rest.is_empty() {
            let message = format!("nothing may follow `{name}`");
            return Err(Fault::new(message, format!("write `{name}` alone")));
        }
        Ok(match name {
            "@wait" => Self::Wait(length_of_time(rest)?),
            "@clock" => Self::Clock(time_of_day(rest)?),
            "@sms" => Self::Switch(Channel::Sms),
            "@whatsapp" => Self::Switch(Channel::Whatsapp),
            "@call" => Self::Call(canned(rest)?),
            "@callback" => Self::CallBack(CalledBack::read(rest)?),
            "@redeliver" => Self::Redeliver,
            "@deploy" => Self::Deploy(named(
                rest,
                "file",
                "`@deploy next/order.yaml`, the path from this chat file to the flow as it is then",
            )?),
            "@media" => Self::Attach(Attachment::Media(media(rest)?)),
            "@location" => Self::Attach(Attachment::Location(location(rest)?)),
            "@button" => Self::Attach(Attachment::Button(named(
                rest,
                "button",
                "`@button ID`, the id of an option",
            )?)),
            _ => {
                return Err(Fault::new(
                    format!("there is no `{name}`"),
                    "the lines with `@` are `@wait`, `@clock`, `@call`, `@callback`, `@redeliver`, `@media`, `@location`, `@button`, `@sms`, `@whatsapp` and `@deploy`",
                ));
            }
        })
    }
}

impl Given {
    /// Reads what the call gets that waits, and after what time: `200 {…}`.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let help = "write `/call 200 {…}`, `/call timeout` or `/call refused`";
        match given(text, help)? {
            (given, after) if after.is_zero() => Ok(given),
            _ => Err(Fault::new("the answer comes now", help)),
        }
    }
}

impl CalledBack {
    /// Reads `payment {"outcome": "paid"}` and `422 payment {…}`.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let help =
            "write `@callback payment {\"outcome\": \"paid\"}`, with the name of a `wait_for`";
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (status, text) = match word.parse() {
            Ok(status) if STATUSES.contains(&status) => (status, rest.trim()),
            Ok(_) => {
                return Err(Fault::new(
                    "no callback is answered with this status",
                    "write 404, 409 or 422, or leave out 202",
                ));
            }
            Err(_) => (TAKEN, text),
        };
        let (name, result) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(Fault::new("this names nothing that a flow waits for", help));
        }
        let result = serde_json::from_str(result.trim());
        let result = result.map_err(|_| Fault::new("the result is not JSON", help))?;
        Ok(Self { name: name.to_owned(), result, status })
    }
}

impl Said {
    /// Adds an attachment.
    pub fn attach(&mut self, attachment: Attachment) {
        match attachment {
            Attachment::Media(media) => self.media.push(media),
            Attachment::Location(location) => self.location = Some(location),
            Attachment::Button(button) => self.button = Some(button),
        }
    }
}

/// Returns the value that a line must have.
fn named(text: &str, what: &str, write: &str) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::new(format!("this names no {what}"), format!("write {write}")));
    }
    Ok(text.to_owned())
}

/// Reads `STEP 200 {"total": 12}`, `STEP 200 after 20s {…}`, `STEP timeout` and
/// `STEP refused`.
fn canned(text: &str) -> Result<Canned, Fault> {
    let help =
        "write `@call STEP 200 {\"total\": 12}`, `@call STEP timeout` or `@call STEP refused`";
    let (step, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_step = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
    if step.is_empty() || !step.chars().all(is_step) {
        return Err(Fault::new("this names no step", help));
    }
    let (given, after) = given(rest.trim(), help)?;
    Ok(Canned { step: step.to_owned(), given, after, line: 0 })
}

/// Reads what a call gets, and after what time.
fn given(text: &str, help: &str) -> Result<(Given, Duration), Fault> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let (after, body) = match rest.strip_prefix("after ") {
        Some(rest) => {
            let rest = rest.trim_start();
            let (time, body) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let time = duration::seconds(time);
            let time = time.ok_or_else(|| Fault::new("this is not a length of time", help))?;
            (Duration::from_secs(time), body.trim())
        }
        None => (Duration::ZERO, rest),
    };
    let given = match word {
        "timeout" => Given::Timeout,
        "refused" => Given::Refused,
        _ => match word.parse() {
            Ok(status) if (200..600).contains(&status) => {
                return Ok((Given::Answer { status, body: body.to_owned() }, after));
            }
            _ => return Err(Fault::new("this is not what a call gets", help)),
        },
    };
    if !body.is_empty() || given == Given::Timeout && !after.is_zero() {
        return Err(Fault::new(format!("nothing may follow `{word}`"), help));
    }
    Ok((given, after))
}

/// Reads `90s`, `10m`, `24h` or `7d`.
fn length_of_time(text: &str) -> Result<Duration, Fault> {
    duration::seconds(text).map(Duration::from_secs).ok_or_else(|| {
        Fault::new(
            "this is not a length of time",
            "write `@wait 90s`, `@wait 10m`, `@wait 24h` or `@wait 7d`",
        )
    })
}

/// Reads `22:30`.
fn time_of_day(text: &str) -> Result<Time, Fault> {
    daytime::time_of_day(text).ok_or_else(|| {
        Fault::new("this is not a time of day", "write `@clock 22:30`, on the flow's clock")
    })
}

/// Reads `image/jpeg` or `image/jpeg URL`.
fn media(text: &str) -> Result<Media, Fault> {
    let (content_type, url) = text.split_once(char::is_whitespace).unwrap_or((text, SAMPLE_MEDIA));
    if content_type.split('/').count() != 2 {
        return Err(Fault::new("this does not name a media type", "write `@media image/jpeg`"));
    }
    Ok(Media { url: url.trim().to_owned(), content_type: content_type.to_owned() })
}

/// Reads `LAT,LONG`.
fn location(text: &str) -> Result<Location, Fault> {
    let degrees = |text: &str| text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    match text.split_once(',') {
        Some((latitude, longitude)) if degrees(latitude) && degrees(longitude) => Ok(Location {
            latitude: latitude.trim().to_owned(),
            longitude: longitude.trim().to_owned(),
            ..Location::default()
        }),
        _ => Err(Fault::new("this is not a location", "write `@location 52.52,13.405`")),
    }
}
