//! The places of a draft that read variables, for the lints that look at each of
//! them.

use std::ops::Range;

use super::draft::{Condition, Draft, DraftStep, Text, Use};
use crate::conversation::StepId;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::comparisons::Compares;
use crate::conversation::expression::literals::{Bare, Compared};
use crate::conversation::expression::types::{Mismatch, TypesOf};
use crate::conversation::finding::Span;

/// A text or a condition: a place that reads variables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Site<'a> {
    Text(&'a Text),
    Condition(&'a Condition),
}

impl<'a> Site<'a> {
    /// The names that it reads.
    pub(super) fn uses(self) -> &'a [Use] {
        match self {
            Self::Text(text) => &text.uses,
            Self::Condition(condition) => &condition.uses,
        }
    }

    /// The name that it reads at this range of the parsed text.
    pub(super) fn use_at(self, at: &Range<usize>) -> Option<&'a Use> {
        self.uses().iter().find(|used| used.at == *at)
    }

    /// Where it compares a name with a literal.
    pub(super) fn compared(self) -> Vec<Compared<'a>> {
        match self {
            Self::Text(text) => text.template.compared(),
            Self::Condition(condition) => condition.expression.compared(),
        }
    }

    /// Its comparisons.
    pub(super) fn comparisons(self) -> Vec<Compares<'a>> {
        match self {
            Self::Text(text) => text.template.comparisons(),
            Self::Condition(condition) => condition.expression.comparisons(),
        }
    }

    /// Its comparisons of two values that never have one type.
    pub(super) fn mismatches(self, of: TypesOf<'_>) -> Vec<Mismatch> {
        match self {
            Self::Text(text) => text.template.mismatches(of),
            Self::Condition(condition) => condition.expression.mismatches(of),
        }
    }

    /// The names that it reads without anything around them.
    pub(super) fn bare_names(self) -> Vec<Bare<'a>> {
        match self {
            Self::Text(text) => text.template.bare_names(),
            Self::Condition(condition) => condition.expression.bare_names(),
        }
    }
}

impl Use {
    /// Whether it shows where a third party calls back.
    pub(super) fn is_callback(&self) -> bool {
        BuiltIn::named(&self.name) == Some(BuiltIn::Callback)
    }
}

impl Draft {
    /// The steps that show where a third party calls back, in some language, each
    /// with the first place.
    pub(super) fn shows_callback(&self) -> impl Iterator<Item = (StepId, Span)> {
        (0..self.steps.len()).filter_map(|id| {
            let steps = self.in_each_language().filter_map(|draft| draft.steps.get(id));
            let mut uses = steps.flat_map(|step| step.texts().flat_map(|text| &text.uses));
            Some((id, uses.find(|used| used.is_callback())?.span))
        })
    }

    /// Every text and every condition.
    pub(super) fn sites(&self) -> impl Iterator<Item = Site<'_>> {
        let texts = self.steps.iter().flat_map(DraftStep::texts).chain(self.texts_outside());
        let conditions = self.steps.iter().flat_map(DraftStep::conditions);
        texts.map(Site::Text).chain(conditions.map(Site::Condition))
    }
}
