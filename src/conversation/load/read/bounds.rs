//! The bounds of dates and times: `min` and `max` are taken themselves, `after`
//! and `before` are not.

use jiff::civil::Time;

use super::shape;
use crate::conversation::answer::{self, Day};
use crate::conversation::finding::{Code, Finding, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::keys::AskKeys;
use crate::conversation::{Days, Times};

/// The two keys that can say where something begins or ends.
struct End {
    inclusive: &'static str,
    exclusive: &'static str,
    /// What people call the side of the former's value that is taken.
    side: &'static str,
}

const FIRST: End = End { inclusive: "min", exclusive: "after", side: "later" };

const LAST: End = End { inclusive: "max", exclusive: "before", side: "earlier" };

/// One end of what is taken, as it was written.
struct Bound<T> {
    /// As it was written.
    written: T,
    /// The outermost that is taken.
    value: T,
    said: String,
    span: Span,
}

/// How a value of a bound is read and reported.
type Read<T> = fn(&mut Report<'_>, &str, &str, Span) -> Option<T>;

/// The days that a question takes.
pub(super) fn days(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Days {
    let from = bound(report, keys, &FIRST, day, |day| Some(day.next()));
    let until = bound(report, keys, &LAST, day, |day| Some(day.previous()));
    let value = |bound: &Option<Bound<Day>>| bound.as_ref().map(|bound| bound.value);
    let days = Days { from: value(&from), until: value(&until) };
    if let (Some(from), Some(until), false) = (&from, &until, days.exist()) {
        nothing_between(report, "day", from, until)
            .help("`min` and `max` take the day itself, `after` and `before` do not");
    }
    days
}

/// The times that a question takes.
pub(super) fn times(report: &mut Report<'_>, keys: &AskKeys<'_>) -> Times {
    let from = bound(report, keys, &FIRST, time, answer::next_minute);
    let until = bound(report, keys, &LAST, time, answer::previous_minute);
    // A later first time makes a stretch over midnight, unless nothing is left
    // between the two as they were written.
    if let (Some(from), Some(until)) = (&from, &until)
        && from.written <= until.written
        && from.value > until.value
    {
        nothing_between(report, "time", from, until).help(
            "`min` and `max` take the time itself, `after` and `before` do not; for a stretch over \
             midnight write the later time first: `min: 18:00` and `max: 2:00`",
        );
    }
    Times {
        from: from.map_or(Times::ALL.from, |bound| bound.value),
        until: until.map_or(Times::ALL.until, |bound| bound.value),
    }
}

/// One end of what is taken, by either of its keys. `neighbour` is the next
/// value on the side that is taken.
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
                    format!("`{inclusive}` and `{exclusive}` both bound the answer on one side"),
                )
                .label(first, "here, too")
                .help(format!(
                    "keep one of the two: `{inclusive}` takes its own value, `{exclusive}` does not"
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
            .found(Code::EmptyRange, at.span, format!("no time of a day is {said}"))
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
            .found(Code::BadValue, span, format!("`{key}` is a day, not `{text}`"))
            .help(
                "write a date such as `2026-12-31`, or `today`, `tomorrow` or `yesterday`, perhaps with \
                 an offset such as `today + 60 days` or `today - 18 years`",
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
            .found(Code::BadValue, span, format!("`{key}` is a time of day, not `{text}`"))
            .help("write it on the clock of 24 hours, such as `9:00` or `16:30`")
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
        .label(from.span, "where it begins")
}
