//! A flow as others see it that run it as a part: how it can end, and what is
//! known then. Flows are looked at in the order of [`order`], parts first, so
//! that each is known when another asks for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::commands;
use super::draft::{At, Draft, DraftStep};
use super::graph::Graph;
use super::known::Known;
use super::lengths::Lengths;
use super::one_turn;
use super::report::Report;
use super::speech::Speech;
use super::turns::Turns;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::Types;
use crate::conversation::finding::{Code, Span};
use crate::conversation::length::Length;

/// A flow as a part.
pub(super) struct Part {
    /// Its name.
    pub(super) flow: String,
    /// How it can end, by outcome.
    pub(super) endings: Vec<Ending>,
    /// The most steps from its beginning to a question or an end.
    pub(super) to_wait: usize,
    /// What its variables can be.
    pub(super) types: HashMap<String, Types>,
    /// How long they can be.
    pub(super) lengths: HashMap<String, Length>,
    /// How much it says.
    pub(super) speech: Speech,
    /// The most UTF-16 units of one turn; `None` where that grows without end.
    pub(super) longest_turn: Option<u64>,
    /// The languages that it speaks; none where it does not say.
    pub(super) languages: Vec<String>,
    /// The words that answer a question, each with the flow that asks it.
    pub(super) answers: BTreeMap<String, String>,
}

/// One way in which a flow can end.
pub(super) struct Ending {
    pub(super) outcome: String,
    /// The variables that are known then whichever way it came there.
    pub(super) known: HashSet<String>,
    /// The most steps from the beginning without a question; `None` where
    /// there always is one.
    pub(super) through: Option<usize>,
    /// The most steps from a question on.
    pub(super) after_question: Option<usize>,
}

impl Part {
    /// A flow of which all ways are known to be sound.
    pub(super) fn new(
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
            longest_turn: one_turn::longest(draft, graph, &lengths),
            speech: Speech::of_part(draft, graph, &reached, &turns, &lengths),
            lengths: lengths.into_names(),
            answers: commands::answers(name, draft, parts),
        }
    }

    /// The outcomes as a message names them.
    pub(super) fn outcomes(&self) -> String {
        let outcomes: Vec<&str> = self.endings.iter().map(|e| e.outcome.as_str()).collect();
        outcomes.join("`, `")
    }
}

/// The flows that others may run, by name.
#[derive(Default)]
pub(super) struct Parts {
    by_name: HashMap<String, Part>,
}

impl Parts {
    /// The flow of this name, if it is one whose ways are sound.
    pub(super) fn get(&self, name: &At<String>) -> Option<&Part> {
        self.by_name(&name.value)
    }

    /// The same, wherever the name stands.
    pub(super) fn by_name(&self, name: &str) -> Option<&Part> {
        self.by_name.get(name)
    }

    pub(super) fn add(&mut self, part: Part) {
        self.by_name.insert(part.flow.clone(), part);
    }
}

