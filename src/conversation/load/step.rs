//! The walk through one step: its verb, and where it goes.

use super::answer::{self, AskKeys};
use super::draft::{At, Condition, DraftStep, DraftVerb, Text};
use super::file::unknown_key;
use super::names;
use super::report::Report;
use super::shape;
use super::tree::{Data, Node};
use super::values;
use crate::conversation::finding::Span;

/// The verbs of a step.
const VERBS: [&str; 3] = ["ask", "say", "set"];

/// The keys that only a question has.
const ASK_KEYS: [&str; 12] = [
    "type", "min", "max", "match", "options", "words", "optional", "save", "error", "tries",
    "on_fail", "when",
];

/// The keys that any step has.
const STEP_KEYS: [&str; 5] = ["media", "resume", "if", "go", "end"];

/// Keys that the format has and this version has not.
const NOT_YET: [&str; 12] = [
    "run",
    "keep",
    "call",
    "headers",
    "body",
    "hand_off",
    "timeout",
    "on_timeout",
    "after",
    "before",
    "country",
    "languages",
];

/// Verbs among them: a step that has one lacks no other.
const VERBS_NOT_YET: [&str; 3] = ["run", "call", "hand_off"];

/// Most pictures that one message carries.
const MAX_MEDIA: usize = 10;

/// Reads a step. With it: whether all of its jumps could be read.
pub(super) fn read(
    report: &mut Report<'_>,
    name: &At<&str>,
    node: &Node,
) -> Option<(DraftStep, bool)> {
    names::check_step_name(report, name);
    let before = report.errors();
    let entries = shape::map(report, name.value, node);
    if report.errors() > before && entries.is_empty() {
        return None;
    }
    let mut step = DraftStep {
        name: At { value: name.value.to_owned(), span: name.span },
        verb: DraftVerb::Branch,
        media: Vec::new(),
        resume: None,
        when: Vec::new(),
        branches: Vec::new(),
        go: None,
        end: None,
    };
    let mut is_whole = true;
    let mut verb: Option<(&str, Span)> = None;
    let mut unsupported_verb = false;
    let mut ask_keys: Vec<(At<&str>, &Node)> = Vec::new();
    let mut media_key = None;
    let mut resume_key = None;
    for (key, node) in entries {
        let before = report.errors();
        match key.value {
            "ask" | "say" | "set" => {
                if let Some((first, span)) = verb {
                    let message =
                        format!("a step does one thing: here are `{first}` and `{}`", key.value);
                    report
                        .error(key.span, message)
                        .label(span, "first here")
                        .help("make two steps of it");
                    is_whole = false;
                } else {
                    verb = Some((key.value, key.span));
                    step.verb = self::verb(report, name, &key, node);
                }
                continue;
            }
            "media" => {
                media_key = Some(key.span);
                step.media = media(report, node);
                continue;
            }
            "resume" => {
                let on = values::switch(report, key.value, node) == Some(true);
                step.resume = on.then_some(key.span);
                resume_key = on.then_some(key.span);
            }
            "if" => step.branches = branches(report, node),
            "go" => step.go = shape::text(report, key.value, node),
            "end" => step.end = values::outcome(report, key.value, node),
            "when" => {
                ask_keys.push((key, node));
                continue;
            }
            _ if ASK_KEYS.contains(&key.value) => {
                ask_keys.push((key, node));
                continue;
            }
            _ => {
                unsupported_verb |= VERBS_NOT_YET.contains(&key.value);
                let keys: Vec<&str> = [&VERBS[..], &ASK_KEYS, &STEP_KEYS].concat();
                unknown_key(report, &key, &keys, &NOT_YET, "a step");
            }
        }
        is_whole &= report.errors() == before;
    }
    is_whole &= !unsupported_verb;
    if let (Some(go), Some(end)) = (&step.go, &step.end) {
        report
            .error(end.span, "`end` never happens: `go` leads elsewhere before it")
            .label(go.span, "goes here")
            .help("keep one of the two");
    }
    if let DraftVerb::Ask(ask) = &mut step.verb {
        let before = report.errors();
        let keys = AskKeys::collect(&ask_keys);
        step.when = answer::read(report, ask, &keys);
        is_whole &= report.errors() == before || !keys.has_jumps();
        if let Some(span) = resume_key {
            report
                .error(
                    span,
                    "`resume` goes back to the question at hand, and this step asks one itself",
                )
                .help("use it with `say` or `set`");
        }
    } else {
        for (key, _) in &ask_keys {
            report
                .error(
                    key.span,
                    format!("`{}` belongs to a question, and this step asks none", key.value),
                )
                .help("write `ask` in this step or leave the key out");
        }
        is_whole &= ask_keys.is_empty();
    }
    if let (Some(span), DraftVerb::Set(_) | DraftVerb::Branch) = (media_key, &step.verb) {
        report
            .error(span, "`media` goes out with a text, and this step says none")
            .help("add `say: \"\"` to send it without a text");
    }
    let decides = step.go.is_some() || step.end.is_some() || !step.branches.is_empty();
    if verb.is_none() && !unsupported_verb && !decides && media_key.is_none() && is_whole {
        report
            .error(name.span, format!("`{}` does nothing", name.value))
            .help("a step has `ask`, `say` or `set`, or says with `if`, `go` or `end` where to go");
    }
    empty_say(report, &step);
    Some((step, is_whole))
}

