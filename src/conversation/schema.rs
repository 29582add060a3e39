//! The shape of flow files and language files as JSON Schemas, for editors: they
//! complete keys, explain them, and complain while somebody types.
//!
//! They are draft-07, which the YAML language server knows best. What they cannot
//! say is `load`'s to find: whether targets exist, variables are known, words
//! mean one thing. That all know the same keys is tested beside `load`.

/// The schema of a flow file.
pub const FLOW_SCHEMA: &str = include_str!("../../docs/flow.schema.json");

/// The schema of a language file.
pub const LANGUAGE_SCHEMA: &str = include_str!("../../docs/language.schema.json");
