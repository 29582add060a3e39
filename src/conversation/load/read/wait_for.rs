//! Reads a step that waits for a callback: for how long, what it keeps, and
//! where it goes after each outcome.

use super::keep;
use super::shape;
use super::silence;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, DraftSilence, DraftWait};
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::load::syntax::names::{MAX_NAME, is_name};
use crate::conversation::load::syntax::node::Node;

/// The longest outcome.
const LONGEST_OUTCOME: usize = 50;

/// Returns the wait of this line, without its other keys.
pub(super) fn line(report: &mut Report<'_>, node: &Node) -> DraftWait {
    let name = shape::text(report, "wait_for", node).filter(|name| {
        let is_name = is_name(&name.value) && name.value.len() <= MAX_NAME;
        if !is_name {
            report
                .found(
                    Code::BadName,
                    name.span,
                    format!("`{}` cannot be the name of what a step waits for", name.value),
                )
                .help(
                    "begin with a letter, and use only letters, digits and `_`, such as `payment`",
                );
        }
        is_name
    });
    DraftWait { name, keep: Vec::new(), meanwhile: None, silence: DraftSilence::default() }
}

/// Reads the other keys into it, and returns its `when`. `span` is the key
/// `wait_for`.
pub(super) fn read(
    report: &mut Report<'_>,
    wait: &mut DraftWait,
    keys: &AskKeys<'_>,
    span: Span,
) -> Vec<(At<String>, At<String>)> {
    wait.silence = silence::read(report, keys);
    wait.keep = keep::read(report, keys, false);
    wait.meanwhile =
        keys.get("meanwhile").and_then(|(_, node)| shape::template(report, "meanwhile", node));
    if let Some((_, node)) = keys.get("when") {
        return when(report, node);
    }
    report
        .found(Code::MissingKey, span, "nothing says which outcomes this step takes")
        .help("write `when: {paid: STEP}` with each outcome and the step to go to");
    Vec::new()
}

/// Reads where each outcome leads.
fn when(report: &mut Report<'_>, node: &Node) -> Vec<(At<String>, At<String>)> {
    let mut when = Vec::new();
    for (key, node) in shape::map(report, "when", node) {
        let target = shape::text(report, key.value, node);
        if !is_outcome(key.value) {
            report
                .found(Code::BadName, key.span, format!("`{}` cannot be the outcome of a callback", key.value))
                .help(format!("use only small letters, digits and `_`, at most {LONGEST_OUTCOME}, such as `paid`"));
            continue;
        }
        when.extend(
            target.map(|target| (At { value: key.value.to_owned(), span: key.span }, target)),
        );
    }
    when
}

fn is_outcome(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=LONGEST_OUTCOME).contains(&key.len()) && key.bytes().all(fits)
}
