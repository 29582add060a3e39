//! Reads `options` and `words`: whatever a person writes must mean only one of
//! them.

use std::collections::HashMap;

use super::shape;
use crate::conversation::answer::{numbers_in, option_number};
use crate::conversation::finding::Code;
use crate::conversation::flow::{NO, YES};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftAsk, DraftChoice, Word, answer_forms};
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::load::syntax::node::Node;
use crate::conversation::{Choice, Kind, words};

/// The most options of a question.
const MAX_OPTIONS: usize = 100;

/// The longest id of an option in characters.
const MAX_ID: usize = 100;

/// Reads `options`, and `words` with them.
pub(super) fn read(report: &mut Report<'_>, node: &Node, keys: &AskKeys<'_>) -> Vec<DraftChoice> {
    let mut choices: Vec<DraftChoice> = Vec::new();
    let entries = shape::map(report, "options", node);
    if let Some((id, _)) = entries.get(MAX_OPTIONS) {
        report
            .found(
                Code::LimitExceeded,
                id.span,
                format!("a question has at most {MAX_OPTIONS} options"),
            )
            .help("ask twice: first for a group, then for one option of that group");
    }
    for (id, node) in entries.into_iter().take(MAX_OPTIONS) {
        if id.value.chars().count() > MAX_ID {
            report
                .found(
                    Code::LimitExceeded,
                    id.span,
                    format!("the id of an option has at most {MAX_ID} characters"),
                )
                .help("write a short id: people see the label instead");
        }
        let normal = words::normalise(id.value);
        let id = Word { written: id.value.to_owned(), normal, span: id.span };
        let Some(label) = shape::word(report, &id.written, node) else { continue };
        if label.written.contains("{{") {
            report
                .found(
                    Code::Template,
                    label.span,
                    "the label of an option is plain text: nothing is filled in",
                )
                .help("write out what it says");
        }
        choices.push(DraftChoice { id, label, synonyms: Vec::new() });
    }
    // Without options that could be read, `words` cannot be checked.
    if let Some((_, node)) = keys.get("words").filter(|_| !choices.is_empty()) {
        for (id, node) in shape::map(report, "words", node) {
            let synonyms = shape::word_list(report, id.value, node);
            if let Some(choice) = choices.iter_mut().find(|choice| choice.id.written == id.value) {
                choice.synonyms = synonyms;
                continue;
            }
            let ids = choices.iter().map(|choice| choice.id.written.as_str());
            let near = report.did_you_mean(id.value, ids);
            report
                .found(
                    Code::UnknownOption,
                    id.span,
                    format!("`{}` is not an option of this question", id.value),
                )
                .help("use the ids of the options as the keys of `words`")
                .maybe_help(near);
        }
    }
    check_words(report, &choices);
    check_numbers(report, &choices);
    check_labels(report, &choices);
    choices
}

/// Reads the further `words` of a `yes_no`: those for yes, and those for no.
pub(super) fn yes_no(report: &mut Report<'_>, keys: &AskKeys<'_>) -> (Vec<Word>, Vec<Word>) {
    let mut yes: Vec<Word> = Vec::new();
    let mut no: Vec<Word> = Vec::new();
    if let Some((_, node)) = keys.get("words") {
        for (answer, node) in shape::map(report, "words", node) {
            match answer.value {
                "yes" => yes = shape::word_list(report, answer.value, node),
                "no" => no = shape::word_list(report, answer.value, node),
                other => {
                    report
                        .found(
                            Code::UnknownOption,
                            answer.span,
                            format!("`{other}` is neither `yes` nor `no`"),
                        )
                        .help("write `words: {yes: [oui], no: [non]}`");
                }
            }
        }
    }
    for (words, others, built_in) in [(&yes, &no, &NO[..]), (&no, &yes, &YES[..])] {
        for word in words {
            let clash = others.iter().find(|o| o.normal == word.normal && o.span < word.span);
            if clash.is_some() || built_in.contains(&word.normal.as_str()) {
                let finding = report.found(
                    Code::AmbiguousWord,
                    word.span,
                    format!("`{}` would mean both yes and no", word.written),
                );
                if let Some(clash) = clash {
                    finding.label(clash.span, "first here");
                }
                finding.help("keep it for one of the two");
            }
        }
    }
    (yes, no)
}

