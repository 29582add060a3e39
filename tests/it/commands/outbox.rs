//! `ringback outbox`: how many texts are in it, and `drop`, which gives up those
//! that wait.

use std::time::Duration;

use insta::{allow_duplicates, assert_snapshot};
use jiff::Timestamp;
use sqlx::{Connection, MySqlConnection};

use super::shown;
use crate::outbox::{ANN, Bench, minutes, written};
use crate::support::database::{TestDatabase, each_database, on_mysql, run_sql, select};
use crate::support::ringback::{Outcome, run};
use crate::support::waiting::until;

const BOB: &str = "+14155552672";
const CAL: &str = "+14155552673";

fn outbox(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&["outbox"], arguments].concat();
    run(folder.path(), &[("DATABASE_URL", database.url())], &arguments)
}

/// A migrated database with these people.
async fn with_people(database: &TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let migrated = run(folder.path(), &[("DATABASE_URL", database.url())], &["migrate"]);
    assert_eq!(migrated.code, Some(0), "{migrated}");
    for person in [ANN, BOB, CAL] {
        let sql = format!("INSERT INTO user_sessions (phone_number) VALUES ('{person}')");
        run_sql(database.url(), &sql).await;
    }
}

/// Puts a text of this age into the outbox.
async fn put(database: &TestDatabase, person: &str, says: &str, state: &str, age: Duration) {
    let now = Timestamp::now();
    let (then, later) = (written(now - age), written(now + minutes(60)));
    let claimed_at = if state == "claimed" { format!("'{}'", written(now)) } else { "NULL".into() };
    let sql = format!(
        "INSERT INTO outgoing (phone_number, channel, from_address, to_address, body, kind, turns, \
         state, tries, created_at, good_until, not_before, claimed_at, changed_at) VALUES \
         ('{person}', 'sms', '+15005550006', '{person}', '{says}', 'statement', 1, \
         '{state}', 0, '{then}', '{later}', '{then}', {claimed_at}, '{then}')"
    );
    run_sql(database.url(), &sql).await;
}

/// What became of all texts, in the order in which they were put there.
async fn kept(database: &TestDatabase) -> Vec<String> {
    let texts = if database.is_mysql() {
        "SELECT CONCAT(body, ' ', state, ' ', COALESCE(reason, '-'), ' ', \
         IF(due_at IS NULL, 'later', 'due')) FROM outgoing ORDER BY id"
    } else {
        "SELECT body || ' ' || state || ' ' || COALESCE(reason, '-') || ' ' || \
         CASE WHEN due_at IS NULL THEN 'later' ELSE 'due' END FROM outgoing ORDER BY id"
    };
    select(database.url(), texts).await
}

