//! Answers that a command of the same flow, or of a flow that runs this one,
//! hides: commands are heard before answers.

use std::collections::HashMap;

use crate::conversation::Kind;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::{NO, YES};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::subflow::{Subflow, Subflows};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Word};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::HiddenAnswer], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        in_flow(report, draft);
        in_subflows(report, draft, facts.subflows);
    }
}

/// Warns of answers in a flow that is run which a command of this one hides.
fn in_subflows(report: &mut Report<'_>, draft: &Draft, subflows: &Subflows) {
    let runs = draft.steps.iter().filter_map(DraftStep::runs);
    let subflows: Vec<&Subflow> = runs.filter_map(|flow| subflows.get(flow)).collect();
    for word in draft.commands.iter().flat_map(|command| &command.words) {
        let hidden = subflows.iter().find_map(|subflow| subflow.answers.get(&word.normal));
        if let Some(flow) = hidden {
            report
                .found(
                    Code::HiddenAnswer,
                    word.span,
                    format!(
                        "`{}` is an answer in the flow `{flow}`, which is run here: there it is never heard, since commands come first",
                        word.written
                    ),
                )
                .help("choose another word for one of them");
        }
    }
}

/// Warns of answers that a command of their own flow hides.
fn in_flow(report: &mut Report<'_>, draft: &Draft) {
    let mut commands: HashMap<&str, &Word> = HashMap::new();
    for word in draft.commands.iter().flat_map(|command| &command.words) {
        commands.entry(&word.normal).or_insert(word);
    }
    for ask in draft.steps.iter().filter_map(|step| step.ask()) {
        let is_hidden = |word: &&Word| commands.contains_key(word.normal.as_str());
        let mut is_reported = |word: &&Word| !report.allows(Code::HiddenAnswer, word.span);
        let of_choices = ask.choices.iter().filter_map(|choice| {
            let mut hidden = choice.words().filter(is_hidden);
            hidden.find(&mut is_reported)
        });
        let others = ask.optional.iter().chain(&ask.yes_no_words).filter(is_hidden);
        let mut hidden: Vec<(&str, &str, Span)> = of_choices
            .chain(others)
            .map(|word| (word.written.as_str(), word.normal.as_str(), word.span))
            .collect();
        if let Some(Kind::YesNo { .. }) = ask.answer.as_ref().map(|answer| &answer.kind) {
            // These words are not written in the file: the question is the place.
            hidden.extend(YES.into_iter().chain(NO).map(|word| (word, word, ask.limit)));
        }
        for (written, normal, span) in hidden {
            let Some(command) = commands.get(normal) else { continue };
            report
                .found(
                    Code::HiddenAnswer,
                    span,
                    format!(
                        "`{written}` is never heard here: it is a command, and commands come first"
                    ),
                )
                .label(command.span, "the command")
                .help("choose another word for one of them");
        }
    }
}
