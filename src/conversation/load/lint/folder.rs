//! What several flows of one folder must agree on.

use std::collections::{HashMap, HashSet};

use super::commands;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::link::run_order;

/// Reports what two files claim for themselves, and a flow that nothing begins:
/// no word, and no other flow.
pub(crate) fn check(files: &mut [(Report<'_>, Draft)], run_by_others: &HashSet<String>) {
    let mut names = Claims::default();
    let mut words = Claims::default();
    let mut any = Claims::default();
    let mut otherwise = Claims::default();
    let unsure = run_order::unsure(files);
    for (index, (report, draft)) in files.iter_mut().enumerate() {
        draft.in_each_language().for_each(|draft| commands::check(report, draft));
        if let Some(top) = draft.no_start
            && !draft.name.as_ref().is_some_and(|name| run_by_others.contains(&name.value))
            // Nor by one of which that is not known.
            && unsure.iter().all(|file| *file == index)
        {
            report
                .found(Code::MissingKey, top, "nothing begins this flow: `start` is missing")
                .help("write `start: [hello]` with the words that begin it, or `start: [\"*\"]` for any message; only a flow that another one runs needs none");
        }
        if let Some(name) = &draft.name {
            names.claim(report, index, Code::NameClash, &name.value, name.span, |name| {
                (
                    format!("two flows are called `{name}`"),
                    "give each flow a name of its own".to_owned(),
                )
            });
        }
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
        for span in draft.translations.iter().filter_map(|(_, draft)| draft.start_any) {
            report
                .found(
                    Code::UnknownText,
                    span,
                    "any message begins this flow in its first language only",
                )
                .help("write words of this language");
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
    otherwise_beside_any(files);
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

/// Who claimed what first.
#[derive(Default)]
struct Claims {
    owners: HashMap<String, (usize, String, Span)>,
}

impl Claims {
    fn claim(
        &mut self,
        report: &mut Report<'_>,
        file: usize,
        code: Code,
        what: &str,
        span: Span,
        words: impl Fn(&str) -> (String, String),
    ) {
        let Some((owner, name, first)) = self.owners.get(what) else {
            let (name, first) = report.in_file(span);
            self.owners.insert(what.to_owned(), (file, name, first));
            return;
        };
        // A word that one flow lists twice does no harm.
        if *owner != file {
            let (message, help) = words(what);
            report.found(code, span, message).label_in(name, *first, "first here").help(help);
        }
    }
}
