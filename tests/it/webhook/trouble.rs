//! A database that is locked, poisoned or gone.

use std::time::Duration;

use futures_util::future::join_all;
use ringback::message::Sender;
use ringback::store::{Store, Writer};
use sqlx::{Connection, MySqlConnection};
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use super::{Service, message};
use crate::support::database::{each_database, on_mysql, run_sql, select};

/// Another transaction, which holds this sender's row.
async fn holding(store: &Store, address: &str) -> Writer {
    let mut stranger = store.writer().await.unwrap();
    let senders = [Sender::from_address(address).unwrap()].into();
    // The row may still be on its way out of the transaction before.
    while !stranger.load(&senders).await.unwrap().locked.is_empty() {
        stranger.roll_back().await.unwrap();
        tokio::task::yield_now().await;
    }
    stranger
}

#[tokio::test]
async fn a_stranger_s_lock_delays_its_own_sender_only() {
    on_mysql(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let senders = ["+1", "+2", "+3", "+4", "+5"];
        for from in senders {
            service.say(&format!("SM1{from}"), from, "hello").await;
        }
        let mut stranger = holding(&service.store, "+3").await;

        // The locked one goes first, in the same batch as the others.
        let locked_form = message("SM2+3", "+3", "Ann");
        let others = ["+1", "+2", "+4", "+5"].map(|from| (format!("SM2{from}"), from));
        let mut locked = std::pin::pin!(service.post(&locked_form));
        assert!(timeout(Duration::ZERO, &mut locked).await.is_err());
        let answered = join_all(others.iter().map(|(id, from)| service.say(id, from, "Ann"))).await;
        for reply in answered {
            assert_eq!(reply, ["Hello Ann, what is your favorite song?"]);
        }
        assert!(timeout(Duration::ZERO, &mut locked).await.is_err(), "still locked");
        stranger.roll_back().await.unwrap();
        let answer = locked.await;
        assert!(answer.body.contains("Hello Ann"), "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn who_stays_locked_is_told_to_come_again_and_is_not_overtaken() {
    on_mysql(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", "+3", "hello").await;
        let mut stranger = holding(&service.store, "+3").await;
        let began = Instant::now();
        let answer = service.post(&message("SM2", "+3", "Ann")).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.retry_after.as_deref(), Some("1"));
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        stranger.roll_back().await.unwrap();
        assert_eq!(
            service.say("SM2", "+3", "Ann").await,
            ["Hello Ann, what is your favorite song?"]
        );
        assert_eq!(service.say("SM3", "+3", "Creep").await, ["Playing Creep"]);
    })
    .await;
}

