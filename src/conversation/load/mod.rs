//! Flow files to [`Flows`]: read, checked, compiled. Pure: texts come in, no
//! file is opened here.
//!
//! The rooms stand in the order in which a flow passes through them, and each
//! knows only those before it: [`draft`] with its parts, [`diagnostics`] and [`source_map`] are shared by all;
//! [`syntax`] parses a text to a tree, and explains why one is not valid YAML;
//! [`sources`] says which files are one flow; [`mod@read`] makes a draft of the tree, in each
//! language; [`link`] finds what names lead to; [`analysis`] computes what follows from the draft;
//! [`lint`] has the rules, and [`mod@compile`] makes the flow. [`one_flow`] takes a single flow
//! through them, in the [order](run_order::order) in which sub-flows come first. Nothing stops
//! at the first fault: each part reports what it finds, and only checks that would mislead after
//! an earlier fault are left out.

mod analysis;
mod call;
mod compile;
mod diagnostics;
mod draft;
mod link;
mod lint;
mod one_flow;
mod placed;
mod read;
mod silence;
mod sites;
mod source_map;
mod sources;
mod syntax;
mod wait_for;

use std::collections::{BTreeMap, HashMap};

use self::analysis::subflow::Subflows;
use self::compile::origins;
use self::diagnostics::Report;
use self::draft::Draft;
use self::link::run_order;
use self::lint::allowed;
use self::read::patterns;
use self::sources::files::Files;
pub(super) use self::sources::files::is_language_file_of;
pub(super) use self::sources::with_subflows::flow_in;
use super::costs::Cost;
use super::finding::{Code, Finding, Findings, Span};
use super::flow::{Flow, Flows};
use super::source::Source;
use crate::message::consent::OptOutWords;

/// Flows that loaded, and what is doubtful about them.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The flows.
    pub flows: Flows,
    /// Findings that are warnings, none of them an error.
    pub warnings: Findings,
    /// What each text costs, in the order of the files.
    pub costs: Vec<Cost>,
    /// The most UTF-16 units that one turn says, by flow; none where that
    /// grows without end.
    pub longest_turns: BTreeMap<String, Option<u64>>,
}

impl Flows {
    /// Reads flow files that are to run together; all that is wrong with them at once.
    pub fn load(sources: &[Source]) -> Result<Loaded, Findings> {
        Self::load_beside(sources, &OptOutWords::default())
    }

    /// Does the same, and warns of words that are a wish to stop by a setting.
    pub fn load_beside(sources: &[Source], opt_out: &OptOutWords) -> Result<Loaded, Findings> {
        let mut sources = sources.to_vec();
        sources.sort_by(|left, right| left.name.cmp(&right.name));
        let all = Files::of_each(&sources);
        let mut files: Vec<(Report<'_>, Draft)> = all.iter().map(one_flow::read).collect();
        patterns::compile(&mut files);
        let checked = check(&mut files, opt_out);
        let is_sound = check_allowances(&mut files);
        let flows = if is_sound { compile(&files, &checked.subflows) } else { None };
        let findings = findings(files, &all);
        match flows {
            Some(flows) if !flows.is_empty() => Ok(Loaded {
                flows: Self { flows },
                warnings: findings,
                costs: checked.costs.into_values().flatten().collect(),
                longest_turns: checked.longest_turns,
            }),
            _ => Err(findings),
        }
    }

    /// The flow that runs where no other is given.
    pub fn built_in() -> Result<Loaded, Findings> {
        Self::load(&[Source::built_in()])
    }
}

/// What is known of the flows whose paths are sound.
#[derive(Default)]
struct Checked {
    /// What the flows see that run another one.
    subflows: Subflows,
    /// By the place of the flow's file.
    costs: BTreeMap<usize, Vec<Cost>>,
    longest_turns: BTreeMap<String, Option<u64>>,
}

/// Checks the flows, first all together, then each after those that it runs.
fn check(files: &mut [(Report<'_>, Draft)], opt_out: &OptOutWords) -> Checked {
    let run_by_others = run_order::names(files);
    lint::check_folder(files);
    let mut all = Checked::default();
    for index in run_order::order(files) {
        let (report, draft) = &mut files[index];
        if let Some(one) = one_flow::check(report, draft, &all.subflows, &run_by_others, opt_out) {
            all.longest_turns.insert(one.flow, one.longest_turn);
            all.costs.insert(index, one.costs);
            one.subflow.into_iter().for_each(|subflow| all.subflows.add(subflow));
        }
    }
    all
}

/// Checks what `# allow:` comments say. Returns whether no file has an error.
fn check_allowances(files: &mut [(Report<'_>, Draft)]) -> bool {
    for (report, _) in &mut *files {
        allowed::check(report);
    }
    let is_sound = files.iter().all(|(report, _)| report.errors() == 0);
    if is_sound {
        // After an error not all warnings were looked for.
        for (report, _) in files {
            allowed::check_idle(report);
        }
    }
    is_sound
}

fn compile(files: &[(Report<'_>, Draft)], subflows: &Subflows) -> Option<Vec<Flow>> {
    let flows = files.iter().map(|(report, draft)| {
        let flow = compile::flow(draft, subflows)?;
        Some(Flow { origins: origins::of(report, draft), ..flow })
    });
    flows.collect()
}

/// All findings, those of a flow before those of its language files, whose
/// faults often follow from it.
fn findings(files: Vec<(Report<'_>, Draft)>, all: &[Files<'_>]) -> Findings {
    let mut list = Vec::new();
    let mut dropped = HashMap::new();
    for (report, _) in files {
        let (findings, more) = report.finish();
        list.extend(findings);
        for (kind, count) in more {
            *dropped.entry(kind).or_default() += count;
        }
    }
    let sources: Vec<Source> = all.iter().flat_map(Files::sources).cloned().collect();
    if sources.is_empty() {
        list.push(no_file());
    }
    Findings::new(list, dropped, &sources)
}

fn no_file() -> Finding {
    Finding {
        code: Code::NoFlow,
        file: String::new(),
        span: Span::default(),
        line: 1,
        column: 1,
        message: "there is no flow file".to_owned(),
        help: Some("a flow is a file that ends in `.yaml`".to_owned()),
        labels: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
