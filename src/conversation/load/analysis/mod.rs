//! Facts about a flow as a whole, on which the checks and the compiled flow rest.

pub(crate) mod algorithms;
pub(crate) mod facts;
pub(crate) mod graph;
pub(crate) mod known;
pub(crate) mod lengths;
pub(crate) mod longest_turn;
pub(crate) mod measure;
pub(crate) mod part;
pub(crate) mod said;
mod subflow;
pub(crate) mod turn_length;
mod types;
pub(crate) mod variables;
pub(crate) mod way;
