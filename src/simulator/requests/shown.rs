//! A request as JSON for the page.

use serde::Serialize;

use super::kept::Kept;
use super::verdict::Word;
use crate::http::Copied;
use crate::telemetry::Outcome;
use crate::twilio::form::Pairs;

/// The list of requests.
#[derive(Debug, Serialize)]
pub(super) struct ListData<'a> {
    /// When the list began, in RFC 3339: another start has another list.
    pub(super) began: String,
    /// The number of the oldest request that is kept; older ones are forgotten.
    pub(super) oldest: Option<u64>,
    pub(super) requests: Vec<RequestData<'a>>,
}

/// The news that a request came.
#[derive(Debug, Serialize)]
pub(in crate::simulator) struct NewestData {
    pub(super) newest: u64,
}

/// One request with its answer.
#[derive(Debug, Serialize)]
pub(super) struct RequestData<'a> {
    number: u64,
    /// When it arrived, in RFC 3339.
    at: String,
    method: &'a str,
    target: &'a str,
    /// `page` or `elsewhere`.
    from: &'static str,
    headers: Vec<(&'static str, &'a str)>,
    /// Whole if the request is of the page, otherwise its beginning.
    signature: Option<&'a str>,
    /// The parameters of a form, in order; `None` for another body.
    form: Option<Vec<(String, String)>>,
    body: BodyData,
    verdict: Word,
    why: Option<&'a str>,
    advice: Option<&'a str>,
    /// What became of a message, in the words of the metrics.
    outcome: Option<&'static str>,
    status: u16,
    /// How long the answer took, in milliseconds.
    took_ms: f64,
    answer_type: &'a str,
    answer: BodyData,
}

/// A body, or its beginning.
#[derive(Debug, Serialize)]
struct BodyData {
    /// Bytes that are not UTF-8 are written as `\xFE`.
    text: String,
    is_utf8: bool,
    /// The length of the whole body in bytes.
    length: usize,
    is_cut: bool,
}

impl BodyData {
    fn of(copied: &Copied) -> Self {
        // A body that was cut inside a character is text all the same.
        let is_utf8 = match str::from_utf8(&copied.bytes) {
            Ok(_) => true,
            Err(error) => copied.is_cut() && error.error_len().is_none(),
        };
        let (text, length) = (readable(&copied.bytes), copied.length);
        Self { text, is_utf8, length, is_cut: copied.is_cut() }
    }
}

impl<'a> RequestData<'a> {
    pub(super) fn of(kept: &'a Kept) -> Self {
        let is_form = kept.header("content-type").is_some_and(|value| {
            let essence = value.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        let pairs = is_form.then(|| Pairs::decode(&kept.body.bytes).ok()).flatten();
        let outcome = kept.outcome.map(|outcome| match outcome {
            Outcome::Answered => "answered",
            Outcome::Repeated => "repeated",
            Outcome::Flooding => "flooding",
            _ => "refused",
        });
        Self {
            number: kept.number,
            at: kept.at.to_string(),
            method: &kept.method,
            target: &kept.target,
            from: if kept.is_own { "page" } else { "elsewhere" },
            headers: kept.headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
            signature: kept.signature.as_deref(),
            form: pairs.map(|pairs| {
                pairs.iter().map(|(name, value)| (readable(name), readable(value))).collect()
            }),
            body: BodyData::of(&kept.body),
            verdict: kept.judgement.word,
            why: kept.judgement.why.as_deref(),
            advice: kept.judgement.advice.as_deref(),
            outcome,
            status: kept.status,
            took_ms: took_ms(kept.took_micros),
            answer_type: &kept.answer_type,
            answer: BodyData::of(&kept.answer),
        }
    }
}

/// Returns a time in milliseconds, with one decimal place.
pub(in crate::simulator) fn took_ms(micros: u128) -> f64 {
    let tenths = u32::try_from(micros.div_ceil(100)).unwrap_or(u32::MAX);
    f64::from(tenths) / 10.0
}

/// Returns bytes as text. Bytes that are not text are written as `\xFE`.
pub(in crate::simulator) fn readable(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_written_out() {
        assert_eq!(readable(b"a\xFEb\xC3"), "a\\xFEb\\xC3");
        assert_eq!(readable("ñ😀".as_bytes()), "ñ😀");
    }

    #[test]
    fn a_text_that_was_cut_inside_a_character_is_text() {
        let of = |bytes: &[u8], length| BodyData::of(&Copied { bytes: bytes.to_vec(), length });
        assert!(of(b"a\xC3", 3).is_utf8);
        assert!(!of(b"a\xC3", 2).is_utf8);
        assert!(!of(b"a\xFEb", 9).is_utf8);
    }
}
