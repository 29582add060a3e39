//! YAML as flows use it: the tree of a text, its keys and names, and why a text is not valid YAML.

pub(crate) mod explain;
pub(crate) mod fitting_quotes;
pub(crate) mod keys;
pub(crate) mod names;
pub(crate) mod node;
pub(crate) mod parse;
pub(crate) mod quote;
