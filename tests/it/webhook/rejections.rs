//! A database that rejects messages: of one sender, which is that message's
//! fault, or of all, which `/readyz` must show.

use axum::http::StatusCode;

use super::{Service, message, request};
use crate::support::database::{TestDatabase, each_database, run_sql};

/// A way in which a database comes to reject every message while it answers.
struct Damage {
    name: &'static str,
    does: &'static str,
    mend: &'static str,
}

const ON_BOTH: [Damage; 4] = [
    Damage {
        name: "a column of `messages` is gone",
        does: "ALTER TABLE messages RENAME COLUMN state_after TO state_then",
        mend: "ALTER TABLE messages RENAME COLUMN state_then TO state_after",
    },
    Damage {
        name: "a column of `user_sessions` is gone",
        does: "ALTER TABLE user_sessions RENAME COLUMN tries TO attempts",
        mend: "ALTER TABLE user_sessions RENAME COLUMN attempts TO tries",
    },
    Damage {
        name: "`messages` is gone",
        does: "ALTER TABLE messages RENAME TO told",
        mend: "ALTER TABLE told RENAME TO messages",
    },
    Damage {
        name: "`user_sessions` is gone",
        does: "ALTER TABLE user_sessions RENAME TO people",
        mend: "ALTER TABLE people RENAME TO user_sessions",
    },
];

const ON_MYSQL: [Damage; 3] = [
    Damage {
        name: "a column that must be given came to `messages`",
        does: "ALTER TABLE messages ADD COLUMN more INT NOT NULL",
        mend: "ALTER TABLE messages DROP COLUMN more",
    },
    Damage {
        name: "a column that must be given came to `user_sessions`",
        does: "ALTER TABLE user_sessions ADD COLUMN more INT NOT NULL",
        mend: "ALTER TABLE user_sessions DROP COLUMN more",
    },
    Damage {
        name: "a trigger refuses every message",
        does: "CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW SIGNAL SQLSTATE '45000'",
        mend: "DROP TRIGGER refuse",
    },
];

const ON_SQLITE: [Damage; 1] = [Damage {
    name: "a trigger refuses every message",
    does: "CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no'); END",
    mend: "DROP TRIGGER refuse",
}];

fn damages(database: &TestDatabase) -> impl Iterator<Item = &'static Damage> {
    const NONE: &[Damage] = &[];
    let (mysql, sqlite): (&[_], &[_]) =
        if database.is_mysql() { (&ON_MYSQL, NONE) } else { (NONE, &ON_SQLITE) };
    ON_BOTH.iter().chain(mysql).chain(sqlite)
}

impl Service {
    async fn readiness(&self) -> StatusCode {
        self.send(request("GET", "/readyz", "", "", "")).await.status
    }

    async fn status(&self, id: &str, from: &str) -> StatusCode {
        self.post(&message(id, from, "hello")).await.status
    }
}

#[tokio::test]
async fn what_several_senders_meet_makes_the_service_not_ready_until_one_is_taken() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        for (number, Damage { name, does, mend }) in damages(database).enumerate() {
            let id = |what: &str| format!("SM{number}{what}");
            assert_eq!(service.status(&id("before"), "+1").await, 200, "{name}");
            assert_eq!(service.readiness().await, 200, "{name}");
            run_sql(database.url(), does).await;
            for from in ["+1", "+2"] {
                assert_eq!(service.status(&id(from), from).await, 500, "{name}");
            }
            assert!(service.bot.failed_lately(), "{name}");
            assert_eq!(service.readiness().await, 503, "{name}");
            run_sql(database.url(), mend).await;
            assert_eq!(service.status(&id("+1"), "+1").await, 200, "{name}: mended");
            assert_eq!(service.readiness().await, 200, "{name}: mended");
        }
    })
    .await;
}

/// Of one sender, and of two beside others who are answered.
#[tokio::test]
async fn a_message_that_is_poison_does_not() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        let poison = if database.is_mysql() {
            "CREATE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW \
             IF NEW.message_id LIKE 'SMpoison%' THEN SIGNAL SQLSTATE '45000'; END IF"
        } else {
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.message_id LIKE 'SMpoison%' \
             BEGIN SELECT RAISE(ABORT, 'poison'); END"
        };
        run_sql(database.url(), poison).await;
        for id in ["SMpoison1", "SMpoison1", "SMpoison2"] {
            assert_eq!(service.status(id, "+1").await, 500);
            assert_eq!(service.readiness().await, 200);
        }
        let (first, other, second) = tokio::join!(
            service.status("SMpoison3", "+1"),
            service.status("SM4", "+2"),
            service.status("SMpoison5", "+3"),
        );
        assert_eq!([first, other, second].map(|status| status.as_u16()), [500, 200, 500]);
        assert_eq!(service.readiness().await, 200);
    })
    .await;
}
