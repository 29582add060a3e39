//! Reads a language file, and makes the flow in that language.
//!
//! The file's texts replace those in the flow's own tree, and the result is read
//! and checked like any other flow. So a text in another language may contain
//! only what the same text in the first language may contain.

use std::collections::HashSet;

use super::shape;
use super::skip_words;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::sources::files::{Files, name_of_language_file, no_texts};
use crate::conversation::load::syntax::keys;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::parse::parse;

/// The texts of a step.
pub(crate) const TEXTS: [&str; 4] = ["ask", "say", "error", "meanwhile"];

/// The lists of a step that may be in another language.
pub(crate) const LISTS: [&str; 2] = ["optional", "media"];

/// The keys of a language file that belong to the whole flow.
pub(crate) const OF_FLOW: [&str; 5] = ["start", "otherwise", "ended", "changed", "expired"];

/// The keys of a step whose entries may be in another language, each by its name.
pub(crate) const NAMED: [&str; 5] = ["options", "words", "set", "attachment", "nudges"];

/// A flow's tree in each of its further languages that has a file.
pub(crate) fn read(
    report: &mut Report<'_>,
    files: &Files<'_>,
    root: &Node,
    draft: &Draft,
) -> Vec<(String, Node)> {
    let mut translations = Vec::new();
    let is_unread = report.errors() > 0;
    for (language, file) in files.languages.iter().zip(1..) {
        let span = files.bundle.span(file);
        let start = Span::new(span.start, span.start);
        let before = report.errors();
        let texts = parse(report, file);
        let written = root.get("languages").map_or(0, entries);
        // A fault in `languages` is reported there.
        let is_read = written == draft.languages.len();
        if !(is_read || draft.languages.iter().skip(1).any(|listed| listed.value == *language))
            || !is_listed(report, draft, language, start)
            || report.errors() > before
        {
            continue;
        }
        let texts = texts.unwrap_or_else(|| no_texts(start));
        let translation =
            Translation { report, main: root, name: files.bundle.name(file), language, is_unread };
        translations.extend(translation.read(&texts, draft));
    }
    for language in draft.languages.iter().skip(1) {
        if !files.languages.iter().any(|file| *file == language.value) {
            let first = draft.languages.first().map_or("", |first| first.value.as_str());
            let name = name_of_language_file(files.bundle.name(0), &language.value);
            if files.is_misnamed(&name) {
                continue;
            }
            report
                .found(
                    Code::MissingLanguageFile,
                    language.span,
                    format!(
                        "there is no `{name}`: people who speak `{}` hear everything in `{first}`",
                        language.value
                    ),
                )
                .help("write that file, with a line for each text, such as `STEP.ask: …`");
        }
    }
    translations
}

/// Whether the flow has this language beside its first.
fn is_listed(report: &mut Report<'_>, draft: &Draft, language: &str, at: Span) -> bool {
    let name = report.name();
    let line = report.line(report.line_of(at.start));
    let mut languages = draft.languages.iter().map(|listed| listed.value.as_str());
    let Some(first) = languages.next() else {
        report.found(Code::StrayLanguageFile, line, format!("`{name}` has no `languages`")).help(
            format!("write `languages: [en, {language}]` there, with its own language first"),
        );
        return false;
    };
    if first == language {
        report
            .found(
                Code::StrayLanguageFile,
                line,
                format!("`{language}` is the first language: its texts are in `{name}`"),
            )
            .help("move them there, or put another language first in its `languages`");
        return false;
    }
    if languages.clone().any(|listed| listed == language) {
        return true;
    }
    let near = report.did_you_mean(language, languages);
    report
        .found(Code::StrayLanguageFile, line, format!("`{name}` has no language `{language}`"))
        .help(format!("add `{language}` to its `languages`"))
        .maybe_help(near);
    false
}

