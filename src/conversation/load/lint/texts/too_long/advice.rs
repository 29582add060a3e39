//! What to write so that a text, or the texts of a turn, become short enough.

use std::collections::HashMap;

use crate::conversation::finding::{Finding, Span};
use crate::conversation::load::analysis::turn_length::{CHANGED, EXPIRED};
use crate::conversation::load::lint::limits::{Culprit, listed};
use crate::message::{MAX_REPLIES, MAX_TEXT};

/// UTF-16 units of a message.
pub(super) const MESSAGE: u64 = MAX_TEXT as u64;

/// UTF-16 units of all messages of a turn.
pub(super) const TURN: u64 = MESSAGE * MAX_REPLIES as u64;

/// The most labels of a finding, and the most summands that it names.
const MAX_SHOWN: usize = 4;

/// Which questions were named, with the smallest `max`.
#[derive(Default)]
pub(super) struct Advised {
    by_question: HashMap<String, u64>,
}

impl Advised {
    /// The largest `max` that was named for any of these; `None` where one was not named.
    pub(super) fn max(&self, culprits: &[Culprit]) -> Option<u64> {
        let of = |culprit: &Culprit| self.by_question.get(&culprit.what).copied();
        culprits.iter().map(of).reduce(|most, max| Some(most?.max(max?))).flatten()
    }

    pub(super) fn add(&mut self, culprits: &[Culprit], largest: Option<u64>) {
        let Some(largest) = largest else { return };
        for culprit in culprits {
            let max = self.by_question.entry(culprit.what.clone()).or_insert(largest);
            *max = (*max).min(largest);
        }
    }
}

/// Shows the sum, and what to write.
pub(super) fn explain(
    finding: &mut Finding,
    summands: &[(String, u64)],
    culprits: &[Culprit],
    largest: Option<u64>,
) {
    let shown = |(what, units): &(String, u64)| match *units {
        u64::MAX => format!("any number of {what}"),
        units => format!("{units} of {what}"),
    };
    let mut sum: Vec<String> =
        summands.iter().filter(|(_, units)| *units > 0).take(MAX_SHOWN).map(shown).collect();
    let rest =
        summands.iter().skip(MAX_SHOWN).fold(0_u64, |sum, (_, units)| sum.saturating_add(*units));
    if rest > 0 {
        sum.push(format!("{rest} of others"));
    }
    let names: Vec<&str> = culprits.iter().map(|culprit| culprit.what.as_str()).collect();
    let advice = match (largest, names.as_slice()) {
        (Some(max), [_, ..]) => {
            format!("write `max: {max}` or less at {}", listed(&names))
        }
        _ if summands.iter().any(|(what, _)| what == CHANGED || what == EXPIRED) => {
            "shorten one of them".to_owned()
        }
        _ => "shorten it, or ask something in between".to_owned(),
    };
    let emoji = if culprits.is_empty() { "" } else { " (an emoji counts as two)" };
    finding.help(format!("{}{emoji}: {advice}", sum.join(" + ")));
    let limits: Vec<(Span, u64)> = culprits.iter().filter_map(|culprit| culprit.limit).collect();
    for (span, characters) in limits.into_iter().take(MAX_SHOWN) {
        finding.label(span, format!("up to {characters} characters"));
    }
}
