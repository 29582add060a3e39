//! Flow files to [`Flows`]: read, checked, compiled. Pure: texts come in, no
//! file is opened here.
//!
//! The rooms stand in the order in which a flow passes through them, and each
//! knows only those before it: [`draft`], [`diagnostics`] and [`source_map`] are what all share;
//! [`syntax`] makes a tree of a text, and says what is wrong with one that is no YAML;
//! [`sources`] says which files are one flow; [`mod@read`] makes a draft of the tree, in each
//! language; [`link`] finds what names lead to; [`analysis`] knows what follows from all of it;
//! [`lint`] has the checks, and [`mod@compile`] makes the flow. Flows are looked at in the
//! [order](run_order::order) in which one runs the other. Nothing stops at the first fault: each
//! part reports what it finds, and only checks that would mislead after an earlier fault are
//! left out.

mod analysis;
mod compile;
mod diagnostics;
mod draft;
mod link;
mod lint;
mod read;
mod source_map;
mod sources;
mod syntax;

use std::collections::{BTreeMap, HashMap, HashSet};

use self::analysis::graph::Graph;
use self::analysis::known::{self, Known};
use self::analysis::lengths::Lengths;
use self::analysis::part::{Part, Parts};
use self::analysis::said;
use self::analysis::turn_length;
use self::compile::origins;
use self::diagnostics::Report;
use self::draft::Draft;
use self::link::targets::Targets;
use self::link::{renamed, run_order};
use self::lint::limits::Limits;
use self::lint::{
    allowed, answers_compared, braces, columns, commands, encoding, folder, idle, moments,
    name_clash, one_turn, outgrown, paths, quiet, reserved_words, run, stored_forms, too_long,
    types, unset,
};
use self::read::{file, languages, patterns, translation};
use self::sources::files::Files;
pub(super) use self::sources::files::is_language_file_of;
pub(super) use self::sources::with_subflows::flow_in;
use self::syntax::node::Node;
use self::syntax::parse::parse;
use super::costs::Cost;
use super::expression::types::Types;
use super::finding::{Code, Finding, Findings, Span};
use super::flow::{Flow, Flows, Origin};
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

    /// The same, and warns of words that are a wish to stop by a setting.
    pub fn load_beside(sources: &[Source], opt_out: &OptOutWords) -> Result<Loaded, Findings> {
        let mut sources = sources.to_vec();
        sources.sort_by(|left, right| left.name.cmp(&right.name));
        let all = Files::of_each(&sources);
        let mut files: Vec<(Report<'_>, Draft)> = all.iter().map(read).collect();
        patterns::compile(&mut files);
        let run_by_others = run_order::names(&files);
        folder::check(&mut files, &run_by_others);
        let mut parts = Parts::default();
        let mut costs: Vec<(usize, Vec<Cost>)> = Vec::new();
        let mut longest_turns = BTreeMap::new();
        for index in run_order::order(&mut files) {
            let (report, draft) = &mut files[index];
            let Some(checked) = check(report, draft, &parts, &run_by_others, opt_out) else {
                continue;
            };
            longest_turns.insert(checked.flow, checked.longest_turn);
            costs.push((index, checked.costs));
            checked.part.into_iter().for_each(|part| parts.add(part));
        }

        for (report, _) in &mut files {
            allowed::check(report);
        }
        let is_sound = files.iter().all(|(report, _)| report.errors() == 0);
        if is_sound {
            // Otherwise not all warnings were looked for.
            for (report, _) in &mut files {
                allowed::check_idle(report);
            }
        }
        let compiled = files.iter().map(|(report, draft)| {
            let flow = compile::flow(draft, &parts)?;
            Some(Flow { origins: origins::of(report, draft), ..flow })
        });
        let flows = if is_sound { compiled.collect::<Option<Vec<Flow>>>() } else { None };
        let mut list = Vec::new();
        let mut dropped = HashMap::new();
        for (report, _) in files {
            let (findings, more) = report.finish();
            list.extend(findings);
            for (kind, count) in more {
                *dropped.entry(kind).or_default() += count;
            }
        }
        if sources.is_empty() {
            list.push(no_file());
        }
        // What is wrong in a language file often follows from its flow's own.
        let sources: Vec<Source> = all.iter().flat_map(Files::sources).cloned().collect();
        let findings = Findings::new(list, dropped, &sources);
        match flows {
            Some(flows) if !flows.is_empty() => {
                costs.sort_by_key(|(file, _)| *file);
                let costs = costs.into_iter().flat_map(|(_, costs)| costs).collect();
                Ok(Loaded { flows: Self { flows }, warnings: findings, costs, longest_turns })
            }
            _ => Err(findings),
        }
    }

    /// The flow that runs where no other is given.
    pub fn built_in() -> Result<Loaded, Findings> {
        Self::load(&[Source::built_in()])
    }
}

