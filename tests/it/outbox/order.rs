//! Which texts are sent, in which order, and which never.

use std::time::Duration;

use super::{ANN, Bench, US, minutes};
use crate::support::database::{each_database, run_sql, select};
use crate::support::fake_twilio::{Answer, Part};
use crate::support::twilio::say;
use crate::support::waiting::until;

#[tokio::test]
async fn a_nudge_and_a_timeout_come_by_themselves() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        let texts = bench.texts(1).await;
        let nudge = &texts[0];
        assert_eq!((nudge.body.as_str(), nudge.to.as_str()), ("Are you still there?", ANN));
        assert_eq!(nudge.from.as_deref(), Some(US));
        // It is worth nothing ten minutes later.
        assert!((500..=600).contains(&nudge.validity.unwrap()), "{:?}", nudge.validity);
        let id = bench.rows(ANN).await[0].id.unwrap();
        let callback =
            format!("https://bot.example.com/webhooks/twilio/status?m={id}#rc=2&rp=ct,rt,5xx");
        assert_eq!(nudge.status_callback.as_deref(), Some(callback.as_str()));
        bench.keeps(ANN, &["Are you still there? accepted"]).await;
        assert_eq!(bench.state(ANN).await, "GUESTS");

        bench.pass(ANN, minutes(121)).await;
        let texts = bench.texts(2).await;
        assert_eq!(texts[1].body, "Shall I keep it?");
        assert_eq!(texts[1].validity, Some(36_000));
        // The clock of this question runs from when the provider took it.
        bench.keeps(ANN, &["Are you still there? accepted", "Shall I keep it? accepted"]).await;
        let rows = bench.rows(ANN).await;
        assert_eq!(rows[1].asked_at, rows[1].accepted_at);
        let waits = select(&bench.url, "SELECT waits FROM user_sessions").await.concat();
        assert!(waits.contains(&super::written(rows[1].accepted_at.unwrap())), "{waits}");

        bench.pass(ANN, minutes(61)).await;
        assert_eq!(bench.texts(3).await[2].body, "It is gone.");
        assert_eq!(bench.state(ANN).await, "ABANDONED");
        // The conversation is over, and nobody is woken again.
        let due = "SELECT phone_number FROM user_sessions WHERE wakes_at IS NOT NULL";
        assert!(select(&bench.url, due).await.is_empty());
    })
    .await;
}

