//! Commands are heard before answers: what that takes away from whom.

use std::collections::HashMap;

use crate::conversation::Kind;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::{NO, YES};
use crate::conversation::load::analysis::part::{Part, Parts};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Word};

/// Warns of answers in the parts of a flow that one of its commands hides.
pub(crate) fn check_parts(report: &mut Report<'_>, draft: &Draft, parts: &Parts) {
    let runs = draft.steps.iter().filter_map(DraftStep::runs);
    let parts: Vec<&Part> = runs.filter_map(|flow| parts.get(flow)).collect();
    for word in draft.commands.iter().flat_map(|command| &command.words) {
        let hidden = parts.iter().find_map(|part| part.answers.get(&word.normal));
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

/// Reports words that two commands share, and warns of answers that a command hides.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let mut owners: HashMap<&str, (usize, &Word)> = HashMap::new();
    for (index, command) in draft.commands.iter().enumerate() {
        for word in &command.words {
            let (owner, first) = *owners.entry(&word.normal).or_insert((index, word));
            if owner != index {
                report
                    .found(
                        Code::AmbiguousWord,
                        word.span,
                        format!("`{}` is the word of two commands", word.written),
                    )
                    .label(first.span, "first here")
                    .help("keep it for one of them");
            }
        }
    }
    for ask in draft.steps.iter().filter_map(|step| step.ask()) {
        let is_hidden = |word: &&Word| owners.contains_key(word.normal.as_str());
        let mut is_told = |word: &&Word| !report.allows(Code::HiddenAnswer, word.span);
        let of_choices = ask.choices.iter().filter_map(|choice| {
            let mut hidden = choice.words().filter(is_hidden);
            hidden.find(&mut is_told)
        });
        let others = ask.optional.iter().chain(&ask.yes_no_words).filter(is_hidden);
        let mut hidden: Vec<(&str, &str, Span)> = of_choices
            .chain(others)
            .map(|word| (word.written.as_str(), word.normal.as_str(), word.span))
            .collect();
        if let Some(Kind::YesNo { .. }) = ask.answer.as_ref().map(|answer| &answer.kind) {
            // These stand nowhere in the file: the question is the place.
            hidden.extend(YES.into_iter().chain(NO).map(|word| (word, word, ask.limit)));
        }
        for (written, normal, span) in hidden {
            let Some((_, command)) = owners.get(normal) else { continue };
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
