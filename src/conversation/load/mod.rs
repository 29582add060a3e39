//! Flow files to [`Flows`]: read, checked, compiled. Pure: texts come in, no
//! file is opened here.
//!
//! In this order: [`files`] (a flow's own and its language files), [`tree`] (YAML with
//! positions), [`translation`] (the tree in each language), the walk ([`mod@file`], [`mod@step`],
//! [`answer`], [`choices`], [`bounds`], [`run`]: one shape per key) to a [`draft`], the checks of its
//! names ([`targets`], [`mod@renamed`]) and of what all flows share ([`folder`], [`commands`]),
//! then, flow by flow in the [order](parts::order) in which one runs the other, those over the
//! whole flow ([`columns`], [`unset`], [`types`], [`stored_forms`], [`paths`], [`turns`],
//! [`known`], [`reserved_words`]), and at last [`compile`]. Nothing stops at the first fault: each part reports what
//! it finds, and only checks that would mislead after an earlier fault are
//! left out.

mod answer;
mod bounds;
mod bundle;
mod choices;
mod columns;
mod commands;
mod compile;
mod draft;
mod file;
mod files;
mod folder;
mod graph;
mod keys;
mod known;
mod languages;
mod names;
mod origins;
mod parts;
mod paths;
mod renamed;
mod report;
mod reserved_words;
mod run;
mod shape;
mod step;
mod stored_forms;
mod targets;
mod together;
mod translation;
mod traps;
mod tree;
mod turns;
mod types;
mod unset;
mod values;

use std::collections::HashMap;

use self::draft::Draft;
use self::files::Files;
pub(super) use self::files::is_language_file_of;
use self::graph::Graph;
use self::known::Known;
use self::parts::{Part, Parts};
use self::report::Report;
use self::targets::Targets;
pub(super) use self::together::flow_in;
use self::tree::Node;
use super::expression::types::Types;
use super::finding::{Finding, Findings, Severity, Span};
use super::flow::{Flow, Flows};
use super::source::Source;

/// Flows that loaded, and what is doubtful about them.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The flows.
    pub flows: Flows,
    /// Findings that are warnings, none of them an error.
    pub warnings: Findings,
}

impl Flows {
    /// Reads flow files that are to run together; all that is wrong with them at once.
    pub fn load(sources: &[Source]) -> Result<Loaded, Findings> {
        let mut sources = sources.to_vec();
        sources.sort_by(|left, right| left.name.cmp(&right.name));
        let all = Files::of_each(&sources);
        let mut files: Vec<(Report<'_>, Draft)> = all.iter().map(read).collect();
        let run_by_others = parts::names(&files);
        folder::check(&mut files, &run_by_others);
        let mut parts = Parts::default();
        for index in parts::order(&mut files) {
            let (report, draft) = &mut files[index];
            let part = check(report, draft, &parts);
            if let Some(part) = part.filter(|part| run_by_others.contains(&part.flow)) {
                parts.add(part);
            }
        }

        let is_sound = files.iter().all(|(report, _)| report.errors() == 0);
        let compiled = files.iter().map(|(report, draft)| {
            let flow = compile::flow(draft, &parts)?;
            Some(Flow { origins: origins::of(report, draft), ..flow })
        });
        let flows = if is_sound { compiled.collect::<Option<Vec<Flow>>>() } else { None };
        let mut list = Vec::new();
        let mut dropped = 0;
        for (report, _) in files {
            let (findings, more) = report.finish();
            list.extend(findings);
            dropped += more;
        }
        if sources.is_empty() {
            list.push(no_file());
        }
        let findings = Findings::new(list, dropped, &sources);
        match flows {
            Some(flows) if !flows.is_empty() => {
                Ok(Loaded { flows: Self { flows }, warnings: findings })
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
    if files.is_orphan {
        files.report_orphan(&mut report);
        return (report, Draft::default());
    }
    let Some(root) = tree::parse(&mut report, 0) else {
        if report.errors() == 0 {
            report
                .error(Span::default(), "this file is empty")
                .help("a flow begins with `flow: ` and its name");
        }
        return (report, Draft::default());
    };
    let mut draft = read_tree(&mut report, &root);
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
    let targets = Targets::new(&draft);
    let jumps_exist = targets.check(report, &draft);
    renamed::check(report, &draft, &targets);
    draft.paths_are_whole &= jumps_exist;
    draft
}

/// Checks a flow whose parts were checked before; what it is as a part itself,
/// if its ways are sound.
fn check(report: &mut Report<'_>, draft: &Draft, parts: &Parts) -> Option<Part> {
    run::check(report, draft, parts);
    let mut types: HashMap<String, Types> = HashMap::new();
    for draft in draft.in_each_language() {
        commands::check_parts(report, draft, parts);
        columns::check(report, draft, parts);
        unset::check(report, draft);
        languages::check(report, draft);
        let in_language = types::of_variables(draft, parts);
        types::check(report, draft, &in_language);
        for (name, more) in in_language {
            let known = types.entry(name).or_default();
            *known = known.or(more);
        }
        stored_forms::check(report, draft);
        reserved_words::check(report, draft);
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
    let name = draft.name.as_ref().filter(|_| is_sound)?;
    Some(Part::new(&name.value, draft, &graph, types, parts))
}

fn no_file() -> Finding {
    Finding {
        severity: Severity::Error,
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
