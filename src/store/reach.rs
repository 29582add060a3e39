//! How a person is reached who does not write, and its form in a column.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::time::{parse_time, time_text};
use crate::message::{Channel, MAX_ADDRESS, Message, Reply, Route};

/// The most characters of a profile name that are kept.
const MAX_NAME: usize = 100;

/// How a person is reached, as their last message told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The two ends.
    pub route: Route,
    /// The name that the person chose in WhatsApp.
    pub profile_name: Option<String>,
    /// Until when texts may be on their way to them; `None` if none are.
    pub texts_until: Option<Timestamp>,
    /// The reply that is still open, if one is.
    pub open: Option<OpenReply>,
    /// When a reply was closed before what follows it was known, if it said
    /// something.
    pub replied_at: Option<Timestamp>,
}

/// A reply that waits for what follows a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenReply {
    id: String,
    until: String,
    /// What was said before the call: texts with their media.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    said: Vec<(String, Vec<String>)>,
}

impl OpenReply {
    /// Returns the open reply to this message, which says this so far. After
    /// `until`, any process may close it.
    #[must_use]
    pub fn new(id: &str, until: Timestamp, said: &[Reply]) -> Self {
        let said = said.iter().map(|reply| (reply.text.clone(), reply.media.clone()));
        Self { id: id.to_owned(), until: time_text(until), said: said.collect() }
    }

    /// Returns what it says so far.
    #[must_use]
    pub fn said(&self) -> Vec<Reply> {
        let said = self.said.iter().cloned();
        said.map(|(text, media)| Reply { text, media }).collect()
    }

    /// Returns the id of the message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns whether it is the reply to this message and may be closed: by the
    /// process that holds it, or because no process can hold it any more.
    #[must_use]
    pub fn is(&self, id: &str, now: Timestamp, is_ours: bool) -> bool {
        let is_over = parse_time(&self.until).map_or(true, |until| until <= now);
        self.id == id && (is_ours || is_over)
    }
}

/// The column, a JSON object.
#[derive(Serialize, Deserialize)]
struct Column {
    channel: String,
    us: String,
    them: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    texts_until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<OpenReply>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replied_at: Option<String>,
}

impl Reach {
    /// Returns how the sender of a message is reached.
    #[must_use]
    pub fn of(message: &Message, texts_until: Option<Timestamp>) -> Self {
        let mut route = message.route();
        route.service = route.service.filter(|service| service.len() <= MAX_ADDRESS);
        let name = message.profile_name.as_ref();
        let profile_name = name.map(|name| name.chars().take(MAX_NAME).collect());
        Self { route, profile_name, texts_until, open: None, replied_at: None }
    }

    pub(super) fn to_column(&self) -> String {
        let Self { route, profile_name, texts_until, open, replied_at } = self;
        let column = Column {
            channel: route.channel.as_str().to_owned(),
            us: route.us.clone(),
            them: route.them.clone(),
            service: route.service.clone(),
            name: profile_name.clone(),
            texts_until: texts_until.map(time_text),
            open: open.clone(),
            replied_at: replied_at.map(time_text),
        };
        // Texts always serialise.
        serde_json::to_string(&column).unwrap_or_default()
    }

    /// Reads a column. A person whose column was made unreadable by hand is not
    /// sent anything until they write.
    pub(super) fn from_column(text: &str) -> Option<Self> {
        let column: Column = serde_json::from_str(text).ok()?;
        let route = Route {
            channel: column.channel.parse().unwrap_or(Channel::Other),
            us: column.us,
            them: column.them,
            service: column.service,
        };
        let time = |text: Option<String>| text.and_then(|text| parse_time(&text).ok());
        let (texts_until, replied_at) = (time(column.texts_until), time(column.replied_at));
        Some(Self { route, profile_name: column.name, texts_until, open: column.open, replied_at })
    }
}
