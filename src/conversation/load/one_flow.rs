//! One flow on its way through the passes: its files become a draft, and the
//! draft is checked once the flows that it runs are known.

use std::collections::HashSet;

use super::analysis::facts::{Facts, Paths};
use super::analysis::subflow::{Subflow, Subflows};
use super::analysis::turn_length;
use super::compile::costs;
use super::diagnostics::Report;
use super::draft::Draft;
use super::link::renamed;
use super::link::targets::Targets;
use super::lint;
use super::read::{file, translation};
use super::sources::files::Files;
use super::syntax::node::Node;
use super::syntax::parse::parse;
use crate::conversation::costs::Cost;
use crate::conversation::finding::{Code, Span};
use crate::message::consent::OptOutWords;

/// Reads the files of one flow and checks their names.
pub(super) fn read<'a>(files: &'a Files<'a>) -> (Report<'a>, Draft) {
    let mut report = Report::new(&files.bundle);
    report.read_allowances();
    if files.report_misnamed(&mut report) {
        return (report, Draft::default());
    }
    if files.is_orphan {
        files.report_orphan(&mut report);
        return (report, Draft::default());
    }
    let Some(root) = parse(&mut report, 0) else {
        if report.errors() == 0 {
            report
                .found(Code::NoFlow, Span::default(), "this file is empty")
                .help("begin a flow with `flow: ` and its name");
        }
        let draft = Draft { meant_name: files.meant_name(), ..Draft::default() };
        return (report, draft);
    };
    let mut draft = read_tree(&mut report, &root);
    draft.meant_name = draft.name.is_none().then(|| files.meant_name()).flatten();
    let translations = translation::read(&mut report, files, &root, &draft);
    draft.translations = translations
        .into_iter()
        .map(|(language, root)| (language, read_tree(&mut report, &root)))
        .collect();
    (report, draft)
}

/// Reads a flow in one of its languages.
fn read_tree(report: &mut Report<'_>, root: &Node) -> Draft {
    let mut draft = file::read(report, root);
    lint::check_tree(report, &draft);
    let targets = Targets::new(&draft);
    let jumps_exist = targets.check(report, &draft);
    renamed::check(report, &draft, &targets);
    draft.paths_are_whole &= jumps_exist;
    draft
}

/// A flow whose paths are sound.
pub(super) struct Checked {
    pub(super) flow: String,
    /// What other flows see of it; `None` if no flow runs it.
    pub(super) subflow: Option<Subflow>,
    pub(super) costs: Vec<Cost>,
    pub(super) longest_turn: Option<u64>,
}

/// Checks a flow; `None` where its paths are not sound.
pub(super) fn check(
    report: &mut Report<'_>,
    draft: &Draft,
    subflows: &Subflows,
    run_by_others: &HashSet<String>,
    opt_out: &OptOutWords,
) -> Option<Checked> {
    let facts = Facts::new(draft, subflows, opt_out);
    lint::check_flow(report, &facts);
    // Where a step or a jump is missing, further findings would only mislead.
    let paths = Paths::of(&facts)?;
    let is_sound = lint::check_paths(report, &facts, &paths);
    let name = &draft.name.as_ref().filter(|_| is_sound)?.value;
    let graph = &paths.graph;
    let is_run = run_by_others.contains(name);
    let longest_turn = turn_length::longest(draft, graph, &facts.lengths);
    Some(Checked {
        flow: name.clone(),
        costs: costs::of(report, name, draft, &facts.lengths),
        longest_turn,
        subflow: is_run.then(|| {
            let types = facts.types_in_any_language();
            Subflow::new(name, draft, graph, types, facts.lengths, longest_turn, subflows)
        }),
    })
}
