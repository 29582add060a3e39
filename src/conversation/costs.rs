//! What the texts of a flow cost as SMS, at least and at worst.

use super::flow::Origin;
use super::length::Length;
use crate::message::segments::{self, Encoding};

/// What one text costs, of whatever it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The flow.
    pub flow: String,
    /// Its language, where it is not the first.
    pub language: Option<String>,
    /// What says it: `SIZE.ask`, or `otherwise`.
    pub text: String,
    /// Where it is written.
    pub origin: Origin,
    /// Whether pictures go out with it: then it is no SMS, and has no segments.
    pub has_media: bool,
    /// How it is encoded at worst.
    pub encoding: Encoding,
    /// The most UTF-16 units; `None` where it grows without end.
    pub units: Option<u64>,
    /// Segments with nothing filled in.
    pub least: u64,
    /// Segments at worst; `None` where it grows without end.
    pub most: Option<u64>,
}

impl Cost {
    /// The cost of a text of which this stands there by itself, and which is so
    /// long at most.
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
