//! The names of keys: all that exist, those that a question has, and the report
//! of unknown ones.

use super::node::Node;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;

/// The keys of a file.
pub(crate) const OF_FILE: [&str; 15] = [
    "flow",
    "start",
    "otherwise",
    "ended",
    "changed",
    "expired",
    "expire",
    "on_expire",
    "quiet",
    "commands",
    "secrets",
    "timezone",
    "languages",
    "renamed",
    "steps",
];

/// Keys that are part of the format, but not supported by this version.
pub(crate) const OF_FILE_NOT_YET: [&str; 0] = [];

/// The verbs of a step.
pub(crate) const VERBS: [&str; 6] = ["ask", "say", "set", "run", "call", "wait_for"];

/// The keys that only a question has.
pub(crate) const OF_ASK: [&str; 19] = [
    "type",
    "min",
    "max",
    "match",
    "after",
    "before",
    "country",
    "options",
    "words",
    "optional",
    "save",
    "error",
    "attachment",
    "tries",
    "on_fail",
    "nudges",
    "timeout",
    "on_timeout",
    "when",
];

/// The keys that a step with `run` has. It shares `when` with questions.
pub(crate) const OF_RUN: [&str; 2] = ["keep", "when"];

/// The keys that a step with `call` has. It shares `timeout` and `when` with
/// questions, and `keep` with `run`.
pub(crate) const OF_CALL: [&str; 10] = [
    "headers",
    "query",
    "form",
    "body",
    "timeout",
    "attempts",
    "keep",
    "may_keep",
    "meanwhile",
    "when",
];

/// The keys that a step with `wait_for` has. It shares those of silence with
/// questions, and the others with `call`.
pub(crate) const OF_WAIT_FOR: [&str; 7] =
    ["nudges", "timeout", "on_timeout", "keep", "may_keep", "meanwhile", "when"];

/// The keys that any step has.
pub(crate) const OF_ANY_STEP: [&str; 6] = ["media", "resume", "if", "go", "end", "quiet_after"];

/// Keys that are part of the format, but not supported by this version.
pub(crate) const OF_STEP_NOT_YET: [&str; 1] = ["hand_off"];

/// The verbs among them: a step that has one needs no other.
pub(crate) const VERBS_NOT_YET: [&str; 1] = ["hand_off"];

/// All keys that a step may have.
pub(crate) fn of_step() -> Vec<&'static str> {
    let mut keys = [&VERBS[..], &OF_ASK].concat();
    // Some keys belong to several verbs.
    let of_others = OF_RUN.into_iter().chain(OF_CALL);
    for key in of_others.chain(OF_ANY_STEP) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The keys whose value is a text that people read.
pub(crate) const TEXTS: [&str; 8] =
    ["ask", "say", "error", "meanwhile", "otherwise", "ended", "changed", "expired"];

/// Targets that only `commands` has.
pub(crate) const COMMAND_TARGETS: [&str; 3] = ["restart", "repeat", "stop"];

/// Wrong names that people use for keys, with the right one.
const MEANT: [(&[&str], &str); 14] = [
    (&["question", "prompt", "input"], "ask"),
    (&["text", "message", "send", "reply", "print", "tell"], "say"),
    (&["goto", "jump", "next", "then", "to"], "go"),
    (&["condition", "when"], "is"),
    (&["choices", "buttons", "answers"], "options"),
    (&["quiet", "quiet_for", "silent", "silence", "mute"], "quiet_after"),
    (&["reminders", "reminder", "remind", "nudge"], "nudges"),
    (&["quiet_hours", "night", "silent_hours"], "quiet"),
    (&["pattern", "regex", "regexp"], "match"),
    (&["http", "request", "fetch", "webhook", "url"], "call"),
    (&["json", "payload", "data"], "body"),
    (&["wait", "await", "callback", "wait_until", "waitfor"], "wait_for"),
    (&["params", "parameters"], "query"),
    (&["retries", "retry"], "attempts"),
];

/// The keys of a question beside its verb.
pub(crate) struct AskKeys<'a> {
    entries: &'a [(At<&'a str>, &'a Node)],
}

impl<'a> AskKeys<'a> {
    pub(crate) fn new(entries: &'a [(At<&'a str>, &'a Node)]) -> Self {
        Self { entries }
    }

    pub(crate) fn get(&self, name: &str) -> Option<(Span, &'a Node)> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(key, node)| (key.span, *node))
    }

    /// Whether one of them leads to another step or names a variable.
    pub(crate) fn decide_paths(&self) -> bool {
        ["when", "on_fail", "on_timeout", "options", "save"]
            .iter()
            .any(|key| self.get(key).is_some())
    }
}

/// Reports a key that is not one of `keys`.
pub(crate) fn unknown_key(
    report: &mut Report<'_>,
    key: &At<&str>,
    keys: &[&str],
    not_yet: &[&str],
    place: &str,
) {
    if not_yet.contains(&key.value) {
        report
            .found(Code::NotSupported, key.span, format!("`{}` is not supported yet", key.value))
            .help("leave the key out: this version of Ringback does not support it");
        return;
    }
    if let Some((name, rest)) = space_missing(key.value) {
        report
            .found(Code::Yaml, key.span, format!("a space is missing after `{name}:`"))
            .help(format!("write `{name}: {rest}`"));
        return;
    }
    let meant = MEANT.iter().find(|(names, own)| names.contains(&key.value) && keys.contains(own));
    let meant = meant.map(|(_, own)| format!("did you mean `{own}`?"));
    let near = report.did_you_mean(key.value, keys.iter().copied()).or(meant);
    let all = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    report
        .found(Code::UnknownKey, key.span, format!("`{}` is not a key of {place}", key.value))
        .help(format!("its keys are {all}"))
        .maybe_help(near);
}

/// The known key that a text begins with if no space follows its `:`, and the rest.
pub(crate) fn space_missing(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(':')?;
    let is_key = of_step().contains(&key) || OF_FILE.contains(&key) || key == "is";
    (is_key && !rest.is_empty() && !rest.starts_with(' ')).then(|| (key, rest.trim()))
}
