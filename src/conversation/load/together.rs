//! Which files belong to a flow that is asked for alone: those of the flows
//! that it runs, and of those that they run.

use super::report::Report;
use super::tree::{self, Data, Node};
use crate::conversation::source::Source;

impl Source {
    /// This file and those of the others that it needs to be loaded.
    #[must_use]
    pub fn with_parts(self, others: Vec<Self>) -> Vec<Self> {
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
        together
    }
}

/// What a look into a file tells before it is loaded; what is wrong with it is
/// no matter here.
struct Glance {
    name: Option<String>,
    runs: Vec<String>,
}

impl Glance {
    fn at(source: &Source) -> Self {
        let root = tree::parse(&mut Report::new(source));
        let value = |key| root.as_ref().and_then(|root| root.get(key));
        let steps = match value("steps").map(|steps| &steps.data) {
            Some(Data::Map(steps)) => steps.as_slice(),
            _ => &[],
        };
        let runs = steps.iter().filter_map(|(_, step)| step.get("run"));
        Self {
            name: value("flow").and_then(Node::text),
            runs: runs.filter_map(Node::text).collect(),
        }
    }
}
