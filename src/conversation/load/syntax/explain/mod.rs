//! What was meant by a text that is no YAML, or that YAML reads otherwise than its author.

pub(crate) mod braced;
pub(crate) mod brackets;
pub(crate) mod hidden;
pub(crate) mod levels;
pub(crate) mod quoting;
mod scan;
mod tabs;
pub(crate) mod traps;
