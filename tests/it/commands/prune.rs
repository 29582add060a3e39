//! `ringback prune`: deletes old messages and says how many.

use insta::assert_snapshot;

use super::shown;
use crate::support::database::{TestDatabase, each_database, run_sql, select};
use crate::support::ringback::run;
use crate::support::service::Service;
use crate::support::twilio::{post, say, settings};

const KEPT: &str = "SELECT message_id FROM messages ORDER BY id";

/// A database with two messages, the first of which is as old as this.
async fn with_an_old_message(database: &TestDatabase, age_in_days: u32) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), &settings(database.url()));
    post(&service, "SM1", "+14155552671", "hello").await;
    post(&service, "SM2", "+14155552671", "Ann").await;
    make_old(database, "SM1", age_in_days).await;
}

async fn make_old(database: &TestDatabase, id: &str, age_in_days: u32) {
    let then = if database.is_mysql() {
        format!("UTC_TIMESTAMP(3) - INTERVAL {age_in_days} DAY")
    } else {
        format!("strftime('%Y-%m-%d %H:%M:%f', 'now', '-{age_in_days} days')")
    };
    let age = format!("UPDATE messages SET received_at = {then} WHERE message_id = '{id}'");
    run_sql(database.url(), &age).await;
}

#[tokio::test]
async fn what_is_older_goes_and_the_conversation_goes_on() {
    each_database(async |database| {
        with_an_old_message(database, 31).await;
        let folder = tempfile::tempdir().unwrap();
        let url = [("DATABASE_URL", database.url())];
        assert_snapshot!(
            "older",
            shown(&run(folder.path(), &url, &["prune", "--older-than", "30d"]))
        );
        assert_eq!(select(database.url(), KEPT).await, ["SM2"]);
        assert_snapshot!("none", shown(&run(folder.path(), &url, &["prune", "--older-than=30d"])));

        let service = Service::start(folder.path(), &settings(database.url()));
        assert_eq!(say(&service, "SM3", "+14155552671", "Yesterday").await, ["Playing Yesterday"]);
    })
    .await;
}

#[test]
fn an_age_must_be_given_and_be_enough() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!("no_age", shown(&run(folder.path(), &[], &["prune"])));
    assert_snapshot!(
        "too_short",
        shown(&run(folder.path(), &[], &["prune", "--older-than", "3d"]))
    );
    let setting = [("RETENTION", "90d")];
    assert_snapshot!("no_database", shown(&run(folder.path(), &setting, &["prune"])));
}

#[tokio::test]
async fn the_service_keeps_to_its_retention_by_itself() {
    each_database(async |database| {
        with_an_old_message(database, 8).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = [&settings(database.url())[..], &[("RETENTION", "7d")]].concat();
        let mut service = Service::start(folder.path(), &settings);
        let line = service.wait_for_line("the deletion", |line| line.contains("were deleted"));
        assert!(line.contains(r#""deleted":1"#), "{line}");
        assert_eq!(select(database.url(), KEPT).await, ["SM2"]);
        // Younger ones are still known.
        let hello = "Hello Ann, what is your favorite song?";
        assert_eq!(say(&service, "SM2", "+14155552671", "Ann").await, [hello]);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_deletes_nothing_does_not_stop_the_service() {
    each_database(async |database| {
        with_an_old_message(database, 8).await;
        let refuse = if database.is_mysql() {
            "CREATE TRIGGER keep BEFORE DELETE ON messages FOR EACH ROW SIGNAL SQLSTATE '45000'"
        } else {
            "CREATE TRIGGER keep BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'no'); END"
        };
        run_sql(database.url(), refuse).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = [&settings(database.url())[..], &[("RETENTION", "7d")]].concat();
        let mut service = Service::start(folder.path(), &settings);
        service.wait_for_line("the failure", |line| line.contains("could not be deleted"));
        assert_eq!(say(&service, "SM3", "+14155552671", "Yesterday").await, ["Playing Yesterday"]);
        let (status, log) = service.stop();
        assert_eq!(status.code(), Some(0), "{log:#?}");
        let outcome = run(
            folder.path(),
            &[("DATABASE_URL", database.url())],
            &["prune", "--older-than", "7d"],
        );
        let name = if database.is_mysql() { "refused_mysql" } else { "refused_sqlite" };
        assert_snapshot!(name, shown(&outcome));
    })
    .await;
}

/// By a clock that is far ahead every message is old.
#[tokio::test]
async fn what_would_delete_everything_is_refused_unless_the_clock_is_to_be_trusted() {
    each_database(async |database| {
        with_an_old_message(database, 200).await;
        make_old(database, "SM2", 190).await;
        let folder = tempfile::tempdir().unwrap();
        let url = [("DATABASE_URL", database.url())];
        let prune = ["prune", "--older-than", "30d"];
        let name = if database.is_mysql() { "all_old_mysql" } else { "all_old_sqlite" };
        assert_snapshot!(name, shown(&run(folder.path(), &url, &prune)));
        // What comes meanwhile is dated by the same clock.
        {
            let service = Service::start(folder.path(), &settings(database.url()));
            post(&service, "SM3", "+14155552671", "Yesterday").await;
        }
        let outcome = run(folder.path(), &url, &prune);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert_eq!(select(database.url(), KEPT).await, ["SM1", "SM2", "SM3"]);
        let trusting = [&prune[..], &["--trust-clock"]].concat();
        let outcome = run(folder.path(), &url, &trusting);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert_eq!(select(database.url(), KEPT).await, ["SM3"]);
        // From then on it goes without.
        let outcome = run(folder.path(), &url, &prune);
        assert_eq!(outcome.code, Some(0), "{outcome}");
    })
    .await;
}

#[tokio::test]
async fn the_service_does_not_delete_everything_either() {
    each_database(async |database| {
        with_an_old_message(database, 200).await;
        make_old(database, "SM2", 190).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = [&settings(database.url())[..], &[("RETENTION", "7d")]].concat();
        let mut service = Service::start(folder.path(), &settings);
        let line = service.wait_for_line("the doubt", |line| line.contains("in doubt"));
        assert!(line.contains("WARN") && line.contains("the newest message is old"), "{line}");
        assert_eq!(say(&service, "SM3", "+14155552671", "Yesterday").await, ["Playing Yesterday"]);
        assert_eq!(select(database.url(), KEPT).await, ["SM1", "SM2", "SM3"]);
    })
    .await;
}
