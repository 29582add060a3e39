//! Reads the small values: durations, time zones, numbers, outcomes.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::names::{MAX_NAME, is_name};
use crate::conversation::load::syntax::node::Node;
use crate::conversation::{Country, State, duration, outcome};

/// The longest duration in seconds: 365 days.
const MAX_SECONDS: u64 = 365 * 24 * 60 * 60;

/// Outcomes that the engine reserves for itself.
const RESERVED_OUTCOMES: [&str; 2] = [State::INITIAL, outcome::STOPPED];

/// Codes that people use, though ISO 3166 assigns another one to the country.
const MISTAKEN_COUNTRIES: [(&str, &str); 4] =
    [("UK", "GB"), ("EL", "GR"), ("USA", "US"), ("UAE", "AE")];

/// A duration such as `90s`, `10m`, `24h` or `7d`.
pub(super) fn duration(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Duration> {
    let at = shape::text(report, key, node)?;
    match duration::seconds(&at.value) {
        Some(seconds) if (1..=MAX_SECONDS).contains(&seconds) => Some(Duration::from_secs(seconds)),
        Some(_) => {
            report
                .found(Code::OutOfRange, at.span, format!("`{key}: {}` is out of range", at.value))
                .help("write at least `1s` and at most `365d`");
            None
        }
        None => {
            not_a_duration(report, &at);
            None
        }
    }
}

/// Reports a text that is not a duration.
pub(super) fn not_a_duration(report: &mut Report<'_>, at: &At<String>) {
    report
        .found(Code::BadValue, at.span, format!("`{}` is not a duration", at.value))
        .help("write a whole number and `s`, `m`, `h` or `d`, such as `90s`, `10m`, `24h`, `7d`");
}

/// A time zone by its IANA name.
pub(super) fn time_zone(report: &mut Report<'_>, key: &str, node: &Node) -> Option<TimeZone> {
    let at = shape::text(report, key, node)?;
    if let Ok(zone) = TimeZone::get(&at.value) {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let near = report.did_you_mean(&at.value, known.iter().map(String::as_str));
    report
        .found(Code::BadValue, at.span, format!("`{}` is not a known time zone", at.value))
        .help("write an IANA name, such as `Europe/Vienna` or `America/New_York`")
        .maybe_help(near);
    None
}

/// A country by the two letters of ISO 3166.
pub(super) fn country(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Country> {
    let at = shape::text(report, key, node)?;
    let country = Country::named(&at.value);
    if country.is_none() {
        let capitals = at.value.to_uppercase();
        let meant = MISTAKEN_COUNTRIES
            .iter()
            .find(|(wrong, _)| *wrong == capitals)
            .map_or(capitals.as_str(), |(_, right)| right);
        let meant = Country::named(meant).map(|_| format!("did you mean `{meant}`?"));
        report
            .found(Code::BadValue, at.span, format!("`{}` is not a known country", at.value))
            .help("write its two-letter code by ISO 3166 in capital letters, such as `DE` or `US`")
            .maybe_help(meant);
    }
    country
}

/// `true` or `false`.
pub(super) fn switch(report: &mut Report<'_>, key: &str, node: &Node) -> Option<bool> {
    let at = shape::text(report, key, node)?;
    match at.value.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => {
            report
                .found(
                    Code::BadValue,
                    at.span,
                    format!("`{key}` takes `true` or `false`, not `{}`", at.value),
                )
                .help(format!("write `{key}: true` or leave it out"));
            None
        }
    }
}

/// A number of a Rust type. `what` describes it in words.
pub(super) fn number<T: std::str::FromStr>(
    report: &mut Report<'_>,
    key: &str,
    node: &Node,
    what: &str,
) -> Option<At<T>> {
    let at = shape::text(report, key, node)?;
    // Rust reads more than people call a number: `+1`, `inf`, `NaN`, `1e9`.
    let looks_right = at.value.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'.');
    match at.value.parse() {
        Ok(value) if looks_right => Some(At { value, span: at.span }),
        _ => {
            report
                .found(Code::BadValue, at.span, format!("`{key}` takes {what}, not `{}`", at.value))
                .help(format!("write it in digits, such as `{key}: 3`"));
            None
        }
    }
}

/// The name of an outcome.
pub(super) fn outcome(report: &mut Report<'_>, key: &str, node: &Node) -> Option<At<String>> {
    let at = shape::text(report, key, node)?;
    let is_outcome = at.value.len() <= MAX_NAME
        && at.value.starts_with(|c: char| c.is_ascii_uppercase())
        && at.value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !is_outcome {
        let capitals = at.value.to_uppercase().replace([' ', '-'], "_");
        let meant = match capitals.as_str() {
            "TRUE" | "YES" | "END" => Some(outcome::COMPLETED.to_owned()),
            _ => Some(capitals).filter(|name| is_name(name)),
        };
        report
            .found(Code::BadName, at.span, format!("`{}` cannot be the name of an outcome", at.value))
            .help(format!("start with a capital letter and use only capital letters, digits and `_`, at most {MAX_NAME} characters, such as `end: COMPLETED`"))
            .maybe_help(meant.map(|meant| format!("write `{meant}`")));
        return None;
    }
    if RESERVED_OUTCOMES.contains(&at.value.as_str()) {
        report
            .found(Code::BadName, at.span, format!("the outcome `{}` is reserved", at.value))
            .help("write another name: `INITIAL` means that nothing has begun, and `STOPPED` means that the person wants no more messages");
        return None;
    }
    Some(at)
}
