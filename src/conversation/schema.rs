//! The shape of a flow file as a JSON Schema, for editors: they complete keys,
//! explain them, and complain while somebody types.
//!
//! It is draft-07, which the YAML language server knows best. What it cannot
//! say is `load`'s to find: whether targets exist, variables are known, words
//! mean one thing. That both know the same keys is tested beside `load`.

/// The schema of a flow file.
pub const FLOW_SCHEMA: &str = include_str!("../../docs/flow.schema.json");
