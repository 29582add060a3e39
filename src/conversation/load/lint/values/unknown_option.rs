//! Comparisons of a choice with a text that is never its value. A choice is kept
//! as the id of its option, and a `yes_no` as `yes` or `no`: neither is ever
//! equal to a label or to the word that a person wrote.

use crate::conversation::Kind;
use crate::conversation::expression::literals::Compared;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::variables::{Definition, Variables};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, Use};
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
    let variables = Variables::new(draft);
    for site in draft.sites() {
        for compared in site.compared().iter().filter(|compared| compared.is_equality) {
            if let Some(used) = site.use_at(&compared.at)
                && let Values::Known { asks, set } = Values::of(variables.of(compared.name))
                && !set.contains(&compared.text)
            {
                look_at(report, &asks, compared, used);
            }
        }
    }
}

impl<'a> Values<'a> {
    /// What a variable can be.
    fn of(definitions: &[Definition<'a>]) -> Self {
        let (mut asks, mut set) = (Vec::new(), Vec::new());
        for definition in definitions {
            match definition {
                Definition::Answer(_, ask) if is_choice(ask) => asks.push(*ask),
                Definition::Set(_, text) => match text.template.plain() {
                    Some(plain) => set.push(plain),
                    None => return Self::Any,
                },
                Definition::BuiltIn(_) | Definition::Label(_) => {}
                // A start word chooses a language, too.
                Definition::Answer(..)
                | Definition::Kept { .. }
                | Definition::Called { .. }
                | Definition::Language
                | Definition::Unread => return Self::Any,
            }
        }
        Self::Known { asks, set }
    }
}

fn is_choice(ask: &DraftAsk) -> bool {
    ask.answer.as_ref().is_some_and(|answer| answer.kind.answers().is_some())
}

fn look_at(report: &mut Report<'_>, asks: &[&DraftAsk], compared: &Compared<'_>, used: &Use) {
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
    let write = |id: &str| quoted(report, used.value, id);
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
