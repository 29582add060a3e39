//! How long each variable can be, from the limits of the answers.
//!
//! What is `set` is as long as its text, which reads other variables, so these
//! are looked at in the order in which one reads the other. One that is made
//! longer out of itself, round by round, grows without end.

use std::collections::HashMap;

use super::algorithms::components;
use super::subflow::Subflows;
use super::variables::{Definition, Variables};
use crate::conversation::answer::MAX_EMAIL;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::flow::Kind;
use crate::conversation::length::Length;
use crate::conversation::load::draft::{Draft, DraftAsk, Text};
use crate::conversation::template::Template;
use crate::conversation::translation::LANGUAGE;
use crate::message::{MAX_ADDRESS, MAX_MEDIA};

/// Characters of a place, `-12.345678,-123.456789`, which no number has more of.
const PLACE: u64 = 22;

/// Characters of a name that a channel tells. Nobody promises so, but none has more.
pub(super) const PROFILE_NAME: u64 = 100;

/// Characters of what a shared place is called, its address with it. Likewise.
pub(super) const PLACE_LABEL: u64 = 300;

/// Characters of a part of the answer to a call. Its callee may send more.
const CALLED: u64 = 100;

/// The length that the URL of a callback is taken to have.
const CALLBACK: u64 = 80;

/// Characters of a whole answer that is kept as a text.
const BODY: u64 = 1_600;

/// Characters of the address of a picture at Twilio, with three of its ids.
pub(super) const MEDIA_ADDRESS: u64 = 162;

/// The variables of a flow.
pub(crate) struct Lengths {
    by_name: HashMap<String, Length>,
}

impl Lengths {
    /// Those of a flow in all of its languages; `cap` is a `max` that no
    /// answer has more than.
    pub(crate) fn new(draft: &Draft, subflows: &Subflows, cap: u64) -> Self {
        let variables = Variables::of_all(draft.in_each_language());
        let mut lengths = Self { by_name: HashMap::new() };
        for (name, definitions) in variables.iter() {
            for definition in definitions {
                lengths.add(name, of_definition(definition, subflows, cap));
            }
        }
        lengths.add_texts(&variables);
        // A `set` of the language chooses one of these.
        let languages = draft.languages.iter().map(|language| Length::of(&language.value));
        if let Some(language) = languages.reduce(Length::or) {
            lengths.by_name.insert(LANGUAGE.to_owned(), language);
        }
        lengths
    }

    /// The length of a variable.
    pub(crate) fn of(&self, name: &str) -> Length {
        self.by_name.get(name).copied().unwrap_or_default()
    }

    /// The length of a text.
    pub(crate) fn of_text(&self, template: &Template) -> Length {
        template.length(&|name| self.of(name))
    }

    /// All variables with their lengths.
    pub(crate) fn into_names(self) -> HashMap<String, Length> {
        self.by_name
    }

    fn add(&mut self, name: &str, length: Length) -> bool {
        let known = self.by_name.entry(name.to_owned()).or_default();
        let before = *known;
        *known = known.or(length);
        *known != before
    }

    /// Adds what variables are set to.
    fn add_texts(&mut self, variables: &Variables<'_>) {
        let by_name = variables.iter().map(|(name, definitions)| {
            let texts = definitions.iter().filter_map(Definition::text);
            (name, texts.collect::<Vec<&Text>>())
        });
        let by_name: Vec<(&str, Vec<&Text>)> = by_name.filter(|(_, t)| !t.is_empty()).collect();
        let names = by_name.iter().map(|(name, _)| *name);
        let places: HashMap<&str, usize> = names.zip(0..).collect();
        let reads: Vec<Vec<usize>> = by_name
            .iter()
            .map(|(_, texts)| {
                let uses = texts.iter().flat_map(|text| &text.uses);
                uses.filter_map(|used| places.get(used.name.as_str()).copied()).collect()
            })
            .collect();
        // Those first that others read.
        for component in components(by_name.len(), |at| reads[at].iter().copied()) {
            let mut goes_on = true;
            // Where they only hand each other's value on, this comes to rest.
            for _ in 0..=component.len() {
                goes_on = false;
                for at in &component {
                    let (name, texts) = &by_name[*at];
                    for text in texts {
                        let length = self.of_text(&text.template);
                        goes_on |= self.add(name, length);
                    }
                }
            }
            if goes_on {
                for at in &component {
                    self.add(by_name[*at].0, Length::endless());
                }
            }
        }
    }
}

