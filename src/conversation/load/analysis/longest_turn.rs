//! The most that is said in one turn.

use super::graph::Graph;
use super::lengths::Lengths;
use super::said;
use super::speech::{Measure, Ways, join, own};
use super::turns::Turns;
use crate::conversation::load::draft::Draft;

/// What is said before the first question to who cannot go on.
pub(crate) const CHANGED: &str = "`changed`";

/// And to a person who was silent too long.
pub(crate) const EXPIRED: &str = "`expired`";

/// The most UTF-16 units that are said in one turn, those of its parts among
/// them; `None` where that grows without end.
pub(crate) fn longest(draft: &Draft, graph: &Graph<'_>, lengths: &Lengths) -> Option<u64> {
    let mut alone = 0;
    for said in draft.in_each_language().flat_map(said::all) {
        let length = said.length(lengths);
        if length.is_endless() {
            return None;
        }
        alone = length.units().max(alone);
    }
    let parts = (0..graph.steps()).filter_map(|step| graph.part(step));
    let in_parts = parts
        .map(|part| part.longest_turn)
        .try_fold(0, |most, turn| turn.map(|turn| turn.max(most)))?;
    let reached = graph.reachable();
    let turns = Turns::new(graph, &reached);
    let own = own(draft.in_each_language(), lengths, Measure::Everything);
    let ways = Ways::new(graph, &reached, &turns, Measure::Everything, &own);
    let of_turns = ways.turns().into_iter().map(|(said, _)| said).max().unwrap_or_default();
    let before = draft
        .in_each_language()
        .flat_map(|draft| before(draft, lengths, Measure::Everything))
        .map(|(_, said)| join(said, ways.at_beginning()));
    Some(before.chain([of_turns, alone, in_parts]).max().unwrap_or_default())
}

/// The texts that may be said before a flow begins, and how much they say.
pub(crate) fn before(
    draft: &Draft,
    lengths: &Lengths,
    measure: Measure,
) -> impl Iterator<Item = (&'static str, u64)> {
    let texts = [(CHANGED, &draft.changed), (EXPIRED, &draft.expired)];
    texts.into_iter().filter_map(move |(name, text)| {
        let length = lengths.of_text(&text.as_ref()?.template);
        let said = if measure == Measure::Plain { length.plain_units() } else { length.units() };
        Some((name, said))
    })
}
