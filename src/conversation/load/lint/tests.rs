//! Which rule finds what: each code belongs to one rule, or is found elsewhere.

use super::RULES;
use crate::conversation::finding::Code;

/// Codes that no rule finds: a file could not be read, a name leads nowhere, a
/// comment allows nothing, or a command other than the loader finds it.
const WITHOUT_RULE: &[Code] = &[
    // `syntax`, `sources` and `read`.
    Code::NoFlow,
    Code::Yaml,
    Code::NeedsQuotes,
    Code::Quotes,
    Code::Indentation,
    Code::Lookalike,
    Code::YamlFeature,
    Code::Duplicate,
    Code::LimitExceeded,
    Code::UnknownKey,
    Code::NotSupported,
    Code::MisplacedKey,
    Code::TwoVerbs,
    Code::EmptyStep,
    Code::Shape,
    Code::NoValue,
    Code::BadValue,
    Code::OutOfRange,
    Code::EmptyRange,
    Code::Pattern,
    Code::BadName,
    Code::Condition,
    Code::Template,
    Code::CallUrl,
    Code::LineBreak,
    Code::CurlyQuotes,
    Code::AmbiguousNumber,
    Code::StrayLanguageFile,
    Code::MissingLanguageFile,
    Code::MissingTranslation,
    // `link`.
    Code::UnknownTarget,
    Code::UnknownFlow,
    Code::Renamed,
    Code::CircularRun,
    // Chat files and deploys.
    Code::ChatFile,
    Code::UnansweredQuestion,
    Code::UnplayedSilence,
    Code::UnplayedCall,
    Code::UnplayedCallback,
    Code::BeginAgain,
    // `lint::allowed`.
    Code::UnusedAllowance,
    Code::UnknownAllowance,
    Code::AllowedError,
];

/// What is wrong with the codes of these rules.
fn faults(rules: &[&[Code]], without: &[Code]) -> Vec<String> {
    let mut faults = Vec::new();
    for code in Code::ALL {
        let owners = rules.iter().filter(|codes| codes.contains(code)).count();
        match (owners, without.contains(code)) {
            (1, false) | (0, true) => {}
            (0, false) => faults.push(format!("no rule has `{code}`")),
            (_, true) => faults.push(format!("`{code}` has a rule, and is listed as without one")),
            (_, false) => faults.push(format!("two rules have `{code}`")),
        }
    }
    faults
}

#[test]
fn each_code_belongs_to_one_rule_or_is_found_elsewhere() {
    let rules: Vec<&[Code]> = RULES.iter().map(|rule| rule.codes).collect();
    assert_eq!(faults(&rules, WITHOUT_RULE), Vec::<String>::new());
    assert!(RULES.iter().all(|rule| !rule.codes.is_empty() && !rule.checks.is_empty()));
}

/// The test above sees what it is for.
#[test]
fn a_code_in_the_wrong_place_is_seen() {
    let rules: Vec<&[Code]> = RULES.iter().map(|rule| rule.codes).collect();
    let lost = faults(&rules[1..], WITHOUT_RULE);
    assert_eq!(lost, ["no rule has `missing-key`"]);
    let twice = faults(&[&rules[..], &rules[..1]].concat(), WITHOUT_RULE);
    assert_eq!(twice, ["two rules have `missing-key`"]);
    let both = faults(&rules, &[WITHOUT_RULE, &[Code::MissingKey]].concat());
    assert_eq!(both, ["`missing-key` has a rule, and is listed as without one"]);
}