/// What no other can see yet cannot be passed over: the whole batch waits for
/// it, and then looks whose it is.
#[tokio::test]
async fn a_newcomer_whom_a_stranger_has_in_hand_fails_alone() {
    on_mysql(async |database| {
        let service = Service::start(database.url()).await;
        let mut stranger = MySqlConnection::connect(database.url()).await.unwrap();
        let in_hand = "BEGIN; INSERT INTO messages (message_id, phone_number, turn, channel, \
             from_address, to_address, body, received_at, state_before, state_after, reply) \
             VALUES ('SM0', '+3', 1, 'sms', '+3', '+4', '', NOW(), 'INITIAL', 'INITIAL', '')";
        sqlx::raw_sql(in_hand).execute(&mut stranger).await.unwrap();
        let senders = ["+3", "+1", "+2", "+4", "+5", "+6", "+7", "+8"];
        let forms = senders.map(|from| (format!("SM{from}"), from));
        let posts = forms.iter().map(|(id, from)| {
            let service = &service;
            async move { (from, service.post(&message(id, from, "hello")).await) }
        });
        let answers = join_all(posts).await;
        for (from, answer) in answers {
            let expected = if *from == "+3" { 503 } else { 200 };
            assert_eq!(answer.status, expected, "{from}: {answer:?}");
        }
        assert!(!service.bot.failed_lately(), "the database is not to blame");
        stranger.close().await.unwrap();
        assert_eq!(service.say("SM+3", "+3", "hello").await, ["What is your name?"]);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_the_database_refuses_fails_alone() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let refuse = if url.starts_with("mysql") {
            "CREATE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW \
             IF NEW.message_id = 'SMpoison' THEN SIGNAL SQLSTATE '45000'; END IF"
        } else {
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.message_id = 'SMpoison' \
             BEGIN SELECT RAISE(ABORT, 'poison'); END"
        };
        run_sql(url, refuse).await;
        let posts = (0..200).map(|n| {
            let service = service.clone();
            async move {
                let id = if n == 77 { "SMpoison".to_owned() } else { format!("SM{n:032x}") };
                let from = format!("+1415555{n:04}");
                (n, service.post(&message(&id, &from, "hello")).await)
            }
        });
        for (n, answer) in join_all(posts).await {
            let expected = if n == 77 { 500 } else { 200 };
            assert_eq!(answer.status.as_u16(), expected, "{n}: {}", answer.body);
        }
        assert_eq!(select(url, "SELECT CAST(COUNT(*) AS CHAR) FROM messages").await, ["199"]);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_gone_means_a_quick_503() {
    let service = Service::on(
        Store::new(&super::DatabaseUrl::parse("mysql://root@127.0.0.1:1/nobody").unwrap()).unwrap(),
        super::Flows::built_in().unwrap().flows,
    );
    let began = Instant::now();
    let answer = service.post(&message("SM1", "+1", "hello")).await;
    assert_eq!((answer.status.as_u16(), answer.retry_after.as_deref()), (503, Some("1")));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let ready = super::request("GET", "/readyz", "", "", "");
    assert_eq!(service.send(ready).await.status, 503);
    let alive = super::request("GET", "/healthz", "", "", "");
    assert_eq!(service.send(alive).await.status, 200);
}

#[tokio::test]
async fn a_database_that_does_not_answer_means_a_503_within_two_seconds() {
    // Accepts connections and says nothing, as a stopped server does.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("mysql://root@{}/nobody", silent.local_addr().unwrap());
    let service = Service::on(
        Store::new(&super::DatabaseUrl::parse(&url).unwrap()).unwrap(),
        super::Flows::built_in().unwrap().flows,
    );
    let began = Instant::now();
    let forms: Vec<_> = (0..20).map(|n| format!("SM{n}")).collect();
    let answers =
        join_all(forms.iter().map(|id| async { service.post(&message(id, "+1", "hello")).await }))
            .await;
    for answer in answers {
        assert_eq!(answer.status, 503);
    }
    assert!(began.elapsed() < Duration::from_millis(2_500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn more_than_can_wait_is_refused_at_once() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("mysql://root@{}/nobody", silent.local_addr().unwrap());
    let service = Service::on(
        Store::new(&super::DatabaseUrl::parse(&url).unwrap()).unwrap(),
        super::Flows::built_in().unwrap().flows,
    );
    let ids: Vec<_> = (0..5_000).map(|n| format!("SM{n:032x}")).collect();
    let answers = join_all(ids.iter().map(|id| async {
        let began = Instant::now();
        let answer = service.post(&message(id, "+1", "hello")).await;
        (answer, began.elapsed())
    }))
    .await;
    assert!(answers.iter().all(|(answer, _)| answer.status == 503));
    // Each from its own beginning on: none of them has waited with the others.
    let refused_in = |for_too_many: bool| {
        let is_it = move |answer: &super::Answer| answer.body.contains("too many") == for_too_many;
        answers.iter().filter(move |(answer, _)| is_it(answer)).map(|(_, took)| *took)
    };
    // On a busy machine some come late, because this one thread serves them all.
    let first = refused_in(false).min().unwrap();
    let at_once = refused_in(true).filter(|took| *took < first).count();
    assert!(at_once > 1_000, "{at_once} are refused before the first of those who waited");
}

#[tokio::test]
async fn a_bot_that_closes_answers_what_it_took_and_takes_no_more() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let forms: Vec<_> =
            (0..50).map(|n| (format!("SM{n}"), format!("+1415555{n:04}"))).collect();
        let mut posts = std::pin::pin!(join_all(
            forms
                .iter()
                .map(|(id, from)| async { service.post(&message(id, from, "hello")).await })
        ));
        assert!(timeout(Duration::ZERO, &mut posts).await.is_err());
        service.bot.close();
        for answer in posts.await {
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        assert_eq!(service.post(&message("SMlate", "+1", "hello")).await.status, 503);
    })
    .await;
}

#[tokio::test]
async fn a_bot_that_closes_in_the_midst_of_a_batch_ends() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        // Answered one by one, so that the end comes while others are in hand.
        let (first, done) = tokio::sync::oneshot::channel();
        let mut first = Some(first);
        let posts = async {
            for n in 0..50 {
                let (id, from) = (format!("SM{n}"), format!("+1415555{n:04}"));
                let answer = service.post(&message(&id, &from, "hello")).await;
                assert!([200, 503].contains(&answer.status.as_u16()), "{}", answer.body);
                if let Some(first) = first.take() {
                    first.send(()).unwrap();
                }
            }
        };
        let end = async {
            done.await.unwrap();
            service.bot.close();
            service.tasks.close();
            timeout(Duration::from_secs(30), service.tasks.wait()).await.unwrap();
        };
        tokio::join!(posts, end);
    })
    .await;
}
