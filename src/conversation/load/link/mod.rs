//! Names to places: the steps that jumps lead to.

pub(crate) mod renamed;
pub(crate) mod run_order;
pub(crate) mod targets;
