//! Tables that were there before: those of the original are not always as its
//! own statement made them, and some are another program's altogether. Each is
//! used, or refused with statements that help, whoever follows them to the letter.

mod mysql;
mod sqlite;

use ringback::store::url::DatabaseUrl;
use ringback::store::{Saved, Store, StoreError};

use super::{message, migrated, sender, take};
use crate::support::database::{TestDatabase, on_mysql, run_sql, select};

/// What becomes of a table.
#[derive(Clone, Copy, Debug)]
enum Is {
    /// Used at once.
    Taken,
    /// Refused, with these words, until what is said is done.
    Refused(&'static str),
}
use Is::{Refused, Taken};

/// The rows that each case begins with, if its table takes them.
const ROWS: &str = "INSERT INTO user_sessions (phone_number, user_name, conversation_state) \
     VALUES ('+15550000001', 'Ann', 'waiting_for_song')";

/// The original's other columns.
const REST: &str = "user_name VARCHAR(100), favorite_song VARCHAR(200), \
     conversation_state VARCHAR(50), last_interaction TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP";

fn store(url: &str) -> Store {
    Store::new(&DatabaseUrl::parse(url).unwrap()).unwrap()
}

/// The statements that an error says to run.
fn advice(error: &StoreError) -> Vec<String> {
    let text = error.to_string();
    text.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

/// The first start fails in these words; as often as its successors fail, the
/// statements that they say are run.
async fn refused_until_mended(url: &str, words: &str, case: &str) {
    let error = store(url).migrate().await.expect_err(case);
    assert!(error.to_string().contains(words), "{case}: {error}");
    let mut error = Some(error);
    for _ in 0..3 {
        let Some(refused) = error else { return };
        let statements = advice(&refused);
        assert!(!statements.is_empty(), "{case}: {refused}");
        for statement in statements {
            run_sql(url, &statement).await;
        }
        error = store(url).migrate().await.err();
    }
    assert!(error.is_none(), "{case}: {error:?}");
}

/// Two messages each of several people, two of whom differ in the case of a letter.
async fn people_are_kept_apart(url: &str, case: &str) {
    let store = migrated(url).await;
    let mut writer = store.writer().await.unwrap();
    let addresses = ["+15550000001", "+15550000002", "messenger:abc", "messenger:ABC"];
    for turn in 1..=2 {
        for address in addresses {
            let id = format!("SM{turn}{address}");
            let saved = take(&mut writer, vec![message(&id, address)]).await;
            assert_eq!(saved.unwrap_or_else(|error| panic!("{case}: {error}")), Saved::Done);
        }
    }
    for address in addresses {
        let person = store.person(&sender(address)).await.unwrap().unwrap();
        assert_eq!(person.turns, 2, "{case}: {address}");
        let rows = format!(
            "SELECT CAST(COUNT(*) AS CHAR) FROM user_sessions WHERE phone_number = '{address}'"
        );
        assert_eq!(select(url, &rows).await, ["1"], "{case}: {address}");
    }
    writer.load(&[sender("+15550000002")].into()).await.unwrap();
    writer.roll_back().await.unwrap();
}

async fn try_each(database: &TestDatabase, case: &str, make: &str, is: Is) {
    let url = database.url();
    run_sql(url, make).await;
    match is {
        Taken => {}
        Refused(words) => refused_until_mended(url, words, case).await,
    }
    people_are_kept_apart(url, case).await;
    // A second start finds nothing more to do, and nobody is left of the trial.
    store(url).migrate().await.unwrap();
    let trial = "SELECT CAST(COUNT(*) AS CHAR) FROM user_sessions \
                 WHERE phone_number LIKE 'rehearsal%' OR phone_number LIKE '+0%'";
    assert_eq!(select(url, trial).await, ["0"], "{case}");
}

/// `user_sessions` with this key, further parts, and options.
fn sessions(key: &str, rest: &str, options: &str) -> String {
    format!("CREATE TABLE user_sessions ({key}, {rest}) {options}; {ROWS}")
}

/// A short row leaves columns out, which must be NULL then.
#[tokio::test]
async fn a_default_for_what_a_short_row_leaves_out_is_removed() {
    const IS_NULL: &str = "SELECT CAST(COALESCE(column_default, 'NULL') AS CHAR) \
         FROM information_schema.columns WHERE table_schema = DATABASE() \
         AND table_name = 'user_sessions' AND column_name IN ('language', 'stack', 'wakes_at')";
    on_mysql(async |database| {
        migrated(database.url()).await;
        for definition in [
            "language VARCHAR(35) NULL DEFAULT 'de'",
            "language VARCHAR(35) NOT NULL DEFAULT ''",
            "stack MEDIUMTEXT NULL DEFAULT ('[]')",
            "wakes_at DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3)",
        ] {
            let modify = format!("ALTER TABLE user_sessions MODIFY {definition}");
            run_sql(database.url(), &modify).await;
            store(database.url()).migrate().await.unwrap();
            assert_eq!(select(database.url(), IS_NULL).await, ["NULL"; 3], "{definition}");
        }
    })
    .await;
}

/// Whoever changes a table of a database that is in use is told at the next start.
#[tokio::test]
async fn a_table_that_was_changed_since_is_seen_at_the_next_start() {
    let cases = [
        ("an engine", "ALTER TABLE user_sessions ENGINE = MyISAM", Taken),
        ("an engine of messages", "ALTER TABLE messages ENGINE = MyISAM", Taken),
        ("a key", "ALTER TABLE user_sessions DROP PRIMARY KEY", Taken),
        ("a key of messages", "ALTER TABLE messages DROP INDEX messages_message_id", Taken),
        ("a collation", "ALTER TABLE user_sessions CONVERT TO CHARACTER SET latin1", Taken),
        (
            "a column",
            "ALTER TABLE user_sessions ADD COLUMN tenant INT NOT NULL; ALTER TABLE user_sessions ALTER COLUMN tenant DROP DEFAULT",
            Refused("a column `tenant`"),
        ),
        (
            "a column of messages",
            "ALTER TABLE messages ADD COLUMN tenant INT NOT NULL",
            Refused("a column `tenant`"),
        ),
        (
            "a check",
            "ALTER TABLE messages ADD CONSTRAINT short CHECK (CHAR_LENGTH(body) < 100)",
            Refused("for which `short` is there"),
        ),
        ("a collation of messages", "ALTER TABLE messages CONVERT TO CHARACTER SET latin1", Taken),
        ("a width", "ALTER TABLE user_sessions MODIFY user_name VARCHAR(20)", Taken),
    ];
    for (case, change, is) in cases {
        on_mysql(async |database| {
            migrated(database.url()).await;
            try_each(database, case, change, is).await;
        })
        .await;
    }
}
