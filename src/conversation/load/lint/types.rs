//! Which variables can be texts, and which numbers: a text and a number are
//! neither equal nor one before the other, so a comparison of the two takes
//! the same branch whatever people answer.

use std::collections::HashMap;

use super::stored_forms::Form;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::{Mismatch, Types};
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::label_of;
use crate::conversation::load::analysis::part::Parts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, DraftStep, DraftVerb, Text, Use};
use crate::conversation::load::syntax::fitting_quotes::quoted_at;
use crate::conversation::translation::LANGUAGE;

/// Reports comparisons of a variable with what it can never be.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, types: &HashMap<String, Types>) {
    let of = |name: &str| types.get(name).copied().unwrap_or_default();
    let mut look = |found: Vec<Mismatch>, uses: &[Use]| {
        for mismatch in found {
            if let Some(used) = uses.iter().find(|used| used.at == mismatch.at) {
                complain(report, draft, &mismatch, used);
            }
        }
    };
    let outside = draft.texts_outside();
    for text in draft.steps.iter().flat_map(DraftStep::texts).chain(outside) {
        look(text.template.mismatches(&of), &text.uses);
    }
    for condition in draft.steps.iter().flat_map(DraftStep::conditions) {
        look(condition.expression.mismatches(&of), &condition.uses);
    }
}

/// The types of every variable: those of its questions and of what it is set
/// to, which may be other variables.
pub(crate) fn of_variables(draft: &Draft, parts: &Parts) -> HashMap<String, Types> {
    let mut types: HashMap<String, Types> = HashMap::new();
    let mut add = |name: &str, more: Types| {
        let known = types.entry(name.to_owned()).or_default();
        *known = known.or(more);
    };
    for built_in in BuiltIn::ALL {
        add(built_in.name(), Types::TEXT);
    }
    if draft.has_languages() {
        add(LANGUAGE, Types::TEXT);
    }
    draft.may_be_set.iter().for_each(|name| add(name, Types::ANY));
    let mut settings: Vec<(&str, &Text)> = Vec::new();
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                add(&ask.save.value, types_of_answer(ask));
                if ask.has_label() {
                    add(&label_of(&ask.save.value), Types::TEXT);
                }
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    match text {
                        Some(text) => settings.push((&name.value, text)),
                        None => add(&name.value, Types::ANY),
                    }
                }
            }
            DraftVerb::Run(run) => {
                let part = run.flow.as_ref().and_then(|flow| parts.get(flow));
                for (ours, theirs) in &run.keep {
                    let types = part.and_then(|part| part.types.get(&theirs.value).copied());
                    add(&ours.value, types.unwrap_or(Types::ANY));
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
    let mut readers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (_, text)) in settings.iter().enumerate() {
        text.uses.iter().for_each(|used| readers.entry(&used.name).or_default().push(at));
    }
    // A variable gets a further type at most twice, so this comes to an end.
    let mut waiting: Vec<usize> = (0..settings.len()).rev().collect();
    while let Some((name, text)) = waiting.pop().and_then(|at| settings.get(at)) {
        let more = text.template.types(&|name| types.get(name).copied().unwrap_or_default());
        let known = types.entry((*name).to_owned()).or_default();
        if known.or(more) != *known {
            *known = known.or(more);
            waiting.extend(readers.get(name).into_iter().flatten());
        }
    }
    types
}

fn types_of_answer(ask: &DraftAsk) -> Types {
    let answer = match ask.answer.as_ref().map(|answer| &answer.kind) {
        Some(Kind::Integer { .. } | Kind::Number { .. }) => Types::NUMBER,
        Some(_) => Types::TEXT,
        None => Types::ANY,
    };
    // The answer of a skipped question is the empty text.
    if ask.optional.is_empty() { answer } else { answer.or(Types::TEXT) }
}

