//! Resolves names: the steps that jumps lead to, and the flows that are run.

pub(crate) mod renamed;
pub(crate) mod run_order;
pub(crate) mod targets;
