//! `ringback migrate`: once, twice, and where it cannot.

use insta::assert_snapshot;

use super::{shown, write};
use crate::support::database::{each_database, select};
use crate::support::ringback::run;

#[tokio::test]
async fn twice_is_as_good_as_once() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let settings = [("DATABASE_URL", database.url()), ("RUST_LOG", "warn")];
        for _ in 0..2 {
            let outcome = run(folder.path(), &settings, &["migrate"]);
            assert_eq!(outcome.to_string(), "exit code: 0\n--- stdout\n--- stderr\n");
            let people = select(database.url(), "SELECT phone_number FROM user_sessions").await;
            assert!(people.is_empty());
        }
    })
    .await;
}

#[test]
fn says_which_database_is_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[("LOG_FORMAT", "text")], &["migrate"]);
    assert_snapshot!(shown(&outcome));
}

#[test]
fn another_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "This is no database, but a text that somebody wrote and would like to keep. ".repeat(20);
    write(folder.path(), "ringback.db", &text);
    let outcome = run(folder.path(), &[], &["migrate"]);
    assert_snapshot!(shown(&outcome));
    assert_eq!(std::fs::read_to_string(folder.path().join("ringback.db")).unwrap(), text);
}
