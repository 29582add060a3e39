//! Which variables can be texts, and which numbers: a text and a number are
//! neither equal nor one before the other, so a comparison of the two takes
//! the same branch whatever people answer.

use std::collections::HashMap;

use super::stored_forms::Form;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::{Mismatch, Types};
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::part::Parts;
use crate::conversation::load::analysis::variables::{Definition, Variables};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, DraftStep, Text, Use};
use crate::conversation::load::syntax::fitting_quotes::quoted_at;

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
    let variables = Variables::new(draft);
    let mut types: HashMap<String, Types> = HashMap::new();
    let mut settings: Vec<(&str, &Text)> = Vec::new();
    for (name, definitions) in variables.iter() {
        let own = definitions.iter().map(|definition| types_of(definition, parts));
        types.insert(name.to_owned(), own.fold(Types::default(), Types::or));
        let texts = definitions.iter().filter_map(Definition::text);
        settings.extend(texts.map(|text| (name, text)));
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

/// The types of what one definition gives, where that depends on no other variable.
fn types_of(definition: &Definition<'_>, parts: &Parts) -> Types {
    match definition {
        Definition::Answer(_, ask) => types_of_answer(ask),
        Definition::Label(_) | Definition::Language | Definition::BuiltIn(_) => Types::TEXT,
        Definition::Kept { flow, theirs, .. } => {
            let part = flow.and_then(|flow| parts.get(flow));
            let kept = part.and_then(|part| part.types.get(&theirs.value));
            kept.copied().unwrap_or(Types::ANY)
        }
        Definition::Unread => Types::ANY,
        Definition::Set(..) => Types::default(),
    }
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
    let variables = Variables::new(draft);
    let mut definitions = variables.of(name).iter();
    let source = definitions.find_map(|definition| Some((definition.span()?, definition)));
    let help = match source {
        _ if name == BuiltIn::Now.name() => {
            Form::Moment.advice(|text| quoted_at(report, draft, used, text))
        }
        _ if !mismatch.is_text => "compare it with a number, without quotes".to_owned(),
        Some((_, Definition::Answer(_, ask))) => {
            advice(ask, |text| quoted_at(report, draft, used, text))
        }
        Some((_, Definition::Set(_, text))) => match plain_number(report, text) {
            Some(number) => {
                format!("to set it to a number, write `{name}: \"{{{{ {number} }}}}\"`")
            }
            None => "compare it with a text, in quotes: it is set to one".to_owned(),
        },
        _ => "compare it with a text, in quotes".to_owned(),
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
