//! Texts that do not fit into a message, whatever the answers in them are
//! limited to. Such a text goes out in several, each with its price, and they
//! may arrive in another order. Texts that only together do not fit are
//! [`one_turn`](super::one_turn)'s.

use std::collections::HashMap;

use super::limits::{Culprit, Limits};
use crate::conversation::finding::{Code, Finding, Severity, Span};
use crate::conversation::length::Length;
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::analysis::said::{self, Said};
use crate::conversation::load::analysis::turn_length::{CHANGED, EXPIRED};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::message::{MAX_REPLIES, MAX_TEXT};

/// UTF-16 units of a message.
pub(super) const MESSAGE: u64 = MAX_TEXT as u64;

/// UTF-16 units of all messages of a turn.
pub(super) const TURN: u64 = MESSAGE * MAX_REPLIES as u64;

/// Labels of a finding, and summands that it names.
const MAX_SHOWN: usize = 4;

/// Reports each text that can be too long, those that one `max` would mend once.
pub(crate) fn check(
    report: &mut Report<'_>,
    draft: &Draft,
    lengths: &Lengths,
    limits: &mut Limits<'_>,
) {
    let all = draft.in_each_language().flat_map(said::all);
    let mut long: Vec<(Length, Said<'_>)> = all
        .map(|said| (said.length(lengths), said))
        .filter(|(length, _)| length.units() > MESSAGE)
        .collect();
    // What mends the longest mends others, too.
    long.sort_by_key(|(length, said)| (std::cmp::Reverse(length.units()), said.text.span));
    let mut advised = Advised::default();
    for (length, said) in long {
        let (code, message) = complaint(length, !said.text.uses.is_empty());
        if report.allows(code, said.text.span) {
            continue;
        }
        if report.is_full() {
            report.found(code, said.text.span, message);
            continue;
        }
        let fits = |lengths: &Lengths| said.length(lengths).units() <= MESSAGE;
        let all = limits.culprits(&said.text.uses, 0);
        if code.severity() == Severity::Warning
            && advised.max(&all).is_some_and(|max| limits.with(max, fits))
        {
            continue;
        }
        let largest = limits.largest(fits);
        let culprits = limits.culprits(&said.text.uses, largest.unwrap_or_default());
        advised.add(&culprits, largest);
        let finding = report.found(code, said.text.span, message);
        explain(finding, &summands(&said, lengths), &culprits, largest);
    }
}

/// What kind of finding it is, and in words. It varies with what is filled in, if anything is.
fn complaint(length: Length, varies: bool) -> (Code, String) {
    let units = length.units();
    if length.is_endless() {
        let message = "this text grows without end: something in it is made longer out of itself";
        return (Code::TextGrows, message.to_owned());
    }
    if length.plain_units() > TURN {
        let message = format!(
            "this text can have up to {units} characters: ten messages hold {TURN}, and the rest is dropped"
        );
        return (Code::TextDropped, message);
    }
    let can = if varies { "can have up to" } else { "has" };
    let messages = units.div_ceil(MESSAGE);
    let message = format!(
        "this text {can} {units} characters, and a message at most {MESSAGE}: it goes out in {messages} or more"
    );
    (Code::TextTooLong, message)
}

/// Which questions were named, with the smallest `max`.
#[derive(Default)]
pub(crate) struct Advised {
    by_question: HashMap<String, u64>,
}

impl Advised {
    /// The largest `max` that was named for any of these; `None` where one was not named.
    pub(crate) fn max(&self, culprits: &[Culprit]) -> Option<u64> {
        let of = |culprit: &Culprit| self.by_question.get(&culprit.what).copied();
        culprits.iter().map(of).reduce(|most, max| Some(most?.max(max?))).flatten()
    }

    pub(crate) fn add(&mut self, culprits: &[Culprit], largest: Option<u64>) {
        let Some(largest) = largest else { return };
        for culprit in culprits {
            let max = self.by_question.entry(culprit.what.clone()).or_insert(largest);
            *max = (*max).min(largest);
        }
    }
}

/// What a text is made of, each with its length: the most comes first.
pub(super) fn summands(said: &Said<'_>, lengths: &Lengths) -> Vec<(String, u64)> {
    let own = Length::of(&said.own()).units();
    let mut summands: Vec<(String, u64)> = vec![("its own".to_owned(), own)];
    for (text, length) in said.template().filled_in(&|name| lengths.of(name)) {
        let name = format!("`{{{{ {text} }}}}`");
        let known = summands.iter_mut().find(|(known, _)| *known == name);
        match known {
            Some((_, sum)) => *sum = sum.saturating_add(length.units()),
            None if length.is_endless() => summands.push((name, u64::MAX)),
            None => summands.push((name, length.units())),
        }
    }
    summands.sort_by_key(|(_, units)| std::cmp::Reverse(*units));
    summands
}

/// `a`, `b` and `c`.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
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
        _ => "shorten it, or ask something on the way".to_owned(),
    };
    let emoji = if culprits.is_empty() { "" } else { " (an emoji counts as two)" };
    finding.help(format!("{}{emoji}: {advice}", sum.join(" + ")));
    let limits: Vec<(Span, u64)> = culprits.iter().filter_map(|culprit| culprit.limit).collect();
    for (span, characters) in limits.into_iter().take(MAX_SHOWN) {
        finding.label(span, format!("up to {characters} characters"));
    }
}
