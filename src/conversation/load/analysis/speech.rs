//! How much is said in one turn: the texts on the longest way on which nothing
//! waits, through the flows that are run as parts, too. What is found by it is
//! the lint `turn-too-long`.

use super::graph::{Captures, Edge, Graph, NodeId};
use super::lengths::Lengths;
use super::part::{Speech, Spoken};
use super::said;
use super::turns::Turns;
use crate::conversation::length::Length;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::message::MAX_TEXT;

/// How a turn is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The most UTF-16 units of all that is said.
    Everything,
    /// The most UTF-16 units of what goes out as one message: what has media
    /// is a message of its own.
    OneMessage,
    /// UTF-16 units in which nobody writes an emoji, a message with media as
    /// many as fill it: what ten messages hold is in no case enough for more.
    Plain,
}

impl Speech {
    pub(crate) fn of_part(
        draft: &Draft,
        graph: &Graph<'_>,
        reached: &[bool],
        turns: &Turns,
        lengths: &Lengths,
    ) -> Self {
        let ends: Vec<NodeId> =
            graph.ends().map(|(end, _)| end).filter(|end| reached[*end]).collect();
        let measured = |measure| {
            let own = own(draft.in_each_language(), lengths, measure);
            let ways = Ways::new(graph, reached, turns, measure, &own);
            Spoken {
                to_wait: ways.from.first().copied().unwrap_or_default(),
                question: ways.question,
                endings: ends.iter().map(|end| ways.to_end(*end)).collect(),
            }
        };
        Self { everything: measured(Measure::Everything), plain: measured(Measure::Plain) }
    }

    fn by(&self, measure: Measure) -> &Spoken {
        match measure {
            Measure::Everything | Measure::OneMessage => &self.everything,
            Measure::Plain => &self.plain,
        }
    }
}

/// What [each step](of_step) says; in several languages, in any of them.
pub(crate) fn own<'a>(
    drafts: impl Iterator<Item = &'a Draft>,
    lengths: &Lengths,
    measure: Measure,
) -> Vec<Option<u64>> {
    drafts.fold(Vec::new(), |mut own: Vec<Option<u64>>, draft| {
        own.resize(own.len().max(draft.steps.len()), Some(0));
        for (own, step) in own.iter_mut().zip(&draft.steps) {
            *own = own.zip(of_step(step, lengths, measure)).map(|(one, other)| one.max(other));
        }
        own
    })
}

/// What a step says, at most; `None` where it is no part of another message.
pub(crate) fn of_step(step: &DraftStep, lengths: &Lengths, measure: Measure) -> Option<u64> {
    let has_media = !step.media.is_empty();
    let length = said::by_step(step).map_or(Length::default(), |said| said.length(lengths));
    match measure {
        Measure::OneMessage if has_media => None,
        Measure::OneMessage | Measure::Everything => Some(length.units()),
        // What grows without end is too much only after many rounds.
        Measure::Plain if length.is_endless() => Some(0),
        Measure::Plain if has_media => {
            Some(length.plain_units().max(1).next_multiple_of(MAX_TEXT as u64))
        }
        Measure::Plain => Some(length.plain_units()),
    }
}

/// A line break stands between two texts.
pub(crate) fn join(one: u64, other: u64) -> u64 {
    if one == 0 || other == 0 { one + other } else { one + 1 + other }
}

/// The ways of a flow on which nothing waits, and how much is said on them.
pub(crate) struct Ways<'a> {
    graph: &'a Graph<'a>,
    reached: &'a [bool],
    turns: &'a Turns,
    measure: Measure,
    own: &'a [Option<u64>],
    /// The longest question that `resume` may ask again.
    question: u64,
    /// How much is said from entering a node on.
    from: Vec<u64>,
    /// Where the way goes on that says so much.
    next: Vec<Option<NodeId>>,
}

impl<'a> Ways<'a> {
    pub(crate) fn new(
        graph: &'a Graph<'a>,
        reached: &'a [bool],
        turns: &'a Turns,
        measure: Measure,
        own: &'a [Option<u64>],
    ) -> Self {
        let mut ways = Self {
            graph,
            reached,
            turns,
            measure,
            own,
            question: 0,
            from: vec![0; graph.len()],
            next: vec![None; graph.len()],
        };
        for node in (0..graph.steps()).filter(|node| reached[*node]) {
            let question = match graph.part(node) {
                Some(part) => part.speech.by(measure).question,
                None if graph.is_ask(node) => {
                    ways.from[node] = ways.own(node);
                    ways.from[node]
                }
                None => 0,
            };
            ways.question = ways.question.max(question);
        }
        ways.from[graph.back()] = ways.question;
        for node in turns.order() {
            ways.look_at(*node);
        }
        ways
    }

