//! The options of the question that a session asks, for a caller that shows them
//! as buttons.

use super::place::{self, Waits};
use crate::conversation::flow::{Flows, Kind};
use crate::conversation::session::Session;

/// An option of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The stored value, which is the payload of its button.
    pub id: String,
    /// The shown text.
    pub label: String,
}

/// Returns the options of the question that a session asks, in the language that
/// the person speaks. There are none if it asks a question of another type, or
/// nothing.
#[must_use]
pub fn offered(flows: &Flows, session: &Session) -> Vec<Offer> {
    let Ok(Some((place, _))) = place::find(flows, &mut session.clone()) else { return Vec::new() };
    let Waits::Ask(ask) = place.waits else { return Vec::new() };
    let Kind::Options(choices) = &ask.answer.kind else { return Vec::new() };
    choices
        .iter()
        .map(|choice| Offer { id: choice.id.clone(), label: choice.label.clone() })
        .collect()
}
