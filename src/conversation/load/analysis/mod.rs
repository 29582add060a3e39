//! Facts about a flow as a whole, on which the checks and the compiled flow rest.

pub(crate) mod algorithms;
pub(crate) mod assigned;
pub(crate) mod facts;
pub(crate) mod graph;
pub(crate) mod lengths;
pub(crate) mod longest_turn;
pub(crate) mod measure;
pub(crate) mod outputs;
pub(crate) mod path;
mod seen_by_callers;
pub(crate) mod silent;
pub(crate) mod subflow;
pub(crate) mod turn_length;
mod types;
pub(crate) mod unasked;
pub(crate) mod variables;
