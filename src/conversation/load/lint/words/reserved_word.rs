//! Words that never mean what a flow says they do: over SMS Twilio acts on them,
//! or Ringback does so before it asks any flow. [`consent`] knows these words.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, Word};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::message::consent::{self, Effect, OptOutWords};

/// Where a word is listened to.
#[derive(Clone, Copy)]
enum Place {
    /// It begins a flow, where no conversation waits.
    Start,
    /// It is heard while a conversation waits.
    Inside,
}

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::CarrierKeyword, Code::OptOutWord], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        in_language(report, draft, facts.opt_out);
    }
}

/// Warns of such words that begin a flow, are commands, skip a question or answer it.
fn in_language(report: &mut Report<'_>, draft: &Draft, further: &OptOutWords) {
    for word in &draft.start {
        look(report, word, Place::Start, further);
    }
    let commands = draft.commands.iter().flat_map(|command| &command.words);
    let asks = draft.steps.iter().filter_map(|step| step.ask());
    for word in commands.chain(asks.flat_map(of_question)) {
        look(report, word, Place::Inside, further);
    }
}

/// The words of a question.
fn of_question(ask: &DraftAsk) -> impl Iterator<Item = &Word> {
    let of_choices = ask.choices.iter().flat_map(|choice| {
        // An id that says the same as its label is one word to people.
        choice.words().filter(|word| word.span == choice.id.span || word.normal != choice.id.normal)
    });
    ask.optional.iter().chain(&ask.yes_no_words).chain(of_choices)
}

fn look(report: &mut Report<'_>, word: &Word, place: Place, further: &OptOutWords) {
    let Some(effect) = consent::effect(&word.written, further) else { return };
    let (does, help) = match (effect, place) {
        (Effect::Blocks, Place::Start) => (
            "it blocks the sender, so this flow never begins and no message reaches them until they send START",
            "choose a word that Twilio leaves alone",
        ),
        (Effect::Blocks, Place::Inside) => (
            "it blocks the sender, so this is never heard: the conversation ends with STOPPED, and no message reaches them until they send START",
            "choose a word that Twilio leaves alone, such as `never mind`",
        ),
        (Effect::Unblocks, Place::Start) => (
            "it unblocks a sender who was blocked and answers them, and the flow begins only when they send it once more",
            "it works for all other people, but choose another word where you can",
        ),
        (Effect::Unblocks, Place::Inside) => (
            "it takes it as the wish to hear from us again, and may answer it beside our reply",
            "it is heard here, since a blocked person has no conversation, but choose another word where you can",
        ),
        (Effect::Answers, _) => (
            "it answers with a text of its own, and ours comes beside it",
            "choose another word, such as `menu` or `support`",
        ),
        (Effect::Stops | Effect::StopsElsewhere, _) => (
            "this is never heard, and no message reaches the sender until they send START",
            "choose a word that does not ask to be left alone, such as `never mind`",
        ),
    };
    let written = &word.written;
    let code = match effect {
        Effect::Blocks | Effect::Unblocks | Effect::Answers => Code::CarrierKeyword,
        Effect::Stops | Effect::StopsElsewhere => Code::OptOutWord,
    };
    let message = match effect {
        Effect::Blocks | Effect::Unblocks | Effect::Answers => {
            format!("over SMS Twilio acts on `{written}`: {does}")
        }
        Effect::Stops => format!("`{written}` is a wish to stop on every channel: {does}"),
        Effect::StopsElsewhere => {
            format!(
                "`{written}` is a wish to stop over WhatsApp, as on every channel but SMS and RCS: {does}"
            )
        }
    };
    report.found(code, word.span, message).help(help);
}
