//! Words that two commands have.

use std::collections::HashMap;

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, Word};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::AmbiguousWord], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    facts.draft.in_each_language().for_each(|draft| in_language(report, draft));
}

fn in_language(report: &mut Report<'_>, draft: &Draft) {
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
}
