//! Reads what a step does while nothing comes, and the quiet hours of a flow.

use std::time::Duration;

use super::shape;
use super::values;
use crate::conversation::daytime::{Daytime, time_of_day};
use crate::conversation::duration;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, DraftSilence, Text};
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::load::syntax::node::Node;

/// The shortest time after a question: whoever reads it needs a moment.
const SHORTEST: Duration = Duration::from_mins(1);

/// The longest.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// Reads `nudges`, `timeout` and `on_timeout`.
pub(super) fn read(report: &mut Report<'_>, keys: &AskKeys<'_>) -> DraftSilence {
    let nudges = keys.get("nudges").map(|(_, node)| nudges(report, node)).unwrap_or_default();
    DraftSilence { nudges, timeout: timeout(report, keys) }
}

/// Reads durations with texts, and returns them in the order of time.
fn nudges(report: &mut Report<'_>, node: &Node) -> Vec<(At<Duration>, Text)> {
    let mut nudges: Vec<(At<Duration>, Text)> = Vec::new();
    for (key, node) in shape::map(report, "nudges", node) {
        let text = shape::template(report, key.value, node);
        let after = At { value: key.value.to_owned(), span: key.span };
        let Some(after) = in_bounds(report, "nudges", &after) else { continue };
        if let Some((first, _)) = nudges.iter().find(|(known, _)| known.value == after.value) {
            report
                .found(
                    Code::Duplicate,
                    after.span,
                    format!("`{}` is the same time as `{}`", key.value, report.text(first.span)),
                )
                .label(first.span, "first here")
                .help("keep one of them, or change its time");
            continue;
        }
        nudges.extend(text.map(|text| (after, text)));
    }
    nudges.sort_by_key(|(after, _)| after.value);
    nudges
}

fn timeout(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Option<(At<Duration>, At<String>)> {
    match (keys.get("timeout"), keys.get("on_timeout")) {
        (Some((_, after)), Some((_, target))) => {
            let target = shape::text(report, "on_timeout", target);
            let after = shape::text(report, "timeout", after)?;
            let after = in_bounds(report, "timeout", &after)?;
            Some((after, target?))
        }
        (Some((span, _)), None) => {
            report
                .found(Code::MissingKey, span, "`timeout` needs `on_timeout`")
                .help("write `on_timeout: STEP` with the step to go to if nothing comes in time");
            None
        }
        (None, Some((span, _))) => {
            report
                .found(Code::MissingKey, span, "`on_timeout` needs `timeout`")
                .help("write `timeout: 6h`, or another length of time");
            None
        }
        (None, None) => None,
    }
}

/// Reads a duration that a person can be silent for.
fn in_bounds(report: &mut Report<'_>, key: &str, at: &At<String>) -> Option<At<Duration>> {
    let Some(seconds) = duration::seconds(&at.value) else {
        values::not_a_duration(report, at);
        return None;
    };
    let value = Duration::from_secs(seconds);
    if !(SHORTEST..=LONGEST).contains(&value) {
        report
            .found(Code::OutOfRange, at.span, format!("`{}` is out of range for `{key}`", at.value))
            .help("write at least `1m` and at most `30d`");
        return None;
    }
    Some(At { value, span: at.span })
}

/// Reads `21:00 to 8:00`.
pub(super) fn quiet(report: &mut Report<'_>, node: &Node) -> Option<Daytime> {
    let at = shape::text(report, "quiet", node)?;
    let times = at.value.split_once(" to ").and_then(|(from, until)| {
        Some(Daytime { from: time_of_day(from.trim())?, until: time_of_day(until.trim())? })
    });
    let help = "write two times of day, such as `quiet: 21:00 to 8:00`";
    match times {
        None => {
            report
                .found(Code::BadValue, at.span, format!("`{}` is not a span of hours", at.value))
                .help(help);
            None
        }
        Some(times) if times.from == times.until => {
            report
                .found(Code::EmptyRange, at.span, "these hours end when they begin")
                .help("write two different times, or leave `quiet` out");
            None
        }
        Some(times) => Some(times),
    }
}
