//! Reports questions that no chat file answers, as findings at their positions.

use std::collections::HashMap;

use super::Coverage;
use crate::conversation::finding::{Finding, Findings, Severity, Span};
use crate::conversation::flow::{Branch, Flow, Flows, Origin, Step, Verb};
use crate::conversation::source::{Source, stem};

impl Coverage {
    /// Returns a warning for each question that was never answered. A flow
    /// without any answered question gets a single one. `sources` are the files
    /// that were loaded.
    #[must_use]
    pub fn unanswered(&self, flows: &Flows, sources: &[Source]) -> Findings {
        let list = flows.iter().flat_map(|flow| self.unanswered_in(flow, sources)).collect();
        Findings::new(list, HashMap::new(), sources)
    }

    fn unanswered_in(&self, flow: &Flow, sources: &[Source]) -> Vec<Finding> {
        let is_question = |step: &&Step| matches!(step.verb, Verb::Ask(_));
        let questions: Vec<&Step> = flow.steps.iter().filter(is_question).collect();
        let is_unanswered =
            |step: &&Step| !self.has(&flow.name, Some(&step.name), Branch::Answered);
        let unanswered: Vec<&Step> = questions.iter().copied().filter(is_unanswered).collect();
        if unanswered.len() == questions.len() {
            let message = format!("no chat file answers a question of `{}`", flow.name);
            let first = unanswered.first().and_then(|step| finding(flow, step, message, sources));
            return first.into_iter().collect();
        }
        let unanswered = unanswered.into_iter().filter_map(|step| {
            let message = format!("no chat file answers `{}`", step.name);
            finding(flow, step, message, sources)
        });
        unanswered.collect()
    }
}

fn finding(flow: &Flow, step: &Step, message: String, sources: &[Source]) -> Option<Finding> {
    let Origin { file, line, column } = flow.origins.of(Some(&step.name), Branch::Answered)?;
    let base = stem(&file);
    let help = format!(
        "`ringback chat {file} --save {base}.chat` writes what you say as a chat file, `{base}.CASE.chat` a further one"
    );
    let source = sources.iter().find(|source| source.name == file)?;
    let start = byte(&source.text, line, column)?;
    Some(Finding {
        severity: Severity::Warning,
        span: Span::new(start, start + step.name.len()),
        file,
        line,
        column,
        message,
        help: Some(help),
        labels: Vec::new(),
    })
}

/// Returns a position in a text in bytes.
fn byte(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line.checked_sub(1)?).map(str::len).sum();
    let (at, _) = lines.next()?.char_indices().nth(column.checked_sub(1)?)?;
    Some(before + at)
}
