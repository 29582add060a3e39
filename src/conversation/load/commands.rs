//! Commands are heard before answers: what that takes away from whom.

use std::collections::{BTreeMap, HashMap};

use super::draft::{Draft, DraftChoice, DraftStep, Word};
use super::parts::{Part, Parts};
use super::report::Report;
use crate::conversation::Kind;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::{NO, YES};

/// The words that answer some question of a flow, its parts included, each with
/// the name of the flow that asks.
pub(super) fn answers(name: &str, draft: &Draft, parts: &Parts) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for step in &draft.steps {
        if let Some(part) = step.runs().and_then(|flow| parts.get(flow)) {
            answers.extend(part.answers.clone());
        }
    }
    let steps = draft.in_each_language().flat_map(|draft| &draft.steps);
    for ask in steps.filter_map(DraftStep::ask) {
        let words = ask.choices.iter().flat_map(DraftChoice::words);
        let words = words.chain(&ask.optional).chain(&ask.yes_no_words);
        answers.extend(words.map(|word| (word.normal.clone(), name.to_owned())));
        if let Some(Kind::YesNo { .. }) = ask.answer.as_ref().map(|answer| &answer.kind) {
            let built_in = YES.into_iter().chain(NO);
            answers.extend(built_in.map(|word| (word.to_owned(), name.to_owned())));
        }
    }
    answers
}

/// Warns of answers in the parts of a flow that one of its commands hides.
pub(super) fn check_parts(report: &mut Report<'_>, draft: &Draft, parts: &Parts) {
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
