//! `ringback outbox`: shows how many texts are in the outbox, by their states.

mod drop;

use jiff::{SignedDuration, Timestamp};

pub(super) use self::drop::give_up;
use super::output::{Colour, Output};
use crate::conversation::duration;
use crate::outbox::state::State;
use crate::store::{Count, Store};

/// How long a text usually waits at most. A service takes one up within seconds,
/// and repeats what was not sent within a minute.
const LONG: SignedDuration = SignedDuration::from_mins(10);

/// Shows a line for each state in which there are texts.
pub(super) async fn run(store: &Store) -> anyhow::Result<()> {
    let counts = store.count_texts().await?;
    let (out, now) = (Output::new(), Timestamp::now());
    if counts.is_empty() {
        out.line("the outbox is empty");
        return Ok(());
    }
    tell_counts(&out, &counts, now);
    if let Some(advice) = advice(&counts, now) {
        out.line("");
        out.line(&advice);
    }
    Ok(())
}

fn tell_counts(out: &Output, counts: &[Count], now: Timestamp) {
    let head = ["state", "texts", "oldest"].map(str::to_owned);
    let row = |count: &Count| {
        [count.state.as_str().to_owned(), count.texts.to_string(), age(count.oldest, now)]
    };
    let rows: Vec<[String; 3]> = std::iter::once(head).chain(counts.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
    let [first, second, third] = [0, 1, 2].map(|column| width(column).unwrap_or_default());
    for (at, [state, texts, oldest]) in rows.iter().enumerate() {
        let line = format!("{state:<first$}  {texts:>second$}  {oldest:>third$}");
        if at == 0 {
            out.coloured("", Colour::Yellow, &line, "");
        } else {
            out.line(&line);
        }
    }
}

/// Returns what to do about texts that do not move on by themselves.
fn advice(counts: &[Count], now: Timestamp) -> Option<String> {
    let find = |state: State| counts.iter().find(|count| count.state == state);
    let unknown = find(State::Unknown).map(|_| {
        "nobody knows whether an `unknown` text reached the person: look for it in the provider's \
         log of messages"
    });
    let waiting = find(State::Pending).filter(|count| now.duration_since(count.oldest) >= LONG);
    let waiting = waiting.map(|_| {
        "if `pending` texts wait for long, make sure that a service runs with `SENDING=on` and \
         read its log, or give them up with `ringback outbox drop --older-than 1h`"
    });
    let parts: Vec<&str> = unknown.into_iter().chain(waiting).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Returns how long ago this was, in whole units: seconds up to two minutes,
/// minutes up to two hours, hours up to two days, and days.
fn age(since: Timestamp, now: Timestamp) -> String {
    const UNITS: [u64; 3] = [24 * 60 * 60, 60 * 60, 60];
    // A clock that is behind sees texts of the future.
    let seconds = u64::try_from(now.duration_since(since).as_secs()).unwrap_or_default();
    if seconds == 0 {
        // It is a multiple of every unit.
        return "0s".to_owned();
    }
    let unit = UNITS.into_iter().find(|unit| seconds >= 2 * unit).unwrap_or(1);
    duration::written(seconds - seconds % unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_whole_units() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (seconds, expected) in [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (61, "61s"),
            (150, "2m"),
            (7_199, "119m"),
            (7_200, "2h"),
            (86_399, "23h"),
            (90_000, "25h"),
            (172_799, "47h"),
            (172_800, "2d"),
            (2_000_000, "23d"),
        ] {
            let since = now - SignedDuration::from_secs(seconds);
            assert_eq!(age(since, now), expected, "{seconds}");
        }
    }
}