/// The flows that others run.
pub(super) fn names(files: &[(Report<'_>, Draft)]) -> HashSet<String> {
    let runs = files.iter().flat_map(|(_, draft)| draft.steps.iter().filter_map(DraftStep::runs));
    runs.map(|name| name.value.clone()).collect()
}

/// The places of the files of which it is not known which flows they run: one
/// of their steps could not be read, or a name leads nowhere.
pub(super) fn unsure(files: &[(Report<'_>, Draft)]) -> HashSet<usize> {
    let names: HashSet<&str> =
        files.iter().filter_map(|(_, d)| d.name.as_ref()).map(|name| name.value.as_str()).collect();
    let is_unsure = |(report, draft): &(Report<'_>, Draft)| {
        let mut runs = draft.steps.iter().filter_map(DraftStep::runs);
        report.errors() > 0 && (draft.steps.is_empty() || !draft.may_be_set.is_empty())
            || runs.any(|run| !names.contains(run.value.as_str()))
    };
    (0..files.len()).filter(|file| files.get(*file).is_some_and(is_unsure)).collect()
}

/// The places of the files, such that whatever a flow runs comes before it.
/// Reports flows that do not exist, and flows that run each other in a circle.
pub(super) fn order(files: &mut [(Report<'_>, Draft)]) -> Vec<usize> {
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (index, (_, draft)) in files.iter().enumerate() {
        if let Some(name) = &draft.name {
            by_name.entry(name.value.clone()).or_insert(index);
        }
    }
    unknown_flows(files, &by_name);
    let runs: Vec<BTreeSet<usize>> = files
        .iter()
        .map(|(_, draft)| {
            let names = draft.steps.iter().filter_map(DraftStep::runs);
            names.filter_map(|name| by_name.get(&name.value).copied()).collect()
        })
        .collect();
    let mut order: Vec<usize> = Vec::new();
    let mut is_done = vec![false; files.len()];
    loop {
        let next: Vec<usize> = (0..files.len())
            .filter(|file| !is_done[*file] && runs[*file].iter().all(|part| is_done[*part]))
            .collect();
        if next.is_empty() {
            let Some(file) = is_done.iter().position(|is_done| !is_done) else { return order };
            // Whoever goes on among those that are left comes round at last.
            let circle = circle(&runs, &is_done, file);
            report_circle(files, &circle);
            for file in circle {
                is_done[file] = true;
                order.push(file);
            }
            continue;
        }
        for file in next {
            is_done[file] = true;
            order.push(file);
        }
    }
}

/// Flows that run one another and at last the first of them.
fn circle(runs: &[BTreeSet<usize>], is_done: &[bool], from: usize) -> Vec<usize> {
    let mut way = vec![from];
    while let Some(last) = way.last() {
        let Some(next) = runs[*last].iter().copied().find(|part| !is_done[*part]) else { break };
        if let Some(at) = way.iter().position(|file| *file == next) {
            way.drain(..at);
            break;
        }
        way.push(next);
    }
    // It begins with the first file.
    let first = way.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(at, _)| at);
    way.rotate_left(first);
    way
}

fn report_circle(files: &mut [(Report<'_>, Draft)], circle: &[usize]) {
    let name = |files: &[(Report<'_>, Draft)], file: usize| {
        files[file].1.name.as_ref().map(|name| name.value.clone()).unwrap_or_default()
    };
    let ring = || circle.iter().copied().zip(circle.iter().copied().cycle().skip(1));
    let links: Vec<(String, Span)> = ring()
        .filter_map(|(file, next)| {
            let next = name(files, next);
            let (report, draft) = &files[file];
            let mut runs = draft.steps.iter().filter_map(DraftStep::runs);
            let at = runs.find(|run| run.value == next)?;
            Some(report.in_file(at.span))
        })
        .collect();
    let Some((first, (_, span))) = circle.first().zip(links.first()) else { return };
    let names: Vec<String> = circle.iter().chain([first]).map(|f| name(files, *f)).collect();
    let message = match names.as_slice() {
        [own, _] => format!("the flow `{own}` runs itself"),
        names => format!("these flows run each other without end: `{}`", names.join("` -> `")),
    };
    let finding = files[*first].0.found(Code::CircularRun, *span, message);
    for (file, span) in links.iter().skip(1) {
        finding.label_in(file, *span, "and this");
    }
    finding.help("to do something again, go back to a step with `go`");
}

/// What flows mean to be called whose names could not be read.
fn unread(files: &[(Report<'_>, Draft)]) -> HashSet<String> {
    files.iter().filter_map(|(_, draft)| draft.meant_name.clone()).collect()
}

fn unknown_flows(files: &mut [(Report<'_>, Draft)], by_name: &HashMap<String, usize>) {
    let mut names: Vec<&str> = by_name.keys().map(String::as_str).collect();
    names.sort_unstable();
    // What is wrong with these is told in their own files.
    let unread = unread(files);
    for (report, draft) in files.iter_mut() {
        for run in draft.steps.iter().filter_map(DraftStep::runs) {
            if by_name.contains_key(&run.value) || unread.contains(&run.value) {
                continue;
            }
            let near = report.did_you_mean(&run.value, names.iter().copied());
            report
                .found(Code::UnknownFlow, run.span, format!("no flow that is loaded is called `{}`", run.value))
                .help("write the name that stands behind `flow:` in its file; that file must be loaded, too")
                .maybe_help(near);
        }
    }
}
