//! What a server says when nobody can use it at the moment, in its many words,
//! is one outage: quick refusals, and one line in the log.

use crate::support::database::{on_mysql, run_sql};
use crate::support::service::Service;
use crate::support::twilio::{Form, client, settings};

/// Galera without a majority, shutdown, read-only, killed, group replication,
/// offline mode, a silent client, a full disk, a failed commit, and a proxy.
const NUMBERS: [u16; 13] =
    [1047, 1053, 1290, 1836, 1927, 3100, 3032, 4031, 1030, 1114, 1180, 2013, 9001];

#[tokio::test]
async fn a_server_that_nobody_can_use_is_told_of_once() {
    on_mysql(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(folder.path(), &settings(database.url()));
        for number in NUMBERS {
            let trigger = format!(
                "DROP TRIGGER IF EXISTS away; \
                 CREATE TRIGGER away BEFORE INSERT ON messages FOR EACH ROW \
                 SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {number}"
            );
            run_sql(database.url(), &trigger).await;
            for from in ["+14155552671", "+14155552672"] {
                let form = Form::new(&format!("SM{number}{from}"), from, "hello");
                let answer = form.post(&client(), service.address()).await.unwrap();
                assert_eq!(answer.status, 503, "{number}: {answer:?}");
                assert_eq!(answer.retry_after.as_deref(), Some("1"), "{number}");
            }
        }
        let ready = client().get(service.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), 503);
        let (_, log) = service.stop();
        let troubles: Vec<_> = log.iter().filter(|line| line.contains("ERROR")).collect();
        assert_eq!(troubles.len(), 1, "{troubles:#?}");
    })
    .await;
}
