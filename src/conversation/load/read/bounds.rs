//! Reads the bounds of dates and times: `min` and `max` are accepted themselves,
//! `after` and `before` are not.

use jiff::civil::Time;

use super::shape;
use crate::conversation::answer::{self, Day};
use crate::conversation::finding::{Code, Finding, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::{Days, Times};

/// The two keys that can set one end of a range.
struct End {
    inclusive: &'static str,
    exclusive: &'static str,
    /// The word for the accepted side of the inclusive bound.
    side: &'static str,
}

const FIRST: End = End { inclusive: "min", exclusive: "after", side: "later" };

const LAST: End = End { inclusive: "max", exclusive: "before", side: "earlier" };

/// One end of a range.
struct Bound<T> {
    /// As it was written.
    written: T,
    /// The outermost accepted value.
    value: T,
    said: String,
    span: Span,
}

/// Reads the value of a bound, or reports it.
type Read<T> = fn(&mut Report<'_>, &str, &str, Span) -> Option<T>;

/// The days that a question accepts.
pub(super) fn days(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Days {
    let from = bound(report, keys, &FIRST, day, |day| Some(day.next()));
    let until = bound(report, keys, &LAST, day, |day| Some(day.previous()));
    let value = |bound: &Option<Bound<Day>>| bound.as_ref().map(|bound| bound.value);
    let days = Days { from: value(&from), until: value(&until) };
    if let (Some(from), Some(until), false) = (&from, &until, days.exist()) {
        nothing_between(report, "day", from, until).help(
            "widen the range: `min` and `max` include the day itself, `after` and `before` do not",
        );
    }
    days
}

/// The times that a question accepts.
pub(super) fn times(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Times {
    let from = bound(report, keys, &FIRST, time, answer::next_minute);
    let until = bound(report, keys, &LAST, time, answer::previous_minute);
    // A later first time makes a range past midnight, unless nothing is left
    // between the two as they were written.
    if let (Some(from), Some(until)) = (&from, &until)
        && from.written <= until.written
        && from.value > until.value
    {
        nothing_between(report, "time", from, until).help(
            "widen the range: `min` and `max` include the time itself, `after` and `before` do not; for a \
             range past midnight, write the later time first: `min: 18:00` and `max: 2:00`",
        );
    }
    Times {
        from: from.map_or(Times::ALL.from, |bound| bound.value),
        until: until.map_or(Times::ALL.until, |bound| bound.value),
    }
}

/// Reads one end of a range from either of its keys. `neighbour` returns the next
/// value on the accepted side.
fn bound<T: Copy>(
    report: &mut Report<'_>,
    keys: &AskKeys<'_>,
    end: &End,
    read: Read<T>,
    neighbour: fn(T) -> Option<T>,
) -> Option<Bound<T>> {
    let End { inclusive, exclusive, side } = *end;
    let (key, node) = match (keys.get(inclusive), keys.get(exclusive)) {
        (Some((first, _)), Some((second, _))) => {
            report
                .found(
                    Code::MisplacedKey,
                    second,
                    format!("`{inclusive}` and `{exclusive}` set the same bound of the answer"),
                )
                .label(first, "the other one")
                .help(format!(
                    "keep one of the two: `{inclusive}` includes its own value, `{exclusive}` does not"
                ));
            return None;
        }
        (Some((_, node)), None) => (inclusive, node),
        (None, Some((_, node))) => (exclusive, node),
        (None, None) => return None,
    };
    let at = shape::text(report, key, node)?;
    let written = read(report, key, at.value.trim(), at.span)?;
    if key == inclusive {
        let said = format!("`{}` or {side}", at.value);
        return Some(Bound { written, value: written, said, span: at.span });
    }
    let said = format!("{key} `{}`", at.value);
    let Some(value) = neighbour(written) else {
        report
            .found(Code::EmptyRange, at.span, format!("no time of day is {said}"))
            .help(format!("write `{inclusive}: {}` if that minute itself is meant", at.value));
        return None;
    };
    Some(Bound { written, value, said, span: at.span })
}

fn day(report: &mut Report<'_>, key: &str, text: &str, span: Span) -> Option<Day> {
    let day = Day::parse(text);
    if day.is_none() {
        let meant = answer::whole_date(text).map(|date| format!("did you mean `{date}`?"));
        report
            .found(Code::BadValue, span, format!("`{key}` takes a day, not `{text}`"))
            .help(
                "write a date such as `2026-12-31`, or `today`, `tomorrow` or `yesterday`, optionally \
                 with an offset such as `today + 60 days` or `today - 18 years`",
            )
            .maybe_help(meant);
    }
    day
}

fn time(report: &mut Report<'_>, key: &str, text: &str, span: Span) -> Option<Time> {
    let time = answer::on_24_hours(text);
    if time.is_none() {
        let meant = answer::plain_time(text)
            .map(|time| format!("did you mean `{}`?", answer::stored_time(time)));
        report
            .found(Code::BadValue, span, format!("`{key}` takes a time of day, not `{text}`"))
            .help("write it on the 24-hour clock, such as `9:00` or `16:30`")
            .maybe_help(meant);
    }
    time
}

fn nothing_between<'r, T>(
    report: &'r mut Report<'_>,
    what: &str,
    from: &Bound<T>,
    until: &Bound<T>,
) -> &'r mut Finding {
    report
        .found(
            Code::EmptyRange,
            until.span,
            format!("no {what} is {} and {}", from.said, until.said),
        )
        .label(from.span, "the range begins here")
}
