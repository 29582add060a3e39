//! The cost of the texts of a flow as SMS: the least and the worst case.

use super::flow::Origin;
use super::length::Length;
use crate::message::segments::{self, Encoding};

/// The cost of one text of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The flow.
    pub flow: String,
    /// The language of the text, unless it is the flow's first.
    pub language: Option<String>,
    /// The key of the text: `SIZE.ask`, or `otherwise`.
    pub text: String,
    /// The position of the text.
    pub origin: Origin,
    /// Whether pictures are sent with it. Then it is an MMS, and has no
    /// segments.
    pub has_media: bool,
    /// The encoding in the worst case.
    pub encoding: Encoding,
    /// The most UTF-16 units; `None` if the length has no limit.
    pub units: Option<u64>,
    /// The number of segments with nothing filled in.
    pub least: u64,
    /// The number of segments in the worst case; `None` if the length has no
    /// limit.
    pub most: Option<u64>,
}

impl Cost {
    /// Computes the cost of a text with these fixed characters and this
    /// greatest length.
    pub(super) fn new(
        (flow, language, text): (&str, Option<&str>, String),
        origin: Origin,
        has_media: bool,
        own: &str,
        length: Length,
    ) -> Self {
        let least = segments::count(own);
        let is_fixed = length == Length::of(own);
        let (encoding, units) = match length.septets() {
            Some(septets) => (Encoding::Gsm7, septets),
            None => (Encoding::Ucs2, length.units()),
        };
        let most =
            if is_fixed { least.segments as u64 } else { segments::at_most(encoding, units) };
        let is_endless = length.is_endless();
        Self {
            flow: flow.to_owned(),
            language: language.map(str::to_owned),
            text,
            origin,
            has_media,
            encoding,
            units: (!is_endless).then(|| length.units()),
            least: least.segments as u64,
            most: (!is_endless).then_some(most),
        }
    }
}