/// The length of what one definition gives, where that depends on no other variable.
fn of_definition(definition: &Definition<'_>, subflows: &Subflows, cap: u64) -> Length {
    match definition {
        Definition::Answer(_, ask) => of_answer(ask, cap),
        Definition::Label(ask) => of_label(ask),
        Definition::Kept { flow, theirs, .. } => {
            let subflow = flow.and_then(|flow| subflows.get(flow));
            let kept = subflow.and_then(|subflow| subflow.lengths.get(&theirs.value));
            kept.copied().unwrap_or_default().capped(cap)
        }
        Definition::Called { is_body, .. } => {
            Length::any(if *is_body { BODY } else { CALLED }.min(cap))
        }
        Definition::BuiltIn(built_in) => of_built_in(*built_in),
        Definition::Set(..) | Definition::Language | Definition::Unread => Length::default(),
    }
}

fn of_built_in(built_in: BuiltIn) -> Length {
    match built_in {
        BuiltIn::Sender => Length::ascii(MAX_ADDRESS as u64),
        BuiltIn::ProfileName => Length::any(PROFILE_NAME),
        // `messenger`, and `2026-01-05T09:00`.
        BuiltIn::Channel => Length::ascii(9),
        BuiltIn::Now => Length::ascii(16),
        BuiltIn::Callback => Length::ascii(CALLBACK),
    }
}

fn of_answer(ask: &DraftAsk, cap: u64) -> Length {
    match ask.answer.as_ref().map(|answer| &answer.kind) {
        Some(Kind::Text { .. }) => Length::any(most_characters(ask).min(cap)),
        Some(Kind::Integer { min, max }) => {
            let digits = |number: i64| number.to_string().len() as u64;
            Length::ascii(digits(*min).max(digits(*max)))
        }
        Some(Kind::YesNo { .. }) => Length::ascii(3),
        Some(Kind::Email) => Length::units_of_any(MAX_EMAIL as u64),
        Some(Kind::Phone { .. }) => Length::ascii(16),
        Some(Kind::Date(_)) => Length::ascii(10),
        Some(Kind::Time(_)) => Length::ascii(5),
        Some(Kind::Number { .. } | Kind::Location) => Length::ascii(PLACE),
        Some(Kind::Options(choices)) => {
            choices.iter().map(|choice| Length::of(&choice.id)).fold(Length::default(), Length::or)
        }
        Some(Kind::Media) => {
            let media = MAX_MEDIA as u64;
            Length::ascii(media * MEDIA_ADDRESS + media - 1)
        }
        None => Length::default(),
    }
}

/// The most characters of a text answer: by `max` and by what `match` matches.
pub(crate) fn most_characters(ask: &DraftAsk) -> u64 {
    let Some(answer) = &ask.answer else { return 0 };
    let Kind::Text { max, .. } = answer.kind else { return 0 };
    let characters = ask.pattern.as_ref().and_then(|pattern| pattern.characters);
    characters.and_then(|(_, most)| most).map_or(max, |most| most.min(max))
}

fn of_label(ask: &DraftAsk) -> Length {
    if ask.choices.is_empty() {
        return Length::any(PLACE_LABEL);
    }
    let labels = ask.choices.iter().map(|choice| Length::of(&choice.label.written));
    labels.fold(Length::default(), Length::or)
}
