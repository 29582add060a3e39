//! The shape of flow files and language files as JSON Schemas, for editors: they
//! complete keys, explain them, and complain while somebody types.
//!
//! They are draft-07, which the YAML language server supports best. `load`
//! checks what they cannot express: targets that exist, variables that have
//! values, words with one meaning. Tests beside `load` hold that all have the
//! same keys.

/// The schema of a flow file.
pub const FLOW_SCHEMA: &str = include_str!("../../docs/flow.schema.json");

/// The schema of a language file.
pub const LANGUAGE_SCHEMA: &str = include_str!("../../docs/language.schema.json");
