//! Values that `set` can make longer than one is kept: in a chain of steps, or
//! out of themselves, round by round.

use crate::conversation::Value;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftVerb, Text};
use crate::conversation::load::lint::limits::{Limits, listed};
use crate::conversation::load::lint::rule::{Check, Rule};

/// The longest value, in bytes.
const VALUE: u64 = Value::MAX_BYTES as u64;

pub(crate) const RULE: Rule = Rule { codes: &[Code::ValueCut], checks: &[Check::NoErrors(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, _: &Paths<'_>) {
    let mut limits = Limits::new(facts.draft, facts.subflows);
    for draft in facts.draft.in_each_language() {
        for step in &draft.steps {
            let DraftVerb::Set(entries) = &step.verb else { continue };
            for (name, text) in entries {
                if let Some(text) = text
                    && !draft.is_language(&name.value)
                    && facts.lengths.of_text(&text.template).bytes() > VALUE
                {
                    explain(report, &name.value, text, &facts.lengths, &mut limits);
                }
            }
        }
    }
}

fn explain(
    report: &mut Report<'_>,
    name: &str,
    text: &Text,
    lengths: &Lengths,
    limits: &mut Limits<'_>,
) {
    let length = lengths.of_text(&text.template);
    let is_full = report.is_full();
    let finding = report.found(
        Code::ValueCut,
        text.span,
        format!("`{name}` can have more than {VALUE} bytes here, and is cut to so many"),
    );
    if is_full {
        return;
    }
    if length.is_endless() {
        finding.help("something in it is made longer out of itself: set it to what does not read its own value, directly or in another variable");
        return;
    }
    let largest = limits.largest(|lengths| lengths.of_text(&text.template).bytes() <= VALUE);
    let culprits = limits.culprits(&text.uses, largest.unwrap_or_default());
    let names: Vec<&str> = culprits.iter().map(|culprit| culprit.what.as_str()).collect();
    let bytes = length.bytes();
    finding.help(match (largest, names.as_slice()) {
        (Some(max), [_, ..]) => format!(
            "it can come to {bytes} bytes (an emoji has four): write `max: {max}` or less at {}",
            listed(&names)
        ),
        _ => format!("it can come to {bytes} bytes: put less into it"),
    });
}
