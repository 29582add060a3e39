//! Finds tabs where YAML allows only spaces. The line that has one is often not
//! the one where the parser gave up.

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;

/// Reports the first tab in the indentation near `at`, if there is one: on its
/// line, on those after it, or on the one before.
pub(super) fn explain(report: &mut Report<'_>, at: usize) -> bool {
    let number = report.line_of(at);
    let last = report.line_of(report.bundle().span(report.bundle().file_at(at)).end);
    let is_empty = |number: &usize| report.text(report.line(*number)).trim().is_empty();
    let next = (number + 1..=last).find(|number| !is_empty(number));
    let before = (report.first_line_of(at)..number).rev().find(|number| !is_empty(number));
    let lines = [Some(number), next, before].into_iter().flatten();
    let Some((number, span)) =
        lines.into_iter().find_map(|number| Some((number, tab(report, number)?)))
    else {
        return false;
    };
    let above = (report.first_line_of(at)..number).rev().find(|number| {
        let text = report.text(report.line(*number));
        !text.trim().is_empty() && !text[..text.len() - text.trim_start().len()].contains('\t')
    });
    let first = report.first_line_of(at);
    let than = above.map(|above| {
        let text = report.text(report.line(above));
        let spaces = text.len() - text.trim_start().len();
        format!("; line {} has {spaces} of them", above + 1 - first)
    });
    report
        .found(Code::Indentation, span, "a tab in the indentation: YAML allows only spaces")
        .help(format!("write two spaces for each level{}", than.unwrap_or_default()));
    true
}

/// The indentation of a line, where there is a tab in it.
fn tab(report: &Report<'_>, number: usize) -> Option<Span> {
    let line = report.line(number);
    let text = report.text(line);
    let indent = text.len() - text.trim_start().len();
    text[..indent].contains('\t').then(|| Span::new(line.start, line.start + indent))
}
