//! `start: ["*"]` in a language file: any message begins a flow in its first
//! language only.

use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::UnknownText], checks: &[Check::Folder(check)] };

fn check(files: &mut [(Report<'_>, Draft)]) {
    for (report, draft) in files {
        for span in draft.translations.iter().filter_map(|(_, draft)| draft.start_any) {
            report
                .found(
                    Code::UnknownText,
                    span,
                    "any message begins this flow in its first language only",
                )
                .help("write words of this language");
        }
    }
}
