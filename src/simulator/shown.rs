//! What the page receives as JSON: turns, texts, and what comes next by itself.

use serde::Serialize;
use serde_json::Value;

use super::next_text::NextText;
use crate::conversation::{Awaited, Upcoming, What};
use crate::message::{Wish, consent};
use crate::outbox::state::State;
use crate::outbox::text::Text;
use crate::store::transcript::Entry;
use crate::twilio::public_url::CALLBACKS_PATH;
use crate::twilio::rest::codes;
use crate::twilio::twiml;

/// The data of an event, with the phone that it is about.
#[derive(Debug, Serialize)]
pub(super) struct OfPhone<'a, T> {
    pub(super) phone: &'a str,
    #[serde(flatten)]
    pub(super) data: T,
}

/// The data for a page with an empty chat.
#[derive(Debug, Serialize)]
pub(super) struct LiveData {
    /// The words that begin a conversation; none if any text does.
    pub(super) start_words: Vec<String>,
    /// What becomes of the next text by REST; `None` if the page does not get it.
    pub(super) next_text: Option<NextText>,
}

/// What becomes of the next text by REST.
#[derive(Debug, Serialize)]
pub(super) struct NextTextData {
    pub(super) becomes: NextText,
}

/// One turn for the page.
#[derive(Debug, Serialize)]
pub(super) struct TurnData<'a> {
    turn: i64,
    /// The message's id, by which a page recognizes its own message.
    id: &'a str,
    /// The time at which the message was taken, in RFC 3339.
    at: String,
    channel: &'static str,
    body: &'a str,
    media: Vec<&'a str>,
    replies: Vec<ReplyData>,
    /// The wish of a message without a reply: `stop`, `start` or `help`. The provider answers such
    /// a message itself, which the page would not show.
    wish: Option<&'static str>,
    /// The state that the turn led to.
    state: &'a str,
}

/// A text that came by itself.
#[derive(Debug, Serialize)]
pub(super) struct TextData<'a> {
    id: i64,
    /// The time at which the provider took it, or at which it was to take it, in
    /// RFC 3339.
    at: String,
    channel: &'static str,
    text: &'a str,
    media: &'a [String],
    /// Where it is on its way, as the outbox says it.
    state: &'static str,
    /// Why it is unknown or failed: a word.
    reason: Option<&'a str>,
    /// The provider's error code, and what it means.
    code: Option<u32>,
    meaning: Option<&'static str>,
}

impl<'a> TextData<'a> {
    /// Returns a text that was sent, or may have been, or was refused; `None` for
    /// one that still waits, was given up, or went along with a reply.
    pub(super) fn of(text: &'a Text) -> Option<Self> {
        let at = match text.state {
            State::Failed | State::Unknown => text.accepted_at.or(text.claimed_at),
            _ => text.accepted_at,
        };
        Some(Self {
            id: text.id?,
            at: at?.to_string(),
            channel: text.route.channel.as_str(),
            text: &text.reply.text,
            media: &text.reply.media,
            state: text.state.as_str(),
            reason: text.reason.as_deref(),
            code: text.code,
            meaning: text.code.and_then(codes::meaning).map(|meaning| meaning.sentence),
        })
    }
}

/// Something that comes by itself.
#[derive(Debug, Serialize)]
pub(super) struct NextData {
    what: &'static str,
    /// When, in RFC 3339.
    at: String,
}

impl NextData {
    pub(super) fn of(upcoming: &Upcoming) -> Self {
        let what = match upcoming.what {
            What::Nudge => "nudge",
            What::Timeout => "timeout",
            What::CallOver => "call",
            What::Expiry => "expiry",
        };
        Self { what, at: upcoming.at.to_string() }
    }
}

/// A callback that the conversation waits for.
#[derive(Debug, Serialize)]
pub(super) struct CallbackData {
    /// What is waited for.
    name: String,
    path: String,
    /// A result for each outcome.
    results: Vec<Value>,
}

impl CallbackData {
    pub(super) fn of(awaited: &Awaited) -> Self {
        Self {
            name: awaited.name.clone(),
            path: format!("{CALLBACKS_PATH}{}", awaited.callback),
            results: awaited.results.clone(),
        }
    }
}

/// One message of the reply.
#[derive(Debug, Serialize)]
pub(super) struct ReplyData {
    text: String,
    media: Vec<String>,
}

impl<'a> TurnData<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        let replies: Vec<ReplyData> = twiml::read(&entry.reply)
            .unwrap_or_default()
            .into_iter()
            .map(|reply| ReplyData { text: reply.text, media: reply.media })
            .collect();
        let consent = consent::of_text(entry.channel, &entry.body);
        Self {
            turn: entry.turn,
            id: &entry.message_id,
            at: entry.received_at.to_string(),
            channel: entry.channel.as_str(),
            body: &entry.body,
            media: entry.media.iter().map(|media| media.url.as_str()).collect(),
            wish: consent.filter(|_| replies.is_empty()).map(|consent| match consent.wish {
                Wish::Stop => "stop",
                Wish::Start => "start",
                Wish::Help => "help",
            }),
            replies,
            state: &entry.state_after,
        }
    }
}
