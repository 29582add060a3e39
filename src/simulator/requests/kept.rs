//! A request as it is kept: cut to size, without secrets.

use axum::http::{HeaderMap, header};
use jiff::Timestamp;

use super::verdict::{Judgement, judge};
use crate::http::{Copied, Seen};
use crate::telemetry::Outcome;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::SIGNATURE_HEADER;

/// The headers that are kept: those that say who sent a request, and how it came
/// here. No other header is kept, since it might be a secret.
const HEADERS: [&str; 12] = [
    "host",
    "user-agent",
    "content-type",
    "content-length",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-prefix",
    "x-original-uri",
    "x-original-host",
    "forwarded",
    "i-twilio-idempotency-token",
];

/// The longest path, reason or advice that is kept, in bytes.
const MAX_WORDS: usize = 2_048;

/// The longest value of a header that is kept, in bytes.
const MAX_HEADER: usize = 256;

/// The number of characters that are kept of the signature of somebody else.
const MAX_SIGNATURE: usize = 6;

/// The memory that a request needs in addition to its texts, in bytes. It is a
/// good guess.
const OVERHEAD: usize = 512;

/// A request with its answer.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct Kept {
    /// Counts up from 1 in the order of the answers.
    pub(in crate::simulator) number: u64,
    pub(super) at: Timestamp,
    pub(super) method: String,
    pub(in crate::simulator) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether the page sent it.
    pub(in crate::simulator) is_own: bool,
    /// Whole if the page sent it, otherwise shortened.
    pub(in crate::simulator) signature: Option<String>,
    pub(in crate::simulator) body: Copied,
    pub(in crate::simulator) judgement: Judgement,
    pub(in crate::simulator) outcome: Option<Outcome>,
    pub(in crate::simulator) status: u16,
    pub(in crate::simulator) answer: Copied,
    pub(super) answer_type: String,
    pub(in crate::simulator) took_micros: u128,
}

impl Kept {
    /// Returns what is kept of a request; `is_own` says whether the page sent it.
    pub(super) fn of(seen: Seen, number: u64, is_own: bool, public_url: &PublicUrl) -> Self {
        let mut judgement = judge(&seen, is_own, public_url);
        for words in [&mut judgement.why, &mut judgement.advice].into_iter().flatten() {
            cut(words, MAX_WORDS);
        }
        let headers = HEADERS
            .into_iter()
            .filter_map(|name| Some((name, value(&seen.headers, name, MAX_HEADER)?)))
            .collect();
        let longest = if is_own { MAX_HEADER } else { MAX_SIGNATURE };
        let mut target = seen.target;
        cut(&mut target, MAX_WORDS);
        let answer_type = value(&seen.answer_headers, header::CONTENT_TYPE.as_str(), MAX_HEADER);
        Self {
            number,
            at: seen.at,
            method: seen.method.to_string().chars().take(20).collect(),
            target,
            headers,
            is_own,
            signature: value(&seen.headers, SIGNATURE_HEADER, longest),
            body: seen.body,
            judgement,
            outcome: seen.outcome,
            status: seen.status.as_u16(),
            answer: seen.answer,
            answer_type: answer_type.unwrap_or_default(),
            took_micros: seen.took.as_micros(),
        }
    }

    /// Returns how much memory it needs, in bytes.
    pub(super) fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(_, value)| value.len()).sum();
        let words = [&self.judgement.why, &self.judgement.advice, &self.signature];
        let words: usize = words.into_iter().flatten().map(String::len).sum();
        let bodies = self.body.bytes.len() + self.answer.bytes.len();
        OVERHEAD + self.target.len() + headers + words + bodies
    }

    /// Returns the value of a header that was kept.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Returns the first value of a header, cut to size.
fn value(headers: &HeaderMap, name: &str, longest: usize) -> Option<String> {
    let mut value = String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned();
    cut(&mut value, longest);
    Some(value)
}

/// Cuts a text to `longest` bytes, with a mark if something is missing.
fn cut(text: &mut String, longest: usize) {
    if text.len() > longest {
        text.truncate(text.floor_char_boundary(longest));
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, longest, expected) in
            [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("añb", 2, "a…"), ("", 0, ""), ("é", 0, "…")]
        {
            let mut words = text.to_owned();
            cut(&mut words, longest);
            assert_eq!(words, expected);
        }
    }
}