fn verb(report: &mut Report<'_>, step: &At<&str>, key: &At<&str>, node: &Node) -> DraftVerb {
    match key.value {
        "ask" => {
            let text = shape::template(report, key.value, node);
            DraftVerb::Ask(Box::new(answer::question(text, step, key.span)))
        }
        "say" => DraftVerb::Say(shape::any_template(report, key.value, node)),
        _ => DraftVerb::Set(
            shape::map(report, key.value, node)
                .into_iter()
                .map(|(name, node)| {
                    names::check_variable(report, name.value, name.span);
                    let text = shape::any_template(report, name.value, node);
                    (At { value: name.value.to_owned(), span: name.span }, text)
                })
                .collect(),
        ),
    }
}

/// A `say` without a text has to carry something else.
fn empty_say(report: &mut Report<'_>, step: &DraftStep) {
    if let DraftVerb::Say(Some(text)) = &step.verb
        && text.fixed_length == Some(0)
        && step.media.is_empty()
    {
        report
            .error(text.span, "`say` has nothing to say")
            .help("write a text, or `media` to send a picture without one");
    }
}

fn media(report: &mut Report<'_>, node: &Node) -> Vec<Text> {
    let items = shape::list(report, "media", node);
    if let Some(surplus) = items.get(MAX_MEDIA) {
        report.error(surplus.span, format!("a message carries at most {MAX_MEDIA} media"));
    }
    let mut texts = Vec::new();
    for item in items.iter().take(MAX_MEDIA) {
        if let Data::Text { value, .. } = &item.data
            && !value.trim().is_empty()
            && !value.starts_with("{{")
            && !["https://", "http://"].iter().any(|scheme| value.starts_with(scheme))
        {
            report
                .error(item.span, format!("`{value}` is no address that a phone can fetch"))
                .help("write a whole address, beginning with `https://`");
            continue;
        }
        texts.extend(shape::template(report, "media", item));
    }
    texts
}

fn branches(report: &mut Report<'_>, node: &Node) -> Vec<(Option<Condition>, At<String>)> {
    let mut branches = Vec::new();
    for item in shape::list(report, "if", node) {
        let mut is = None;
        let mut go = None;
        let mut has_is = false;
        let mut has_go = false;
        let before = report.errors();
        for (key, node) in shape::map(report, "if", item) {
            match key.value {
                "is" => {
                    has_is = true;
                    is = shape::condition(report, key.value, node);
                }
                "go" => {
                    has_go = true;
                    go = shape::text(report, key.value, node);
                }
                _ => unknown_key(report, &key, &["is", "go"], &[], "an entry of `if`"),
            }
        }
        if report.errors() == before && !(has_is && has_go) {
            let missing = if has_is { "go" } else { "is" };
            report
                .error(item.span, format!("this entry of `if` has no `{missing}`"))
                .help("write `- {is: size == \"large\", go: STEP}`");
        }
        branches.extend(go.map(|go| (is, go)));
    }
    branches
}
