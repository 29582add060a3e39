//! Where the parts of a flow are written.

use std::collections::BTreeMap;

use super::branch::Branch;

/// Where something of a flow is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its name in findings.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where the ways through a flow are written: line and column, by the step, if
/// it is one's, and the way. The engine does not ask.
#[derive(Clone, Debug, Default)]
pub(in crate::conversation) struct Origins {
    pub(in crate::conversation) file: String,
    pub(in crate::conversation) places: BTreeMap<(Option<String>, Branch), (usize, usize)>,
}

impl Origins {
    /// Where this way is written.
    pub(in crate::conversation) fn of(&self, step: Option<&str>, branch: Branch) -> Option<Origin> {
        let (line, column) = *self.places.get(&(step.map(str::to_owned), branch))?;
        Some(Origin { file: self.file.clone(), line, column })
    }
}
