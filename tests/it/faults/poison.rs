//! A message that the database refuses, among many that it takes: it fails
//! alone, and the log names it without a word of what it says.

use futures_util::future::join_all;

use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::{each_database, run_sql, select};
use crate::support::twilio::{Form, client, sid};

/// How many are under way at once.
const MANY: usize = 200;

const TOLD: &str = "a message could not be taken";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fails_alone_and_its_text_is_told_nobody() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Watched::start(folder.path(), database.url());
        // As a column of another type would, the database quotes what it refuses.
        let refuse = if database.is_mysql() {
            "CREATE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW \
             IF NEW.body LIKE 'Quetzal%' THEN BEGIN \
             DECLARE quoted TEXT DEFAULT CONCAT(NEW.from_address, ': ', NEW.body); \
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = quoted; END; END IF"
        } else {
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.body LIKE 'Quetzal%' \
             BEGIN SELECT RAISE(ABORT, 'Quetzal'); END"
        };
        run_sql(database.url(), refuse).await;
        let (client, at) = (client(), service.address());
        let posts = (0..MANY).map(|n| {
            let says = if n == 77 { format!("Quetzal {n}") } else { format!("Xylophon {n}") };
            let form = Form::new(&sid(&n.to_string()), &format!("{SECRET_NUMBERS}{n:06}"), &says);
            let client = client.clone();
            async move { (n, form.post(&client, at).await.unwrap()) }
        });
        for (n, answer) in join_all(posts).await {
            let expected = if n == 77 { 500 } else { 200 };
            assert_eq!(answer.status.as_u16(), expected, "{n}: {answer:?}");
        }
        let missing = format!(
            "SELECT CAST(COUNT(*) AS CHAR) FROM messages WHERE message_id <> '{}'",
            sid("77")
        );
        assert_eq!(select(database.url(), &missing).await, [(MANY - 1).to_string()]);
        // That it tells neither number nor text, `stop` has seen.
        let log = service.stop();
        assert_eq!((log.count(TOLD), log.troubles().len()), (1, 1), "{:#?}", log.troubles());
    })
    .await;
}
