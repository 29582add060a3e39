//! Others in the way: the same message at several processes at once, and a
//! second writer that holds what the service needs.

use std::time::Instant;

use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use sqlx::{Connection as _, MySqlConnection};

use super::server::Server;
use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::{TestDatabase, each_database, select};
use crate::support::ringback::DEADLINE;
use crate::support::twilio::{Answer, Form, client, sid};

fn form(id: &str, person: usize, says: &str) -> Form {
    Form::new(&sid(id), &format!("{SECRET_NUMBERS}{person:06}"), says)
}

/// Sends it until it is answered.
async fn insist(form: &Form, client: &Client, service: &Watched) -> Answer {
    loop {
        let answer = form.post(client, service.address()).await.unwrap();
        if answer.status != StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!(answer.status, 200, "{answer:?}");
            return answer;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_sent_a_hundred_times_to_three_processes_is_one() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let services = [(); 3].map(|()| Watched::start(folder.path(), database.url()));
        let client = client();
        let mut first = Vec::new();
        // Three people: the limit of one sender counts repeats, too.
        for person in 0..3 {
            let form = form(&person.to_string(), person, "hello");
            let sent = (0..100).map(|n| insist(&form, &client, &services[n % 3]));
            let answers = join_all(sent).await;
            for answer in &answers {
                assert_eq!(answer, &answers[0]);
            }
            first.push((form, answers[0].clone()));
        }
        // And once more each, the last one first, to all of them.
        for (form, answer) in first.iter().rev() {
            for service in &services {
                assert_eq!(&insist(form, &client, service).await, answer);
            }
        }
        let turns = "SELECT CONCAT_WS('|', message_id, turn) FROM messages ORDER BY phone_number";
        let once = ["0", "1", "2"].map(|person| format!("{}|1", sid(person)));
        assert_eq!(select(database.url(), turns).await, once);
        for service in services {
            service.stop();
        }
    })
    .await;
}

/// Waits until the service's connection does this.
async fn until_it_runs(observer: &mut MySqlConnection, state: &str) {
    let found = "SELECT COUNT(*) FROM information_schema.processlist \
                 WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE ?";
    let until = Instant::now() + DEADLINE;
    while sqlx::query_scalar::<_, i64>(found).bind(state).fetch_one(&mut *observer).await.unwrap()
        == 0
    {
        assert!(Instant::now() < until, "the service does not come to `{state}`");
    }
}

/// The second writer claims the message's id, and then wants the session that
/// the service holds meanwhile: of the two, the service is the one with less
/// to roll back, and so the one that the server chooses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_tried_again_and_nobody_notices() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), database.url());
    let client = client();
    insist(&form("0", 0, "hello"), &client, &service).await;
    let mut stranger = MySqlConnection::connect(database.url()).await.unwrap();
    let mut observer = MySqlConnection::connect(database.url()).await.unwrap();
    sqlx::raw_sql("CREATE TABLE weight (a INT)").execute(&mut stranger).await.unwrap();
    for round in 1..=5 {
        let id = round.to_string();
        let claim = format!(
            "START TRANSACTION; INSERT INTO weight WITH RECURSIVE n (a) AS \
             (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 900) SELECT a FROM n; \
             INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
             to_address, body, received_at, state_before, state_after, reply) \
             SELECT '{}', '+1', {round}, channel, from_address, to_address, body, received_at, \
             state_before, state_after, reply FROM messages WHERE message_id = '{}'",
            sid(&id),
            sid("0")
        );
        let claim = sqlx::raw_sql(sqlx::AssertSqlSafe(claim));
        claim.execute(&mut stranger).await.unwrap();
        // The same text at once would be no answer.
        let says = form(&id, 0, &format!("Xylophon {round}"));
        let sent = tokio::spawn({
            let (client, at) = (client.clone(), service.address());
            async move { says.post(&client, at).await.unwrap() }
        });
        until_it_runs(&mut observer, "INSERT INTO messages%").await;
        // That it gets the session shows that the service gave way.
        let crossing = "UPDATE user_sessions SET tries = tries + 0";
        sqlx::raw_sql(crossing).execute(&mut stranger).await.unwrap();
        sqlx::raw_sql("ROLLBACK").execute(&mut stranger).await.unwrap();
        assert_eq!(sent.await.unwrap().status, 200, "round {round}");
    }
    let turns = "SELECT CONCAT_WS('|', turns, conversation_state) FROM user_sessions";
    assert_eq!(select(database.url(), turns).await, ["6|COMPLETED"]);
    assert_eq!(service.stop().troubles(), Vec::<String>::new());
}

/// A commit that is under way for longer than anybody waits: whoever repeats
/// the message gets the reply that is being committed, or is told to come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_while_the_first_one_is_being_committed_is_no_second_message() {
    let Some(server) = Server::start().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let services = [(); 2].map(|()| Watched::start(folder.path(), &server.url()));
    let client = client();
    insist(&form("0", 0, "hello"), &client, &services[0]).await;
    let mut backup = MySqlConnection::connect(&server.url_as("root", "ringback")).await.unwrap();
    let mut observer = MySqlConnection::connect(&server.url_as("root", "ringback")).await.unwrap();
    for (turn, says, gives_up) in
        [(1, "Xylophon", false), (2, "Quetzal", true), (3, "hello", true), (4, "Xylophon", false)]
    {
        // What a backup does for a moment: nothing commits.
        for stage in ["START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"] {
            let stage = sqlx::AssertSqlSafe(format!("BACKUP STAGE {stage}"));
            sqlx::raw_sql(stage).execute(&mut backup).await.unwrap();
        }
        let form = form(&turn.to_string(), 0, says);
        let send = |service: &Watched| {
            let (form, client, at) = (form.clone(), client.clone(), service.address());
            tokio::spawn(async move { form.post(&client, at).await.unwrap() })
        };
        let first = send(&services[0]);
        until_it_runs(&mut observer, "COMMIT").await;
        let second = send(&services[1]);
        let (first, second) = if gives_up {
            let both = (first.await.unwrap(), second.await.unwrap());
            assert_eq!((both.0.status.as_u16(), both.1.status.as_u16()), (503, 503));
            sqlx::raw_sql("BACKUP STAGE END").execute(&mut backup).await.unwrap();
            both
        } else {
            sqlx::raw_sql("BACKUP STAGE END").execute(&mut backup).await.unwrap();
            (first.await.unwrap(), second.await.unwrap())
        };
        let answer = insist(&form, &client, &services[1]).await;
        assert_eq!(insist(&form, &client, &services[0]).await, answer);
        for earlier in [first, second] {
            assert!(earlier == answer || earlier.status == 503, "{earlier:?}");
        }
    }
    let turns = "SELECT CONCAT_WS('|', message_id, turn) FROM messages ORDER BY turn";
    let all = (0..5).map(|turn| format!("{}|{}", sid(&turn.to_string()), turn + 1));
    assert_eq!(select(&server.url(), turns).await, all.collect::<Vec<_>>());
    // Their logs are read, too.
    for service in services {
        service.stop();
    }
}
