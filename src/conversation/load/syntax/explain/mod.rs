//! Explains texts that are not valid YAML, or that YAML reads otherwise than their author meant.

pub(crate) mod braced;
pub(crate) mod brackets;
pub(crate) mod hidden;
pub(crate) mod levels;
pub(crate) mod quoting;
mod scan;
mod tabs;
pub(crate) mod traps;
