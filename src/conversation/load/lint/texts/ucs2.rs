//! Characters that make a text UCS-2, of which a segment holds less than half,
//! and what that costs.
//!
//! A language that needs such characters gets no warning. A text gets one where
//! only a few characters are the reason, or where they merely look like plain ones.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::conversation::finding::{Code, Span};
use crate::conversation::length::Length;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::analysis::outputs::{self, Output};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::lookalike::LOOKALIKES;
use crate::message::segments::{self, Encoding};

/// Up to this many different characters may be an oversight; more are a language.
const FEW: usize = 3;

/// Characters that a plain one can replace, beside those that look like it.
const PLAIN: [(char, &str); 8] = [
    ('«', "\""),
    ('»', "\""),
    ('‹', "'"),
    ('›', "'"),
    ('•', "-"),
    ('·', "-"),
    ('×', "x"),
    ('№', "No."),
];

pub(crate) const RULE: Rule = Rule { codes: &[Code::Ucs2], checks: &[Check::NoErrors(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, _: &Paths<'_>) {
    let lengths = &facts.lengths;
    for draft in facts.draft.in_each_language() {
        let all: Vec<(Output<'_>, BTreeSet<char>)> = outputs::all(draft)
            .filter(|said| !said.has_media)
            .map(|said| (not_gsm7(&said.own()), said))
            .map(|(signs, said)| (said, signs))
            .collect();
        let letters: BTreeSet<char> = all
            .iter()
            .flat_map(|(_, signs)| signs)
            .copied()
            .filter(|c| plain(*c).is_none())
            .collect();
        if letters.len() > FEW {
            continue;
        }
        let mut reported: BTreeSet<char> = BTreeSet::new();
        for (said, signs) in &all {
            let Some(cost) = Price::of(said, lengths).filter(|_| !signs.is_empty()) else {
                continue;
            };
            let Some((first, span)) = place(report, said, signs) else { continue };
            if report.allows(Code::Ucs2, span) || signs.is_subset(&reported) {
                continue;
            }
            let more = all.iter().filter(|(other, others)| {
                other.text.span != said.text.span && !others.is_disjoint(signs)
            });
            warn(report, (first, span), signs, cost, more.count());
            reported.extend(signs);
        }
    }
}

fn warn(
    report: &mut Report<'_>,
    (first, span): (char, Span),
    signs: &BTreeSet<char>,
    cost: Price,
    more: usize,
) {
    let signs: Vec<char> =
        std::iter::once(first).chain(signs.iter().copied().filter(|c| *c != first)).collect();
    let names: Vec<String> = signs.iter().map(|c| shown(*c)).collect();
    let (names, make) = match names.as_slice() {
        [before @ .., last] if !before.is_empty() => {
            (format!("{} and {last}", before.join(", ")), "make")
        }
        names => (names.concat(), "makes"),
    };
    let Price { before, after, is_filled } = cost;
    let when = if is_filled { ", with its answers at their longest" } else { "" };
    let advice: Vec<String> = signs.into_iter().map(advice).collect();
    let elsewhere = match more {
        0 => String::new(),
        1 => "; another text has it, too".to_owned(),
        more => format!("; {more} other texts have it, too"),
    };
    report
        .found(
            Code::Ucs2,
            span,
            format!("{names} {make} this text UCS-2: {after} segments in place of {before}{when}"),
        )
        .help(format!(
            "a segment of UCS-2 holds 70 characters and not 160: {}{elsewhere}",
            advice.join(", ")
        ));
}

/// What a text costs in segments with such characters and without.
#[derive(Clone, Copy)]
struct Price {
    before: u64,
    after: u64,
    /// Whether there is a difference only with answers filled in.
    is_filled: bool,
}

impl Price {
    /// The two prices; `None` where they are the same.
    fn of(said: &Output<'_>, lengths: &Lengths) -> Option<Self> {
        let own = said.own();
        // As many septets as if a plain sign stood for each.
        let plain: String =
            own.chars().map(|c| if segments::is_gsm7(c) { c } else { '.' }).collect();
        let (before, after) =
            (segments::count(&plain).segments as u64, segments::count(&own).segments as u64);
        if after > before {
            return Some(Self { before, after, is_filled: false });
        }
        let filled = said.length(lengths).plain_units() - Length::of(&own).units();
        if filled == 0 || said.length(lengths).is_endless() {
            return None;
        }
        let septets = segments::septets(&plain).unwrap_or_default() as u64 + filled;
        let before = segments::at_most(Encoding::Gsm7, septets);
        let after = segments::at_most(Encoding::Ucs2, said.length(lengths).plain_units());
        (after > before).then_some(Self { before, after, is_filled: true })
    }
}

fn not_gsm7(text: &str) -> BTreeSet<char> {
    text.chars().filter(|c| !segments::is_gsm7(*c)).collect()
}

/// The first of these characters in the file, and where it stands: in the text
/// itself, or in the label of an option.
fn place(report: &Report<'_>, said: &Output<'_>, signs: &BTreeSet<char>) -> Option<(char, Span)> {
    let labels = said.options.iter().map(|option| option.label.span);
    let spans: Vec<Span> = std::iter::once(said.text.span).chain(labels).collect();
    let in_file = spans.iter().find_map(|span| {
        let (at, sign) = report.text(*span).char_indices().find(|(_, c)| signs.contains(c))?;
        let start = span.start + at;
        Some((sign, Span::new(start, start + sign.len_utf8())))
    });
    // It may be written as an escape, such as `\u2019`.
    in_file.or_else(|| Some((*signs.first()?, said.text.span)))
}

fn shown(c: char) -> String {
    match name(c) {
        Some(name) if c.is_whitespace() || c.is_control() || plain(c) == Some("") => {
            format!("a {name} (U+{:04X})", u32::from(c))
        }
        Some(_) | None => format!("`{c}`"),
    }
}

fn name(c: char) -> Option<&'static str> {
    LOOKALIKES.iter().find(|(known, ..)| *known == c).map(|(_, _, name)| *name)
}

/// The plain text that looks like a character, or does as well.
fn plain(c: char) -> Option<&'static str> {
    let like = LOOKALIKES.iter().find(|(known, ..)| *known == c).map(|(_, plain, _)| *plain);
    like.or_else(|| PLAIN.iter().find(|(known, _)| *known == c).map(|(_, plain)| *plain))
}

/// What to write in place of a character.
fn advice(c: char) -> String {
    match (plain(c), name(c)) {
        (Some(""), name) => format!("take the {} out", name.unwrap_or("sign")),
        (Some(" "), name) => {
            format!("write a plain space in place of the {}", name.unwrap_or("other"))
        }
        (Some(plain), Some(name)) => format!("write `{plain}` in place of the {name} `{c}`"),
        (Some(plain), None) => format!("write `{plain}` in place of `{c}`"),
        (None, _) => {
            letter(c).unwrap_or_else(|| format!("leave `{c}` out, if it is not worth that"))
        }
    }
}

/// For a letter with an accent, a letter that costs nothing.
fn letter(c: char) -> Option<String> {
    let capital: Vec<char> = c.to_uppercase().collect();
    if let [capital] = capital.as_slice()
        && *capital != c
        && segments::is_gsm7(*capital)
    {
        return Some(format!("the capital `{capital}` is GSM-7, `{c}` is not"));
    }
    let base = c.to_string().nfd().next().filter(|base| *base != c && segments::is_gsm7(*base))?;
    Some(format!("write `{base}` in place of `{c}`, where people take it for that"))
}
