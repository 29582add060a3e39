//! The rows of `messages`: each message that was taken, and its reply.

use serde_json::{Value as Json, json};

use super::{FIXED, Row};
use crate::message::Media;
use crate::store::ascii::Ascii;
use crate::store::changes::Recorded;
use crate::store::either::Binds;
use crate::store::time::time_text;

impl Row for Recorded {
    const TABLE: &'static str = "messages";

    const COLUMNS: &'static [&'static str] = &[
        "message_id",
        "phone_number",
        "turn",
        "channel",
        "from_address",
        "to_address",
        "body",
        "media",
        "parameters",
        "received_at",
        "state_before",
        "state_after",
        "reply",
    ];

    fn size(&self) -> usize {
        let message = &self.message;
        let media = message.media.iter().map(|item| item.url.len() + item.content_type.len() + 32);
        FIXED
            + message.body.len()
            + self.reply.len()
            + media.sum::<usize>()
            + message.parameters.as_json().map_or(0, str::len)
    }

    fn bind<Q: Binds>(&self, query: Q, _now: &str) -> Q {
        let message = &self.message;
        query
            .with(Ascii(message.id.as_str()))
            .with(Ascii(message.sender.as_str()))
            .with(self.turn)
            .with(Ascii(message.channel.as_str()))
            .with(Ascii(message.from.as_str()))
            .with(Ascii(message.to.as_str()))
            .with(message.body.as_str())
            .with(media_text(&message.media))
            .with(message.parameters.as_json())
            .with(Ascii(time_text(self.received_at)))
            .with(self.state_before.as_str())
            .with(self.state_after.as_str())
            .with(self.reply.as_slice())
    }
}

fn media_text(media: &[Media]) -> Option<String> {
    let list: Vec<Json> = media
        .iter()
        .map(|item| json!({ "url": item.url, "content_type": item.content_type }))
        .collect();
    (!list.is_empty()).then(|| Json::Array(list).to_string())
}
