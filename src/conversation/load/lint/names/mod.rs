//! Names of flows, steps, variables and outcomes.

pub(crate) mod name_clash;
pub(crate) mod subflow_language;
pub(crate) mod unknown_outcome;
