//! Things that only one flow may have: a name, or a word that begins it.

use std::collections::HashMap;

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;

/// Which file had what first.
#[derive(Default)]
pub(crate) struct Claims {
    owners: HashMap<String, (usize, String, Span)>,
}

impl Claims {
    /// Reports what another file has, too.
    pub(crate) fn claim(
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