    fn look_at(&mut self, node: NodeId) {
        let to_wait = self.graph.part(node).map_or(0, |part| part.speech.by(self.measure).to_wait);
        let (mut after, mut next) = (to_wait, None);
        for edge in self.graph.edges(node) {
            let passed = self.passed(node, edge, false);
            let Some(said) = passed.map(|passed| join(passed, self.entered(edge.to))) else {
                continue;
            };
            if said > after || next.is_none() && said == after {
                (after, next) = (said, Some(edge.to));
            }
        }
        self.from[node] = join(self.own(node), after);
        self.next[node] = next;
    }

    fn own(&self, node: NodeId) -> u64 {
        self.graph.step(node).and_then(|step| self.own[step]).unwrap_or_default()
    }

    /// Whether a node's text is a message of its own.
    fn stands_alone(&self, node: NodeId) -> bool {
        self.graph.step(node).is_some_and(|step| self.own[step].is_none())
    }

    /// How much is said from a node on in the message that came to it.
    fn entered(&self, node: NodeId) -> u64 {
        if self.stands_alone(node) { 0 } else { self.from[node] }
    }

    /// How much is said at a node before it is left by an edge: after a
    /// question, its own or one in the part that it runs, or without one.
    fn passed(&self, node: NodeId, edge: &Edge, after_question: bool) -> Option<u64> {
        match (edge.captures, self.graph.part(node)) {
            (Captures::Ending(at), Some(part)) => {
                let (through, after) = part.speech.by(self.measure).endings.get(at)?;
                if after_question { *after } else { *through }
            }
            (_, Some(_)) => None,
            (_, None) => {
                let is_heard = self.graph.is_ask(node) || node == self.graph.any_question();
                (is_heard == after_question).then_some(0)
            }
        }
    }

    /// How much is said from the beginning in the message of what is said before.
    pub(crate) fn at_beginning(&self) -> u64 {
        if self.graph.steps() == 0 { 0 } else { self.entered(0) }
    }

    /// The turns: how much is said in each, and the node that it begins at.
    pub(crate) fn turns(&self) -> Vec<(u64, NodeId)> {
        let mut turns: Vec<(u64, NodeId)> = Vec::new();
        if self.graph.steps() > 0 {
            turns.push((self.at_beginning(), 0));
        }
        for node in (0..self.graph.len()).filter(|node| self.reached[*node]) {
            if self.stands_alone(node) && !self.graph.is_ask(node) {
                turns.push((self.from[node], node));
            }
            for edge in self.graph.edges(node) {
                let passed = self.passed(node, edge, true);
                let said = passed.map(|passed| (join(passed, self.entered(edge.to)), edge.to));
                turns.extend(said);
            }
        }
        turns
    }

    /// The nodes of the way that says the most from here on.
    pub(crate) fn way(&self, from: NodeId) -> Vec<NodeId> {
        let goes_on = |node: &NodeId| self.next[*node].filter(|next| !self.stands_alone(*next));
        std::iter::successors(Some(from), goes_on).collect()
    }

    /// How much is said to an end: from the beginning, where no question is on
    /// the way, and from a question on.
    fn to_end(&self, end: NodeId) -> (Option<u64>, Option<u64>) {
        let mut from: Vec<Option<u64>> = vec![None; self.graph.len()];
        from[end] = Some(0);
        let by = |from: &[Option<u64>], node: NodeId, after_question: bool| {
            let edges = self.graph.edges(node).iter();
            let said = edges.filter_map(|edge| {
                Some(join(self.passed(node, edge, after_question)?, from[edge.to]?))
            });
            said.max()
        };
        for node in self.turns.order() {
            let after = by(&from, *node, false);
            from[*node] = after.map(|after| join(self.own(*node), after));
        }
        let waits = (0..self.graph.len()).filter(|node| self.reached[*node]);
        let after_question = waits.filter_map(|node| by(&from, node, true)).max();
        (from.first().copied().flatten(), after_question)
    }
}
