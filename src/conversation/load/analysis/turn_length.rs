//! The most UTF-16 units that a flow writes in one turn.

use super::graph::Graph;
use super::lengths::Lengths;
use super::longest_turn::Turns;
use super::measure::Measure;
use super::outputs;
use crate::conversation::length::Length;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::message::MAX_TEXT;

/// The text before the first question for a person whose conversation cannot go on.
pub(crate) const CHANGED: &str = "`changed`";

/// The text before the first question for a person who was silent too long.
pub(crate) const EXPIRED: &str = "`expired`";

/// The most UTF-16 units of one turn, those of sub-flows included; `None` where
/// they grow without end.
pub(crate) fn longest(draft: &Draft, graph: &Graph<'_>, lengths: &Lengths) -> Option<u64> {
    let mut alone = 0;
    for said in draft.in_each_language().flat_map(outputs::all) {
        let length = said.length(lengths);
        if length.is_endless() {
            return None;
        }
        alone = length.units().max(alone);
    }
    let subflows = (0..graph.steps()).filter_map(|step| graph.subflow(step));
    let in_subflows = subflows
        .map(|subflow| subflow.longest_turn)
        .try_fold(0, |most, turn| turn.map(|turn| turn.max(most)))?;
    let reached = graph.reachable();
    let turns = Turns::new(graph, &reached);
    let measure = Measure::Everything;
    let longest = turns.by(measure, weights(draft.in_each_language(), lengths, measure));
    let of_turns = longest.each().into_iter().map(|(units, _)| units).max().unwrap_or_default();
    let before = draft
        .in_each_language()
        .flat_map(|draft| before(draft, lengths, measure))
        .map(|(_, units)| measure.join(units, longest.at_beginning()));
    Some(before.chain([of_turns, alone, in_subflows]).max().unwrap_or_default())
}

/// The texts that may stand before a flow begins, and their lengths.
pub(crate) fn before(
    draft: &Draft,
    lengths: &Lengths,
    measure: Measure,
) -> impl Iterator<Item = (&'static str, u64)> {
    let texts = [(CHANGED, &draft.changed), (EXPIRED, &draft.expired)];
    texts.into_iter().filter_map(move |(name, text)| {
        let length = lengths.of_text(&text.as_ref()?.template);
        let is_plain = measure == Measure::Plain;
        Some((name, if is_plain { length.plain_units() } else { length.units() }))
    })
}

/// The [`weight`] of each step, in whichever of these languages it is greatest.
pub(crate) fn weights<'a>(
    drafts: impl Iterator<Item = &'a Draft>,
    lengths: &Lengths,
    measure: Measure,
) -> Vec<Option<u64>> {
    drafts.fold(Vec::new(), |mut weights: Vec<Option<u64>>, draft| {
        weights.resize(weights.len().max(draft.steps.len()), Some(0));
        for (known, step) in weights.iter_mut().zip(&draft.steps) {
            *known = known.zip(weight(step, lengths, measure)).map(|(one, other)| one.max(other));
        }
        weights
    })
}

/// What a step adds to a turn at most; `None` where its text is no part of another message.
pub(crate) fn weight(step: &DraftStep, lengths: &Lengths, measure: Measure) -> Option<u64> {
    let has_media = !step.media.is_empty();
    let length = outputs::by_step(step).map_or(Length::default(), |said| said.length(lengths));
    match measure {
        Measure::Steps => Some(1),
        Measure::OneMessage if has_media => None,
        Measure::OneMessage | Measure::Everything => Some(length.units()),
        // A text that grows without end is too long only after many rounds.
        Measure::Plain if length.is_endless() => Some(0),
        Measure::Plain if has_media => {
            Some(length.plain_units().max(1).next_multiple_of(MAX_TEXT as u64))
        }
        Measure::Plain => Some(length.plain_units()),
    }
}
