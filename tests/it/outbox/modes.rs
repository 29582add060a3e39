//! `SENDING`, and which account sends.

use super::{ANN, Bench, TABLE, minutes};
use crate::support::database::{each_database, select};
use crate::support::fake_twilio::{Answer, KEY, Part};
use crate::support::twilio::say;

#[tokio::test]
async fn nothing_is_sent_where_sending_is_off() {
    each_database(async |database| {
        let bench = Bench::with(database, TABLE, &[("SENDING", "off")]).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        bench.keeps(ANN, &["Are you still there? dropped off"]).await;
        bench.pass(ANN, minutes(121)).await;
        bench
            .keeps(ANN, &["Are you still there? dropped off", "Shall I keep it? dropped off"])
            .await;
        // What was dropped does not go along.
        assert_eq!(say(&bench.service, "SM2", ANN, "yes").await, ["Your name?"]);
        assert!(bench.twilio.requests().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_api_key_sends_in_place_of_the_token() {
    each_database(async |database| {
        let key = [("TWILIO_API_KEY", KEY.0), ("TWILIO_API_SECRET", KEY.1)];
        let bench = Bench::with(database, TABLE, &key).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        bench.texts(1).await;
        let requests = bench.twilio.requests();
        let authorization = requests[0].header("authorization").unwrap();
        // `SK` in base 64.
        assert!(authorization.starts_with("Basic U0s"), "{authorization}");
    })
    .await;
}

/// While the account is refused, texts wait, and one of them tries again.
#[tokio::test]
async fn a_refused_account_is_told_and_costs_one_text() {
    each_database(async |database| {
        let mut bench = Bench::start(database).await;
        bench.ask(ANN).await;
        let ben = "+14155552672";
        bench.ask(ben).await;
        bench.twilio.play(&[Part::Refuse { status: 401, code: 20_003 }]);
        bench.pass(ANN, minutes(10)).await;
        bench.keeps(ANN, &["Are you still there? failed refused 20003"]).await;
        let line = bench
            .service
            .wait_for_line("the refusal", |line| line.contains("the provider refuses the account"));
        assert!(line.contains("credentials are wrong"), "{line}");
        bench.pass(ben, minutes(10)).await;
        bench.keeps(ben, &["Are you still there? pending"]).await;
        assert_eq!(bench.twilio.requests().len(), 1);
    })
    .await;
}

/// Answers that came are kept, and one that does not come costs only its text.
#[tokio::test]
async fn a_stop_keeps_the_answers_that_came() {
    each_database(async |database| {
        let bench = Bench::with(database, TABLE, &[("SEND_RATE", "100")]).await;
        let ben = "+14155552672";
        bench.ask(ANN).await;
        bench.ask(ben).await;
        bench.twilio.play(&[Part::Send(Answer::Never)]);
        bench.pass(ANN, minutes(10)).await;
        bench.texts(1).await;
        bench.twilio.play(&[Part::Send(Answer::Held)]);
        bench.pass(ben, minutes(10)).await;
        bench.texts(2).await;
        let Bench { twilio, service, url, .. } = bench;
        let stopping = tokio::task::spawn_blocking(move || service.stop());
        twilio.release();
        stopping.await.unwrap();
        let states = "SELECT state FROM outgoing ORDER BY id";
        assert_eq!(select(&url, states).await, ["claimed", "accepted"]);
    })
    .await;
}
