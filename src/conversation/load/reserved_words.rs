//! Words that Twilio itself acts on over SMS, whatever a flow says.
//!
//! Source: Twilio's help page "Twilio support for opt-out keywords", with
//! REVOKE and OPTOUT, which were added in 2025.

use super::draft::Draft;
use super::report::Report;

/// Whoever writes one of these gets no more messages.
const BLOCKING: [&str; 8] =
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"];

/// Whoever writes one of these gets messages again.
const UNBLOCKING: [&str; 3] = ["start", "yes", "unstop"];

/// Twilio answers these.
const ANSWERED: [&str; 2] = ["help", "info"];

/// What Twilio does when a person writes this word (normalised), if anything.
fn effect(word: &str) -> Option<(&'static str, &'static str)> {
    if BLOCKING.contains(&word) {
        Some((
            "blocks the sender: the conversation is over and no reply arrives",
            "choose a word that Twilio leaves alone",
        ))
    } else if UNBLOCKING.contains(&word) {
        Some((
            "takes it as the wish to hear from us again, and may answer by itself",
            "it works for people who have not stopped, but choose another word where you can",
        ))
    } else if ANSWERED.contains(&word) {
        Some((
            "answers by itself, beside our reply",
            "choose another word, such as `menu` or `support`",
        ))
    } else {
        None
    }
}

/// Warns of such words where they begin a flow, are commands, skip a question or choose an option.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let commands = draft.commands.iter().flat_map(|command| &command.words);
    let asks = draft.steps.iter().filter_map(|step| step.ask());
    let answers = asks.flat_map(|ask| {
        ask.optional.iter().chain(ask.choices.iter().flat_map(|choice| {
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
