//! `ringback check --against`: who would begin again, told before the deploy.

use insta::assert_snapshot;

use super::{shown, write};
use crate::support::database::{TestDatabase, each_database, run_sql, select};
use crate::support::ringback::{Outcome, run};
use crate::support::service::Service;
use crate::support::twilio::{post, settings};

const OLD: &str = "flow: order
start: [order]
steps:
  pizza: {ask: Which pizza?}
  size: {ask: Which size?}
  street: {ask: Which street?, max: 100}
  done: {say: 'To {{ street }}.'}
";

/// Plays that, whatever its steps are called.
const CHAT: &str = "> order
< Which pizza?
> Salami
< Which size?
> Large
< Which street?
> Elm Street
< To Elm Street.
= COMPLETED
";

/// What was shown, of whichever database.
fn on_any(outcome: &Outcome) -> String {
    let databases = ["sqlite:[FOLDER]/ringback.db", "mysql://[SERVER]/[DATABASE]"];
    databases.iter().fold(shown(outcome), |text, name| text.replace(name, "[DATABASE]"))
}

/// People at each question, and some at none.
async fn people(database: &TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "order.yaml", OLD);
    let settings = [&settings(database.url())[..], &[("FLOWS", "order.yaml")]].concat();
    let service = Service::start(folder.path(), &settings);
    let says = ["order", "Salami", "Large", "Elm Street", "thanks"];
    for (number, (count, turns)) in [(2, 1), (12, 2), (1, 3), (4, 4), (1, 5)].iter().enumerate() {
        for person in 0..*count {
            let from = format!("+1415{number:03}{person:04}");
            for (turn, says) in says.iter().take(*turns).enumerate() {
                post(&service, &format!("SM{from}{turn}"), &from, says).await;
            }
        }
    }
}

#[tokio::test]
async fn who_would_begin_again_is_told_by_place() {
    each_database(async |database| {
        people(database).await;
        let everything = "SELECT CONCAT_WS('|', phone_number, conversation_state, answers, flow_version, \
             last_interaction) FROM user_sessions ORDER BY phone_number";
        let before = select(database.url(), everything).await;
        let folder = tempfile::tempdir().unwrap();
        let check = |text: &str, more: &[&str]| {
            write(folder.path(), "order.yaml", text);
            let arguments = [&["check", "order.yaml", "--against", database.url()], more].concat();
            on_any(&run(folder.path(), &[], &arguments))
        };
        write(folder.path(), "order.chat", CHAT);
        assert_snapshot!("same", check(OLD, &["--strict"]));
        let sizes = OLD.replace("size:", "sizes:");
        assert_snapshot!("renamed", check(&sizes, &[]));
        let strict = check(&sizes, &["--strict"]);
        assert!(strict.starts_with("exit code: 1"), "{strict}");
        let other = OLD.replace("size:", "how_big:");
        assert_snapshot!("known_by_its_question", check(&other, &[]));
        let followed = sizes.replace("steps:", "renamed: {size: sizes}\nsteps:");
        assert_snapshot!("followed", check(&followed, &["--strict"]));
        std::fs::remove_file(folder.path().join("order.chat")).unwrap();
        let more = OLD.replace("  street:", "  name: {ask: Who?}\n  street:");
        assert_snapshot!("missing", check(&more, &[]));
        assert_snapshot!("gone", check(&OLD.replace("order", "survey"), &[]));
        // Nobody was named, and nothing was touched.
        assert_eq!(select(database.url(), everything).await, before);
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_too_late_does_not_count() {
    each_database(async |database| {
        people(database).await;
        run_sql(
            database.url(),
            "UPDATE user_sessions SET expires_at = '2026-01-01 00:00:00.000' \
             WHERE expires_at IS NOT NULL",
        )
        .await;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "order.yaml", OLD.replace("size:", "sizes:"));
        write(folder.path(), "order.chat", CHAT);
        let arguments = ["check", "order.yaml", "--against", database.url()];
        assert_snapshot!("expired", on_any(&run(folder.path(), &[], &arguments)));
    })
    .await;
}

#[tokio::test]
async fn rows_that_cannot_be_read_do_not_hide_the_others() {
    each_database(async |database| {
        people(database).await;
        run_sql(
            database.url(),
            "UPDATE user_sessions SET opt_outs = '{bad' WHERE conversation_state = 'size'",
        )
        .await;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "order.yaml", OLD);
        write(folder.path(), "order.chat", CHAT);
        let arguments = ["check", "order.yaml", "--against", database.url()];
        assert_snapshot!("unread", on_any(&run(folder.path(), &[], &arguments)));
    })
    .await;
}

#[tokio::test]
async fn more_people_than_are_read_at_once_are_all_counted() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let url = [("DATABASE_URL", database.url())];
    assert_eq!(run(folder.path(), &url, &["migrate"]).code, Some(0));
    let rows: Vec<String> = (0..1234)
        .map(|n| format!("('+1415555{n:04}', 'gone', 'order', '{{}}', '2999-01-01 00:00:00.000')"))
        .collect();
    let insert = "INSERT INTO user_sessions (phone_number, conversation_state, flow, answers, \
         expires_at) VALUES ";
    run_sql(database.url(), &format!("{insert}{}", rows.join(","))).await;
    write(folder.path(), "order.yaml", OLD);
    let told = run(folder.path(), &[], &["check", "order.yaml", "--against", database.url()]);
    assert!(told.stdout.contains("1234 people wait at `order/gone`"), "{told}");
}

#[tokio::test]
async fn a_database_of_an_older_release_is_refused_with_what_to_do() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let url = [("DATABASE_URL", database.url())];
        assert_eq!(run(folder.path(), &url, &["migrate"]).code, Some(0));
        run_sql(database.url(), "ALTER TABLE user_sessions DROP COLUMN flow_version").await;
        let name = if database.is_mysql() { "older_mysql" } else { "older_sqlite" };
        assert_snapshot!(
            name,
            shown(&run(folder.path(), &[], &["check", "--against", database.url()]))
        );
    })
    .await;
}

#[test]
fn what_is_not_there_is_not_made_and_an_address_must_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let check = |url| shown(&run(folder.path(), &[], &["check", "--against", url]));
    assert_snapshot!("absent", check("sqlite:absent.db"));
    assert_snapshot!("no_address", check("postgres://user:s3cret@host/database"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file was made");
}