#[tokio::test]
async fn each_state_with_its_number_and_the_age_of_the_oldest() {
    each_database(async |database| {
        with_people(database).await;
        allow_duplicates! {
            assert_snapshot!(shown(&outbox(database, &[])), @r"
            exit code: 0
            --- stdout
            the outbox is empty
            --- stderr
            ");
        }

        put(database, ANN, "a", "delivered", minutes(60 * 24 * 9 + 5)).await;
        put(database, BOB, "b", "delivered", minutes(3)).await;
        put(database, ANN, "c", "pending", minutes(5)).await;
        allow_duplicates! {
            assert_snapshot!(shown(&outbox(database, &[])), @r"
            exit code: 0
            --- stdout
            state      texts  oldest
            pending        1      5m
            delivered      2      9d
            --- stderr
            ");
        }

        put(database, CAL, "d", "unknown", minutes(60 * 25 + 5)).await;
        put(database, ANN, "e", "pending", minutes(125)).await;
        allow_duplicates! {
            assert_snapshot!(shown(&outbox(database, &[])), @r"
            exit code: 0
            --- stdout
            state      texts  oldest
            pending        2      2h
            delivered      2      9d
            unknown        1     25h

            nobody knows whether an `unknown` text reached the person: look for it in the provider's log of messages; if `pending` texts wait for long, make sure that a service runs with `SENDING=on` and read its log, or give them up with `ringback outbox drop --older-than 1h`
            --- stderr
            ");
        }
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_too_long_is_given_up_and_what_is_behind_it_follows() {
    each_database(async |database| {
        with_people(database).await;
        let old = minutes(61);
        put(database, ANN, "Ann1", "pending", old).await;
        put(database, ANN, "Ann2", "pending", old).await;
        put(database, ANN, "Ann3", "pending", minutes(59)).await;
        put(database, ANN, "Ann4", "pending", minutes(59)).await;
        // A service has this one in hand: what is behind it waits for it.
        put(database, BOB, "Bob1", "claimed", old).await;
        put(database, BOB, "Bob2", "pending", old).await;
        put(database, BOB, "Bob3", "pending", minutes(1)).await;
        for state in ["accepted", "unknown", "failed", "delivered"] {
            put(database, CAL, "Cal", state, old).await;
        }
        allow_duplicates! {
            assert_snapshot!(shown(&outbox(database, &["drop", "--older-than", "1h"])), @r"
            exit code: 0
            --- stdout
            3 texts from before [TIME] given up
            --- stderr
            ");
        }
        let expected = [
            "Ann1 dropped operator later",
            "Ann2 dropped operator later",
            "Ann3 pending - due",
            "Ann4 pending - later",
            "Bob1 claimed - due",
            "Bob2 dropped operator later",
            "Bob3 pending - later",
            "Cal accepted - later",
            "Cal unknown - later",
            "Cal failed - later",
            "Cal delivered - later",
        ];
        assert_eq!(kept(database).await, expected);
        allow_duplicates! {
            assert_snapshot!(shown(&outbox(database, &["drop", "--older-than=1h"])), @r"
            exit code: 0
            --- stdout
            0 texts from before [TIME] given up
            --- stderr
            ");
        }
        assert_eq!(kept(database).await, expected);
    })
    .await;
}

/// More than one transaction finds, and texts of people whose session is gone.
#[tokio::test]
async fn many_are_given_up_bite_by_bite() {
    each_database(async |database| {
        with_people(database).await;
        let then = written(Timestamp::now() - minutes(61));
        let row = |number: u32| {
            format!(
                "('+1415666{number:04}', 'sms', '+15005550006', '+1415666{number:04}', 'hello', \
                 'nudge', 1, 'pending', 0, '{then}', '{then}', '{then}', '{then}')"
            )
        };
        let rows: Vec<String> = (0..150).map(row).collect();
        let sql = format!(
            "INSERT INTO outgoing (phone_number, channel, from_address, to_address, body, kind, \
             turns, state, tries, created_at, good_until, not_before, changed_at) VALUES {}",
            rows.join(", ")
        );
        run_sql(database.url(), &sql).await;
        let outcome = outbox(database, &["drop", "--older-than", "1h"]);
        assert!(outcome.stdout.starts_with("150 texts from before"), "{outcome}");
        let waiting = "SELECT body FROM outgoing WHERE state = 'pending'";
        assert!(select(database.url(), waiting).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_person_whom_another_is_serving_is_left_and_the_others_are_not() {
    on_mysql(async |database| {
        with_people(database).await;
        for person in [ANN, BOB, CAL] {
            put(database, person, "hello", "pending", minutes(61)).await;
        }
        let mut stranger = MySqlConnection::connect(database.url()).await.unwrap();
        let hold =
            format!("BEGIN; SELECT 1 FROM user_sessions WHERE phone_number = '{BOB}' FOR UPDATE");
        sqlx::raw_sql(sqlx::AssertSqlSafe(hold)).execute(&mut stranger).await.unwrap();
        assert_snapshot!(shown(&outbox(database, &["drop", "--older-than", "1h"])), @r"
        exit code: 1
        --- stdout
        2 texts from before [TIME] given up
        --- stderr
        error: 1 text is not given up: another transaction was in the way

        hint: run it again; if that does not help, end that transaction
        ");
        let left = "SELECT phone_number FROM outgoing WHERE state = 'pending'";
        assert_eq!(select(database.url(), left).await, [BOB]);
        stranger.close().await.unwrap();
        let outcome = outbox(database, &["drop", "--older-than", "1h"]);
        assert!(outcome.stdout.starts_with("1 text from before"), "{outcome}");
    })
    .await;
}

/// The claim of a service counts, whenever it comes.
#[tokio::test]
async fn what_was_claimed_at_the_last_moment_stays() {
    on_mysql(async |database| {
        with_people(database).await;
        put(database, ANN, "Ann1", "pending", minutes(61)).await;
        put(database, ANN, "Ann2", "pending", minutes(61)).await;
        let mut service = MySqlConnection::connect(database.url()).await.unwrap();
        let claim = format!(
            "BEGIN; SELECT 1 FROM user_sessions WHERE phone_number = '{ANN}' FOR UPDATE; \
             UPDATE outgoing SET state = 'claimed', claimed_at = '{}' WHERE body = 'Ann1'",
            written(Timestamp::now())
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(claim)).execute(&mut service).await.unwrap();
        let dropping = async {
            let url = database.url().to_owned();
            let dropped = tokio::task::spawn_blocking(move || {
                let folder = tempfile::tempdir().unwrap();
                let drop = ["outbox", "drop", "--older-than", "1h"];
                run(folder.path(), &[("DATABASE_URL", &url)], &drop)
            });
            dropped.await.unwrap()
        };
        let mut observer = MySqlConnection::connect(database.url()).await.unwrap();
        let committing = async {
            // The command opens a second connection, to write, once it has found both.
            let others = "SELECT COUNT(*) FROM information_schema.processlist \
                          WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            until("the command writes", async || {
                let others = sqlx::query_scalar::<_, i64>(others).fetch_one(&mut observer).await;
                others.unwrap() >= 3
            })
            .await;
            sqlx::raw_sql("COMMIT").execute(&mut service).await.unwrap();
        };
        let (outcome, ()) = tokio::join!(dropping, committing);
        assert!(outcome.stdout.starts_with("1 text from before"), "{outcome}");
        assert_eq!(kept(database).await, ["Ann1 claimed - due", "Ann2 dropped operator later"]);
    })
    .await;
}

#[tokio::test]
async fn a_service_sends_what_follows() {
    const FLOW: &str = "\
flow: table
start: [table]
steps:
  GUESTS: {ask: How many?, timeout: 1h, on_timeout: ONE}
  END: {say: Fine., end: DONE}
  ONE: {say: One., media: [https://a.example/1.png]}
  TWO: {say: Two., media: [https://a.example/2.png], end: GONE}
";
    each_database(async |database| {
        let bench = Bench::with(database, FLOW, &[("SENDING", "paused")]).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(61)).await;
        bench.keeps(ANN, &["One. pending", "Two. pending"]).await;
        let old = written(Timestamp::now() - minutes(61));
        let make_old = format!("UPDATE outgoing SET created_at = '{old}' WHERE body = 'One.'");
        run_sql(database.url(), &make_old).await;
        // With the service still there.
        let outcome = outbox(database, &["drop", "--older-than", "1h"]);
        assert!(outcome.stdout.starts_with("1 text from before"), "{outcome}");
        bench.keeps(ANN, &["One. dropped operator", "Two. pending"]).await;
        let bench = bench.restart(&[("SENDING", "on")]);
        let texts = bench.texts(1).await;
        assert_eq!(texts[0].body, "Two.");
        bench.keeps(ANN, &["One. dropped operator", "Two. accepted"]).await;
    })
    .await;
}

#[test]
fn an_age_must_be_given_and_be_one() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(shown(&run(folder.path(), &[], &["outbox", "drop"])), @r"
    exit code: 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      --older-than <AGE>

    Usage: ringback outbox drop --older-than <AGE>

    For more information, try '--help'.
    ");
    let week = ["outbox", "drop", "--older-than", "1w"];
    assert_snapshot!(shown(&run(folder.path(), &[], &week)), @r"
    exit code: 1
    --- stdout
    --- stderr
    error: `--older-than` is not a length of time: `1w`

    hint: write a whole number and `s`, `m`, `h` or `d`, such as `30m`, `1h` or `2d`
    ");
}

#[tokio::test]
async fn a_database_that_is_missing_or_old_is_neither_made_nor_changed() {
    let folder = tempfile::tempdir().unwrap();
    let drop = ["outbox", "drop", "--older-than", "1h"];
    assert_snapshot!(shown(&run(folder.path(), &[], &["outbox"])), @r"
    exit code: 1
    --- stdout
    --- stderr
    error: the database sqlite:ringback.db cannot be used
    cause: the database is not available: the file cannot be opened (SQLite 14)

    hint: make sure that the file exists and can be read; `ringback` creates it at its first start, in the folder where it is started, or where `DATABASE_URL` says
    ");
    assert_snapshot!(shown(&run(folder.path(), &[], &drop)), @r"
    exit code: 1
    --- stdout
    --- stderr
    error: the database sqlite:ringback.db cannot be used
    cause: the database is not available: the file cannot be opened (SQLite 14)

    hint: make sure that the file exists and can be read; `ringback` creates it at its first start, in the folder where it is started, or where `DATABASE_URL` says
    ");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file was made");
    each_database(async |database| {
        let old = "CREATE TABLE user_sessions (phone_number VARCHAR(20) PRIMARY KEY)";
        run_sql(database.url(), old).await;
        for arguments in [&[][..], &drop[1..]] {
            let outcome = outbox(database, arguments);
            assert_eq!(outcome.code, Some(1), "{outcome}");
            let hint =
                "hint: if its tables are missing or old, `ringback migrate` brings it up to date";
            assert!(outcome.stderr.contains(hint), "{outcome}");
        }
    })
    .await;
}
