//! Texts of the flow itself that read an answer, and are sent where there are no
//! answers: before a conversation, or when its answers were forgotten.

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, Text};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::NoAnswersHere], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        let where_no_answers_are = [
            (&draft.otherwise, "`otherwise` is said where no conversation is"),
            (&draft.changed, "`changed` is said when the answers are forgotten"),
            (&draft.expired, "`expired` is said when the answers are forgotten"),
        ];
        for (text, why) in where_no_answers_are {
            if let Some(text) = text {
                without_answers(report, draft, text, why);
            }
        }
    }
}

/// Reports each answer that such a text reads without a `default`.
fn without_answers(report: &mut Report<'_>, draft: &Draft, text: &Text, why: &str) {
    let is_known = |name: &str| BuiltIn::named(name).is_some() || draft.is_language(name);
    for used in text.uses.iter().filter(|used| !used.has_default && !is_known(&used.name)) {
        // No conversation is there that could have a callback.
        let known = BuiltIn::ALL.into_iter().filter(|name| *name != BuiltIn::Callback);
        let built_in = known.map(BuiltIn::name).collect::<Vec<_>>().join("`, `");
        report
            .found(
                Code::NoAnswersHere,
                used.span,
                format!("{why}, so `{}` is not known", used.name),
            )
            .help(format!("only `{built_in}` are known there"));
    }
}
