//! Warns of what a language file lacks: texts, which people then hear in the first
//! language, and words, which they must then say in another one.

use std::collections::HashSet;

use super::translation::{OF_FLOW, TEXTS, Translation};
use crate::conversation::finding::Code;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::conversation::load::syntax::node::{Data, Node};

impl<'t> Translation<'t, '_> {
    /// Warns of texts and words that the file lacks.
    pub(crate) fn missing(&mut self, keys: &HashSet<String>, draft: &Draft, first: &str) {
        for (key, node) in self.texts(draft) {
            let has_words = node.text().is_some_and(|text| has_words(&text));
            if has_words && !keys.contains(&key) {
                self.report
                    .found(
                        Code::MissingTranslation,
                        node.span,
                        format!(
                            "`{}` has no `{key}`: people who speak `{}` hear it in `{first}`",
                            self.name, self.language
                        ),
                    )
                    .help(format!("write `{key}: …` in `{}`", self.name));
            }
        }
        self.missing_words(keys, first);
    }

    /// Warns of questions whose words the file lacks: those that skip them, and
    /// those for yes and no, which are always understood in English.
    fn missing_words(&mut self, keys: &HashSet<String>, first: &str) {
        let is_english = self.language.split('-').next() == Some("en");
        for step in self.steps() {
            let Some(node) = self.step(step) else { continue };
            let lacks = |key: &str| !keys.contains(&format!("{step}.{key}"));
            let words = node.get("optional").filter(|words| matches!(words.data, Data::List(_)));
            if let Some(words) = words.filter(|_| lacks("optional")) {
                let (name, language) = (self.name, self.language);
                self.report
                    .found(
                        Code::MissingTranslation,
                        words.span,
                        format!("`{name}` has no `{step}.optional`: people who speak `{language}` skip the question with the words of `{first}`"),
                    )
                    .help(format!("write `{step}.optional: […]` in `{name}`"));
            }
            let kind = node.get("type").filter(|kind| kind.text().as_deref() == Some("yes_no"));
            let Some(kind) = kind.filter(|_| !is_english) else { continue };
            let lacking: Vec<&str> =
                ["words.yes", "words.no"].into_iter().filter(|key| lacks(key)).collect();
            if lacking.is_empty() {
                continue;
            }
            let lines = lacking.iter().map(|key| format!("`{step}.{key}: […]`"));
            let (name, language) = (self.name, self.language);
            self.report
                .found(
                    Code::MissingTranslation,
                    kind.span,
                    format!(
                        "`{name}` has no `{step}.{}`: people who speak `{language}` answer in English",
                        lacking.join(&format!("` and no `{step}."))
                    ),
                )
                .help(format!("write {} in `{name}`", lines.collect::<Vec<_>>().join(" and ")));
        }
    }

    /// Every text of the flow's own tree, by its key.
    fn texts(&self, draft: &Draft) -> Vec<(String, &'t Node)> {
        let mut texts: Vec<(String, &'t Node)> = Vec::new();
        for key in OF_FLOW.into_iter().filter(|key| *key != "start") {
            texts.extend(self.main.get(key).map(|node| (key.to_owned(), node)));
        }
        for step in self.steps() {
            let Some(node) = self.step(step) else { continue };
            let of_step = |key| Some((format!("{step}.{key}"), node.get(key)?));
            texts.extend(TEXTS.into_iter().filter_map(of_step));
            for variable in node.get("set").map(Node::keys).unwrap_or_default() {
                let value = node.get("set").and_then(|set| set.get(variable));
                let value = value.filter(|_| is_shown(draft, variable));
                texts.extend(value.map(|node| (format!("{step}.set.{variable}"), node)));
            }
            for key in ["options", "attachment", "nudges"] {
                let Some(entries) = node.get(key) else { continue };
                for name in entries.keys() {
                    let text = entries.get(name);
                    texts.extend(text.map(|node| (format!("{step}.{key}.{name}"), node)));
                }
            }
        }
        texts
    }
}

/// Whether some text shows a variable, so that people read what it is set to.
fn is_shown(draft: &Draft, variable: &str) -> bool {
    let texts = draft.steps.iter().flat_map(DraftStep::texts).chain(draft.texts_outside());
    let mut uses = texts.flat_map(|text| &text.uses);
    !draft.is_language(variable) && uses.any(|used| used.name == variable)
}

/// Whether a text has words of its own, which belong to a language.
fn has_words(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{") {
        let (inside, after) = inside.split_once("}}").unwrap_or((inside, ""));
        // A literal may be shown, such as that of `default`.
        if before.chars().any(char::is_alphabetic) || inside.contains(['"', '\'']) {
            return true;
        }
        rest = after;
    }
    rest.chars().any(char::is_alphabetic)
}
