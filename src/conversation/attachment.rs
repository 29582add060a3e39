//! Files that come with a message in place of a text, such as a voice note or a
//! picture. They are never fetched, so they never answer a question that asks
//! for words.

use crate::message::Message;

/// The kinds of files that a flow distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// A voice note or another sound.
    Voice,
    /// A picture.
    Picture,
    /// Any other file, such as a contact card.
    Other,
}

impl Attachment {
    /// All kinds.
    pub(super) const ALL: [Self; 3] = [Self::Voice, Self::Picture, Self::Other];

    /// Returns its name in flows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Picture => "picture",
            Self::Other => "other",
        }
    }

    /// Returns the kind of the file in a message without a text. `None` means
    /// that the message has a text, or no file.
    pub(super) fn alone_in(message: &Message) -> Option<Self> {
        if !message.body.trim().is_empty() {
            return None;
        }
        let kind = message.media.first()?.content_type.split('/').next().unwrap_or_default();
        Some(match kind.trim().to_ascii_lowercase().as_str() {
            "audio" => Self::Voice,
            "image" => Self::Picture,
            _ => Self::Other,
        })
    }
}