/// Texts of one turn follow each other, each after the report of the one before.
#[tokio::test]
async fn the_next_text_follows_the_report_of_the_one_before() {
    const FLOW: &str = "\
flow: table
start: [table]
steps:
  GUESTS: {ask: How many?, timeout: 1h, on_timeout: ONE}
  END: {say: Fine., end: DONE}
  ONE: {say: One., media: [https://a.example/1.png]}
  TWO: {say: Two., media: [https://a.example/2.png]}
  THREE: {say: Three., end: GONE}
";
    each_database(async |database| {
        let bench = Bench::with(database, FLOW, &[]).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(61)).await;
        let texts = bench.texts(1).await;
        assert_eq!(texts[0].media, ["https://a.example/1.png"]);
        bench.keeps(ANN, &["One. accepted", "Two. pending", "Three. pending"]).await;
        assert_eq!(bench.twilio.report(&texts[0], "sent", None).await, 204);
        let texts = bench.texts(2).await;
        bench.keeps(ANN, &["One. sent", "Two. accepted", "Three. pending"]).await;
        // Without a report it follows three seconds later.
        let accepted = bench.rows(ANN).await[1].accepted_at.unwrap();
        bench.texts(3).await;
        bench.keeps(ANN, &["One. sent", "Two. accepted", "Three. accepted"]).await;
        let next = bench.rows(ANN).await[2].claimed_at.unwrap();
        assert!(next.duration_since(accepted).unsigned_abs() >= Duration::from_secs(3));
        assert_eq!(texts[1].body, "Two.");
    })
    .await;
}

/// Whatever is no longer wanted at the last moment is not sent.
#[tokio::test]
async fn a_text_is_looked_at_again_before_it_is_sent() {
    each_database(async |database| {
        let bench = Bench::with(database, super::TABLE, &[("SENDING", "paused")]).await;
        let people = ["+14155550001", "+14155550002", "+14155550003", "+14155550004"];
        for from in people {
            bench.ask(from).await;
            bench.pass(from, minutes(10)).await;
            bench.keeps(from, &["Are you still there? pending"]).await;
        }
        let [late, gone, stopped, answered] = people;
        let change = async |sql: String| run_sql(&bench.url, &sql).await;
        change(format!(
            "UPDATE outgoing SET good_until = '2026-01-01 00:00:00.000' WHERE phone_number = '{late}'"
        ))
        .await;
        change(format!("DELETE FROM user_sessions WHERE phone_number = '{gone}'")).await;
        say(&bench.service, "SMstop", stopped, "STOP").await;
        assert_eq!(say(&bench.service, "SManswer", answered, "3").await, ["Your name?"]);
        bench.keeps(stopped, &["Are you still there? dropped opted_out"]).await;
        bench.keeps(answered, &["Are you still there? dropped answered"]).await;
        let bench = bench.restart(&[("SENDING", "on")]);
        bench.keeps(late, &["Are you still there? dropped late"]).await;
        bench.keeps(gone, &["Are you still there? dropped gone"]).await;
        assert!(bench.twilio.requests().is_empty());
    })
    .await;
}

/// Each of our addresses has its pace, for all processes.
#[tokio::test]
async fn texts_leave_an_address_at_its_pace() {
    each_database(async |database| {
        let further = [("SEND_RATE", "5,+15005550007=1")];
        let bench = Bench::with(database, super::TABLE, &further).await;
        let people: Vec<String> = (0..6).map(|n| format!("+1415555000{n}")).collect();
        for from in &people {
            bench.ask(from).await;
        }
        for from in &people {
            bench.pass(from, minutes(10)).await;
        }
        bench.texts(people.len()).await;
        let mut slots = Vec::new();
        for from in &people {
            bench.keeps(from, &["Are you still there? accepted"]).await;
            slots.push(bench.rows(from).await[0].slot_at.unwrap());
        }
        slots.sort_unstable();
        let gaps = slots.windows(2).map(|pair| pair[1].duration_since(pair[0]));
        for gap in gaps {
            assert!(gap.unsigned_abs() >= Duration::from_millis(200), "{slots:?}");
        }
    })
    .await;
}

/// Nobody can answer what they have not been asked.
#[tokio::test]
async fn a_question_times_out_only_after_it_was_sent() {
    each_database(async |database| {
        let bench = Bench::with(database, super::TABLE, &[("SENDING", "paused")]).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(121)).await;
        bench.keeps(ANN, &["Shall I keep it? pending"]).await;
        let before = bench.rows(ANN).await[0].asked_at;
        // An hour passes, and the question still waits.
        let earlier = super::written(jiff::Timestamp::now() - minutes(61));
        let asked = format!("UPDATE outgoing SET asked_at = '{earlier}'");
        run_sql(&bench.url, &asked).await;
        let waits = format!(
            "UPDATE user_sessions SET waits = '{{\"asked_at\":\"{earlier}\",\"nudges\":0}}', \
             wakes_at = '{earlier}'"
        );
        run_sql(&bench.url, &waits).await;
        until("the clock is set back", async || bench.rows(ANN).await[0].asked_at > before).await;
        assert_eq!(bench.state(ANN).await, "SURE");
        bench.keeps(ANN, &["Shall I keep it? pending"]).await;
        let bench = bench.restart(&[("SENDING", "on")]);
        bench.keeps(ANN, &["Shall I keep it? accepted"]).await;
        bench.pass(ANN, minutes(61)).await;
        assert_eq!(bench.texts(2).await[1].body, "It is gone.");
    })
    .await;
}

/// Somebody waits for a reply; nobody waits for a nudge.
#[tokio::test]
async fn a_reply_that_waits_comes_before_nudges() {
    each_database(async |database| {
        let bench = Bench::with(database, super::TABLE, &[("SEND_RATE", "2")]).await;
        let others: Vec<String> = (0..30).map(|n| format!("+1415555{n:04}")).collect();
        bench.ask(ANN).await;
        for from in &others {
            bench.ask(from).await;
        }
        bench.twilio.play(&[Part::Send(Answer::Held)]);
        bench.pass(ANN, minutes(121)).await;
        bench.texts(1).await;
        for from in &others {
            bench.pass(from, minutes(10)).await;
        }
        bench.texts(3).await;
        assert_eq!(say(&bench.service, "SM2", ANN, "yes").await, [""; 0]);
        bench.twilio.release();
        until("the reply is sent", async || {
            bench.twilio.texts().iter().any(|text| text.body == "Your name?")
        })
        .await;
        let sent = bench.twilio.texts().len();
        assert!(sent < 20, "{sent} texts came before the reply");
    })
    .await;
}
