//! Values of the variable `language`, which becomes the language of the
//! conversation, that are not a language of the flow.

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftAsk, DraftStep, DraftVerb, Text};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::translation::LANGUAGE;

pub(crate) const RULE: Rule = Rule { codes: &[Code::LanguageValue], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    facts.draft.in_each_language().for_each(|draft| in_language(report, draft));
}

/// Reports values of `language` that are not among the flow's languages.
fn in_language(report: &mut Report<'_>, draft: &Draft) {
    if !draft.has_languages() {
        return;
    }
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) if ask.save.value == LANGUAGE => question(report, draft, step, ask),
            DraftVerb::Set(entries) => {
                for (_, text) in entries.iter().filter(|(name, _)| name.value == LANGUAGE) {
                    let Some(text) = text else { continue };
                    set(report, draft, text);
                }
            }
            DraftVerb::Run(run) => {
                for (ours, _) in run.keep.iter().filter(|(ours, _)| ours.value == LANGUAGE) {
                    report
                        .found(
                            Code::LanguageValue,
                            ours.span,
                            "there is one `language` for all flows of a conversation",
                        )
                        .help("remove this line: the value that the other flow sets holds for this flow, too");
                }
            }
            DraftVerb::Call(_) | DraftVerb::WaitFor(_) => {
                for (name, ..) in step.keep().iter().filter(|(name, ..)| name.value == LANGUAGE) {
                    report
                        .found(
                            Code::LanguageValue,
                            name.span,
                            "a service may answer something that is not one of the languages",
                        )
                        .help("keep it under another name, and let `if` lead to steps that `set` the language");
                }
            }
            DraftVerb::Ask(_) | DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
}

fn question(report: &mut Report<'_>, draft: &Draft, step: &DraftStep, ask: &DraftAsk) {
    if ask.choices.is_empty() {
        report
            .found(
                Code::LanguageValue,
                ask.save.span,
                format!(
                    "the answer to `{}` becomes the language, so each answer must be one of the languages",
                    step.name.value
                ),
            )
            .help(options_help(draft));
    }
    for choice in &ask.choices {
        is_language(report, draft, &choice.id.written, choice.id.span);
    }
}

fn set(report: &mut Report<'_>, draft: &Draft, text: &Text) {
    if let Some(plain) = text.template.plain() {
        is_language(report, draft, plain, text.span);
        return;
    }
    let Some(name) = text.template.variable() else {
        report
            .found(Code::LanguageValue, text.span, "this may become something that is not one of the languages of this flow")
            .help(format!(
                "write one of `{}`, or only `{{{{ name }}}}` of a question whose options are languages",
                listed(draft)
            ));
        return;
    };
    for step in draft.steps.iter().filter(|step| step.captures().iter().any(|own| own == name)) {
        let is_choice = step.ask().is_some_and(|ask| {
            let mut ids = ask.choices.iter().map(|choice| choice.id.written.as_str());
            ask.save.value == name && !ask.choices.is_empty() && ids.all(|id| lists(draft, id))
        });
        if !is_choice {
            report
                .found(
                    Code::LanguageValue,
                    text.span,
                    format!(
                        "`{name}` may be something that is not one of the languages of this flow"
                    ),
                )
                .label(step.name.span, "it gets a value here")
                .help(options_help(draft));
        }
    }
}

fn is_language(report: &mut Report<'_>, draft: &Draft, value: &str, span: Span) {
    if lists(draft, value) {
        return;
    }
    let near = report.did_you_mean(value, draft.languages.iter().map(|l| l.value.as_str()));
    report
        .found(
            Code::LanguageValue,
            span,
            format!("`{value}` is not one of the languages of this flow"),
        )
        .help(format!("its `languages` are `{}`", listed(draft)))
        .maybe_help(near);
}

fn lists(draft: &Draft, value: &str) -> bool {
    draft.languages.iter().any(|language| language.value == value)
}

fn listed(draft: &Draft) -> String {
    let languages: Vec<&str> = draft.languages.iter().map(|l| l.value.as_str()).collect();
    languages.join("`, `")
}

fn options_help(draft: &Draft) -> String {
    let options: Vec<String> =
        draft.languages.iter().map(|language| format!("{}: …", language.value)).collect();
    format!("give the question `options: {{{}}}`", options.join(", "))
}
