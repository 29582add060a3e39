//! What a flow whose ways are sound is to others that run it.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::known::Known;
use super::lengths::Lengths;
use super::longest_turn::Turns;
use super::measure::Measure;
use super::part::{Ending, Part, Parts, TurnLengths};
use super::turn_length::{self, weights};
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::Types;
use crate::conversation::flow::{NO, YES};
use crate::conversation::load::draft::{Draft, DraftChoice, DraftStep};

impl Part {
    /// A flow of which all ways are known to be sound.
    pub(crate) fn new(
        name: &str,
        draft: &Draft,
        graph: &Graph<'_>,
        types: HashMap<String, Types>,
        lengths: Lengths,
        parts: &Parts,
    ) -> Self {
        let known = Known::new(draft, graph);
        let reached = graph.reachable();
        let turns = Turns::new(graph, &reached);
        let written = |measure| {
            let weights = weights(draft.in_each_language(), &lengths, measure);
            turns.by(measure, weights).seen_from_outside()
        };
        let is_variable = |name: &str| BuiltIn::named(name).is_none() && !draft.is_language(name);
        let types = types.into_iter().filter(|(name, _)| is_variable(name));
        let endings = graph.ends().filter(|(end, _)| reached[*end]).map(|(end, outcome)| {
            let known = known.at_node(end).into_iter().collect();
            Ending { outcome: outcome.to_owned(), known }
        });
        Self {
            flow: name.to_owned(),
            endings: endings.collect(),
            types: types.collect(),
            languages: draft.languages.iter().map(|language| language.value.clone()).collect(),
            longest_turn: turn_length::longest(draft, graph, &lengths),
            turns: TurnLengths {
                steps: turns.by_steps().seen_from_outside(),
                everything: written(Measure::Everything),
                plain: written(Measure::Plain),
            },
            lengths: lengths.into_names(),
            answers: answers(name, draft, parts),
        }
    }
}

/// The words that answer some question of a flow, its parts included, each with
/// the name of the flow that asks.
fn answers(name: &str, draft: &Draft, parts: &Parts) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for step in &draft.steps {
        if let Some(part) = step.runs().and_then(|flow| parts.get(flow)) {
            answers.extend(part.answers.clone());
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
