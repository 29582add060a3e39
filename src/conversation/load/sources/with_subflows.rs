//! Which files belong to a flow that is asked for alone: those of the flows
//! that it runs, and of those that they run, and the language files of all.

use super::files::is_language_file_of;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::source_map::Bundle;
use crate::conversation::load::syntax::tree::{self, Data, Node};
use crate::conversation::source::Source;

impl Source {
    /// This file and those of the others that it needs to be loaded; of a
    /// language file, its flow.
    #[must_use]
    pub fn with_parts(self, mut others: Vec<Self>) -> Vec<Self> {
        if let Some(flow) = others.iter().position(|flow| is_language_file_of(&self, flow)) {
            let flow = std::mem::replace(&mut others[flow], self);
            return flow.with_parts(others);
        }
        let mut others: Vec<(Glance, Self)> =
            others.into_iter().map(|source| (Glance::at(&source), source)).collect();
        let mut wanted = Glance::at(&self).runs;
        let mut together = vec![self];
        while let Some(name) = wanted.pop() {
            let at = others.iter().position(|(glance, _)| glance.name.as_ref() == Some(&name));
            let Some((glance, source)) = at.map(|at| others.remove(at)) else { continue };
            wanted.extend(glance.runs);
            together.push(source);
        }
        let flows = together.clone();
        let is_of_one = |source: &Self| flows.iter().any(|flow| is_language_file_of(source, flow));
        together.extend(others.into_iter().map(|(_, source)| source).filter(is_of_one));
        together
    }
}

/// The name of the flow that a file holds, if it holds one.
pub(in crate::conversation) fn flow_in(source: &Source) -> Option<String> {
    Glance::at(source).name
}

/// What a look into a file tells before it is loaded; what is wrong with it is
/// no matter here.
pub(crate) struct Glance {
    pub(crate) name: Option<String>,
    runs: Vec<String>,
    /// Whether it is a flow, or means to be one.
    pub(crate) is_flow: bool,
    /// Whether it has the keys of a language file.
    pub(crate) is_of_texts: bool,
}

impl Glance {
    pub(crate) fn at(source: &Source) -> Self {
        let bundle = Bundle::new([source]);
        let Some(root) = tree::parse(&mut Report::new(&bundle), 0) else {
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

    /// The same of a file that is no YAML, by the looks of its lines: what is
    /// wrong with it must be told there, and not where it is run.
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

/// What a flow file is called, its folder and its ending aside.
fn file_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}
