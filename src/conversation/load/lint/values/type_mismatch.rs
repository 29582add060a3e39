//! Comparisons of a text with a number. The two are neither equal nor in an
//! order, so the comparison has the same result whatever people answer.

use std::collections::HashMap;

use super::form_mismatch::form::Form;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::{Mismatch, Types};
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::variables::{Definition, Variables};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, Text, Use};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::syntax::fitting_quotes::quoted;

pub(crate) const RULE: Rule = Rule { codes: &[Code::TypeMismatch], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for (draft, types) in facts.draft.in_each_language().zip(&facts.types) {
        in_language(report, draft, types);
    }
}

/// Reports comparisons of a variable with a value of a type that it never has.
fn in_language(report: &mut Report<'_>, draft: &Draft, types: &HashMap<String, Types>) {
    let of = |name: &str| types.get(name).copied().unwrap_or_default();
    for site in draft.sites() {
        for mismatch in site.mismatches(&of) {
            if let Some(used) = site.use_at(&mismatch.at) {
                complain(report, draft, &mismatch, used);
            }
        }
    }
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
            Form::Moment.advice(|text| quoted(report, used.value, text))
        }
        _ if !mismatch.is_text => "compare it with a number, without quotes".to_owned(),
        Some((_, Definition::Answer(_, ask))) => {
            advice(ask, |text| quoted(report, used.value, text))
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
    // Rust reads `inf`, `1e9` and `.5` as well, which are not numbers in flows.
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
