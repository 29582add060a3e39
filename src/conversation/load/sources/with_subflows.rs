//! Which files belong to a flow that is asked for alone: those of the flows
//! that it runs, and of those that they run, and the language files of all.

use super::files::is_language_file_of;
use super::outline::Glance;
use crate::conversation::source::Source;

impl Source {
    /// Returns this file and those of the others that it needs to be loaded. For a
    /// language file, that includes its flow.
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
