//! A clock that is wrong must not make the retention delete what is young.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringback::config::{Retention, RetentionArgs};
use ringback::server::retention::{Doubt, Keeper, Look, Round};
use ringback::store::{Saved, Store, Writer};

use super::{changes, message, migrated, senders};
use crate::support::database::{TestDatabase, each_database, select};

const HOUR: Duration = Duration::from_hours(1);
const HALF_A_YEAR: i64 = 180;

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn week() -> Retention {
    RetentionArgs { retention: Some("7d".to_owned()) }.retention().unwrap().unwrap()
}

/// The clocks of a process's machine: one that may be set, and one that may not.
#[derive(Clone)]
struct Clock(Arc<Mutex<Look>>);

impl Clock {
    /// As much ahead of what it really is.
    fn ahead(ahead: SignedDuration) -> Self {
        let time = Timestamp::now() + ahead;
        Self(Arc::new(Mutex::new(Look { time, running: Duration::ZERO })))
    }

    fn passes(&self, time: Duration) {
        let mut look = self.0.lock().unwrap();
        look.time += time;
        look.running += time;
    }

    fn jumps(&self, by: SignedDuration) {
        self.0.lock().unwrap().time += by;
    }

    fn time(&self) -> Timestamp {
        self.0.lock().unwrap().time
    }

    async fn keeper(&self, store: &Store) -> Keeper {
        let look = Arc::clone(&self.0);
        let clocks = Box::new(move || *look.lock().unwrap());
        Keeper::begin(store.clone(), week(), clocks).await.unwrap()
    }
}

/// Takes a message that is dated so.
async fn take_at(writer: &mut Writer, id: &str, at: Timestamp) {
    let from = "+15550000001";
    let loaded = writer.load(&senders(&[from])).await.unwrap();
    let mut changes = changes(loaded, vec![message(id, from)]);
    changes.messages[0].received_at = at;
    assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done);
}

/// Messages that are so many days old, really.
async fn with_ages(database: &TestDatabase, ages: &[i64]) -> (Store, Writer) {
    let store = migrated(database.url()).await;
    let mut writer = store.writer().await.unwrap();
    for age in ages {
        take_at(&mut writer, &format!("SM{age}"), Timestamp::now() - days(*age)).await;
    }
    (store, writer)
}

async fn kept(database: &TestDatabase) -> Vec<String> {
    select(database.url(), "SELECT message_id FROM messages ORDER BY id").await
}

fn is_doubt(round: Round) -> bool {
    matches!(round, Round::Doubts(_))
}

/// A server has a clock of its own, by which the retention goes on.
#[tokio::test]
async fn one_that_is_ahead_at_a_start_deletes_nothing_that_is_young() {
    each_database(async |database| {
        let (store, mut writer) = with_ages(database, &[6, 3, 0]).await;
        let expected = ["SM6", "SM3", "SM0", "SMwrong1", "SMwrong2"];
        for id in &expected[3..] {
            // A start, a message that is dated by the wrong clock, a second round.
            let clock = Clock::ahead(days(HALF_A_YEAR));
            let mut keeper = clock.keeper(&store).await;
            for _ in 0..2 {
                let round = keeper.round().await.unwrap();
                assert_eq!(is_doubt(round), !database.is_mysql(), "{round:?}");
                clock.passes(HOUR / 6);
            }
            take_at(&mut writer, id, clock.time()).await;
            let round = keeper.round().await.unwrap();
            assert_eq!(is_doubt(round), !database.is_mysql(), "{round:?}");
        }
        assert_eq!(kept(database).await, expected);

        // Corrected while the next process runs.
        let clock = Clock::ahead(days(HALF_A_YEAR));
        let mut keeper = clock.keeper(&store).await;
        assert_eq!(is_doubt(keeper.round().await.unwrap()), !database.is_mysql());
        clock.jumps(-days(HALF_A_YEAR));
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(0));
        clock.jumps(days(2));
        clock.passes(HOUR);
        let round = keeper.round().await.unwrap();
        assert_eq!(is_doubt(round), !database.is_mysql(), "two days are a jump, too: {round:?}");
        assert_eq!(kept(database).await, expected);
    })
    .await;
}

#[tokio::test]
async fn one_that_jumps_ahead_while_the_service_runs_deletes_nothing_that_is_young() {
    each_database(async |database| {
        let (store, mut writer) = with_ages(database, &[8, 4, 0]).await;
        let clock = Clock::ahead(SignedDuration::ZERO);
        let mut keeper = clock.keeper(&store).await;
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(1));
        // For however long it has run before.
        for _ in 0..30 {
            clock.passes(HOUR);
            keeper.round().await.unwrap();
        }
        clock.jumps(days(HALF_A_YEAR));
        take_at(&mut writer, "SMwrong", clock.time()).await;
        for _ in 0..11 {
            let round = keeper.round().await.unwrap();
            assert_eq!(is_doubt(round), !database.is_mysql(), "{round:?}");
            clock.passes(HOUR);
        }
        clock.jumps(-days(HALF_A_YEAR));
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(0));
        assert_eq!(kept(database).await, ["SM4", "SM0", "SMwrong"]);
    })
    .await;
}

/// Where both clocks are wrong, or right after a long silence.
#[tokio::test]
async fn what_would_delete_everything_waits_for_half_a_day_without_a_jump() {
    each_database(async |database| {
        let (store, mut writer) = with_ages(database, &[100, 90]).await;
        let clock = Clock::ahead(SignedDuration::ZERO);
        let mut keeper = clock.keeper(&store).await;
        let round = keeper.round().await.unwrap();
        assert!(matches!(round, Round::Doubts(Doubt::AllOld { .. })), "{round:?}");
        take_at(&mut writer, "SMnew", clock.time()).await;
        assert!(is_doubt(keeper.round().await.unwrap()), "one that came since says nothing");
        let mut keeper = clock.keeper(&store).await;
        assert!(is_doubt(keeper.round().await.unwrap()), "nor after a restart");

        clock.passes(11 * HOUR);
        assert!(is_doubt(keeper.round().await.unwrap()));
        clock.jumps(SignedDuration::from_hours(2));
        clock.passes(2 * HOUR);
        assert!(is_doubt(keeper.round().await.unwrap()), "it has jumped");
        clock.passes(11 * HOUR);
        assert!(is_doubt(keeper.round().await.unwrap()));
        clock.passes(HOUR);
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(2));
        assert_eq!(kept(database).await, ["SMnew"]);
    })
    .await;
}

/// It has seen the time pass.
#[tokio::test]
async fn a_service_that_has_run_all_along_deletes_the_last_message_too() {
    each_database(async |database| {
        let (store, _writer) = with_ages(database, &[8, 6]).await;
        // A server's clock cannot be put forward here; a file has none.
        let clock = Clock::ahead(SignedDuration::ZERO);
        let mut keeper = clock.keeper(&store).await;
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(1));
        for _ in 0..3 * 24 {
            clock.passes(HOUR);
            assert!(!is_doubt(keeper.round().await.unwrap()));
        }
        let left = if database.is_mysql() { &["SM6"][..] } else { &[] };
        assert_eq!(kept(database).await, left);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_behind_deletes_less() {
    each_database(async |database| {
        let (store, _writer) = with_ages(database, &[100, 8, 0]).await;
        let clock = Clock::ahead(-days(30));
        let mut keeper = clock.keeper(&store).await;
        assert_eq!(keeper.round().await.unwrap(), Round::Deleted(1));
        assert_eq!(kept(database).await, ["SM8", "SM0"]);
    })
    .await;
}
