//! The languages of a flow: which language it speaks with a person, and its
//! texts and words in that language. `load` reads them from files.

use super::flow::{Command, Flow, Step, Translation};
use super::template::Template;

/// A flow that begins.
#[derive(Clone, Copy)]
pub(super) struct Beginning<'a> {
    pub(super) flow: &'a Flow,
    /// The language of the word that began it, if the word belongs to only one.
    pub(super) language: Option<&'a str>,
}

/// The variable that holds the language of the conversation, in a flow with
/// `languages`.
pub(super) const LANGUAGE: &str = "language";

impl Flow {
    /// Returns the language that it speaks with a person of this language.
    /// `None` means that the flow has no `languages`.
    pub(super) fn language(&self, wished: Option<&str>) -> Option<&str> {
        let of_person = self.listed(wished.unwrap_or_default());
        of_person.or(self.languages.first().map(String::as_str))
    }

    /// Returns one of its languages, as the flow spells it.
    pub(super) fn listed(&self, language: &str) -> Option<&str> {
        let is_same = |listed: &&String| listed.eq_ignore_ascii_case(language);
        self.languages.iter().find(is_same).map(String::as_str)
    }

    /// Returns whether a variable is the language of the conversation.
    pub(super) fn is_language(&self, variable: &str) -> bool {
        !self.languages.is_empty() && variable == LANGUAGE
    }

    /// Returns its steps in this language.
    pub(super) fn steps_in(&self, language: Option<&str>) -> &[Step] {
        self.translation(language).map_or(&self.steps, |translation| &translation.steps)
    }

    /// Returns its commands in this language.
    pub(super) fn commands_in(&self, language: Option<&str>) -> &[Command] {
        self.translation(language).map_or(&self.commands, |translation| &translation.commands)
    }

    /// Returns the reply to a message that begins nothing, in this language.
    pub(super) fn otherwise_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.otherwise, |translation| &translation.otherwise).as_ref()
    }

    /// Returns the reply after its end, in this language.
    pub(super) fn ended_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.ended, |translation| &translation.ended).as_ref()
    }

    /// Returns the text for a person who cannot continue in it, in this
    /// language.
    pub(super) fn changed_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.changed, |translation| &translation.changed).as_ref()
    }

    /// Returns the text after a silence that ended a conversation, in this
    /// language.
    pub(super) fn expired_in(&self, language: Option<&str>) -> Option<&Template> {
        let translation = self.translation(language);
        translation.map_or(&self.expired, |translation| &translation.expired).as_ref()
    }

    /// Returns the beginning of this flow by a word, if the word begins it.
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