fn complain(report: &mut Report<'_>, draft: &Draft, mismatch: &Mismatch, used: &Use) {
    let name = used.name.as_str();
    let (own, other) = if mismatch.is_text { ("text", "number") } else { ("number", "text") };
    let message = format!(
        "`{name}` is always a {own}: compared with a {other} it is neither equal, less nor greater"
    );
    if report.is_full() {
        report.found(Code::TypeMismatch, used.span, message);
        return;
    }
    let source = draft.steps.iter().find_map(|step| source(step, name));
    let help = match &source {
        _ if name == BuiltIn::Now.name() => {
            Form::Moment.advice(|text| quoted_at(report, draft, used, text))
        }
        _ if !mismatch.is_text => "compare it with a number, without quotes".to_owned(),
        Some((_, Source::Answer(ask))) => advice(ask, |text| quoted_at(report, draft, used, text)),
        Some((_, Source::Set(text))) => match plain_number(report, text) {
            Some(number) => {
                format!("to set it to a number, write `{name}: \"{{{{ {number} }}}}\"`")
            }
            None => "compare it with a text, in quotes: it is set to one".to_owned(),
        },
        Some((_, Source::Label | Source::Kept)) | None => {
            "compare it with a text, in quotes".to_owned()
        }
    };
    let finding = report.found(Code::TypeMismatch, used.span, message);
    if let Some((span, _)) = source {
        finding.label(span, format!("`{name}` gets its value here"));
    }
    finding.help(help);
}

/// The number that a text without braces says.
fn plain_number<'a>(report: &Report<'a>, text: &Text) -> Option<&'a str> {
    text.fixed_length?;
    let written = report.text(text.span).trim_matches(['"', '\'']);
    // What Rust reads beside them is none here: `inf`, `1e9`, `.5`.
    let is_digit = |c: char| c.is_ascii_digit();
    let is_number = written.strip_prefix('-').unwrap_or(written).starts_with(is_digit)
        && written.ends_with(is_digit)
        && !written.contains(['e', 'E'])
        && written.parse::<f64>().is_ok();
    is_number.then_some(written)
}

/// Where a variable's value comes from.
enum Source<'a> {
    Answer(&'a DraftAsk),
    Label,
    Set(&'a Text),
    /// Another flow hands it back.
    Kept,
}

/// What the step gives this variable, and where that stands.
fn source<'a>(step: &'a DraftStep, name: &str) -> Option<(Span, Source<'a>)> {
    match &step.verb {
        DraftVerb::Ask(ask) if ask.save.value == name => Some((ask.save.span, Source::Answer(ask))),
        DraftVerb::Ask(ask) if ask.has_label() && label_of(&ask.save.value) == name => {
            Some((ask.save.span, Source::Label))
        }
        DraftVerb::Set(entries) => {
            let (at, text) = entries.iter().find(|(at, _)| at.value == name)?;
            Some((at.span, Source::Set(text.as_ref()?)))
        }
        DraftVerb::Run(run) => {
            let (at, _) = run.keep.iter().find(|(at, _)| at.value == name)?;
            Some((at.span, Source::Kept))
        }
        DraftVerb::Ask(_) | DraftVerb::Say(_) | DraftVerb::Branch => None,
    }
}

/// What makes a number of an answer that is a text.
fn advice(ask: &DraftAsk, quoted: impl Fn(&str) -> String) -> String {
    match ask.answer.as_ref().map(|answer| &answer.kind) {
        Some(Kind::Text { .. }) => {
            "give the question `type: integer`, or `type: number`".to_owned()
        }
        Some(Kind::Options(_)) => {
            "a choice is kept as the id of its option, a text: compare it with one in quotes"
                .to_owned()
        }
        Some(Kind::YesNo { .. }) => {
            format!("compare it with `{}` or `{}`", quoted("yes"), quoted("no"))
        }
        Some(Kind::Date(_)) => {
            format!("compare it with a date in quotes, such as `{}`", quoted("2026-12-31"))
        }
        Some(Kind::Time(_)) => {
            format!("compare it with a time in quotes, such as `{}`", quoted("09:30"))
        }
        _ => "compare it with a text, in quotes".to_owned(),
    }
}
