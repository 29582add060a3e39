//! Commands are heard before answers: what that takes away from whom.

use std::collections::HashMap;

use super::draft::{Draft, Word};
use super::report::Report;
use crate::conversation::Kind;

/// Reports words that two commands share, and warns of answers that a command hides.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let mut owners: HashMap<&str, (usize, &Word)> = HashMap::new();
    for (index, command) in draft.commands.iter().enumerate() {
        for word in &command.words {
            let (owner, first) = *owners.entry(&word.normal).or_insert((index, word));
            if owner != index {
                report
                    .error(word.span, format!("`{}` is the word of two commands", word.written))
                    .label(first.span, "first here")
                    .help("keep it for one of them");
            }
        }
    }
    for ask in draft.steps.iter().filter_map(|step| step.ask()) {
        let hidden = |word: &&Word| owners.contains_key(word.normal.as_str());
        let words = ask.choices.iter().filter_map(|choice| choice.words().find(hidden));
        for word in words.chain(ask.optional.iter().filter(hidden)) {
            let Some((_, command)) = owners.get(word.normal.as_str()) else { continue };
            report
                .warning(
                    word.span,
                    format!(
                        "`{}` is never heard here: it is a command, and commands come first",
                        word.written
                    ),
                )
                .label(command.span, "the command")
                .help("choose another word for one of them");
        }
        if let Some(Kind::YesNo { yes, no }) = ask.answer.as_ref().map(|answer| &answer.kind) {
            let words = yes.iter().chain(no);
            for (_, command) in words.filter_map(|word| owners.get(word.as_str())) {
                report
                    .warning(
                        ask.limit,
                        format!(
                            "`{}` is never heard here: it is a command, and commands come first",
                            command.written
                        ),
                    )
                    .label(command.span, "the command")
                    .help("choose another word for the command");
            }
        }
    }
}
