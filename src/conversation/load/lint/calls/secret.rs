//! Secrets: declared, alone in their braces, and only where nobody reads them.

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftCall, DraftStep, Text, Use, looks_like_secret};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::Secret], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    names(report, facts.draft);
    for draft in facts.draft.in_each_language() {
        let places: Vec<Span> = draft.places_of_secrets().collect();
        for site in draft.sites() {
            for used in site.uses().iter().filter(|used| !places.contains(&used.value)) {
                elsewhere(report, draft, used);
            }
        }
        let calls = draft.steps.iter().filter_map(DraftStep::call);
        for text in calls.flat_map(DraftCall::texts_with_secrets) {
            for used in &text.uses {
                undeclared(report, draft, used);
            }
            changed(report, draft, text);
        }
    }
}

/// Reports secrets that have the name of a variable.
fn names(report: &mut Report<'_>, draft: &Draft) {
    for secret in &draft.secrets {
        let step = draft.steps.iter().find(|step| step.captures().contains(&secret.value));
        if let Some(step) = step {
            report
                .found(Code::Secret, secret.span, format!("`{}` is a variable, too", secret.value))
                .label(step.name.span, "this step gives it a value")
                .help("give the secret another name");
        }
    }
}

fn elsewhere(report: &mut Report<'_>, draft: &Draft, used: &Use) {
    if draft.is_secret(&used.name) {
        report
            .found(
                Code::Secret,
                used.span,
                format!(
                    "the secret `{}` is known only in `headers` and `query` of a call",
                    used.name
                ),
            )
            .help("leave it out here: it would be shown or stored");
    }
}

fn undeclared(report: &mut Report<'_>, draft: &Draft, used: &Use) {
    if !looks_like_secret(&used.name) || draft.is_secret(&used.name) || draft.captures(&used.name) {
        return;
    }
    let known: Vec<&str> = draft.secrets.iter().map(|secret| secret.value.as_str()).collect();
    let near = report.did_you_mean(&used.name, known.iter().copied());
    let names = known.into_iter().chain([used.name.as_str()]).collect::<Vec<_>>().join(", ");
    report
        .found(Code::Secret, used.span, format!("there is no secret `{}`", used.name))
        .help(format!("write `secrets: [{names}]` at the top of the flow"))
        .maybe_help(near);
}

/// Reports a secret that is not alone in its braces. Its value is filled in only
/// when the request is sent.
fn changed(report: &mut Report<'_>, draft: &Draft, text: &Text) {
    for secret in &draft.secrets {
        let uses = || text.uses.iter().filter(|used| used.name == secret.value);
        let alone = text.template.whole_variables().filter(|name| *name == secret.value).count();
        if let Some(used) = uses().next().filter(|_| uses().count() > alone) {
            report
                .found(Code::Secret, used.span, format!("the secret `{}` cannot be changed or compared", used.name))
                .help(format!("write `{{{{ {} }}}}` alone, and let the environment have it in the form that is sent", used.name));
        }
    }
}
