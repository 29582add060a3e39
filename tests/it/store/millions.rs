//! Retention on a large table, beside a writer. The long form, of which
//! `docs/operations.md` has a result:
//!
//! ```sh
//! export TEST_MYSQL_URL=mysql://…
//! RINGBACK_RETENTION_ROWS=2000000 cargo nextest run --no-capture store::millions
//! ```
//!
//! `RINGBACK_RETENTION_ROWS` is how many rows there are to look at (20,000 if it
//! is not set), for each database.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ringback::server::retention::prune_and_tell;
use ringback::store::{Saved, Writer};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{message, migrated, now, take};
use crate::support::database::{TestDatabase, on_mysql, run_sql, select};
use crate::support::setting;
use crate::support::times::Times;

/// Rows that one statement makes.
const AT_ONCE: u64 = 50_000;

/// Among the old rows every so many-th is young, as where a clock was ahead.
const YOUNG_EVERY: u64 = 1_000;

/// When those were received.
const YOUNG: &str = "'2026-11-22 00:00:00.000'";

/// Behind the old rows are young ones, so many times fewer.
const YOUNG_SHARE: u64 = 10;

/// How many people write meanwhile.
const PEOPLE: usize = 1_000;

/// A message is written so often. On SQLite one writer that never rests would
/// let the bites through by chance only, and they are to have an end.
const MESSAGE_EVERY: Duration = Duration::from_millis(5);

/// The longest that a bite or a message may take, waiting for the other
/// included: a message that took longer would be refused.
const WITHIN: Duration = Duration::from_millis(1_800);

/// Fills `messages` with rows whose numbers and ids are scattered like those of
/// real ones, so that deleting them costs what it costs in earnest.
async fn fill(database: &TestDatabase, rows: RangeInclusive<u64>, is_old: bool) {
    let at = if is_old { "'2026-01-01 00:00:00.000'" } else { YOUNG };
    let id =
        if database.is_mysql() { "LEFT(SHA2(n, 256), 32)" } else { "LOWER(HEX(RANDOMBLOB(16)))" };
    // Five digits, in SQL that every database knows.
    let digits: Vec<_> = (0..10).map(|digit| format!("SELECT {digit}")).collect();
    let digits = digits.join(" UNION ALL ");
    for first in rows.clone().step_by(usize::try_from(AT_ONCE).unwrap()) {
        let end = (first + AT_ONCE).min(rows.end() + 1);
        run_sql(
            database.url(),
            &format!(
                "INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
                 to_address, body, parameters, received_at, state_before, state_after, reply) \
                 WITH digits (d) AS ({digits}), numbers (n) AS \
                 (SELECT {first} + a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d \
                 FROM digits a, digits b, digits c, digits d, digits e) \
                 SELECT CONCAT('SM', {id}), \
                 CONCAT('+1999', SUBSTR(CONCAT('000000000', n * 387420489 % 1000000000), -9)), \
                 1, 'sms', '+19990000000', '+14155238886', CONCAT('Bohemian Rhapsody ', n), \
                 '{{\"ToCountry\":\"US\",\"ToState\":\"CA\",\"ToCity\":\"SAN FRANCISCO\"}}', \
                 CASE WHEN n % {YOUNG_EVERY} = 0 THEN {YOUNG} ELSE {at} END, \
                 'WAITING_FOR_SONG', 'COMPLETED', \
                 '<Response><Message>Playing Bohemian Rhapsody</Message></Response>' \
                 FROM numbers WHERE n < {end}"
            ),
        )
        .await;
    }
}

/// Takes messages at that pace; how long each took.
async fn write(mut writer: Writer, until: CancellationToken) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut pace = interval(MESSAGE_EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !until.is_cancelled() {
        pace.tick().await;
        let number = times.len();
        let from = format!("+1666{:07}", number % PEOPLE);
        let began = Instant::now();
        let taken = take(&mut writer, vec![message(&format!("SMnew{number}"), &from)]).await;
        assert_eq!(taken.unwrap(), Saved::Done, "SMnew{number}");
        times.push(began.elapsed());
    }
    times
}

async fn count(database: &TestDatabase, which: &str) -> u64 {
    let query = format!("SELECT CAST(COUNT(*) AS CHAR) FROM messages WHERE {which}");
    select(database.url(), &query).await[0].parse().unwrap()
}

async fn prune_beside_a_writer(database: &TestDatabase) {
    let rows = setting("RINGBACK_RETENTION_ROWS").unwrap_or(20_000);
    let store = migrated(database.url()).await;
    fill(database, 1..=rows, true).await;
    fill(database, rows + 1..=rows + rows / YOUNG_SHARE, false).await;
    let done = CancellationToken::new();
    let writing = tokio::spawn(write(store.writer().await.unwrap(), done.clone()));

    let before: Timestamp = now() - SignedDuration::from_hours(24 * 90);
    let (began, mut bites) = (Instant::now(), Vec::new());
    let deleted = prune_and_tell(&store, before, |bite| bites.push(bite)).await;
    let took = began.elapsed();
    done.cancel();
    let taken = writing.await.unwrap();

    let (young, old) = (rows / YOUNG_EVERY + rows / YOUNG_SHARE, rows - rows / YOUNG_EVERY);
    assert_eq!(deleted.unwrap(), old);
    assert_eq!(count(database, "received_at < '2026-08-25'").await, 0, "old ones are left");
    assert_eq!(count(database, "message_id NOT LIKE 'SMnew%'").await, young, "young ones went");
    assert_eq!(count(database, "message_id LIKE 'SMnew%'").await, taken.len() as u64);
    let longest = *bites.iter().chain(&taken).max().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "to be printed")]
    let rate = old as f64 / took.as_secs_f64();
    eprintln!("{old} old rows went in {took:.1?}: {rate:.0} rows/s");
    eprintln!("bites, the first half: {}", Times::of(bites[..bites.len() / 2].to_vec()));
    eprintln!("bites, the other half: {}", Times::of(bites[bites.len() / 2..].to_vec()));
    eprintln!("messages taken: {}", Times::of(taken));
    // Whoever writes has the database for four fifths of the time.
    assert!(took >= 5 * bites.iter().sum::<Duration>(), "{took:?}");
    assert!(longest < WITHIN, "{longest:?}");
    // In bites of 500 rows at most.
    assert!(bites.len() as u64 >= old / 500, "{}", bites.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_rows_go_in_short_bites_beside_a_writer_on_sqlite() {
    prune_beside_a_writer(&TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_rows_go_in_short_bites_beside_a_writer_on_mysql() {
    on_mysql(prune_beside_a_writer).await;
}
