//! What a conversation keeps: values of variables, as far as there is room, and
//! its language.

use super::aside::Aside;
use super::relabel::relabel;
use super::room::Room;
use super::walk::Walk;
use crate::conversation::Value;
use crate::conversation::flow::{Flow, Step};
use crate::conversation::session::Note;

impl<'a> Walk<'a> {
    /// Keeps a value from this step, as far as there is room. The language is
    /// kept with the session.
    pub(super) fn keep(
        &mut self,
        (flow, step): (&Flow, &Step),
        variable: &str,
        mut value: Value,
        room: &mut Room,
    ) {
        if flow.is_language(variable) {
            if let Some(language) = flow.listed(&value.to_string()) {
                self.speak(flow, language);
            }
            return;
        }
        if room.fit(self.session.answers.get(variable), &mut value) {
            self.note_cut(&flow.name, &step.name, variable, &value);
        }
        self.session.answers.insert(variable.to_owned(), value);
    }

    /// Returns how much the conversation may still keep.
    pub(super) fn room(&self, aside: Option<&Aside<'a>>) -> Room {
        let left = aside.into_iter().flat_map(|aside| aside.left.iter());
        let around = self.callers.iter().chain(left).map(|caller| &caller.answers);
        let left_answers = aside.map(|aside| &aside.answers);
        Room::beside(around.chain(left_answers).chain([&self.session.answers]))
    }

    /// Notes once a turn that a value was cut.
    pub(super) fn note_cut(&mut self, flow: &str, step: &str, variable: &str, value: &Value) {
        if !self.notes.iter().any(|note| matches!(note, Note::ValueCut { .. })) {
            let [flow, step, variable] = [flow, step, variable].map(str::to_owned);
            self.notes.push(Note::ValueCut { flow, step, variable, bytes: value.bytes() });
        }
    }

    /// Continues in another language.
    fn speak(&mut self, flow: &Flow, language: &str) {
        let before = self.session.language.replace(language.to_owned());
        let (from, to) = (before.as_deref(), Some(language));
        relabel(flow, &mut self.session.answers, from, to);
        for caller in &mut self.callers {
            relabel(caller.flow, &mut caller.answers, from, to);
        }
    }
}
