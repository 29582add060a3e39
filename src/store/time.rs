//! Times as either database keeps them: UTC, to the millisecond, as
//! `YYYY-MM-DD HH:MM:SS.mmm`.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;

use super::StoreError;

const TIME_FORMAT: DateTimePrinter = DateTimePrinter::new().separator(b' ').precision(Some(3));

pub(super) fn time_text(at: Timestamp) -> String {
    TIME_FORMAT.datetime_to_string(&TimeZone::UTC.to_datetime(at))
}

pub(super) fn parse_time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse::<jiff::civil::DateTime>()
        .and_then(|at| at.to_zoned(TimeZone::UTC))
        .map(|at| at.timestamp())
        .map_err(|_| StoreError::Unexpected("a time is not `YYYY-MM-DD HH:MM:SS.mmm`".to_owned()))
}
