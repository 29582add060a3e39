//! Reads a question: what it accepts, and what follows from the answer.

use super::attachments;
use super::bounds;
use super::choices;
use super::names;
use super::shape;
use super::silence;
use super::skip_words;
use super::values;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{
    At, DraftAsk, DraftPattern, DraftSilence, Text, answer_forms,
};
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::{Answer, Kind};

/// The longest text answer, in characters, where `max` says nothing: as long
/// as a message may be over SMS.
const DEFAULT_MAX: u64 = 1600;

/// The longest `max`: no channel delivers more in one message.
pub(crate) const MAX_MAX: u64 = 4096;

/// The most invalid answers that a question can allow.
const MAX_TRIES: u32 = 100;

/// The types of answers, and which of [`LIMITING_KEYS`] each has.
const TYPES: [(&str, &[&str]); 10] = [
    ("text", &["min", "max", "match"]),
    ("integer", &["min", "max"]),
    ("number", &["min", "max"]),
    ("yes_no", &["words"]),
    ("email", &[]),
    ("phone", &["country"]),
    ("date", &["min", "max", "after", "before"]),
    ("time", &["min", "max", "after", "before"]),
    ("media", &[]),
    ("location", &[]),
];

/// The keys that only some types have.
const LIMITING_KEYS: [&str; 7] = ["min", "max", "match", "after", "before", "country", "words"];

/// The names of the types of answers.
#[cfg(test)]
pub(crate) fn type_names() -> Vec<&'static str> {
    TYPES.iter().map(|(name, _)| *name).collect()
}

/// A question of which only the text has been read.
pub(super) fn question(text: Option<Text>, step: &At<String>, key: Span) -> DraftAsk {
    DraftAsk {
        text,
        answer: None,
        limit: key,
        pattern: None,
        choices: Vec::new(),
        yes_no_words: Vec::new(),
        save: step.clone(),
        optional: Vec::new(),
        error: None,
        attachments: Vec::new(),
        on_fail: None,
        silence: DraftSilence::default(),
    }
}

/// Reads the other keys of a question into it, and returns its `when`.
pub(super) fn read(
    report: &mut Report<'_>,
    ask: &mut DraftAsk,
    keys: &AskKeys<'_>,
) -> Vec<(At<String>, At<String>)> {
    if let Some((_, node)) = keys.get("save")
        && let Some(save) = shape::text(report, "save", node)
    {
        names::check_variable(report, &save.value, save.span);
        ask.save = save;
    }
    if let Some((_, node)) = keys.get("error") {
        ask.error = shape::template(report, "error", node);
    }
    if let Some((_, node)) = keys.get("optional") {
        ask.optional = skip_words::read(report, node);
    }
    ask.on_fail = on_fail(report, keys);
    ask.silence = silence::read(report, keys);
    if let Some((span, _)) = keys.get("max") {
        ask.limit = span;
    }
    let kind = if let Some((_, node)) = keys.get("options") {
        ask.choices = choices::read(report, node, keys);
        refuse_keys(report, keys, "options", &["type"]);
        refuse_keys(
            report,
            keys,
            "options",
            LIMITING_KEYS.split_last().map_or(&[], |(_, keys)| keys),
        );
        // Without options that could be read, `when` cannot be checked.
        (!ask.choices.is_empty()).then(|| Kind::Options(choices::compile(&ask.choices)))
    } else {
        by_type(report, ask, keys)
    };
    if let (Some(Kind::Text { .. }), Some((_, node))) = (&kind, keys.get("match")) {
        ask.pattern = shape::text(report, "match", node).map(DraftPattern::new);
    }
    // The pattern is compiled with those of all flows.
    ask.answer = kind.map(|kind| Answer { kind, pattern: None });
    ask.attachments = attachments::read(report, ask, keys);
    choices::check_optional(report, ask);
    when(report, ask, keys)
}

/// What a question without options accepts.
fn by_type(report: &mut Report<'_>, ask: &mut DraftAsk, keys: &AskKeys<'_>) -> Option<Kind> {
    let name = match keys.get("type") {
        Some((_, node)) => shape::text(report, "type", node)?,
        None => At { value: "text".to_owned(), span: Span::default() },
    };
    let Some((_, allowed)) = TYPES.iter().find(|(known, _)| *known == name.value) else {
        unknown_type(report, &name.value, name.span);
        return None;
    };
    let refused: Vec<&str> =
        LIMITING_KEYS.into_iter().filter(|key| !allowed.contains(key)).collect();
    refuse_keys(report, keys, &format!("type: {}", name.value), &refused);
    match name.value.as_str() {
        "integer" => {
            let (min, max) = limits(report, keys, "a whole number", i64::MIN, i64::MAX);
            Some(Kind::Integer { min, max })
        }
        "number" => {
            let (min, max) = limits(report, keys, "a number", f64::MIN, f64::MAX);
            if min.is_finite() && max.is_finite() {
                return Some(Kind::Number { min, max });
            }
            let (span, _) = keys.get("min").filter(|_| min.is_infinite()).or(keys.get("max"))?;
            report.found(
                Code::OutOfRange,
                span,
                "this limit has more digits than a number can have",
            );
            None
        }
        "yes_no" => {
            let (yes, no) = choices::yes_no(report, keys);
            let kind = Kind::yes_no(answer_forms(&yes), answer_forms(&no));
            ask.yes_no_words = [yes, no].concat();
            Some(kind)
        }
        "email" => Some(Kind::Email),
        "phone" => Some(Kind::Phone {
            country: match keys.get("country") {
                Some((_, node)) => Some(values::country(report, "country", node)?),
                None => None,
            },
        }),
        "date" => Some(Kind::Date(bounds::days(report, keys))),
        "time" => Some(Kind::Time(bounds::times(report, keys))),
        "media" => Some(Kind::Media),
        "location" => Some(Kind::Location),
        _ => Some(text_limits(report, keys)),
    }
}

