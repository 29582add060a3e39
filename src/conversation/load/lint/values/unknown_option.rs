//! Comparisons of a choice with a text that is never its value. A choice is kept
//! as the id of its option, and a `yes_no` as `yes` or `no`: neither is ever
//! equal to a label or to the word that a person wrote.

use std::collections::HashMap;

use crate::conversation::Kind;
use crate::conversation::expression::literals::Compared;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, DraftStep, DraftVerb, Use};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::syntax::fitting_quotes::quoted;
use crate::conversation::words;

/// What a variable can be.
enum Values<'a> {
    /// An answer to one of these questions, or one of these texts.
    Known { asks: Vec<&'a DraftAsk>, set: Vec<&'a str> },
    /// Anything.
    Any,
}

pub(crate) const RULE: Rule = Rule { codes: &[Code::UnknownOption], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    facts.draft.in_each_language().for_each(|draft| in_language(report, draft));
}

/// Reports comparisons of a choice with a text that is not an id of its options.
fn in_language(report: &mut Report<'_>, draft: &Draft) {
    let values = values(draft);
    let mut look = |compared: Vec<Compared<'_>>, uses: &[Use], value: Span| {
        for compared in compared.iter().filter(|compared| compared.is_equality) {
            if let Some(used) = uses.iter().find(|used| used.at == compared.at)
                && let Some(Values::Known { asks, set }) = values.get(compared.name)
                && !set.contains(&compared.text)
            {
                look_at(report, asks, compared, used, value);
            }
        }
    };
    let outside = draft.texts_outside();
    for text in draft.steps.iter().flat_map(DraftStep::texts).chain(outside) {
        look(text.template.compared(), &text.uses, text.span);
    }
    for condition in draft.steps.iter().flat_map(DraftStep::conditions) {
        look(condition.expression.compared(), &condition.uses, condition.span);
    }
}

/// What each variable can be that some question gives a value.
fn values(draft: &Draft) -> HashMap<&str, Values<'_>> {
    let mut values: HashMap<&str, Values<'_>> = HashMap::new();
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                let is_choice = ask.answer.as_ref().is_some_and(|a| a.kind.answers().is_some());
                add(&mut values, &ask.save.value, is_choice.then_some(&**ask), None);
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    let plain = text.as_ref().and_then(|text| text.template.plain());
                    add(&mut values, &name.value, None, plain);
                }
            }
            DraftVerb::Run(run) => {
                run.keep.iter().for_each(|(ours, _)| add(&mut values, &ours.value, None, None));
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
    // A start word chooses a language, too.
    values.retain(|name, _| !draft.may_be_set.contains(*name) && !draft.is_language(name));
    values
}

fn add<'a>(
    values: &mut HashMap<&'a str, Values<'a>>,
    name: &'a str,
    ask: Option<&'a DraftAsk>,
    text: Option<&'a str>,
) {
    let none = || Values::Known { asks: Vec::new(), set: Vec::new() };
    match values.entry(name).or_insert_with(none) {
        Values::Known { asks, set } if ask.is_some() || text.is_some() => {
            asks.extend(ask);
            set.extend(text);
        }
        known => *known = Values::Any,
    }
}

fn look_at(
    report: &mut Report<'_>,
    asks: &[&DraftAsk],
    compared: &Compared<'_>,
    used: &Use,
    value: Span,
) {
    let text = compared.text;
    // The answer of a skipped question is the empty text.
    if asks.is_empty() || text.is_empty() {
        return;
    }
    let kinds = asks.iter().filter_map(|ask| ask.answer.as_ref()).map(|answer| &answer.kind);
    let ids: Vec<&str> =
        kinds.clone().flat_map(|kind| kind.answers().unwrap_or_default()).collect();
    let meant = kinds.clone().find_map(|kind| meant(kind, text));
    // With `default` it may be another text than an answer, if not by its looks one of them.
    if ids.contains(&text) || compared.has_fallback && meant.is_none() {
        return;
    }
    let name = &used.name;
    let is_yes_no = asks.iter().all(|ask| ask.choices.is_empty());
    let message = if is_yes_no {
        format!("`{name}` is `yes` or `no`, and never `{text}`")
    } else {
        format!("`{name}` is never `{text}`: no option has this id")
    };
    let write = |id: &str| quoted(report, value, id);
    let help = match meant {
        Some(id) if is_yes_no => format!("write `{}`", write(&id)),
        Some(id) => format!("a choice is kept as the id of its option: write `{}`", write(&id)),
        None => {
            let all: Vec<String> = ids.iter().map(|id| write(id)).collect();
            let near = report.did_you_mean(text, ids.iter().copied());
            near.unwrap_or_else(|| format!("write one of `{}`", all.join("`, `")))
        }
    };
    let finding = report.found(Code::UnknownOption, used.span, message);
    if let [ask] = asks {
        finding.label(ask.save.span, format!("`{name}` gets its value here"));
    }
    finding.help(help);
}

/// The answer that is kept where somebody says this.
fn meant(kind: &Kind, text: &str) -> Option<String> {
    let normal = words::normalise(text);
    match kind {
        Kind::Options(choices) => {
            let says = |word: &str| words::normalise(word) == normal;
            let is = |id: &str, label: &str, synonyms: &[String]| {
                says(id) || says(label) || synonyms.contains(&normal)
            };
            let mut choices = choices.iter();
            choices.find(|c| is(&c.id, &c.label, &c.synonyms)).map(|choice| choice.id.clone())
        }
        Kind::YesNo { yes, .. } if yes.contains(&normal) => Some("yes".to_owned()),
        Kind::YesNo { no, .. } if no.contains(&normal) => Some("no".to_owned()),
        _ => None,
    }
}
