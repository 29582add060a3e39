//! Reports questions that no chat file answers, as findings at their positions.

use std::collections::HashMap;

use super::{Coverage, advice};
use crate::conversation::allowances::{Allowance, Allowances};
use crate::conversation::finding::{Code, Finding, Findings, Span};
use crate::conversation::flow::{Branch, Flow, Flows, Origin, Step, Verb};
use crate::conversation::source::{Source, stem};

impl Coverage {
    /// Returns a warning for each question that was never answered. A flow
    /// without any answered question gets a single one. `sources` are the files
    /// that were loaded.
    #[must_use]
    pub fn unanswered(&self, flows: &Flows, sources: &[Source]) -> Findings {
        let mut allowed = Allowed::of(sources);
        let found = flows.iter().flat_map(|flow| self.unanswered_in(flow, sources, &mut allowed));
        let mut list: Vec<Finding> = found.collect();
        list.extend(allowed.idle());
        Findings::new(list, HashMap::new(), sources)
    }

    fn unanswered_in(
        &self,
        flow: &Flow,
        sources: &[Source],
        allowed: &mut Allowed<'_>,
    ) -> Vec<Finding> {
        let is_question = |step: &&Step| matches!(step.verb, Verb::Ask(_));
        let questions: Vec<&Step> = flow.steps.iter().filter(is_question).collect();
        let is_unanswered =
            |step: &&Step| !self.has(&flow.name, Some(&step.name), Branch::Answered);
        let unanswered: Vec<&Step> = questions.iter().copied().filter(is_unanswered).collect();
        let is_all = unanswered.len() == questions.len() && !questions.is_empty();
        let found = unanswered.into_iter().filter_map(|step| {
            let message = format!("no chat file answers `{}`", step.name);
            finding(flow, step, message, sources)
        });
        let mut found: Vec<Finding> = found.filter(|finding| !allowed.allows(finding)).collect();
        if !is_all {
            found
                .extend(self.unplayed_in(flow, sources).into_iter().filter(|f| !allowed.allows(f)));
        }
        if let Some(first) = found.first_mut().filter(|_| is_all) {
            first.message = format!("no chat file answers a question of `{}`", flow.name);
            found.truncate(1);
        }
        found
    }
}

impl Coverage {
    /// Returns a warning for each nudge, timeout and `on_expire` for which no
    /// chat file waits, and for each branch of a call or a callback that none
    /// takes.
    fn unplayed_in(&self, flow: &Flow, sources: &[Source]) -> Vec<Finding> {
        let by_steps = flow.steps.iter().flat_map(|step| {
            let mut branches = match &step.verb {
                Verb::Call(_) => of_call(step),
                Verb::WaitFor(_) => (0..step.when.len()).map(Branch::When).collect(),
                _ => Vec::new(),
            };
            if let Some(silence) = step.silence() {
                branches.extend((0..silence.nudges.len()).map(Branch::Nudge));
                branches.extend(silence.timeout.iter().map(|_| Branch::TimedOut));
            }
            branches.into_iter().map(move |branch| (Some(step), branch))
        });
        let of_flow = flow.on_expire.iter().map(|_| (None, Branch::OnExpire));
        let found = by_steps.chain(of_flow).filter_map(|(step, branch)| {
            let name = step.map(|step| step.name.as_str());
            if self.has(&flow.name, name, branch) {
                return None;
            }
            let Origin { file, line, column } = flow.origins.of(name, branch)?;
            let source = sources.iter().find(|source| source.name == file)?;
            let start = byte(&source.text, line, column)?;
            let rest = source.text.get(start..)?;
            let length = rest.find(|c: char| c.is_whitespace() || c == ':' || c == ',');
            let what = advice::what(flow, step, branch);
            Some(Finding {
                code: match (branch, step.map(|step| &step.verb)) {
                    (Branch::When(_), Some(Verb::WaitFor(_))) => Code::UnplayedCallback,
                    (Branch::When(_) | Branch::Next, _) => Code::UnplayedCall,
                    _ => Code::UnplayedSilence,
                },
                span: Span::new(start, start + length.unwrap_or(rest.len())),
                file,
                line,
                column,
                message: format!("in the chat files, {what}"),
                help: Some(advice::advice(flow, step, branch)),
                labels: Vec::new(),
            })
        });
        found.collect()
    }
}

/// Returns the branches of a call that depend on its answer.
fn of_call(step: &Step) -> Vec<Branch> {
    let branches = (0..step.when.len()).map(Branch::When);
    let has_all = step.when.iter().any(|(key, _)| key == "2xx");
    let next = (!has_all && step.branches.is_empty()).then_some(Branch::Next);
    branches.chain(next).collect()
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
        code: Code::UnansweredQuestion,
        span: Span::new(start, start + step.name.len()),
        file,
        line,
        column,
        message,
        help: Some(help),
        labels: Vec::new(),
    })
}

/// What each file allows of this.
struct Allowed<'a> {
    files: Vec<(&'a Source, Allowances)>,
}

impl<'a> Allowed<'a> {
    fn of(sources: &'a [Source]) -> Self {
        let files = sources.iter().map(|source| (source, Allowances::of(&source.text)));
        Self { files: files.collect() }
    }

    fn allows(&mut self, Finding { code, file, line, span, .. }: &Finding) -> bool {
        let mut files = self.files.iter_mut().filter(|(source, _)| source.name == *file);
        files.any(|(_, allowances)| allowances.silence(*code, *line, span.start))
    }

    /// Warnings of allowances for questions that are answered.
    fn idle(mut self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (source, allowances) in &mut self.files {
            let is_idle =
                |own: &&Allowance| own.is_idle() && own.code.is_some_and(Code::is_of_chat_files);
            let idle: Vec<Allowance> = allowances.iter().filter(is_idle).cloned().collect();
            for own in idle {
                let (line, column) = own.place(&source.text);
                let (message, help) = own.idle();
                let finding = Finding {
                    code: Code::UnusedAllowance,
                    file: source.name.clone(),
                    span: own.span,
                    line,
                    column,
                    message,
                    help: Some(help.to_owned()),
                    labels: Vec::new(),
                };
                if !allowances.silence(finding.code, line, own.span.start) {
                    found.push(finding);
                }
            }
        }
        found
    }
}

/// Returns a position in a text in bytes.
fn byte(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line.checked_sub(1)?).map(str::len).sum();
    let (at, _) = lines.next()?.char_indices().nth(column.checked_sub(1)?)?;
    Some(before + at)
}
