//! The lines with `@`: what happens beside what is said.

use std::time::Duration;

use super::phone::Said;
use crate::conversation::duration;
use crate::message::{Channel, Location, Media};

/// Where the picture of an `@media` line lies that names no address.
const SAMPLE_MEDIA: &str = "https://example.com/media";

/// What a line with `@` does.
#[derive(Clone, Debug, PartialEq)]
pub enum Directive {
    /// `@wait`: time passes.
    Wait(Duration),
    /// `@sms`, `@whatsapp`: the channel from here on.
    Switch(Channel),
    /// `@redeliver`: the last message comes once more.
    Redeliver,
    /// `@deploy`: this file takes the place of the flow's own from here on.
    Deploy(String),
    /// `@media`, `@location`, `@button`: the next message carries this.
    Attach(Attachment),
}

/// What a message carries beside its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Attachment {
    /// A picture, a sound or a file.
    Media(Media),
    /// A shared place.
    Location(Location),
    /// The id of a tapped button.
    Button(String),
}

/// Why a line cannot be read: what is wrong, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong with it.
    pub message: String,
    /// What to write.
    pub help: String,
}

impl Fault {
    /// A fault and its help.
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
            let message = format!("`{name}` takes nothing behind it");
            return Err(Fault::new(message, format!("write `{name}` alone")));
        }
        Ok(match name {
            "@wait" => Self::Wait(length_of_time(rest)?),
            "@sms" => Self::Switch(Channel::Sms),
            "@whatsapp" => Self::Switch(Channel::Whatsapp),
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
                    "the lines with `@` are `@wait`, `@redeliver`, `@media`, `@location`, `@button`, `@sms`, `@whatsapp` and `@deploy`",
                ));
            }
        })
    }
}

impl Said {
    /// Lets it carry this, too.
    pub fn attach(&mut self, attachment: Attachment) {
        match attachment {
            Attachment::Media(media) => self.media.push(media),
            Attachment::Location(location) => self.location = Some(location),
            Attachment::Button(button) => self.button = Some(button),
        }
    }
}

/// What a line names and cannot do without.
fn named(text: &str, what: &str, write: &str) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::new(format!("this names no {what}"), format!("write {write}")));
    }
    Ok(text.to_owned())
}

/// `90s`, `10m`, `24h` or `7d`.
fn length_of_time(text: &str) -> Result<Duration, Fault> {
    duration::seconds(text).map(Duration::from_secs).ok_or_else(|| {
        Fault::new(
            "this is no length of time",
            "write `@wait 90s`, `@wait 10m`, `@wait 24h` or `@wait 7d`",
        )
    })
}

/// `image/jpeg` or `image/jpeg URL`.
fn media(text: &str) -> Result<Media, Fault> {
    let (content_type, url) = text.split_once(char::is_whitespace).unwrap_or((text, SAMPLE_MEDIA));
    if content_type.split('/').count() != 2 {
        return Err(Fault::new("this names no type of media", "write `@media image/jpeg`"));
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
        _ => Err(Fault::new("this is no place", "write `@location 52.52,13.405`")),
    }
}
