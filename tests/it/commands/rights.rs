//! The rights of a database user: those that `docs/operations.md` tells to give
//! are enough, and no more than enough for serving.

use std::fs;

use url::Url;
use uuid::Uuid;

use crate::support::database::{TestDatabase, on_mysql, run_sql, select};
use crate::support::ringback::run;
use crate::support::service::Service;
use crate::support::twilio::{post, settings};

/// The documented statements on a user of this name, for this database.
fn documented(user: &str, url: &Url, name: &str) -> String {
    let text = fs::read_to_string("docs/operations.md").unwrap();
    let database = format!("`{}`.*", url.path().trim_start_matches('/'));
    let is_it = |line: &&str| {
        line.contains(&format!("'{user}'@"))
            && (line.starts_with("CREATE USER") || line.starts_with("GRANT"))
            // Only servers of a group have this table.
            && !line.contains("replication_group_members")
    };
    let lines: Vec<String> = text
        .lines()
        .filter(is_it)
        .map(|line| line.replace(&format!("'{user}'"), &format!("'{name}'")))
        .map(|line| line.replace("ringback.*", &database))
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    lines.join("\n")
}

/// The address for this user, made as is documented.
async fn made(user: &str, database: &TestDatabase, name: &str) -> String {
    let mut url = Url::parse(database.url()).unwrap();
    run_sql(database.url(), &documented(user, &url, name)).await;
    url.set_username(name).unwrap();
    url.set_password(Some("change-me")).unwrap();
    url.into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_documented_are_enough_to_migrate_and_to_serve() {
    on_mysql(async |database| {
        let id = &Uuid::new_v4().simple().to_string()[..12];
        let (migrator, server) = (format!("m{id}"), format!("s{id}"));
        let migrating = made("ringback_migrate", database, &migrator).await;
        let serving = made("ringback", database, &server).await;
        let folder = tempfile::tempdir().unwrap();
        let migrate = |url: &str| run(folder.path(), &[("DATABASE_URL", url)], &["migrate"]);

        // Nothing is there yet, and this one may make nothing.
        let outcome = migrate(&serving);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.contains("docs/operations.md has the `GRANT`s"), "{outcome}");

        let make = "CREATE TABLE user_sessions (phone_number VARCHAR(20), user_name VARCHAR(100)) ENGINE = MyISAM";
        run_sql(database.url(), make).await;
        let outcome = migrate(&migrating);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert_eq!(migrate(&serving).code, Some(0));
        let service = Service::start(folder.path(), &settings(&serving));
        let twiml = post(&service, "SM1", "+14155552671", "hello").await;
        assert!(twiml.contains("What is your name?"), "{twiml}");
        service.stop();
        let prune = run(
            folder.path(),
            &[("DATABASE_URL", &serving)],
            &["prune", "--older-than", "7d"],
        );
        assert_eq!(prune.code, Some(0), "{prune}");

        // Each right is needed, and the one that is missing is told.
        for right in ["SELECT", "INSERT", "UPDATE"] {
            let name = select(database.url(), "SELECT DATABASE()").await.remove(0);
            run_sql(database.url(), &format!("REVOKE {right} ON `{name}`.* FROM '{server}'@'%'")).await;
            let outcome = migrate(&serving);
            assert_eq!(outcome.code, Some(1), "{right}: {outcome}");
            let grant = outcome.stderr.lines().find(|line| line.trim().starts_with("GRANT"));
            if right == "SELECT" {
                // Without it, the server shows not even that there are tables.
                run_sql(database.url(), &format!("GRANT {right} ON `{name}`.* TO '{server}'@'%'")).await;
            } else {
                run_sql(database.url(), grant.unwrap_or_else(|| panic!("{right}: {outcome}"))).await;
            }
            assert_eq!(migrate(&serving).code, Some(0), "{right}");
        }
        run_sql(database.url(), &format!("DROP USER '{migrator}'@'%', '{server}'@'%'")).await;
    })
    .await;
}
