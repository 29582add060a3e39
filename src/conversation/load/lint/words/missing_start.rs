//! Flows that nothing begins: no word, and no other flow.

use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::link::run_order;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::MissingKey], checks: &[Check::Folder(check)] };

fn check(files: &mut [(Report<'_>, Draft)]) {
    let run_by_others = run_order::names(files);
    let unsure = run_order::unsure(files);
    for (index, (report, draft)) in files.iter_mut().enumerate() {
        if let Some(top) = draft.no_start
            && !draft.name.as_ref().is_some_and(|name| run_by_others.contains(&name.value))
            // A file of which not all could be read may run it.
            && unsure.iter().all(|file| *file == index)
        {
            report
                .found(Code::MissingKey, top, "nothing begins this flow: `start` is missing")
                .help("write `start: [hello]` with the words that begin it, or `start: [\"*\"]` for any message; only a flow that another one runs needs none");
        }
    }
}
