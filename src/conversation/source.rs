//! The text of a flow file, and the one that is built in.

/// The name under which findings show the built-in flow.
const BUILT_IN_NAME: &str = "flows/favorite-song.yaml";

/// The built-in flow's text.
const BUILT_IN: &str = include_str!("../../flows/favorite-song.yaml");

/// Returns the name of a flow file without its ending.
pub(super) fn stem(name: &str) -> &str {
    let without = |ending| name.strip_suffix(ending)?.strip_suffix('.');
    Source::ENDINGS.into_iter().find_map(without).unwrap_or(name)
}

/// One flow file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in findings, such as `flows/order.yaml`; unique among those loaded together.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The endings of flow files.
    pub const ENDINGS: [&str; 2] = ["yaml", "yml"];

    /// The longest file, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// The flow that runs where no other is given.
    #[must_use]
    pub fn built_in() -> Self {
        Self { name: BUILT_IN_NAME.to_owned(), text: BUILT_IN.to_owned() }
    }
}
