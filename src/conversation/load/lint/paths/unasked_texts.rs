//! Texts that a person gets without writing: more than a few in a row, or so late
//! that WhatsApp drops them.

use crate::conversation::duration;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::unasked::{MOST, Unasked};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::UnaskedTexts, Code::WhatsappWindow],
    checks: &[Check::SoundPaths(check)],
};

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let unasked = Unasked::of(facts.draft, &paths.graph);
    for (span, questions) in unasked.excesses {
        let steps = questions.iter().filter_map(|step| facts.draft.steps.get(*step));
        let mut names: Vec<String> = steps.map(|step| format!("`{}`", step.name.value)).collect();
        let asks_again = names.len() > 1 && names.iter().all(|name| *name == names[0]);
        if asks_again {
            names.truncate(1);
        }
        let again = if asks_again { ", which asks again," } else { "" };
        report
            .found(
                Code::UnaskedTexts,
                span,
                format!(
                    "a person who does not write at {}{again} gets more than {MOST} texts in a row",
                    names.join(" -> ")
                ),
            )
            .help("leave out a nudge or a question, or end the conversation without a text");
    }
    if let Some((span, steps)) = unasked.endless {
        let steps = steps.iter().filter_map(|step| facts.draft.steps.get(*step));
        let mut names: Vec<String> = steps.map(|step| format!("`{}`", step.name.value)).collect();
        names.extend(names.first().cloned());
        let way = names.join(" -> ");
        report
            .found(
                Code::UnaskedTexts,
                span,
                format!("a loop in which only timeouts lead on, and which never ends: {way}"),
            )
            .help("put a step with `ask` into it, or let the timeout lead elsewhere");
    }
    for (span, after) in unasked.late.into_values() {
        let time = duration::written(after.as_secs());
        report
            .found(
                Code::WhatsappWindow,
                span,
                format!("what is said here may come {time} after the person wrote"),
            )
            .help("WhatsApp drops texts later than 24 hours after a person's last message: come earlier, or allow this in a flow for SMS");
    }
}
