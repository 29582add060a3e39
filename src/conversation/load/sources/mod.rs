//! Which files belong together: those of one flow, and those of the flows that it runs.

pub(crate) mod files;
mod outline;
pub(crate) mod with_subflows;
