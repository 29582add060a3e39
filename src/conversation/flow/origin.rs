//! The positions of the parts of a flow in its file.

use std::collections::BTreeMap;

use super::branch::Branch;

/// The position of a part of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, by its name in findings.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// The lines and columns of a flow's branches, by step and branch. A branch of
/// the flow as a whole has no step. The engine does not use them.
#[derive(Clone, Debug, Default)]
pub(in crate::conversation) struct Origins {
    pub(in crate::conversation) file: String,
    pub(in crate::conversation) places: BTreeMap<(Option<String>, Branch), (usize, usize)>,
}

impl Origins {
    /// Returns the position of this branch.
    pub(in crate::conversation) fn of(&self, step: Option<&str>, branch: Branch) -> Option<Origin> {
        let (line, column) = *self.places.get(&(step.map(str::to_owned), branch))?;
        Some(Origin { file: self.file.clone(), line, column })
    }
}
