//! Flows that are run and do not speak a language of this flow: they go on in
//! their first language.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::subflow::Subflow;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft, DraftStep};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::SubflowLanguage], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for name in facts.draft.steps.iter().filter_map(DraftStep::runs) {
        if let Some(subflow) = facts.subflows.get(name) {
            languages(report, facts.draft, name, subflow);
        }
    }
}

fn languages(report: &mut Report<'_>, draft: &Draft, name: &At<String>, subflow: &Subflow) {
    let speaks = |language: &&At<String>| {
        subflow.languages.iter().any(|own| own.eq_ignore_ascii_case(&language.value))
    };
    let lacking: Vec<&str> =
        draft.languages.iter().filter(|l| !speaks(l)).map(|l| l.value.as_str()).collect();
    if lacking.is_empty() {
        return;
    }
    let (instead, help) = match subflow.languages.first() {
        None => {
            let all: Vec<&str> = draft.languages.iter().map(|l| l.value.as_str()).collect();
            let help = format!("write `languages: [{}]` there, too", all.join(", "));
            ("has no `languages`".to_owned(), help)
        }
        Some(first) => (
            format!("speaks `{first}` to people who speak `{}`", lacking.join("` and `")),
            format!("add `{}` to its `languages`", lacking.join("` and `")),
        ),
    };
    report
        .found(Code::SubflowLanguage, name.span, format!("the flow `{}` {instead}", subflow.flow))
        .help(help);
}
