//! A server whose settings are not those that it comes with: an administrator's
//! ordinary hardening, and everything else that changes what a statement means.

use super::server::Server;
use crate::support::database::{run_sql, select};
use crate::support::service::Service;
use crate::support::twilio::{post, settings};

/// What a session of everybody but an administrator begins with.
const SESSION: &str = "--init-connect=SET SESSION autocommit = 0, SESSION completion_type = 'RELEASE', \
     SESSION sql_safe_updates = 1, SESSION sql_select_limit = 0, SESSION sql_big_selects = 0, \
     SESSION max_join_size = 1, SESSION tx_read_only = 1, SESSION sql_auto_is_null = 1, \
     SESSION unique_checks = 0, SESSION foreign_key_checks = 0, SESSION max_statement_time = 0.0001, \
     SESSION default_storage_engine = MyISAM, SESSION group_concat_max_len = 4, \
     SESSION tx_isolation = SERIALIZABLE, SESSION time_zone = '+05:30', SESSION div_precision_increment = 0, \
     NAMES latin1";

/// What the server as a whole is told.
const SERVER: [&str; 9] = [
    "--sql-mode=ANSI,ORACLE,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
     PAD_CHAR_TO_FULL_LENGTH,EMPTY_STRING_IS_NULL,ONLY_FULL_GROUP_BY,NO_UNSIGNED_SUBTRACTION",
    "--character-set-server=latin1",
    "--collation-server=latin1_german1_ci",
    "--innodb-default-row-format=compact",
    "--innodb-strict-mode=0",
    "--explicit-defaults-for-timestamp=0",
    "--max-allowed-packet=64K",
    "--lower-case-table-names=1",
    "--wait-timeout=2",
];

const FROM: &str = "+4917055000001";

async fn says_all(service: &Service, round: &str) {
    let says =
        [("hello", "What is your name?"), ("Zoé 😀", "Hello Zoé 😀,"), ("Creep", "Playing Creep")];
    for (turn, (says, reply)) in says.into_iter().enumerate() {
        let twiml = post(service, &format!("SM{round}{turn}"), FROM, says).await;
        assert!(twiml.contains(reply), "{twiml}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn takes_every_message_and_lets_tables_be_altered_beside() {
    let options = SERVER.iter().copied().chain([SESSION]).map(str::to_owned).collect();
    let Some(server) = Server::start_told(options).await else { return };
    // All that it serves with; what it migrates with stands in `commands::rights`.
    server
        .administer(
            "CREATE USER serving@'%'; \
             GRANT SELECT, INSERT, UPDATE, DELETE ON ringback.* TO serving@'%'",
        )
        .await;
    let folder = tempfile::tempdir().unwrap();
    for (round, user) in ["bot", "serving"].into_iter().enumerate() {
        let url = server.url_as(user, "ringback");
        let service = Service::start(folder.path(), &settings(&url));
        says_all(&service, &format!("a{round}")).await;
        // Readers that were asked hold nothing while they lie idle.
        let client = crate::support::twilio::client();
        for _ in 0..6 {
            let ready = client.get(service.url("/readyz")).send().await.unwrap();
            assert_eq!(ready.status(), 200);
        }
        let alter = "SET SESSION lock_wait_timeout = 1; \
                     ALTER TABLE user_sessions COMMENT 'altered', ALGORITHM = COPY";
        run_sql(&server.url_as("root", "ringback"), alter).await;
        says_all(&service, &format!("b{round}")).await;
        let (status, log) = service.stop();
        assert_eq!(status.code(), Some(0));
        let trouble = log.iter().filter(|line| line.contains("WARN") || line.contains("ERROR"));
        assert_eq!(trouble.count(), 0, "{log:#?}");
    }
    let root = server.url_as("root", "ringback");
    let engines = select(
        &root,
        "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = 'ringback'",
    );
    assert_eq!(engines.await, ["InnoDB"]);
    let names =
        select(&root, "SELECT CAST(user_name AS CHAR CHARACTER SET utf8mb4) FROM user_sessions");
    assert_eq!(names.await, ["Zoé 😀"]);
}

/// A batch is cut into statements that a server takes which takes small ones only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn takes_many_long_messages_at_once_where_packets_are_small() {
    let Some(server) = Server::start_told(vec!["--max-allowed-packet=64K".to_owned()]).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), &settings(&server.url()));
    let long = "x".repeat(10_000);
    let posts = (0..60).map(|n| {
        let (service, long) = (&service, &long);
        async move { post(service, &format!("SM{n}"), &format!("+491705500{n:04}"), long).await }
    });
    futures_util::future::join_all(posts).await;
    let kept = "SELECT CAST(COUNT(*) AS CHAR) FROM messages WHERE CHAR_LENGTH(body) = 10000";
    assert_eq!(select(&server.url(), kept).await, ["60"]);
    let (_, lines) = service.stop();
    assert!(!lines.iter().any(|line| line.contains("WARN")), "{lines:#?}");
}
