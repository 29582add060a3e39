//! Flow files to [`Flows`]: read, checked, compiled. Pure: texts come in, no
//! file is opened here.
//!
//! In this order: [`tree`] (YAML with positions), the walk ([`mod@file`], [`mod@step`],
//! [`answer`], [`choices`], [`bounds`]: one shape per key) to a [`draft`], the checks over
//! the whole flow ([`targets`], [`mod@renamed`], [`columns`], [`unset`], [`types`],
//! [`stored_forms`], [`paths`], [`known`], [`reserved_words`]) and over all flows ([`folder`], [`commands`]), and at
//! last [`compile`]. Nothing stops at the first fault: each part reports what
//! it finds, and only checks that would mislead after an earlier fault are
//! left out.

mod answer;
mod bounds;
mod choices;
mod columns;
mod commands;
mod compile;
mod draft;
mod file;
mod folder;
mod graph;
mod keys;
mod known;
mod names;
mod origins;
mod paths;
mod renamed;
mod report;
mod reserved_words;
mod shape;
mod step;
mod stored_forms;
mod targets;
mod traps;
mod tree;
mod types;
mod unset;
mod values;

use self::draft::Draft;
use self::graph::Graph;
use self::known::Known;
use self::report::Report;
use self::targets::Targets;
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
        let mut files: Vec<(Report<'_>, Draft)> = sources.iter().map(read).collect();
        folder::check(&mut files);

        let is_sound = files.iter().all(|(report, _)| report.errors() == 0);
        let flows = files
            .iter()
            .map(|(report, draft)| {
                let flow = compile::flow(draft)?;
                Some(Flow { origins: origins::of(report, draft), ..flow })
            })
            .collect::<Option<Vec<Flow>>>();
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
            Some(flows) if is_sound && !flows.is_empty() => {
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

/// Reads one file and checks what can be checked of it alone.
fn read(source: &Source) -> (Report<'_>, Draft) {
    let mut report = Report::new(source);
    let Some(root) = tree::parse(&mut report) else {
        if report.errors() == 0 {
            report
                .error(Span::default(), "this file is empty")
                .help("a flow begins with `flow: ` and its name");
        }
        return (report, Draft::default());
    };
    let draft = file::read(&mut report, &root);
    let targets = Targets::new(&draft);
    let jumps_exist = targets.check(&mut report, &draft);
    renamed::check(&mut report, &draft, &targets);
    columns::check(&mut report, &draft.steps);
    unset::check(&mut report, &draft);
    types::check(&mut report, &draft);
    stored_forms::check(&mut report, &draft);
    // Where a step or a jump is missing, what follows would only mislead.
    if jumps_exist && draft.paths_are_whole {
        let graph = Graph::new(&draft, &targets);
        paths::check(&mut report, &draft, &graph);
        known::check(&mut report, &draft, &graph, &Known::new(&draft, &graph));
    }
    reserved_words::check(&mut report, &draft);
    (report, draft)
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
