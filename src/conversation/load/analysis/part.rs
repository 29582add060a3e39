//! A flow as others see it that run it as a part: how it can end, what is known
//! then, and how much it says.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::conversation::expression::types::Types;
use crate::conversation::length::Length;
use crate::conversation::load::draft::At;

/// A flow as a part.
pub(crate) struct Part {
    /// Its name.
    pub(crate) flow: String,
    /// How it can end, by outcome.
    pub(crate) endings: Vec<Ending>,
    /// The most steps from its beginning to a question or an end.
    pub(crate) to_wait: usize,
    /// What its variables can be.
    pub(crate) types: HashMap<String, Types>,
    /// How long they can be.
    pub(crate) lengths: HashMap<String, Length>,
    /// How much it says.
    pub(crate) speech: Speech,
    /// The most UTF-16 units of one turn; `None` where that grows without end.
    pub(crate) longest_turn: Option<u64>,
    /// The languages that it speaks; none where it does not say.
    pub(crate) languages: Vec<String>,
    /// The words that answer a question, each with the flow that asks it.
    pub(crate) answers: BTreeMap<String, String>,
}

/// One way in which a flow can end.
pub(crate) struct Ending {
    pub(crate) outcome: String,
    /// The variables that are known then whichever way it came there.
    pub(crate) known: HashSet<String>,
    /// The most steps from the beginning without a question; `None` where
    /// there always is one.
    pub(crate) through: Option<usize>,
    /// The most steps from a question on.
    pub(crate) after_question: Option<usize>,
}

impl Part {
    /// The outcomes as a message names them.
    pub(crate) fn outcomes(&self) -> String {
        let outcomes: Vec<&str> = self.endings.iter().map(|e| e.outcome.as_str()).collect();
        outcomes.join("`, `")
    }
}

/// The flows that others may run, by name.
#[derive(Default)]
pub(crate) struct Parts {
    by_name: HashMap<String, Part>,
}

impl Parts {
    /// The flow of this name, if it is one whose ways are sound.
    pub(crate) fn get(&self, name: &At<String>) -> Option<&Part> {
        self.by_name(&name.value)
    }

    /// The same, wherever the name stands.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Part> {
        self.by_name.get(name)
    }

    pub(crate) fn add(&mut self, part: Part) {
        self.by_name.insert(part.flow.clone(), part);
    }
}

/// How much a flow says where another runs it, measured in one way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken {
    /// From the beginning to a question.
    pub(super) to_wait: u64,
    /// The longest question.
    pub(super) question: u64,
    /// By ending: from the beginning, if no question is on the way, and from
    /// a question on.
    pub(super) endings: Vec<(Option<u64>, Option<u64>)>,
}

/// How much a flow says where another runs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Speech {
    pub(super) everything: Spoken,
    pub(super) plain: Spoken,
}
