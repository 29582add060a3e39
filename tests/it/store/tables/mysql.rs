//! The tables of others on a server.

use super::Is::{Refused, Taken};
use super::{REST, ROWS, sessions, try_each};
use crate::support::database::on_mysql;

#[tokio::test]
async fn one_of_another_engine_or_key_is_used() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let cases = [
        ("MyISAM", sessions(key, REST, "ENGINE = MyISAM ROW_FORMAT = FIXED"), Taken),
        ("MEMORY", sessions(key, REST, "ENGINE = MEMORY"), Taken),
        ("no key", sessions("phone_number VARCHAR(20)", REST, ""), Taken),
        ("no key, long", sessions("phone_number TEXT", REST, ""), Taken),
        (
            "another key",
            sessions("id INT AUTO_INCREMENT PRIMARY KEY, phone_number VARCHAR(20)", REST, ""),
            Taken,
        ),
        (
            "a unique key only",
            sessions("phone_number VARCHAR(20) NOT NULL UNIQUE", REST, ""),
            Taken,
        ),
        (
            "a key of a part",
            sessions("phone_number VARCHAR(50), PRIMARY KEY (phone_number(5))", REST, ""),
            Taken,
        ),
        (
            "a key of two",
            sessions(
                "tenant INT NOT NULL DEFAULT 1, phone_number VARCHAR(20), PRIMARY KEY (tenant, phone_number)",
                REST,
                "",
            ),
            Taken,
        ),
        (
            "a key regardless of case",
            sessions("phone_number VARCHAR(190) CHARACTER SET ascii PRIMARY KEY", REST, ""),
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}

#[tokio::test]
async fn one_of_other_columns_is_used() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let cases = [
        (
            "CHAR",
            sessions("phone_number CHAR(20) PRIMARY KEY", REST, "DEFAULT CHARSET latin1"),
            Taken,
        ),
        (
            "no NULL",
            sessions(
                key,
                &REST
                    .replace("VARCHAR(100)", "VARCHAR(100) NOT NULL")
                    .replace("VARCHAR(200)", "VARCHAR(200) NOT NULL DEFAULT ''"),
                "",
            ),
            Taken,
        ),
        (
            "narrow",
            sessions(
                key,
                &REST.replace("VARCHAR(50)", "VARCHAR(16)").replace("VARCHAR(100)", "CHAR(10)"),
                "",
            ),
            Taken,
        ),
        (
            "a choice of states",
            sessions(
                key,
                &REST.replace(
                    "conversation_state VARCHAR(50)",
                    "conversation_state ENUM('initial', 'waiting_for_song')",
                ),
                "",
            ),
            Taken,
        ),
        (
            "a column missing",
            sessions(key, &REST.replace("favorite_song VARCHAR(200), ", ""), ""),
            Taken,
        ),
        (
            "a day only",
            sessions(key, &REST.replace("TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP", "DATE"), ""),
            Taken,
        ),
        (
            "further columns",
            sessions(
                key,
                &format!(
                    "{REST}, created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, twice INT AS (1 + 1), note TEXT"
                ),
                "",
            ),
            Taken,
        ),
        (
            "zero dates",
            format!(
                "SET SESSION sql_mode = ''; CREATE TABLE user_sessions ({key}, {REST}, made DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00'); {ROWS}; UPDATE user_sessions SET last_interaction = '0000-00-00 00:00:00'"
            ),
            Taken,
        ),
        (
            "partitions by key",
            sessions(key, REST, "PARTITION BY KEY (phone_number) PARTITIONS 3"),
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}

#[tokio::test]
async fn one_that_lacks_or_repeats_addresses_is_refused_with_statements_that_help() {
    let cases = [
        (
            "twice",
            sessions("phone_number VARCHAR(20)", REST, "") + "; " + ROWS,
            Refused("1 rows whose `phone_number` another row also has"),
        ),
        (
            "twice but for the case",
            sessions("phone_number VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY", REST, "")
                + "; INSERT INTO user_sessions (phone_number) VALUES ('a'), ('A')",
            Refused("1 rows whose `phone_number` another row also has"),
        ),
        (
            "no number",
            sessions("phone_number VARCHAR(20)", REST, "")
                + "; INSERT INTO user_sessions (phone_number) VALUES (NULL)",
            Refused("1 rows that have no `phone_number`"),
        ),
        (
            "too long",
            sessions("phone_number VARCHAR(300)", REST, "")
                + "; INSERT INTO user_sessions (phone_number) VALUES (REPEAT('a', 200))",
            Refused("more than 190 characters"),
        ),
        (
            "a number",
            sessions("phone_number BIGINT PRIMARY KEY", REST, ""),
            Refused("`phone_number` as a number"),
        ),
        (
            "a number, empty",
            sessions("phone_number BIGINT PRIMARY KEY", REST, "").replace(ROWS, "DO 0"),
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}

#[tokio::test]
async fn one_of_columns_that_do_not_fit_is_refused_with_statements_that_help() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let cases = [
        (
            "partitions by range",
            sessions(
                "phone_number VARCHAR(20), shard INT NOT NULL DEFAULT 7, PRIMARY KEY (phone_number, shard)",
                REST,
                "PARTITION BY RANGE (shard) (PARTITION one VALUES LESS THAN (10))",
            ),
            Refused("is partitioned by RANGE"),
        ),
        (
            "a column that wants a value",
            sessions(key, &format!("{REST}, tenant VARCHAR(20) NOT NULL"), "")
                .replace("(phone_number,", "(tenant, phone_number,")
                .replace("VALUES (", "VALUES ('a', "),
            Refused("a column `tenant` that takes no NULL"),
        ),
        (
            "one in the key",
            sessions(
                "tenant INT NOT NULL, phone_number VARCHAR(20), PRIMARY KEY (tenant, phone_number)",
                REST,
                "",
            )
            .replace("(phone_number, user", "(tenant, phone_number, user")
            .replace("VALUES (", "VALUES (1, "),
            Refused("a column `tenant` that takes no NULL"),
        ),
        (
            "no time",
            sessions(key, &REST.replace("TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP", "INT"), ""),
            Refused("`last_interaction` as int"),
        ),
        (
            "bytes",
            sessions(key, &REST.replace("user_name VARCHAR(100)", "user_name VARBINARY(100)"), ""),
            Refused("`user_name` as varbinary"),
        ),
        (
            "computed",
            sessions(
                key,
                &REST.replace("favorite_song VARCHAR(200)", "favorite_song VARCHAR(200) AS ('x')"),
                "",
            ),
            Refused("`favorite_song` as varchar"),
        ),
        (
            "a unique name",
            sessions(key, &format!("{REST}, UNIQUE KEY one_name (user_name)"), ""),
            Refused("a unique key `one_name`"),
        ),
        (
            "a unique part of the number",
            sessions(key, &format!("{REST}, UNIQUE KEY begins (phone_number(3))"), ""),
            Refused("a unique key `begins`"),
        ),
        (
            "our names",
            sessions(
                key,
                &format!("{REST}, flow INT, language VARCHAR(5), answers MEDIUMTEXT"),
                "",
            ),
            Refused("a column `flow` of another program"),
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}

#[tokio::test]
async fn one_with_rules_of_its_own_is_refused_with_statements_that_help() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let cases = [
        (
            "refers",
            format!(
                "CREATE TABLE people (phone VARCHAR(20) PRIMARY KEY) ; INSERT INTO people VALUES ('+15550000001'); {}",
                sessions(
                    key,
                    &format!(
                        "{REST}, CONSTRAINT known FOREIGN KEY (phone_number) REFERENCES people (phone)"
                    ),
                    ""
                )
            ),
            Refused("refers to another table with `phone_number`"),
        ),
        (
            "is referred to",
            sessions(key, REST, "")
                + "; CREATE TABLE orders (phone VARCHAR(20), CONSTRAINT whose FOREIGN KEY (phone) REFERENCES user_sessions (phone_number))",
            Refused("is referred to by the table `orders`"),
        ),
        (
            "its other key is referred to",
            sessions("id INT AUTO_INCREMENT PRIMARY KEY, phone_number VARCHAR(20)", REST, "")
                + "; CREATE TABLE orders (id INT, FOREIGN KEY (id) REFERENCES user_sessions (id))",
            Taken,
        ),
        (
            "a check",
            sessions(
                key,
                &format!(
                    "{REST}, CONSTRAINT known_states CHECK (conversation_state IN ('initial', 'waiting_for_song'))"
                ),
                "",
            ),
            Refused("for which `known_states` is there"),
        ),
        (
            "a check of a column",
            sessions(
                key,
                &REST.replace("VARCHAR(50)", "VARCHAR(50) CHECK (conversation_state <> 'INITIAL')"),
                "",
            ),
            Refused("refuses what is written to it"),
        ),
        (
            "a trigger that refuses",
            sessions(key, REST, "")
                + "; CREATE TRIGGER guard BEFORE INSERT ON user_sessions FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
            Refused("for which `guard` is there"),
        ),
        (
            "a trigger that changes",
            sessions(key, REST, "")
                + "; CREATE TRIGGER change_it BEFORE UPDATE ON user_sessions FOR EACH ROW SET NEW.conversation_state = 'x'",
            Refused("holds something other"),
        ),
        (
            "a trigger that looks on",
            "CREATE TABLE audit (phone VARCHAR(190)); ".to_owned()
                + sessions(key, REST, "").as_str()
                + "; CREATE TRIGGER look BEFORE INSERT ON user_sessions FOR EACH ROW INSERT INTO audit VALUES (NEW.phone_number)",
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}

#[tokio::test]
async fn one_that_has_but_our_name_is_refused_with_statements_that_help() {
    let key = "phone_number VARCHAR(20) PRIMARY KEY";
    let cases = [
        (
            "a view",
            format!(
                "CREATE TABLE people ({key}, {REST}); CREATE VIEW user_sessions AS SELECT * FROM people"
            ),
            Refused("is a view, not a table"),
        ),
        (
            "sessions of a web page",
            "CREATE TABLE user_sessions (id CHAR(36) PRIMARY KEY, token TEXT)".to_owned(),
            Refused("it has no column `phone_number`"),
        ),
        (
            "another's messages",
            "CREATE TABLE messages (id INT PRIMARY KEY, text TEXT)".to_owned(),
            Refused("`messages` is another program's"),
        ),
        (
            "another's versions",
            "CREATE VIEW flow_versions AS SELECT 1".to_owned(),
            Refused("`flow_versions` is a view"),
        ),
        (
            "another's keys",
            "CREATE TABLE service_keys (name VARCHAR(50), value VARCHAR(100)) ENGINE = MyISAM"
                .to_owned(),
            Taken,
        ),
    ];
    for (case, make, is) in cases {
        on_mysql(async |database| try_each(database, case, &make, is).await).await;
    }
}
