//! What the page receives as JSON: turns, texts, and what comes next by itself.

use serde::Serialize;
use serde_json::Value;
use sha1::{Digest as _, Sha1};

use super::next_text::NextText;
use super::phone::Files;
use super::provider_words::provider_words;
use super::sent::SentData;
use super::shared::FlowNews;
use super::size::SizeData;
use crate::conversation::{Awaited, Offer, Upcoming, What};
use crate::message::{Channel, Wish, consent};
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
    /// The options of the question that the person is asked. Like all that
    /// follows, they replace what a page shows that was away.
    pub(super) options: Vec<OptionData>,
    /// The callback that the conversation waits for.
    pub(super) callback: Option<CallbackData>,
    /// What comes by itself if nobody writes, in order.
    pub(super) next: Vec<NextData>,
    /// What became of the flow files when they were read last.
    pub(super) flows: FlowNews,
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
    size: Option<SizeData>,
    #[serde(flatten)]
    sent: SentData,
    replies: Vec<ReplyData>,
    /// The wish of a message without a reply: `stop`, `start` or `help`.
    wish: Option<&'static str>,
    /// The provider's own answer to such a message.
    provider_says: Option<&'static str>,
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
    size: Option<SizeData>,
    /// The id that the provider gave it.
    sid: Option<&'a str>,
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
            size: SizeData::of(text.route.channel, &text.reply.text, !text.reply.media.is_empty()),
            sid: text.sid.as_deref(),
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
    /// Whether it waits for the end of the quiet hours.
    is_postponed: bool,
}

impl NextData {
    pub(super) fn of(upcoming: &Upcoming) -> Self {
        let what = match upcoming.what {
            What::Nudge => "nudge",
            What::Timeout => "timeout",
            What::CallOver => "call",
            What::Expiry => "expiry",
        };
        let is_postponed = upcoming.at > upcoming.unmoved_at;
        Self { what, at: upcoming.at.to_string(), is_postponed }
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

/// An option of the question that the person is asked.
#[derive(Debug, Serialize)]
pub(super) struct OptionData {
    id: String,
    label: String,
}

impl OptionData {
    pub(super) fn all(offers: &[Offer]) -> Vec<Self> {
        let offers = offers.iter();
        offers.map(|Offer { id, label }| Self { id: id.clone(), label: label.clone() }).collect()
    }
}

/// One message of the reply.
#[derive(Debug, Serialize)]
pub(super) struct ReplyData {
    /// Its id, by which a reaction names it.
    sid: String,
    text: String,
    media: Vec<String>,
    size: Option<SizeData>,
}

impl<'a> TurnData<'a> {
    pub(super) fn of(entry: &'a Entry, files: &Files) -> Self {
        let channel = entry.channel;
        let replies = replies(&entry.message_id, channel, &entry.reply);
        let consent = consent::of_text(channel, &entry.body).filter(|_| replies.is_empty());
        let answered = consent.filter(|consent| consent.answered_by_provider);
        Self {
            turn: entry.turn,
            id: &entry.message_id,
            at: entry.received_at.to_string(),
            channel: channel.as_str(),
            body: &entry.body,
            size: SizeData::of(channel, &entry.body, !entry.media.is_empty()),
            sent: SentData::of(entry, files),
            wish: consent.map(|consent| match consent.wish {
                Wish::Stop => "stop",
                Wish::Start => "start",
                Wish::Help => "help",
            }),
            provider_says: answered.map(|consent| provider_words(consent.wish)),
            replies,
            state: &entry.state_after,
        }
    }
}

fn replies(message_id: &str, channel: Channel, twiml: &[u8]) -> Vec<ReplyData> {
    let replies = twiml::read(twiml).unwrap_or_default().into_iter();
    let data = replies.enumerate().map(|(index, reply)| ReplyData {
        sid: reply_sid(message_id, index),
        size: SizeData::of(channel, &reply.text, !reply.media.is_empty()),
        text: reply.text,
        media: reply.media,
    });
    data.collect()
}

/// Returns an id for a message of a reply. Twilio makes such an id, but a service
/// that answers in `TwiML` never learns it.
fn reply_sid(message_id: &str, index: usize) -> String {
    let digest = Sha1::digest(format!("{message_id} {index}"));
    let digits: Vec<String> = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("SM{}", digits.concat())
}