/// The options as the engine uses them.
pub(super) fn compile(choices: &[DraftChoice]) -> Vec<Choice> {
    choices
        .iter()
        .map(|choice| Choice {
            id: choice.id.written.clone(),
            label: choice.label.written.clone(),
            synonyms: answer_forms(&choice.synonyms),
        })
        .collect()
}

/// Reports words that both skip the question and answer it.
pub(super) fn check_optional(report: &mut Report<'_>, ask: &DraftAsk) {
    for skip in &ask.optional {
        let numbered = || ask.choices.get(option_number(&skip.normal)?.checked_sub(1)?);
        let option = ask
            .choices
            .iter()
            .find(|choice| choice.words().any(|word| word.normal == skip.normal))
            .or_else(numbered);
        if let Some(choice) = option {
            report
                .found(
                    Code::AmbiguousWord,
                    skip.span,
                    format!("`{}` would skip the question and choose an option", skip.written),
                )
                .label(choice.id.span, "this option")
                .help("write another word in `optional`");
        }
        let Some(Kind::YesNo { yes, no }) = ask.answer.as_ref().map(|answer| &answer.kind) else {
            continue;
        };
        if yes.contains(&skip.normal) || no.contains(&skip.normal) {
            report
                .found(
                    Code::AmbiguousWord,
                    skip.span,
                    format!("`{}` would skip the question and answer it", skip.written),
                )
                .help("write another word in `optional`");
        }
    }
}

fn check_words(report: &mut Report<'_>, choices: &[DraftChoice]) {
    let mut owners: HashMap<&str, (usize, &Word)> = HashMap::new();
    for (index, choice) in choices.iter().enumerate() {
        for word in choice.words() {
            let (owner, first) = *owners.entry(&word.normal).or_insert((index, word));
            if owner != index {
                report
                    .found(Code::AmbiguousWord, word.span, format!("`{}` would choose two options", word.written))
                    .label(first.span, "the other one")
                    .help("give each option words of its own; capitals, punctuation, emoji and the forms of a letter make no difference");
            }
        }
    }
}

fn check_numbers(report: &mut Report<'_>, choices: &[DraftChoice]) {
    for (index, choice) in choices.iter().enumerate() {
        for word in choice.words() {
            let Some(number) = option_number(&word.normal) else { continue };
            let other = number.checked_sub(1).filter(|at| *at != index);
            let Some(other) = other.and_then(|at| choices.get(at)) else { continue };
            report
                .found(
                    Code::AmbiguousWord,
                    word.span,
                    format!("`{}` is the number of another option", word.written),
                )
                .label(other.id.span, format!("people choose this one with {number}"))
                .help(
                    "write the number in words, or put the options into the order of their numbers",
                );
        }
    }
}

/// Warns of a label with the number of another option, which is understood as
/// neither. Only the first one is reported, since it shows the fault of all.
fn check_labels(report: &mut Report<'_>, choices: &[DraftChoice]) {
    let is_other =
        |own: usize, number: usize| number != own && (1..=choices.len()).contains(&number);
    let is_error = |own: usize, choice: &DraftChoice| {
        choice.words().filter_map(|word| option_number(&word.normal)).any(|n| is_other(own, n))
    };
    let doubtful = (1..).zip(choices).filter(|(own, choice)| !is_error(*own, choice)).flat_map(
        |(own, choice)| {
            let words = std::iter::once(&choice.label).chain(&choice.synonyms);
            words.filter_map(move |word| {
                let numbers = numbers_in(&word.written);
                let number = numbers.into_iter().find(|number| is_other(own, *number))?;
                Some((word, number, choices.get(number - 1)?))
            })
        },
    );
    let mut found = doubtful.filter(|(word, ..)| !report.allows(Code::AmbiguousNumber, word.span));
    let Some((word, number, other)) = found.next() else { return };
    report
        .found(
            Code::AmbiguousNumber,
            word.span,
            format!(
                "`{number}` may mean `{}` or the option with this number, so the question is asked again",
                word.written
            ),
        )
        .label(other.label.span, format!("this is printed as `{number}.`"))
        .help("remove the number from the label, or put the options into an order in which each has its own number");
}