fn unknown_type(report: &mut Report<'_>, name: &str, span: Span) {
    let names = TYPES.map(|(name, _)| name);
    let near = report.did_you_mean(name, names);
    report
        .found(Code::BadValue, span, format!("`{name}` is not a type of answer"))
        .help(format!("the types are `{}`", names.join("`, `")))
        .maybe_help(near);
}

fn refuse_keys(report: &mut Report<'_>, keys: &AskKeys<'_>, with: &str, refused: &[&str]) {
    for key in refused {
        let Some((span, _)) = keys.get(key) else { continue };
        let help = match *key {
            "type" => "leave `type` out: the options say what is accepted",
            "match" => "use `match` with `type: text`",
            "words" => "use `words` with `options` or `type: yes_no`",
            "after" | "before" => "use `after` and `before` with `type: date` or `time`",
            "country" => "use `country` with `type: phone`",
            _ => "use `min` and `max` with `type: text`, `integer`, `number`, `date` or `time`",
        };
        report
            .found(Code::MisplacedKey, span, format!("`{key}` does not go with `{with}`"))
            .help(help);
    }
}

/// Reads `min` and `max`, and reports a `min` above `max`.
fn limits<T: std::str::FromStr + PartialOrd + Copy + std::fmt::Display>(
    report: &mut Report<'_>,
    keys: &AskKeys<'_>,
    what: &str,
    lowest: T,
    highest: T,
) -> (T, T) {
    let mut limit =
        |key| keys.get(key).and_then(|(_, node)| values::number::<T>(report, key, node, what));
    let (min, max) = (limit("min"), limit("max"));
    if let (Some(min), Some(max)) = (&min, &max)
        && min.value > max.value
    {
        report
            .found(
                Code::EmptyRange,
                max.span,
                format!("no answer is at least {} and at most {}", min.value, max.value),
            )
            .label(min.span, "the lower bound is here")
            .help("swap `min` and `max`");
    }
    (min.map_or(lowest, |at| at.value), max.map_or(highest, |at| at.value))
}

fn text_limits(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Kind {
    let (min, max) = limits(report, keys, "a number of characters", 1, DEFAULT_MAX);
    for (key, value) in [("min", min), ("max", max)] {
        let Some((_, node)) = keys.get(key) else { continue };
        if value == 0 {
            report
                .found(
                    Code::OutOfRange,
                    node.span,
                    format!("`{key}: 0` is out of range: an answer is never empty"),
                )
                .help("to let people skip the question, write `optional: [skip]`");
        } else if value > MAX_MAX {
            report
                .found(Code::OutOfRange, node.span, format!("no message has {value} characters"))
                .help(format!("write at most `{key}: {MAX_MAX}`"));
        }
    }
    if let (Some((_, node)), None) = (keys.get("min"), keys.get("max"))
        && min > DEFAULT_MAX
        && min <= MAX_MAX
    {
        report
            .found(
                Code::OutOfRange,
                node.span,
                format!("without `max` an answer has at most {DEFAULT_MAX} characters"),
            )
            .help(format!("write `max: {MAX_MAX}` too"));
    }
    Kind::Text { min, max }
}

fn on_fail(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Option<(u32, At<String>)> {
    let tries = keys.get("tries");
    let target = keys.get("on_fail");
    match (tries, target) {
        (Some((_, tries)), Some((_, target))) => {
            let target = shape::text(report, "on_fail", target);
            let tries = values::number::<u32>(report, "tries", tries, "a whole number")?;
            if !(1..=MAX_TRIES).contains(&tries.value) {
                report
                    .found(
                        Code::OutOfRange,
                        tries.span,
                        format!("`tries: {}` is out of range", tries.value),
                    )
                    .help(format!("write a number from 1 to {MAX_TRIES}"));
            }
            Some((tries.value, target?))
        }
        (Some((span, _)), None) => {
            report
                .found(Code::MissingKey, span, "`tries` needs `on_fail`")
                .help("write `on_fail: STEP` with the step to go to after so many invalid answers");
            None
        }
        (None, Some((span, _))) => {
            report
                .found(Code::MissingKey, span, "`on_fail` needs `tries`")
                .help("write `tries: 3`, or another number of invalid answers");
            None
        }
        (None, None) => None,
    }
}

fn when(
    report: &mut Report<'_>,
    ask: &DraftAsk,
    keys: &AskKeys<'_>,
) -> Vec<(At<String>, At<String>)> {
    let Some((span, node)) = keys.get("when") else { return Vec::new() };
    let Some(answer) = &ask.answer else { return Vec::new() };
    let Some(answers) = answer.kind.answers() else {
        report
            .found(Code::MisplacedKey, span, "`when` needs a question whose answers are known: one with `options` or `type: yes_no`")
            .help("for other answers, write `if`, such as `if: [{is: age < 18, go: STEP}]`");
        return Vec::new();
    };
    let mut when = Vec::new();
    for (answer, node) in shape::map(report, "when", node) {
        if !answers.contains(&answer.value) {
            let near = report.did_you_mean(answer.value, answers.iter().copied());
            report
                .found(
                    Code::UnknownOption,
                    answer.span,
                    format!("`{}` is not an answer to this question", answer.value),
                )
                .help(format!("the answers are `{}`", answers.join("`, `")))
                .maybe_help(near);
        }
        if let Some(target) = shape::text(report, answer.value, node) {
            when.push((At { value: answer.value.to_owned(), span: answer.span }, target));
        }
    }
    when
}
