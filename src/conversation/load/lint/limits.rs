//! Which `max` at which questions keeps a text short enough.

use std::collections::{HashMap, HashSet};

use crate::conversation::Kind;
use crate::conversation::finding::Span;
use crate::conversation::load::analysis::lengths::{Lengths, most_characters};
use crate::conversation::load::analysis::subflow::Subflows;
use crate::conversation::load::analysis::variables::{Definition, Variables};
use crate::conversation::load::draft::{Draft, Use};
use crate::conversation::load::read::answer::MAX_MAX;

/// A question whose answer is too long, or a flow that hands one back.
pub(crate) struct Culprit {
    /// What is to be limited, in words.
    pub(crate) what: String,
    /// Where its limit is, or would be, written; if it is in this flow.
    pub(crate) limit: Option<(Span, u64)>,
}

/// A flow, and how long its variables are with other limits.
pub(crate) struct Limits<'a> {
    draft: &'a Draft,
    subflows: &'a Subflows,
    by_cap: HashMap<u64, Lengths>,
    variables: Variables<'a>,
}

impl<'a> Limits<'a> {
    pub(crate) fn new(draft: &'a Draft, subflows: &'a Subflows) -> Self {
        Self { draft, subflows, by_cap: HashMap::new(), variables: Variables::new(draft) }
    }

    /// The largest `max` with which it `fits`; `None` where none is small enough.
    pub(crate) fn largest(&mut self, fits: impl Fn(&Lengths) -> bool) -> Option<u64> {
        let (mut too_large, mut fitting) = (MAX_MAX + 1, 0);
        while fitting + 1 < too_large {
            let cap = u64::midpoint(fitting, too_large);
            if self.with(cap, &fits) { fitting = cap } else { too_large = cap }
        }
        (fitting > 0).then_some(fitting)
    }

    /// Whether it `fits` where no answer has more characters than `cap`.
    pub(crate) fn with(&mut self, cap: u64, fits: impl Fn(&Lengths) -> bool) -> bool {
        let (draft, subflows) = (self.draft, self.subflows);
        fits(self.by_cap.entry(cap).or_insert_with(|| Lengths::new(draft, subflows, cap)))
    }

    /// What must be limited where no answer that is read here, directly or in
    /// another variable, may have more characters than `cap`.
    pub(crate) fn culprits<'u>(
        &self,
        uses: impl IntoIterator<Item = &'u Use>,
        cap: u64,
    ) -> Vec<Culprit> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut questions: HashSet<Span> = HashSet::new();
        let mut waiting: Vec<&str> = uses.into_iter().map(|used| used.name.as_str()).collect();
        waiting.reverse();
        let mut culprits = Vec::new();
        while let Some(name) = waiting.pop() {
            if !seen.insert(name) {
                continue;
            }
            let definitions = self.variables.of(name);
            for definition in definitions {
                let Definition::Answer(step, ask) = definition else { continue };
                let is_text =
                    ask.answer.as_ref().is_some_and(|a| matches!(a.kind, Kind::Text { .. }));
                let most = most_characters(ask);
                if is_text && most > cap && questions.insert(step.name.span) {
                    let what = format!("`{}`", step.name.value);
                    culprits.push(Culprit { what, limit: Some((ask.limit, most)) });
                }
            }
            for definition in definitions {
                let Definition::Kept { flow: Some(flow), theirs, .. } = definition else {
                    continue;
                };
                let subflow = self.subflows.get(flow);
                let kept = subflow.and_then(|subflow| subflow.lengths.get(&theirs.value));
                if kept.is_some_and(|length| length.of_people() > cap) {
                    let (flow, theirs) = (&flow.value, &theirs.value);
                    let what = format!("the question of `{flow}` that gives `{theirs}`");
                    culprits.push(Culprit { what, limit: None });
                }
            }
            let texts = definitions.iter().filter_map(Definition::text);
            let reads = texts.flat_map(|text| &text.uses).map(|used| used.name.as_str());
            waiting.extend(reads.rev());
        }
        culprits
    }
}

/// `a`, `b` and `c`.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}
