//! What the flows that run a flow know of it: how it can end, what is assigned
//! then, and how much it says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::measure::Measure;
use crate::conversation::expression::types::Types;
use crate::conversation::length::Length;
use crate::conversation::load::draft::At;

/// A flow that others may run.
pub(crate) struct Subflow {
    /// Its name.
    pub(crate) flow: String,
    /// How it can end, by outcome.
    pub(crate) endings: Vec<Ending>,
    /// What its variables can be.
    pub(crate) types: HashMap<String, Types>,
    /// How long they can be.
    pub(crate) lengths: HashMap<String, Length>,
    /// How long its turns are.
    pub(crate) turns: TurnLengths,
    /// The most UTF-16 units of one turn; `None` where that grows without end.
    pub(crate) longest_turn: Option<u64>,
    /// What it does to a person who does not write.
    pub(crate) silence: SubflowSilence,
    /// What it does with callbacks.
    pub(crate) callbacks: SubflowCallbacks,
    /// The languages that it speaks; empty if it has no `languages`.
    pub(crate) languages: Vec<String>,
    /// The words that answer a question, each with the flow that asks it.
    pub(crate) answers: BTreeMap<String, String>,
}

/// One of the outcomes with which a flow can end.
pub(crate) struct Ending {
    pub(crate) outcome: String,
    /// The variables that every path to this ending assigns.
    pub(crate) assigned: HashSet<String>,
}

/// What a flow does to a person who does not write.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SubflowSilence {
    /// The most messages from its beginning to a question or an end.
    pub(crate) first: u64,
    /// The most messages in a row to a person who does not write.
    pub(crate) most: u64,
    /// Whether silence alone leads from a question to an end.
    pub(crate) passes: bool,
    /// The longest silence at a question that it waits for.
    pub(crate) latest: Option<Duration>,
}

/// What a flow, or one that it runs, does with callbacks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SubflowCallbacks {
    /// Whether a text shows one.
    pub(crate) shows: bool,
    /// Whether a step waits for one.
    pub(crate) waits: bool,
}

impl SubflowSilence {
    /// Whether anything happens while nobody answers.
    pub(crate) fn acts(self) -> bool {
        self.passes || self.most > 0
    }
}

impl Subflow {
    /// The outcomes as a message names them.
    pub(crate) fn outcomes(&self) -> String {
        let outcomes: Vec<&str> = self.endings.iter().map(|e| e.outcome.as_str()).collect();
        outcomes.join("`, `")
    }

    /// Whether it can come to the ending of this place without a question.
    pub(crate) fn is_silent_to(&self, ending: usize) -> bool {
        self.turns.steps.endings.get(ending).is_some_and(|stretch| stretch.through.is_some())
    }
}

/// The flows that others may run, by name.
#[derive(Default)]
pub(crate) struct Subflows {
    by_name: HashMap<String, Subflow>,
}

impl Subflows {
    /// The flow of this name, if its paths are sound.
    pub(crate) fn get(&self, name: &At<String>) -> Option<&Subflow> {
        self.by_name.get(&name.value)
    }

    pub(crate) fn add(&mut self, subflow: Subflow) {
        self.by_name.insert(subflow.flow.clone(), subflow);
    }
}

/// How long the turns of a sub-flow are, by one measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct TurnLength {
    /// From the beginning to a question or an end.
    pub(super) to_wait: u64,
    /// The longest question.
    pub(super) question: u64,
    /// The longest stretches to each of [`Subflow::endings`].
    pub(super) endings: Vec<Stretch>,
}

/// The longest stretches of a flow to one of its endings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stretch {
    /// From the beginning; `None` where every path asks a question.
    pub(super) through: Option<u64>,
    /// From a question on; `None` where no path asks one.
    pub(super) after_question: Option<u64>,
}

/// How long the turns of a sub-flow are, by each measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct TurnLengths {
    pub(super) steps: TurnLength,
    pub(super) everything: TurnLength,
    pub(super) plain: TurnLength,
}

impl TurnLengths {
    pub(super) fn by(&self, measure: Measure) -> &TurnLength {
        match measure {
            Measure::Steps => &self.steps,
            Measure::Everything | Measure::OneMessage => &self.everything,
            Measure::Plain => &self.plain,
        }
    }
}
