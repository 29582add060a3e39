//! A flow in its further languages: which one it speaks to whom, and what it
//! says and hears in it. How that is written is `load`'s matter.

use super::flow::{Command, Flow, Step, Translation};
use super::template::Template;

/// A flow that begins.
#[derive(Clone, Copy)]
pub(super) struct Beginning<'a> {
    pub(super) flow: &'a Flow,
    /// The language that was chosen with it: that of a word which is of one only.
    pub(super) language: Option<&'a str>,
}

/// The variable that is the language of the conversation, in a flow with `languages`.
pub(super) const LANGUAGE: &str = "language";

impl Flow {
    /// The language in which it speaks to somebody of this language; `None`
    /// where it has no `languages`.
    pub(super) fn language(&self, wished: Option<&str>) -> Option<&str> {
        let of_person = self.listed(wished.unwrap_or_default());
        of_person.or(self.languages.first().map(String::as_str))
    }

    /// One of its languages, as it is written there.
    pub(super) fn listed(&self, language: &str) -> Option<&str> {
        let is_same = |listed: &&String| listed.eq_ignore_ascii_case(language);
        self.languages.iter().find(is_same).map(String::as_str)
    }

    /// Whether a variable is the language of the conversation.
    pub(super) fn is_language(&self, variable: &str) -> bool {
        !self.languages.is_empty() && variable == LANGUAGE
    }

    /// Its steps in this language.
    pub(super) fn steps_in(&self, language: Option<&str>) -> &[Step] {
        self.translation(language).map_or(&self.steps, |translation| &translation.steps)
    }

    /// Its commands in this language.
    pub(super) fn commands_in(&self, language: Option<&str>) -> &[Command] {
        self.translation(language).map_or(&self.commands, |translation| &translation.commands)
    }

    /// The reply where nothing begins, in this language.
    pub(super) fn otherwise_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.otherwise, |translation| &translation.otherwise).as_ref()
    }

    /// The reply after its end, in this language.
    pub(super) fn ended_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.ended, |translation| &translation.ended).as_ref()
    }

    /// What is said in this language to who cannot go on in it.
    pub(super) fn changed_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.changed, |translation| &translation.changed).as_ref()
    }

    /// What is said in this language after a silence that ended a conversation.
    pub(super) fn expired_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.expired, |translation| &translation.expired).as_ref()
    }

    /// What a word begins, if it is one that begins this flow.
    pub(super) fn begun_by(&self, word: &String) -> Option<Beginning<'_>> {
        let own = self.start.contains(word).then(|| self.languages.first());
        let others = self.translations.iter().filter(|other| other.start.contains(word));
        let mut languages = own.into_iter().chain(others.map(|other| Some(&other.language)));
        let language = languages.next()?.map(String::as_str);
        let language = language.filter(|_| languages.next().is_none());
        Some(Beginning { flow: self, language })
    }

    fn translation(&self, language: Option<&str>) -> Option<&Translation> {
        let language = language?;
        let is_same = |other: &&Translation| other.language.eq_ignore_ascii_case(language);
        self.translations.iter().find(is_same)
    }
}
