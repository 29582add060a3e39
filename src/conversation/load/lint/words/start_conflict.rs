//! Flows that begin with the same message, or answer the same one.

use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::lint::claims::Claims;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::StartConflict],
    checks: &[Check::Folder(two_flows), Check::Folder(otherwise_beside_any)],
};

fn two_flows(files: &mut [(Report<'_>, Draft)]) {
    let mut words = Claims::default();
    let mut any = Claims::default();
    let mut otherwise = Claims::default();
    for (index, (report, draft)) in files.iter_mut().enumerate() {
        for word in draft.in_each_language().flat_map(|draft| &draft.start) {
            words.claim(report, index, Code::StartConflict, &word.normal, word.span, |_| {
                let message = format!("`{}` begins two flows", word.written);
                (message, "keep it in one of them".to_owned())
            });
        }
        if let Some(span) = draft.start_any {
            any.claim(report, index, Code::StartConflict, "*", span, |_| {
                (
                    "two flows begin with any message".to_owned(),
                    "keep `\"*\"` in one of them".to_owned(),
                )
            });
        }
        if let Some(text) = &draft.otherwise {
            otherwise.claim(report, index, Code::StartConflict, "", text.span, |_| {
                (
                    "two flows have an `otherwise`".to_owned(),
                    "keep it in one of them: it is said where no flow begins".to_owned(),
                )
            });
        }
    }
}

/// Where any message begins a flow, nothing is left for `otherwise`.
fn otherwise_beside_any(files: &mut [(Report<'_>, Draft)]) {
    let any = files.iter().find_map(|(report, draft)| Some(report.in_file(draft.start_any?)));
    let Some((file, span)) = any else { return };
    for (report, draft) in files {
        if let Some(text) = &draft.otherwise {
            report
                .found(
                    Code::StartConflict,
                    text.span,
                    "`otherwise` is never said: any message begins a flow",
                )
                .label_in(&file, span, "by this")
                .help("remove `otherwise`, or write start words in place of `\"*\"`");
        }
    }
}