/// Reads the files of one flow and checks their names.
fn read<'a>(files: &'a Files<'a>) -> (Report<'a>, Draft) {
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
    name_clash::check(report, &draft);
    let targets = Targets::new(&draft);
    let jumps_exist = targets.check(report, &draft);
    renamed::check(report, &draft, &targets);
    draft.paths_are_whole &= jumps_exist;
    draft
}

/// A flow whose ways are sound.
struct Checked {
    flow: String,
    /// What it is where another flow runs it; `None` where none does.
    part: Option<Part>,
    costs: Vec<Cost>,
    longest_turn: Option<u64>,
}

/// Checks a flow whose parts were checked before.
fn check(
    report: &mut Report<'_>,
    draft: &Draft,
    parts: &Parts,
    run_by_others: &HashSet<String>,
    opt_out: &OptOutWords,
) -> Option<Checked> {
    run::check(report, draft, parts);
    let lengths = Lengths::new(draft, parts, u64::MAX);
    let mut types: HashMap<String, Types> = HashMap::new();
    for draft in draft.in_each_language() {
        commands::check_parts(report, draft, parts);
        columns::check(report, draft, parts, &lengths);
        unset::check(report, draft, parts);
        languages::check(report, draft);
        let in_language = types::of_variables(draft, parts);
        types::check(report, draft, &in_language);
        for (name, more) in in_language {
            let known = types.entry(name).or_default();
            *known = known.or(more);
        }
        stored_forms::check(report, draft);
        moments::check(report, draft);
        answers_compared::check(report, draft);
        braces::check(report, draft);
        reserved_words::check(report, draft, opt_out);
    }
    // Where a step or a jump is missing, what follows would only mislead.
    let is_whole = draft.in_each_language().all(|draft| draft.paths_are_whole);
    if !is_whole || draft.steps.is_empty() {
        return None;
    }
    let graph = Graph::new(draft, &Targets::new(draft), parts)?;
    let before = report.errors();
    paths::check(report, draft, &graph);
    let is_sound = report.errors() == before;
    // The ways are the same in each language, but not what the texts read.
    for draft in draft.in_each_language() {
        known::check(report, draft, &graph, &Known::new(draft, &graph));
    }
    let name = &draft.name.as_ref().filter(|_| is_sound)?.value;
    idle::check(report, draft, parts);
    quiet::check(report, draft, &graph);
    if report.errors() == 0 {
        let mut limits = Limits::new(draft, parts);
        too_long::check(report, draft, &lengths, &mut limits);
        one_turn::check(report, draft, &graph, &lengths, &mut limits);
        outgrown::check(report, draft, &lengths, &mut limits);
        encoding::check(report, draft, &lengths);
    }
    Some(Checked {
        flow: name.clone(),
        costs: costs(report, name, draft, &lengths),
        longest_turn: turn_length::longest(draft, &graph, &lengths),
        part: run_by_others
            .contains(name)
            .then(|| Part::new(name, draft, &graph, types, lengths, parts)),
    })
}

/// What each text of a flow costs.
fn costs(report: &Report<'_>, flow: &str, draft: &Draft, lengths: &Lengths) -> Vec<Cost> {
    let languages = std::iter::once(None).chain(draft.translations.iter().map(|(l, _)| Some(l)));
    let mut costs = Vec::new();
    for (language, draft) in languages.zip(draft.in_each_language()) {
        for said in said::all(draft) {
            let (line, column) = report.place(said.text.span);
            let (file, _) = report.in_file(said.text.span);
            let of = (flow, language.map(String::as_str), said.name());
            let length = said.length(lengths);
            let origin = Origin { file, line, column };
            costs.push(Cost::new(of, origin, said.has_media, &said.own(), length));
        }
    }
    costs
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
