//! Words that Twilio itself acts on over SMS, whatever a flow says.
//!
//! The words, with their source, stand in [`keywords`](crate::message::keywords).

use super::draft::Draft;
use super::report::Report;
use crate::message::keywords::{SMS_HELP, SMS_START, SMS_STOP};

/// What Twilio does when a person writes this word (normalised), if anything.
fn effect(word: &str) -> Option<(&'static str, &'static str)> {
    let is_one_of = |words: &[&str]| words.iter().any(|other| other.eq_ignore_ascii_case(word));
    if is_one_of(SMS_STOP) {
        Some((
            "blocks the sender: the conversation is over and no reply arrives",
            "choose a word that Twilio leaves alone",
        ))
    } else if is_one_of(SMS_START) {
        Some((
            "takes it as the wish to hear from us again, and may answer by itself",
            "it works for people who have not stopped, but choose another word where you can",
        ))
    } else if is_one_of(SMS_HELP) {
        Some((
            "answers by itself, beside our reply",
            "choose another word, such as `menu` or `support`",
        ))
    } else {
        None
    }
}

/// Warns of such words where they begin a flow, are commands, skip a question or answer it.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let commands = draft.commands.iter().flat_map(|command| &command.words);
    let asks = draft.steps.iter().filter_map(|step| step.ask());
    let answers = asks.flat_map(|ask| {
        ask.optional.iter().chain(&ask.yes_no_words).chain(ask.choices.iter().flat_map(|choice| {
            // An id that says the same as its label is one word to people.
            choice
                .words()
                .filter(|word| word.span == choice.id.span || word.normal != choice.id.normal)
        }))
    });
    for word in draft.start.iter().chain(commands).chain(answers) {
        if let Some((effect, help)) = effect(&word.normal) {
            report
                .warning(
                    word.span,
                    format!("over SMS Twilio acts on `{}`: it {effect}", word.written),
                )
                .help(help);
        }
    }
}
