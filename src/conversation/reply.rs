//! Combines the texts of one turn into messages.
//!
//! The texts share one message, with line breaks between them; a text with
//! media is a message of its own. A message that would be too long is split at
//! white space, and a turn has at most ten messages.

use super::cut;
use crate::message::{MAX_MEDIA, MAX_REPLIES, MAX_TEXT, Reply};

/// The longest text, in bytes. The messages of a turn hold less.
pub(super) const MAX_SAID: usize = 1 << 16;

/// The texts of a turn, as they come up.
#[derive(Debug, Default)]
pub(super) struct Replies {
    messages: Vec<Reply>,
    /// Whether a text was longer than [`MAX_SAID`].
    is_cut: bool,
}

impl Replies {
    /// Adds a text and what goes out with it.
    pub(super) fn say(&mut self, mut text: String, media: Vec<String>) {
        self.is_cut |= cut::to(&mut text, MAX_SAID);
        let media: Vec<String> =
            media.into_iter().filter(|url| !url.trim().is_empty()).take(MAX_MEDIA).collect();
        let is_blank = text.trim().is_empty();
        match self.messages.last_mut() {
            _ if is_blank && media.is_empty() => {}
            Some(last) if media.is_empty() && last.media.is_empty() => {
                last.text.push('\n');
                last.text.push_str(&text);
            }
            _ => self.messages.push(Reply { text, media }),
        }
    }

    /// Adds messages that were combined before.
    pub(super) fn add(&mut self, messages: Vec<Reply>) {
        for message in messages {
            self.say(message.text, message.media);
        }
    }

    /// Returns whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Returns the messages to send, and how many were dropped. After a cut
    /// text that number is at least one.
    pub(super) fn into_messages(self) -> (Vec<Reply>, usize) {
        let mut messages: Vec<Reply> = self.messages.into_iter().flat_map(parts).collect();
        let dropped = messages.len().saturating_sub(MAX_REPLIES);
        messages.truncate(MAX_REPLIES);
        (messages, dropped.max(usize::from(self.is_cut)))
    }
}

/// Returns messages and further ones as one turn says them, and how many are too
/// many for it.
#[must_use]
pub fn joined(said: Vec<Reply>, more: Vec<Reply>) -> (Vec<Reply>, usize) {
    let mut joined = Replies::default();
    joined.add(said);
    joined.add(more);
    joined.into_messages()
}

/// Splits a message into parts that are short enough. Its media goes with the
/// first.
fn parts(message: Reply) -> impl Iterator<Item = Reply> {
    let mut media = message.media;
    let mut texts = split(&message.text);
    if texts.is_empty() {
        texts.push(String::new());
    }
    texts.into_iter().map(move |text| Reply { text, media: std::mem::take(&mut media) })
}

/// Splits a text into parts of at most [`MAX_TEXT`] that are not blank. Only
/// white space at the cuts is lost.
fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let fits = fitting(rest);
        if fits == rest.len() {
            break;
        }
        let cut = soft_cut(rest, fits).unwrap_or_else(|| cut::place(rest, fits));
        let (part, after) = rest.split_at(cut);
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    parts.push(rest.to_owned());
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Returns how many bytes of a text fit into one message.
fn fitting(text: &str) -> usize {
    let mut units = 0;
    text.char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > MAX_TEXT
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Returns the last white space at which the first part may end, with some text
/// before it.
fn soft_cut(text: &str, fits: usize) -> Option<usize> {
    let next = text[fits..].chars().next()?;
    if next.is_whitespace() {
        return Some(fits);
    }
    text[..fits].rfind(char::is_whitespace).filter(|at| !text[..*at].trim().is_empty())
}

#[cfg(test)]
mod tests;
