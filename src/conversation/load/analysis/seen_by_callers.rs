//! Computes what the flows that run a flow know of it, once its paths are sound.

use std::collections::{BTreeMap, HashMap};

use super::assigned::Assigned;
use super::graph::Graph;
use super::lengths::Lengths;
use super::longest_turn::Turns;
use super::measure::Measure;
use super::subflow::{Ending, Subflow, SubflowCallbacks, Subflows, TurnLengths};
use super::turn_length::weights;
use super::unasked::Unasked;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::Types;
use crate::conversation::flow::{NO, YES};
use crate::conversation::load::draft::{Draft, DraftChoice, DraftStep};

impl Subflow {
    /// What is seen of a flow whose paths are sound.
    pub(crate) fn new(
        name: &str,
        draft: &Draft,
        graph: &Graph<'_>,
        types: HashMap<String, Types>,
        lengths: Lengths,
        longest_turn: Option<u64>,
        subflows: &Subflows,
    ) -> Self {
        let assigned = Assigned::new(draft, graph);
        let reached = graph.reachable();
        let turns = Turns::new(graph, &reached);
        let written = |measure| {
            let weights = weights(draft.in_each_language(), &lengths, measure);
            turns.by(measure, weights).seen_from_outside()
        };
        let is_variable = |name: &str| BuiltIn::named(name).is_none() && !draft.is_language(name);
        let types = types.into_iter().filter(|(name, _)| is_variable(name));
        let endings = graph.ends().filter(|(end, _)| reached[*end]).map(|(end, outcome)| {
            let assigned = assigned.at_node(end).into_iter().collect();
            Ending { outcome: outcome.to_owned(), assigned }
        });
        Self {
            flow: name.to_owned(),
            endings: endings.collect(),
            types: types.collect(),
            languages: draft.languages.iter().map(|language| language.value.clone()).collect(),
            longest_turn,
            silence: Unasked::of(draft, graph).silence,
            callbacks: callbacks(draft, subflows),
            turns: TurnLengths {
                steps: turns.by_steps().seen_from_outside(),
                everything: written(Measure::Everything),
                plain: written(Measure::Plain),
            },
            lengths: lengths.into_names(),
            answers: answers(name, draft, subflows),
        }
    }
}

/// What a flow and its sub-flows do with callbacks.
fn callbacks(draft: &Draft, subflows: &Subflows) -> SubflowCallbacks {
    let within = draft.steps.iter().filter_map(|step| subflows.get(step.runs()?));
    let own = SubflowCallbacks {
        shows: draft.shows_callback().next().is_some(),
        waits: draft.steps.iter().any(|step| step.wait_for().is_some()),
    };
    within.fold(own, |all, subflow| SubflowCallbacks {
        shows: all.shows || subflow.callbacks.shows,
        waits: all.waits || subflow.callbacks.waits,
    })
}

/// The words that answer some question of a flow or of its sub-flows, each with
/// the name of the flow that asks.
fn answers(name: &str, draft: &Draft, subflows: &Subflows) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for step in &draft.steps {
        if let Some(subflow) = step.runs().and_then(|flow| subflows.get(flow)) {
            answers.extend(subflow.answers.clone());
        }
    }
    let steps = draft.in_each_language().flat_map(|draft| &draft.steps);
    for ask in steps.filter_map(DraftStep::ask) {
        let words = ask.choices.iter().flat_map(DraftChoice::words);
        let words = words.chain(&ask.optional).chain(&ask.yes_no_words);
        answers.extend(words.map(|word| (word.normal.clone(), name.to_owned())));
        if let Some(Kind::YesNo { .. }) = ask.answer.as_ref().map(|answer| &answer.kind) {
            let built_in = YES.into_iter().chain(NO);
            answers.extend(built_in.map(|word| (word.to_owned(), name.to_owned())));
        }
    }
    answers
}
