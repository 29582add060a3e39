//! Orders the flows: those that are run precede those that run them, so that each
//! is known when another one needs it.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};

/// The flows that others run.
pub(crate) fn names(files: &[(Report<'_>, Draft)]) -> HashSet<String> {
    let runs = files.iter().flat_map(|(_, draft)| draft.steps.iter().filter_map(DraftStep::runs));
    runs.map(|name| name.value.clone()).collect()
}

/// The places of the files for which it is unknown which flows they run: one of
/// their steps could not be read, or a name leads nowhere.
pub(crate) fn unsure(files: &[(Report<'_>, Draft)]) -> HashSet<usize> {
    let names: HashSet<&str> =
        files.iter().filter_map(|(_, d)| d.name.as_ref()).map(|name| name.value.as_str()).collect();
    let is_unsure = |(report, draft): &(Report<'_>, Draft)| {
        let mut runs = draft.steps.iter().filter_map(DraftStep::runs);
        report.errors() > 0 && (draft.steps.is_empty() || !draft.may_be_set.is_empty())
            || runs.any(|run| !names.contains(run.value.as_str()))
    };
    (0..files.len()).filter(|file| files.get(*file).is_some_and(is_unsure)).collect()
}

/// The places of the files, such that whatever a flow runs precedes it.
/// Reports flows that do not exist, and flows that run each other in a circle.
pub(crate) fn order(files: &mut [(Report<'_>, Draft)]) -> Vec<usize> {
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
            // Each of those that are left runs another one of them, which leads round.
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

/// Flows of which each runs the next one, and the last one runs the first.
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
        finding.label_in(file, *span, "and here");
    }
    finding.help("to do something again, go back to a step with `go`");
}

/// The probable names of flows whose names could not be read.
fn unread(files: &[(Report<'_>, Draft)]) -> HashSet<String> {
    files.iter().filter_map(|(_, draft)| draft.meant_name.clone()).collect()
}

fn unknown_flows(files: &mut [(Report<'_>, Draft)], by_name: &HashMap<String, usize>) {
    let mut names: Vec<&str> = by_name.keys().map(String::as_str).collect();
    names.sort_unstable();
    // Their faults are reported in their own files.
    let unread = unread(files);
    for (report, draft) in files.iter_mut() {
        for run in draft.steps.iter().filter_map(DraftStep::runs) {
            if by_name.contains_key(&run.value) || unread.contains(&run.value) {
                continue;
            }
            let near = report.did_you_mean(&run.value, names.iter().copied());
            report
                .found(
                    Code::UnknownFlow,
                    run.span,
                    format!("no loaded flow is called `{}`", run.value),
                )
                .help("write the name after `flow:` in its file, and load that file, too")
                .maybe_help(near);
        }
    }
}
