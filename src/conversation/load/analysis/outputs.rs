//! What a flow says in one language: every text that goes out, where it is
//! written, and how long it can be.

use std::borrow::Cow;

use super::lengths::Lengths;
use crate::conversation::attachment::Attachment;
use crate::conversation::duration;
use crate::conversation::length::Length;
use crate::conversation::load::draft::{Draft, DraftChoice, DraftStep, DraftVerb, Text};
use crate::conversation::template::Template;

/// A text that goes out, with the options that are printed below it.
pub(crate) struct Output<'a> {
    /// The step that says it; `None` where the flow itself does.
    pub(crate) step: Option<&'a DraftStep>,
    /// The key that it stands behind.
    pub(crate) key: Cow<'a, str>,
    pub(crate) text: &'a Text,
    pub(crate) options: &'a [DraftChoice],
    /// Whether pictures go out with it.
    pub(crate) has_media: bool,
}

/// All that is said in a flow's language.
pub(crate) fn all(draft: &Draft) -> impl Iterator<Item = Output<'_>> {
    let outside = [
        ("otherwise", &draft.otherwise),
        ("ended", &draft.ended),
        ("changed", &draft.changed),
        ("expired", &draft.expired),
    ];
    let outside = outside.into_iter().filter_map(|(key, text)| {
        let text = text.as_ref()?;
        Some(Output { step: None, key: key.into(), text, options: &[], has_media: false })
    });
    let by_steps = draft
        .steps
        .iter()
        .flat_map(|step| by_step(step).into_iter().chain(errors(step)).chain(meanwhile(step)));
    outside.chain(by_steps)
}

/// What a step says when a conversation comes to it.
pub(crate) fn by_step(step: &DraftStep) -> Option<Output<'_>> {
    let (key, text, options) = match &step.verb {
        DraftVerb::Ask(ask) => ("ask", ask.text.as_ref()?, ask.choices.as_slice()),
        DraftVerb::Say(text) => ("say", text.as_ref()?, &[][..]),
        DraftVerb::Set(_)
        | DraftVerb::Run(_)
        | DraftVerb::Call(_)
        | DraftVerb::WaitFor(_)
        | DraftVerb::Branch => return None,
    };
    Some(Output {
        step: Some(step),
        key: key.into(),
        text,
        options,
        has_media: !step.media.is_empty(),
    })
}

/// What it says instead of its question after an answer that does not fit.
fn errors(step: &DraftStep) -> impl Iterator<Item = Output<'_>> {
    step.ask().into_iter().flat_map(move |ask| {
        let error = ask.error.iter().map(|text| ("error", text));
        let attachments = ask.attachments.iter().map(|(kind, text)| (key_of(*kind), text));
        error.chain(attachments).map(move |(key, text)| Output {
            step: Some(step),
            key: key.into(),
            text,
            options: &ask.choices,
            has_media: false,
        })
    })
}

/// What it says while nothing comes, of a person, of a call or of a third party.
fn meanwhile(step: &DraftStep) -> impl Iterator<Item = Output<'_>> {
    let own = step.meanwhile().map(|text| Output {
        step: Some(step),
        key: "meanwhile".into(),
        text,
        options: &[],
        has_media: false,
    });
    nudges(step).chain(own)
}

fn nudges(step: &DraftStep) -> impl Iterator<Item = Output<'_>> {
    let nudges = step.silence().into_iter().flat_map(|silence| &silence.nudges);
    nudges.map(move |(after, text)| Output {
        step: Some(step),
        key: format!("nudges.{}", duration::written(after.value.as_secs())).into(),
        text,
        options: &[],
        has_media: false,
    })
}

fn key_of(kind: Attachment) -> &'static str {
    match kind {
        Attachment::Voice => "attachment.voice",
        Attachment::Picture => "attachment.picture",
        Attachment::Other => "attachment.other",
    }
}

impl<'a> Output<'a> {
    pub(crate) fn template(&self) -> &'a Template {
        &self.text.template
    }

    /// How long it can be.
    pub(crate) fn length(&self, lengths: &Lengths) -> Length {
        lengths.of_text(self.template()).then(Length::of(&self.printed()))
    }

    /// The options below it.
    pub(crate) fn printed(&self) -> String {
        (1..).zip(self.options).fold(String::new(), |printed, (number, choice)| {
            printed + &format!("\n{number}. {}", choice.label.written)
        })
    }

    /// What it says whatever people answered.
    pub(crate) fn own(&self) -> String {
        self.template().own() + &self.printed()
    }

    /// What it is called: `SIZE.ask`, or `otherwise`.
    pub(crate) fn name(&self) -> String {
        match self.step {
            Some(step) => format!("{}.{}", step.name.value, self.key),
            None => self.key.clone().into_owned(),
        }
    }
}
