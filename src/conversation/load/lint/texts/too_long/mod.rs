//! Texts that may not fit: one into a message, several into the message as which
//! they go out together, or all of a turn into its messages. A longer text goes
//! out in several messages, each with its price, and they may arrive in another
//! order; what is too long for a turn is dropped.

mod advice;
mod text;
mod turn;

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::limits::Limits;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::TextTooLong, Code::TextDropped, Code::TextGrows, Code::TurnTooLong],
    checks: &[Check::NoErrors(check)],
};

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let mut limits = Limits::new(facts.draft, facts.subflows);
    text::check(report, facts.draft, &facts.lengths, &mut limits);
    turn::check(report, facts, paths, &mut limits);
}
