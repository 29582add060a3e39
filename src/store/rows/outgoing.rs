//! The rows of `outgoing`: each text that answers no message.

use super::{FIXED, Row};
use crate::outbox::text::Text;
use crate::store::ascii::Ascii;
use crate::store::either::Binds;
use crate::store::time::time_text;

impl Row for Text {
    const TABLE: &'static str = "outgoing";

    const COLUMNS: &'static [&'static str] = &[
        "id",
        "phone_number",
        "channel",
        "from_address",
        "to_address",
        "service",
        "body",
        "media",
        "kind",
        "turns",
        "asked_at",
        "state",
        "reason",
        "code",
        "sid",
        "tries",
        "again_of",
        "created_at",
        "good_until",
        "not_before",
        "slot_at",
        "due_at",
        "claimed_at",
        "accepted_at",
        "changed_at",
    ];

    fn size(&self) -> usize {
        let media: usize = self.reply.media.iter().map(|url| url.len() + 4).sum();
        2 * FIXED + self.reply.text.len() + media
    }

    fn bind<Q: Binds>(&self, query: Q, _now: &str) -> Q {
        let media = (!self.reply.media.is_empty())
            .then(|| serde_json::to_string(&self.reply.media).unwrap_or_default());
        query
            .with(self.id)
            .with(Ascii(self.sender.as_str()))
            .with(Ascii(self.route.channel.as_str()))
            .with(Ascii(self.route.us.as_str()))
            .with(Ascii(self.route.them.as_str()))
            .with(self.route.service.as_deref().map(Ascii))
            .with(self.reply.text.as_str())
            .with(media)
            .with(Ascii(self.kind.as_str()))
            .with(self.turns)
            .with(self.asked_at.map(time_text).map(Ascii))
            .with(Ascii(self.state.as_str()))
            .with(self.reason.as_deref().map(Ascii))
            .with(self.code)
            .with(self.sid.as_deref().map(Ascii))
            .with(self.tries)
            .with(self.again_of)
            .with(Ascii(time_text(self.created_at)))
            .with(Ascii(time_text(self.good_until)))
            .with(Ascii(time_text(self.not_before)))
            .with(self.slot_at.map(time_text).map(Ascii))
            .with(self.due_at.map(time_text).map(Ascii))
            .with(self.claimed_at.map(time_text).map(Ascii))
            .with(self.accepted_at.map(time_text).map(Ascii))
            .with(Ascii(time_text(self.changed_at)))
    }
}
