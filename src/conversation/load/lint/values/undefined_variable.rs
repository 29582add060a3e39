//! Names that are read, or kept of a flow that is run, and that nothing gives a
//! value, whatever the path.

use std::collections::HashSet;

use super::foreign_names;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::literals::Bare;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::label_of;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::subflow::{Subflow, Subflows};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{
    Draft, DraftAsk, DraftRun, DraftStep, DraftVerb, Use, looks_like_secret,
};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::sites::Site;
use crate::conversation::load::syntax::fitting_quotes::quoted;
use crate::conversation::translation::LANGUAGE;

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::UndefinedVariable],
    checks: &[Check::Flow(kept_of_subflows), Check::Flow(read)],
};

/// Reports what is kept of a flow that is run, and that it never sets.
fn kept_of_subflows(report: &mut Report<'_>, facts: &Facts<'_>) {
    for step in &facts.draft.steps {
        let DraftVerb::Run(run) = &step.verb else { continue };
        if let Some(subflow) = run.flow.as_ref().and_then(|flow| facts.subflows.get(flow)) {
            kept(report, run, subflow);
        }
    }
}

fn kept(report: &mut Report<'_>, run: &DraftRun, subflow: &Subflow) {
    for (_, theirs) in &run.keep {
        if subflow.types.contains_key(&theirs.value) {
            continue;
        }
        // Sorted, so that among equals the advice is always the same.
        let mut names: Vec<&str> = subflow.types.keys().map(String::as_str).collect();
        names.sort_unstable();
        let near = report.did_you_mean(&theirs.value, names.iter().copied());
        report
            .found(
                Code::UndefinedVariable,
                theirs.span,
                format!("nothing in the flow `{}` gives `{}` a value", subflow.flow, theirs.value),
            )
            .help(format!("its variables are `{}`", names.join("`, `")))
            .maybe_help(near);
    }
}

/// Reports names that are read and that nothing gives a value.
fn read(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        let mut captured: HashSet<String> =
            draft.steps.iter().flat_map(DraftStep::captures).collect();
        captured.extend(draft.has_languages().then(|| LANGUAGE.to_owned()));
        let secret_places = draft.places_of_secrets().collect();
        let source = Source { draft, subflows: facts.subflows, captured: &captured, secret_places };
        // Of the texts of the flow itself, only `ended` may read answers.
        let texts = draft.steps.iter().flat_map(DraftStep::texts).chain(&draft.ended);
        let conditions = draft.steps.iter().flat_map(DraftStep::conditions);
        for site in texts.map(Site::Text).chain(conditions.map(Site::Condition)) {
            source.check(report, site);
        }
    }
}

/// What gives a flow's variables their values.
struct Source<'a> {
    draft: &'a Draft,
    subflows: &'a Subflows,
    captured: &'a HashSet<String>,
    /// The texts that may show secrets, which have a rule of their own.
    secret_places: HashSet<Span>,
}

