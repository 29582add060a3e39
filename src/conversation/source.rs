//! Flow files as text, and the built-in one.

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
    /// Its name in findings, such as `flows/order.yaml`. It is unique among the
    /// files loaded together.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The endings of flow files.
    pub const ENDINGS: [&str; 2] = ["yaml", "yml"];

    /// The longest file, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Returns the flow that runs if no other is given.
    #[must_use]
    pub fn built_in() -> Self {
        Self { name: BUILT_IN_NAME.to_owned(), text: BUILT_IN.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn one_ending_is_stripped() {
        for (name, expected) in [
            ("flows/order.yaml", "flows/order"),
            ("order.yml", "order"),
            ("order.de.yaml", "order.de"),
            ("order.yaml.yml", "order.yaml"),
            ("order.chat", "order.chat"),
            ("orderyaml", "orderyaml"),
            ("order.", "order."),
        ] {
            assert_eq!(stem(name), expected, "{name}");
        }
    }
}
