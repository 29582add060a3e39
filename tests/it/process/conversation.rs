//! The conversation with a real process, which may be killed at any moment.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use crate::support::database::{TestDatabase, each_database, on_mysql, select};
use crate::support::service::Service;
use crate::support::twilio::{Form, client, post, say, settings};

/// What a person says, and what is answered.
const TURNS: [(&str, &str); 4] = [
    ("hello", "What is your name?"),
    ("John", "Hello John, what is your favorite song?"),
    ("Bohemian Rhapsody", "Playing Bohemian Rhapsody"),
    ("thanks", "Say hello to begin."),
];

fn start(database: &TestDatabase) -> Service {
    // The database is named; nothing lies in the folder.
    Service::start(tempfile::tempdir().unwrap().path(), &settings(database.url()))
}

#[tokio::test]
async fn goes_on_after_a_kill_between_any_two_messages() {
    each_database(async |database| {
        let mut service = start(database);
        for (index, (says, reply)) in TURNS.iter().enumerate() {
            let id = format!("SM{index}");
            let twiml = post(&service, &id, "+14155552671", says).await;
            assert!(twiml.contains(reply), "{twiml}");
            service.kill9();
            service = start(database);
            // Twilio repeats what it holds to be lost: the same bytes, and nothing moves.
            assert_eq!(post(&service, &id, "+14155552671", says).await, twiml);
        }
        let rows = select(
            database.url(),
            "SELECT CONCAT_WS('|', user_name, favorite_song, conversation_state) FROM user_sessions",
        );
        assert_eq!(rows.await, ["John|Bohemian Rhapsody|COMPLETED"]);
    })
    .await;
}

/// Whether the message was taken before the end or not: repeated, it gets the
/// one reply that it must have, and is taken once.
#[tokio::test]
async fn a_kill_in_the_midst_of_a_message_loses_and_doubles_nothing() {
    each_database(async |database| {
        let mut service = start(database);
        for (round, (says, reply)) in (0..).zip(TURNS.iter().cycle().take(12)) {
            let form = Form::new(&format!("SM{round}"), "+14155552671", says);
            let client = client();
            let sent = form.post(&client, service.address());
            // Each round a little later in the message's way: in some it is
            // not there yet, in some it is taken, in some it is answered.
            let first = timeout(Duration::from_millis(round), sent).await;
            service.kill9();
            service = start(database);
            let again = form.post(&client, service.address()).await.unwrap();
            assert!(again.body.contains(reply), "round {round}: {again:?}");
            if let Ok(first) = first {
                assert_eq!(first.unwrap(), again);
            }
        }
        let taken = select(database.url(), "SELECT message_id FROM messages").await;
        assert_eq!(taken.len(), 12);
    })
    .await;
}

#[tokio::test]
async fn two_processes_share_senders_without_losing_or_doubling_a_step() {
    on_mysql(async |database| share(database).await).await;
}

#[tokio::test]
async fn a_second_process_on_the_same_file_takes_turns_with_the_first() {
    share(&TestDatabase::sqlite()).await;
}

/// Two processes at once; each message goes to both, as two deliveries of it.
async fn share(database: &TestDatabase) {
    let services = [start(database), start(database)];
    let client = client();
    let conversations = (0..8).map(|number| {
        let (client, services) = (&client, &services);
        async move {
            let from = format!("+1415555{number:04}");
            for (index, (says, reply)) in TURNS.iter().enumerate() {
                let form = Form::new(&format!("SM{number}-{index}"), &from, says);
                let answers = join_all(services.iter().map(async |service| {
                    loop {
                        let answer = form.post(client, service.address()).await.unwrap();
                        // Too busy for a moment: Twilio tries again, too.
                        if answer.status != 503 {
                            return answer;
                        }
                    }
                }));
                let [first, second] = answers.await.try_into().unwrap();
                assert_eq!(first.status, 200, "{first:?}");
                assert_eq!(first, second, "{from}: {says}");
                assert!(first.body.contains(reply), "{from}: {says}: {first:?}");
            }
        }
    });
    join_all(conversations).await;
    let turns = "SELECT CONCAT_WS('|', COUNT(*), COUNT(DISTINCT turn), MAX(turn)) \
                 FROM messages GROUP BY phone_number";
    assert_eq!(select(database.url(), turns).await, vec!["4|4|4"; 8]);
}

#[tokio::test]
async fn two_people_at_once_have_two_conversations() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    for (index, (from, says, reply)) in [
        ("+14155552671", "hello", "What is your name?"),
        ("+14155552672", "hello", "What is your name?"),
        ("+14155552671", "Ann", "Hello Ann, what is your favorite song?"),
        ("+14155552672", "Bob", "Hello Bob, what is your favorite song?"),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(say(&service, &format!("SM{index}"), from, says).await, [*reply]);
    }
}
