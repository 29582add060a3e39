//! Texts that wait when the person writes.

use super::{ANN, Bench, minutes};
use crate::support::database::each_database;
use crate::support::fake_twilio::{Answer, Part};
use crate::support::twilio::{post, say};

/// What waits goes along with the reply, in order, and is not sent.
#[tokio::test]
async fn what_waits_goes_along_with_the_reply() {
    each_database(async |database| {
        let bench = Bench::with(database, super::TABLE, &[("SENDING", "paused")]).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(121)).await;
        bench.keeps(ANN, &["Shall I keep it? pending"]).await;
        let first = post(&bench.service, "SM2", ANN, "yes").await;
        let replies = say(&bench.service, "SM2", ANN, "yes").await;
        assert_eq!(replies, ["Shall I keep it?", "Your name?"]);
        assert_eq!(post(&bench.service, "SM2", ANN, "yes").await, first);
        bench.keeps(ANN, &["Shall I keep it? replied"]).await;
        let bench = bench.restart(&[("SENDING", "on")]);
        assert_eq!(say(&bench.service, "SM3", ANN, "Ann").await, [""; 0]);
        assert_eq!(bench.state(ANN).await, "BOOKED");
        assert!(bench.twilio.requests().is_empty());
    })
    .await;
}

/// Nothing overtakes a text that is on its way.
#[tokio::test]
async fn a_reply_goes_behind_a_text_that_is_on_its_way() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.twilio.play(&[Part::Send(Answer::Held)]);
        bench.pass(ANN, minutes(121)).await;
        bench.texts(1).await;
        let first = post(&bench.service, "SM2", ANN, "yes").await;
        assert_eq!(say(&bench.service, "SM2", ANN, "yes").await, [""; 0]);
        bench.keeps(ANN, &["Shall I keep it? claimed", "Your name? pending held"]).await;
        bench.twilio.release();
        let texts = bench.texts(2).await;
        assert_eq!(texts[1].body, "Your name?");
        bench.keeps(ANN, &["Shall I keep it? accepted", "Your name? accepted"]).await;
        // A repeat gets the bytes of the first time.
        assert_eq!(post(&bench.service, "SM2", ANN, "yes").await, first);
        assert_eq!(bench.state(ANN).await, "NAME");
    })
    .await;
}
