//! The tables of others in a file.

use super::Is::{Refused, Taken};
use super::{REST, ROWS, sessions, try_each};
use crate::support::database::TestDatabase;

#[tokio::test]
async fn one_that_is_as_it_must_be_or_lacks_a_key_is_used() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let rest = REST.replace("TIMESTAMP NULL", "TIMESTAMP");
    let rest = rest.as_str();
    let cases = [
        ("no key", sessions("phone_number TEXT", rest, ""), Taken),
        (
            "another key",
            sessions("id INTEGER PRIMARY KEY, phone_number TEXT UNIQUE", rest, ""),
            Taken,
        ),
        (
            "another key alone",
            sessions("id INTEGER PRIMARY KEY AUTOINCREMENT, phone_number TEXT", rest, ""),
            Taken,
        ),
        ("without row id", sessions(key, rest, "WITHOUT ROWID"), Taken),
        (
            "a partial index",
            sessions("phone_number TEXT", rest, "")
                + "; CREATE UNIQUE INDEX some ON user_sessions (phone_number) WHERE user_name IS NULL",
            Taken,
        ),
        (
            "a column missing",
            sessions(key, &rest.replace("favorite_song VARCHAR(200), ", ""), ""),
            Taken,
        ),
        (
            "a name that is a number",
            sessions(key, &rest.replace("user_name VARCHAR(100)", "user_name"), "")
                .replace("'Ann'", "7"),
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        try_each(&TestDatabase::sqlite(), case, &make, is).await;
    }
}

#[tokio::test]
async fn one_that_must_be_made_anew_is_refused_with_statements_that_help() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let rest = REST.replace("TIMESTAMP NULL", "TIMESTAMP");
    let rest = rest.as_str();
    let cases = [
        (
            "twice",
            sessions("phone_number TEXT", rest, "") + "; " + ROWS,
            Refused("1 of 2 rows whose `phone_number` another row also has"),
        ),
        (
            "a number",
            sessions("phone_number INTEGER PRIMARY KEY", rest, ""),
            Refused("makes numbers of texts"),
        ),
        (
            "a string",
            sessions("phone_number STRING PRIMARY KEY", rest, ""),
            Refused("makes numbers of texts"),
        ),
        (
            "regardless of case",
            sessions("phone_number TEXT COLLATE NOCASE PRIMARY KEY", rest, ""),
            Refused("in a way of its own"),
        ),
        (
            "no NULL",
            sessions(key, &rest.replace("VARCHAR(100)", "VARCHAR(100) NOT NULL"), ""),
            Refused("a column `user_name` that takes no NULL"),
        ),
        (
            "a column that wants a value",
            sessions(key, &format!("{rest}, tenant TEXT NOT NULL"), "")
                .replace("(phone_number,", "(tenant, phone_number,")
                .replace("VALUES (", "VALUES ('a', "),
            Refused("a column `tenant` that takes no NULL"),
        ),
        (
            "a check",
            sessions(key, &format!("{rest}, CHECK (conversation_state <> 'INITIAL')"), ""),
            Refused("in a way of its own"),
        ),
    ];
    for (case, make, is) in cases {
        try_each(&TestDatabase::sqlite(), case, &make, is).await;
    }
}

#[tokio::test]
async fn one_with_rules_of_its_own_or_but_our_name_is_refused_with_statements_that_help() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let rest = REST.replace("TIMESTAMP NULL", "TIMESTAMP");
    let rest = rest.as_str();
    let cases = [
        (
            "a unique name",
            sessions(key, rest, "") + "; CREATE UNIQUE INDEX one_name ON user_sessions (user_name)",
            Refused("a unique index `one_name`"),
        ),
        (
            "a unique song",
            sessions(key, &format!("{rest}, UNIQUE (favorite_song)"), ""),
            Refused("a unique key that two senders may share"),
        ),
        (
            "our names",
            sessions(key, &format!("{rest}, flow TEXT"), ""),
            Refused("a column `flow` of another program"),
        ),
        (
            "a trigger that refuses",
            sessions(key, rest, "")
                + "; CREATE TRIGGER guard BEFORE INSERT ON user_sessions BEGIN SELECT RAISE(ABORT, 'no'); END",
            Refused("for which `guard` is there"),
        ),
        (
            "a view",
            format!(
                "CREATE TABLE people ({key}, {rest}); CREATE VIEW user_sessions AS SELECT * FROM people"
            ),
            Refused("is a view, not a table"),
        ),
        (
            "a search",
            "CREATE VIRTUAL TABLE user_sessions USING fts5(phone_number)".to_owned(),
            Refused("it is a virtual table"),
        ),
        (
            "another's messages",
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, text TEXT)".to_owned(),
            Refused("`messages` is another program's"),
        ),
    ];
    for (case, make, is) in cases {
        try_each(&TestDatabase::sqlite(), case, &make, is).await;
    }
}