/// One language file.
pub(crate) struct Translation<'t, 'r> {
    pub(crate) report: &'t mut Report<'r>,
    /// The flow's own tree.
    pub(crate) main: &'t Node,
    pub(crate) name: &'t str,
    pub(crate) language: &'t str,
    /// Whether the flow's own file has errors.
    is_unread: bool,
}

/// Why a key is wrong, what to write, and a key that is near to it.
type Fault = (String, String, Option<String>);

impl<'t> Translation<'t, '_> {
    /// The flow in this language; `None` if the file is not a mapping.
    fn read(mut self, texts: &Node, draft: &Draft) -> Option<(String, Node)> {
        let Data::Map(entries) = &texts.data else {
            self.report
                .found(Code::Shape, texts.span, "a language file consists of keys with values")
                .help("write each text on a line of its own, such as `STEP.ask: …`");
            return None;
        };
        let mut merged = self.main.clone();
        // The words that begin the flow in its first language do not belong to this one.
        merged.remove("start");
        let mut keys = HashSet::new();
        for (key, value) in entries {
            let Some(name) = key.text() else {
                self.report
                    .found(Code::Shape, key.span, "this key is not a text")
                    .help("write each text on a line of its own, such as `STEP.ask: …`");
                continue;
            };
            match self.place(&name, value) {
                Ok(path) => {
                    if !has_shape(self.report, &name, &path, value) {
                        keys.insert(name);
                        continue;
                    }
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    merged.set(&path, key.span, value.clone());
                }
                // What the flow's own file seems to lack may be what could not be read there.
                Err(_) if self.is_unread => {}
                Err((message, help, near)) => {
                    self.report
                        .found(Code::UnknownText, key.span, message)
                        .help(help)
                        .maybe_help(near);
                }
            }
            keys.insert(name);
        }
        let first = draft.languages.first().map_or("", |first| first.value.as_str());
        if !self.is_unread {
            self.missing(&keys, draft, first);
        }
        Some((self.language.to_owned(), merged))
    }

    /// The place of a key's text in the flow's own tree.
    fn place(&self, key: &str, value: &Node) -> Result<Vec<String>, Fault> {
        let path = |parts: &[&str]| Ok(parts.iter().map(|part| (*part).to_owned()).collect());
        if OF_FLOW.contains(&key) {
            return match self.main.get(key) {
                Some(_) => path(&[key]),
                None => Err(self.not_in_main("the flow", key)),
            };
        }
        let Some((step, rest)) = key.split_once('.') else { return Err(self.no_key(key, value)) };
        let command = || self.main.get("commands").filter(|_| step == "commands");
        if command().is_some_and(|commands| commands.get(rest).is_some()) {
            return path(&["commands", rest]);
        }
        let Some(node) = self.step(step) else {
            if step == "commands" {
                return Err(self.no_command(rest));
            }
            let near = self.report.did_you_mean(step, self.steps());
            return Err((
                format!("`{}` has no step `{step}`", self.report.name()),
                "begin each key with the name of a step".to_owned(),
                near,
            ));
        };
        let (verb, name) = rest.split_once('.').map_or((rest, None), |(verb, n)| (verb, Some(n)));
        match name {
            None if TEXTS.contains(&verb) || LISTS.contains(&verb) => match node.get(verb) {
                Some(_) => path(&["steps", step, verb]),
                None => Err(self.not_in_main(&format!("`{step}`"), verb)),
            },
            Some(name) if NAMED.contains(&verb) => {
                let has = |key: &str| node.get(key).is_some_and(|map| map.get(name).is_some());
                let is_yes_no =
                    || node.get("type").and_then(Node::text).as_deref() == Some("yes_no");
                // The flow need not have further words there: another language may have more.
                if has(verb) || verb == "words" && (has("options") || is_yes_no()) {
                    return path(&["steps", step, verb, name]);
                }
                Err(self.no_entry(step, node, verb, name))
            }
            _ => {
                let keys = [&TEXTS[..], &LISTS].concat();
                let near = self.report.did_you_mean(verb, keys.into_iter().chain(NAMED));
                let message = match node.get(rest) {
                    Some(_) => format!("`{rest}` of a step is the same in every language"),
                    None => format!("`{rest}` is not a key of a step in a language file"),
                };
                Err((
                    message,
                    "the keys of a step in a language file are `ask`, `say`, `error`, `meanwhile`, `attachment.KIND`, `nudges.TIME`, `optional`, `media`, `options.ID`, `words.ID` and `set.VARIABLE`".to_owned(),
                    near,
                ))
            }
        }
    }

    fn no_key(&self, key: &str, value: &Node) -> Fault {
        if matches!(value.data, Data::Map(_)) && (self.step(key).is_some() || key == "commands") {
            return (
                format!("each text of `{key}` needs a line of its own"),
                format!("write `{key}.KEY: …` at the beginning of a line"),
                None,
            );
        }
        // Another key of the flow is not a misspelt one.
        let is_misspelt = !keys::OF_FILE.contains(&key);
        let near = is_misspelt.then(|| self.report.did_you_mean(key, OF_FLOW)).flatten();
        (
            format!("`{key}` is not a key of a language file"),
            "its keys are `STEP.ask`, `STEP.say` and the like, `commands.TARGET`, `start`, `otherwise`, `ended`, `changed` and `expired`".to_owned(),
            near,
        )
    }

    fn no_command(&self, target: &str) -> Fault {
        let targets = self.main.get("commands").map(Node::keys).unwrap_or_default();
        let near = self.report.did_you_mean(target, targets.iter().copied());
        (
            format!("`{}` has no command `{target}`", self.report.name()),
            "use a command of the flow: a language file only gives it other words".to_owned(),
            near,
        )
    }

    fn no_entry(&self, step: &str, node: &Node, verb: &str, name: &str) -> Fault {
        // The words of a question are those of its options.
        let place = if verb == "words" { "options" } else { verb };
        let Some(entries) = node.get(place).map(Node::keys) else {
            return self.not_in_main(&format!("`{step}`"), place);
        };
        let near = self.report.did_you_mean(name, entries.iter().copied());
        let what = match verb {
            "set" => "variable",
            "attachment" => "attachment",
            "nudges" => "nudge",
            _ => "option",
        };
        (
            format!("`{step}` in `{}` has no {what} `{name}`", self.report.name()),
            format!("write one of `{}`", entries.join("`, `")),
            near,
        )
    }

    fn not_in_main(&self, whose: &str, key: &str) -> Fault {
        (
            format!("{whose} has no `{key}` in `{}`", self.report.name()),
            "remove this line: a language file only translates what its flow says".to_owned(),
            None,
        )
    }

    pub(crate) fn steps(&self) -> Vec<&'t str> {
        self.main.get("steps").map(Node::keys).unwrap_or_default()
    }

    pub(crate) fn step(&self, name: &str) -> Option<&'t Node> {
        self.main.get("steps")?.get(name)
    }
}

/// Whether a value has the shape of its key. If not, it is reported under the name
/// that the key has here.
fn has_shape(report: &mut Report<'_>, key: &str, path: &[String], value: &Node) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["steps", _, "optional"] if skip_words::refuse(report, key, value) => false,
        ["start"] | ["commands", _] | ["steps", _, "optional" | "media" | "words", ..] => {
            !shape::list(report, key, value).is_empty()
        }
        ["steps", _, "say" | "set", ..] => shape::any_text(report, key, value).is_some(),
        _ => shape::text(report, key, value).is_some(),
    }
}

/// The number of entries of a list; one for anything else, since something is meant.
fn entries(node: &Node) -> usize {
    match &node.data {
        Data::List(items) => items.len(),
        Data::Text { .. } | Data::Map(_) => 1,
    }
}
