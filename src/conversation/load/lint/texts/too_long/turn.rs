//! Texts that together do not fit: into the one message as which they go out,
//! or into all messages of one turn.

use std::collections::HashSet;

use super::advice::{Advised, MESSAGE, TURN, explain};
use crate::conversation::StepId;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::NodeId;
use crate::conversation::load::analysis::lengths::Lengths;
use crate::conversation::load::analysis::measure::Measure;
use crate::conversation::load::analysis::outputs;
use crate::conversation::load::analysis::path::show_path;
use crate::conversation::load::analysis::turn_length::{before, weight, weights};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Use};
use crate::conversation::load::lint::limits::Limits;

/// Reports turns in which the texts can be too long, none of them by itself.
pub(super) fn check(
    report: &mut Report<'_>,
    facts: &Facts<'_>,
    paths: &Paths<'_>,
    limits: &mut Limits<'_>,
) {
    let (graph, lengths, turns) = (&paths.graph, &facts.lengths, paths.turns());
    let mut advised = Advised::default();
    let mut seen = HashSet::new();
    // What is dropped first: of the same steps nothing more is said then.
    for (measure, most) in [(Measure::Plain, TURN), (Measure::OneMessage, MESSAGE)] {
        for draft in facts.draft.in_each_language() {
            let sums = turns.by(measure, weights(std::iter::once(draft), lengths, measure));
            let turns = sums.each().into_iter().map(|(said, from)| (said, from, None));
            // A person who cannot go on hears `changed`, one who was silent `expired`, and
            // then the first question.
            let before = before(draft, lengths, measure)
                .filter(|(_, said)| *said <= most)
                .map(|(text, said)| (measure.join(said, sums.at_beginning()), 0, Some(text)));
            let mut long: Vec<(u64, NodeId, Option<&str>)> =
                turns.chain(before).filter(|(said, ..)| *said > most).collect();
            long.sort_by_key(|(said, from, _)| (std::cmp::Reverse(*said), *from));
            for (said, from, before) in long {
                let way = sums.path(from);
                let steps = way.iter().filter_map(|node| graph.step(*node));
                let own = |step: &StepId| sums.of_step(*step);
                let Some(longest) = steps.clone().max_by_key(own) else { continue };
                let is_alone = own(&longest) > most;
                let place = draft.steps.get(longest).and_then(outputs::by_step);
                let Some(place) = place.filter(|_| !is_alone) else { continue };
                let span = place.text.span;
                if measure == Measure::OneMessage && report.allows(Code::TurnTooLong, span)
                    || !seen.insert(longest)
                    || report.is_full()
                {
                    continue;
                }
                let turn = Turn {
                    steps: steps.collect(),
                    said,
                    way: before.map(|text| format!("{text} -> ")).unwrap_or_default()
                        + &show_path(draft, graph, &way),
                    before,
                    resumes: way.last() == Some(&graph.back()),
                };
                turn.report(report, draft, lengths, limits, &mut advised, (measure, longest));
            }
        }
    }
}

/// A turn that is too long.
struct Turn {
    steps: Vec<StepId>,
    /// What it comes to.
    said: u64,
    way: String,
    /// The text of the flow that is said before, if one is.
    before: Option<&'static str>,
    /// Whether it ends at the question that a command led away from.
    resumes: bool,
}

impl Turn {
    fn report(
        &self,
        report: &mut Report<'_>,
        draft: &Draft,
        lengths: &Lengths,
        limits: &mut Limits<'_>,
        advised: &mut Advised,
        (measure, longest): (Measure, StepId),
    ) {
        let steps: Vec<&DraftStep> =
            self.steps.iter().filter_map(|step| draft.steps.get(*step)).collect();
        let own = |step, lengths: &Lengths| weight(step, lengths, measure).unwrap_or_default();
        let add = |sum, own| measure.join(sum, own);
        let of = |lengths: &Lengths| steps.iter().map(|step| own(step, lengths)).fold(0, add);
        let elsewhere = self.said.saturating_sub(of(lengths));
        let most = if measure == Measure::Plain { TURN } else { MESSAGE };
        let fits = |lengths: &Lengths| of(lengths) + elsewhere <= most;
        let texts = steps.iter().filter_map(|step| outputs::by_step(step));
        let uses: Vec<&Use> = texts.flat_map(|said| &said.text.uses).collect();
        let all = limits.culprits(uses.iter().copied(), 0);
        let is_mended = advised.max(&all).is_some_and(|max| limits.with(max, fits));
        let Some(place) = draft.steps.get(longest).and_then(outputs::by_step) else { return };
        if measure == Measure::OneMessage && is_mended {
            return;
        }
        let largest = limits.largest(fits);
        let culprits = limits.culprits(uses, largest.unwrap_or_default());
        advised.add(&culprits, largest);
        let (said, way) = (self.said, &self.way);
        let finding = if measure == Measure::Plain {
            report.found(Code::TextDropped, place.text.span, format!("in one turn up to {said} characters are said, on the way {way}: ten messages hold {TURN}, and the rest is dropped"))
        } else {
            report.found(Code::TurnTooLong, place.text.span, format!("the texts of one turn, {way}, can have up to {said} characters together, and a message at most {MESSAGE}: they go out in {} or more", said.div_ceil(MESSAGE)))
        };
        let mut summands: Vec<(String, u64)> = steps
            .iter()
            .map(|step| (format!("`{}`", step.name.value), own(step, lengths)))
            .collect();
        if elsewhere > 0 {
            let what = if let Some(text) = self.before {
                text
            } else if self.resumes {
                "the question that is asked again"
            } else {
                "the flow that is run"
            };
            summands.push((what.to_owned(), elsewhere));
        }
        summands.sort_by_key(|(_, units)| std::cmp::Reverse(*units));
        explain(finding, &summands, &culprits, largest);
    }
}
