//! Keys by their names: those of a question that were written, and those that
//! do not exist.

use super::draft::At;
use super::report::Report;
use super::traps;
use super::tree::Node;
use crate::conversation::finding::{Code, Span};

/// What people call some keys, and their names.
const MEANT: [(&[&str], &str); 7] = [
    (&["question", "prompt", "query", "input"], "ask"),
    (&["text", "message", "send", "reply", "print", "tell"], "say"),
    (&["goto", "jump", "next", "then", "to"], "go"),
    (&["condition", "when"], "is"),
    (&["choices", "buttons", "answers"], "options"),
    (&["quiet", "quiet_for", "silent", "silence", "mute"], "quiet_after"),
    (&["pattern", "regex", "regexp"], "match"),
];

/// The keys of a question beside its verb.
pub(super) struct AskKeys<'a> {
    entries: &'a [(At<&'a str>, &'a Node)],
}

impl<'a> AskKeys<'a> {
    pub(super) fn new(entries: &'a [(At<&'a str>, &'a Node)]) -> Self {
        Self { entries }
    }

    pub(super) fn get(&self, name: &str) -> Option<(Span, &'a Node)> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(key, node)| (key.span, *node))
    }

    /// Whether one of them leads to another step or names a variable.
    pub(super) fn decide_paths(&self) -> bool {
        ["when", "on_fail", "options", "save"].iter().any(|key| self.get(key).is_some())
    }
}

/// Reports a key that is not one of `keys`.
pub(super) fn unknown_key(
    report: &mut Report<'_>,
    key: &At<&str>,
    keys: &[&str],
    not_yet: &[&str],
    place: &str,
) {
    if not_yet.contains(&key.value) {
        report
            .found(Code::NotSupported, key.span, format!("`{}` is not supported yet", key.value))
            .help("this version of Ringback cannot do it: leave the key out");
        return;
    }
    if let Some((name, rest)) = traps::space_missing(key.value) {
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
        .found(Code::UnknownKey, key.span, format!("`{}` is no key of {place}", key.value))
        .help(format!("its keys are {all}"))
        .maybe_help(near);
}