impl Source<'_> {
    /// Looks at the names that a text or a condition reads.
    fn check(&self, report: &mut Report<'_>, site: Site<'_>) {
        // A `default` does not help: a name that nothing sets is a slip.
        let is_secret = |used: &Use| {
            self.draft.is_secret(&used.name)
                || self.secret_places.contains(&used.value) && looks_like_secret(&used.name)
        };
        let has_source = |name: &String| {
            self.captured.contains(name)
                || self.draft.may_be_set.contains(name)
                || BuiltIn::named(name).is_some()
        };
        let bare = site.bare_names();
        let without = |used: &&Use| !has_source(&used.name) && !is_secret(used);
        for used in site.uses().iter().filter(without) {
            let bare = bare.iter().find(|bare| bare.at == used.at);
            self.without_source(report, used, bare);
        }
    }

    fn without_source(&self, report: &mut Report<'_>, used: &Use, bare: Option<&Bare<'_>>) {
        let name = &used.name;
        // Sorted, so that among equals the advice is always the same.
        let mut names: Vec<&str> = self.captured.iter().map(String::as_str).collect();
        names.extend(BuiltIn::ALL.map(BuiltIn::name));
        names.sort_unstable();
        let captured: Vec<&str> =
            names.iter().copied().filter(|name| self.captured.contains(*name)).collect();
        let near = foreign_names::near(name, &captured).map(|near| {
            if near.eq_ignore_ascii_case(name) {
                format!("capitals count: write `{near}`")
            } else {
                format!("did you mean `{near}`?")
            }
        });
        let near = near.or_else(|| report.did_you_mean(name, names));
        let own = self.known_otherwise(name);
        let elsewhere = foreign_names::advice(name, report.text(used.value).starts_with('"'));
        let help = match (own, bare) {
            (Some(own), _) => own,
            (None, Some(bare)) => {
                self.without_quotes(name, bare, &quoted(report, used.value, name), near)
            }
            (None, None) => match (near, elsewhere) {
                (Some(near), Some(elsewhere)) if near.starts_with("did") => {
                    let is_built_in = BuiltIn::ALL.iter().any(|own| near.contains(own.name()));
                    if is_built_in { elsewhere } else { format!("{near} If not, {elsewhere}") }
                }
                (near, elsewhere) => near.or(elsewhere).unwrap_or_else(|| {
                    "a question gives its step's name a value, or the name in `save`; `set` does so too"
                        .to_owned()
                }),
            },
        };
        report
            .found(Code::UndefinedVariable, used.span, format!("nothing gives `{name}` a value"))
            .help(help);
    }

    /// What to write for a name that was perhaps meant as a text.
    fn without_quotes(
        &self,
        name: &str,
        bare: &Bare<'_>,
        quoted: &str,
        near: Option<String>,
    ) -> String {
        let is_date = |variable: &str| {
            let mut asks = self.draft.steps.iter().filter_map(DraftStep::ask);
            asks.any(|ask| {
                let kind = ask.answer.as_ref().map(|answer| &answer.kind);
                ask.save.value == variable && matches!(kind, Some(Kind::Date(_)))
            })
        };
        let date = bare.compared_with.filter(|variable| is_date(variable));
        match (date, name, near) {
            (Some(date), "today" | "tomorrow" | "yesterday", _) => format!(
                "conditions know no `{name}`: compare with `now`, as in `{date} > now` for the days after today and `{date} | date == now | date` for today, or let the question take no others with `min` and `max`"
            ),
            (_, name, Some(near)) if !matches!(name, "yes" | "no") => {
                format!("{near} Put a text in quotes: `{quoted}`")
            }
            _ => format!("put a text in quotes: `{quoted}`"),
        }
    }

    /// Where the value is that was looked for under this name.
    fn known_otherwise(&self, name: &str) -> Option<String> {
        let steps = || self.draft.steps.iter();
        let saved = steps().find_map(|step| saved_otherwise(&step.name.value, step.ask()?, name));
        let runs = steps().filter_map(|step| match &step.verb {
            DraftVerb::Run(run) => {
                let subflow = self.subflows.get(run.flow.as_ref()?)?;
                subflow.types.contains_key(name).then_some((step, run, subflow))
            }
            _ => None,
        });
        let kept = runs.clone().find_map(|(_, run, subflow)| {
            let (ours, _) = run.keep.iter().find(|(_, theirs)| theirs.value == name)?;
            Some(format!("it is kept of `{}` as `{}`: write that", subflow.flow, ours.value))
        });
        let not_kept = runs.map(|(step, run, subflow)| {
            let step = &step.name.value;
            let what = if run.keep.is_empty() {
                format!("write `keep: {{{name}: {name}}}` at the step `{step}`")
            } else {
                format!("write `{name}: {name}` below `keep` of the step `{step}`")
            };
            format!("it is a variable of `{}`: {what}", subflow.flow)
        });
        saved.or(kept).or_else(|| { not_kept }.next())
    }
}

/// What the name of a question, or of its label, was to read.
fn saved_otherwise(step: &str, ask: &DraftAsk, name: &str) -> Option<String> {
    let saved = &ask.save.value;
    if name.eq_ignore_ascii_case(step) && saved != step {
        return Some(format!("the answer to `{step}` is saved as `{saved}`: write that"));
    }
    if name != label_of(step) && name != label_of(saved) {
        return None;
    }
    Some(if ask.has_label() {
        format!("the answer to `{step}` is saved as `{saved}`: write `{}`", label_of(saved))
    } else {
        format!("only options and locations have a label: write `{saved}`")
    })
}
