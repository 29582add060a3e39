//! Where the keys of a step belong.

use crate::conversation::load::syntax::keys;

/// Returns what is wrong with a key at a step that does something else, and the
/// verbs that it goes with.
pub(super) fn misplaced(name: &str) -> (String, &'static str) {
    match name {
        "keep" => (
            "`keep` belongs to `run`, `call` or `wait_for`, but this step has none of them"
                .to_owned(),
            "`run`, `call` or `wait_for`",
        ),
        "when" => (
            "`when` belongs to a question, to `run`, `call` or `wait_for`, but this step has none of them"
                .to_owned(),
            "`ask`, `run`, `call` or `wait_for`",
        ),
        "timeout" => (
            "`timeout` belongs to a question, to `call` or to `wait_for`, but this step has none of them"
                .to_owned(),
            "`ask`, `call` or `wait_for`",
        ),
        "nudges" | "on_timeout" => (
            format!("`{name}` belongs to a question or to `wait_for`, but this step has neither"),
            "`ask` or `wait_for`",
        ),
        "may_keep" | "meanwhile" => (
            format!("`{name}` belongs to `call` or to `wait_for`, but this step has neither"),
            "`call` or `wait_for`",
        ),
        _ if keys::OF_CALL.contains(&name) => (
            format!("`{name}` belongs to `call`, but this step does not make a call"),
            "`call`",
        ),
        _ => (
            format!("`{name}` belongs to a question, but this step does not ask one"),
            "`ask`",
        ),
    }
}
