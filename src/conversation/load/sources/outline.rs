//! Glances at a file before it is loaded.

use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::source_map::Bundle;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::parse::parse;
use crate::conversation::source::{Source, stem};

/// What a glance at a file shows before it is loaded. Faults do not matter here.
pub(super) struct Glance {
    pub(super) name: Option<String>,
    pub(super) runs: Vec<String>,
    /// Whether it is a flow, or is meant to be one.
    pub(super) is_flow: bool,
    /// Whether it has the keys of a language file.
    pub(super) is_of_texts: bool,
}

impl Glance {
    pub(super) fn at(source: &Source) -> Self {
        let bundle = Bundle::new([source]);
        let Some(root) = parse(&mut Report::new(&bundle), 0) else {
            return Self::at_broken(source);
        };
        let value = |key| root.get(key);
        let steps = match value("steps").map(|steps| &steps.data) {
            Some(Data::Map(steps)) => steps.as_slice(),
            _ => &[],
        };
        let runs = steps.iter().filter_map(|(_, step)| step.get("run"));
        let is_flow = value("flow").or(value("steps")).is_some();
        let is_text = |key: &&str| key.contains('.');
        let keys = root.keys();
        Self {
            name: value("flow").and_then(Node::text),
            runs: runs.filter_map(Node::text).collect(),
            is_flow,
            is_of_texts: !is_flow
                && keys.iter().filter(|key| is_text(key)).count() * 2 > keys.len(),
        }
    }

    /// The same for a file that is not valid YAML, guessed from its lines: its
    /// faults must be reported there, and not where it is run.
    fn at_broken(source: &Source) -> Self {
        let after = |line: &str, key: &str| {
            let (_, value) = line.split_once(key)?;
            let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let value: String = value.chars().take_while(|c| name(*c)).collect();
            (!value.is_empty()).then_some(value)
        };
        let lines = || source.text.lines();
        let is_flow = lines().any(|line| line.starts_with("flow:") || line.starts_with("steps:"));
        let mut named = lines().filter(|line| line.starts_with("flow:"));
        let name = named.find_map(|line| after(line, "flow:"));
        Self {
            name: name.or_else(|| is_flow.then(|| file_name(&source.name).to_owned())),
            runs: lines().filter_map(|line| after(line, "run:")).collect(),
            is_flow,
            is_of_texts: false,
        }
    }
}

/// The name of a flow file without its folder and its extension.
fn file_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    stem(name)
}
