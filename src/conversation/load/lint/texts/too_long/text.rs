//! Texts that do not fit into one message.

use super::advice::{Advised, MESSAGE, TURN, explain};
use crate::conversation::finding::{Code, Severity};
use crate::conversation::length::Length;
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::analysis::outputs::{self, Output};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::lint::limits::Limits;

/// Reports each text that can be too long. Of texts that one `max` would shorten,
/// only the longest is reported.
pub(super) fn check(
    report: &mut Report<'_>,
    draft: &Draft,
    lengths: &Lengths,
    limits: &mut Limits<'_>,
) {
    let all = draft.in_each_language().flat_map(outputs::all);
    let mut long: Vec<(Length, Output<'_>)> = all
        .map(|said| (said.length(lengths), said))
        .filter(|(length, _)| length.units() > MESSAGE)
        .collect();
    // What shortens the longest enough may shorten others, too.
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

/// The code of the finding and its message. `varies`: something is filled in.
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

/// What a text is made of, each with its length: the most comes first.
fn summands(said: &Output<'_>, lengths: &Lengths) -> Vec<(String, u64)> {
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
