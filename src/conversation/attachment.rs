//! What comes with a message in place of a text: a voice note, a picture, or
//! another file. None is ever fetched, so none answers a question of words.

use crate::message::Message;

/// The kinds that a flow tells apart.
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
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Voice, Self::Picture, Self::Other];

    /// As flows write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Picture => "picture",
            Self::Other => "other",
        }
    }

    /// What a message brings that says nothing by itself; `None` where it has a
    /// text, or nothing.
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
