//! What a flow whose ways are sound is to others that run it.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use super::known::Known;
use super::lengths::Lengths;
use super::longest_turn;
use super::part::{Ending, Part, Parts, Speech};
use super::turns::Turns;
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
        let is_variable = |name: &str| BuiltIn::named(name).is_none() && !draft.is_language(name);
        let types = types.into_iter().filter(|(name, _)| is_variable(name));
        let endings = graph.ends().filter(|(end, _)| reached[*end]).map(|(end, outcome)| {
            let (through, after_question) = turns.to_end(graph, &reached, end);
            let known = known.at_node(end).into_iter().collect();
            Ending { outcome: outcome.to_owned(), known, through, after_question }
        });
        Self {
            flow: name.to_owned(),
            endings: endings.collect(),
            to_wait: turns.at_beginning(graph),
            types: types.collect(),
            languages: draft.languages.iter().map(|language| language.value.clone()).collect(),
            longest_turn: longest_turn::longest(draft, graph, &lengths),
            speech: Speech::of_part(draft, graph, &reached, &turns, &lengths),
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
