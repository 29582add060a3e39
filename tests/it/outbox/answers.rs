//! What the provider answers to a text, and what becomes of it.

use super::{ANN, Bench, minutes, written};
use crate::support::database::{each_database, run_sql, select};
use crate::support::fake_twilio::{Answer, Part};
use crate::support::twilio::say;
use crate::support::waiting::until;

const QUESTION: &str = "Shall I keep it?";
const NUDGE: &str = "Are you still there?";

/// A text is sent once, whatever the answer is, and never again if nobody knows.
#[tokio::test]
async fn a_text_that_may_have_been_sent_is_not_sent_again() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        let cases = [
            (Part::Send(Answer::Fault(500)), "unknown fault"),
            (Part::Send(Answer::Close), "unknown lost"),
            (Part::Lose(Answer::Fault(503)), "unknown fault"),
            (Part::Lose(Answer::Close), "unknown lost"),
            (Part::Send(Answer::Page), "accepted"),
            (Part::Send(Answer::Half), "accepted"),
        ];
        for (n, (part, expected)) in cases.into_iter().enumerate() {
            let from = format!("+1415555000{n}");
            bench.ask(&from).await;
            bench.twilio.play(&[part]);
            bench.pass(&from, minutes(10)).await;
            bench.keeps(&from, &[&format!("{NUDGE} {expected}")]).await;
        }
        assert_eq!(bench.twilio.requests().len(), 6);
    })
    .await;
}

#[tokio::test]
async fn what_was_proven_not_sent_is_tried_again() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.twilio.play(&[Part::Busy { retry_after: None }, Part::Busy { retry_after: Some(0) }]);
        bench.pass(ANN, minutes(10)).await;
        let texts = bench.texts(1).await;
        assert_eq!(texts.len(), 1);
        bench.keeps(ANN, &[&format!("{NUDGE} accepted")]).await;
        assert_eq!(bench.rows(ANN).await[0].tries, 3);
    })
    .await;
}

/// The codes of the provider decide about the text and about the person.
#[tokio::test]
async fn a_refusal_has_the_sequel_of_its_code() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        let refuse = |code| Part::Refuse { status: 400, code };
        for (n, code) in [21_614, 21_617, 21_606].into_iter().enumerate() {
            let from = format!("+1415555000{n}");
            bench.ask(&from).await;
            bench.twilio.play(&[refuse(code)]);
            bench.pass(&from, minutes(10)).await;
            bench.keeps(&from, &[&format!("{NUDGE} failed refused {code}")]).await;
            assert_eq!(bench.state(&from).await, "GUESTS");
        }
        // An opt-out at the provider is a STOP.
        bench.ask(ANN).await;
        bench.twilio.play(&[refuse(21_610)]);
        bench.pass(ANN, minutes(10)).await;
        bench.keeps(ANN, &[&format!("{NUDGE} failed refused 21610")]).await;
        assert_eq!(bench.state(ANN).await, "STOPPED");
        let ended = select(&bench.url, "SELECT outcome FROM conversations").await;
        assert_eq!(ended, ["STOPPED"]);
        assert!(say(&bench.service, "SMx", ANN, "table").await.is_empty());
        say(&bench.service, "SMy", ANN, "START").await;
        assert_eq!(say(&bench.service, "SMz", ANN, "table").await, ["How many?"]);
    })
    .await;
}

/// A question may go once more after the time of its code; a nudge never.
#[tokio::test]
async fn a_text_goes_once_more_where_its_code_says_so() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        let refuse = Part::Refuse { status: 400, code: 21_611 };
        bench.twilio.play(&[refuse.clone(), refuse]);
        bench.pass(ANN, minutes(121)).await;
        let first = format!("{QUESTION} failed refused 21611");
        bench.keeps(ANN, &[&first, &format!("{QUESTION} pending")]).await;
        let rows = bench.rows(ANN).await;
        assert_eq!(rows[1].again_of, rows[0].id);
        let wait = rows[1].not_before.duration_since(rows[0].claimed_at.unwrap());
        assert!(wait.unsigned_abs() >= minutes(10), "{wait}");
        // Ten minutes pass. It is refused again, and that is all.
        let past = "UPDATE outgoing SET not_before = '2026-01-01 00:00:00.000', \
                    due_at = '2026-01-01 00:00:00.000' WHERE state = 'pending'";
        run_sql(&bench.url, past).await;
        bench.keeps(ANN, &[&first, &first]).await;
    })
    .await;
}

/// A text whose sender died is unknown after a minute.
#[tokio::test]
async fn a_text_that_was_cut_off_is_unknown() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.twilio.play(&[Part::Send(Answer::Never)]);
        bench.pass(ANN, minutes(10)).await;
        bench.texts(1).await;
        bench.keeps(ANN, &[&format!("{NUDGE} claimed")]).await;
        let bench = bench.restart(&[]);
        let row = &bench.rows(ANN).await[0];
        let long_ago = written(row.claimed_at.unwrap() - minutes(1));
        let past = format!("UPDATE outgoing SET claimed_at = '{long_ago}', due_at = '{long_ago}'");
        run_sql(&bench.url, &past).await;
        bench.keeps(ANN, &[&format!("{NUDGE} unknown cut_off")]).await;
        // Its report settles it.
        let text = &bench.twilio.texts()[0];
        assert_eq!(bench.twilio.report(text, "delivered", None).await, 204);
        bench.keeps(ANN, &[&format!("{NUDGE} delivered")]).await;
        assert_eq!(bench.twilio.texts().len(), 1);
    })
    .await;
}

/// With `UNKNOWN=resend` a question goes once more after a quarter of an hour
/// without any sign of it; nothing else ever does.
#[tokio::test]
async fn an_unknown_question_is_sent_once_more_if_that_is_wanted() {
    each_database(async |database| {
        for (policy, total) in [("resend", 2), ("keep", 1)] {
            let bench = Bench::with(database, super::TABLE, &[("UNKNOWN", policy)]).await;
            let from = format!("+1415555000{total}");
            bench.ask(&from).await;
            bench.twilio.play(&[Part::Lose(Answer::Close), Part::Lose(Answer::Close)]);
            bench.pass(&from, minutes(121)).await;
            let unknown = "Shall I keep it? unknown lost";
            bench.keeps(&from, &[unknown]).await;
            let row = &bench.rows(&from).await[0];
            assert_eq!(row.due_at.is_some(), policy == "resend");
            let long_ago = written(row.claimed_at.unwrap() - minutes(15));
            let due = row.due_at.map_or("NULL".to_owned(), |_| format!("'{long_ago}'"));
            let past = format!(
                "UPDATE outgoing SET claimed_at = '{long_ago}', due_at = {due} \
                 WHERE phone_number = '{from}'"
            );
            run_sql(&bench.url, &past).await;
            if policy == "resend" {
                let first = "Shall I keep it? unknown resent";
                bench.keeps(&from, &[first, unknown]).await;
            }
            until("nothing is due", async || {
                let due = "SELECT phone_number FROM outgoing WHERE due_at IS NOT NULL";
                select(&bench.url, due).await.is_empty()
            })
            .await;
            assert_eq!(bench.twilio.requests().len(), total);
        }
    })
    .await;
}

/// A row that has been unknown for long does not keep the others waiting.
#[tokio::test]
async fn an_old_unknown_text_holds_up_nobody() {
    each_database(async |database| {
        let bench = Bench::with(database, super::TABLE, &[("UNKNOWN", "resend")]).await;
        bench.ask(ANN).await;
        bench.twilio.play(&[Part::Lose(Answer::Close)]);
        bench.pass(ANN, minutes(121)).await;
        bench.keeps(ANN, &["Shall I keep it? unknown lost"]).await;
        let long_ago = written(jiff::Timestamp::now() - minutes(120));
        let past = format!(
            "UPDATE outgoing SET claimed_at = '{long_ago}', due_at = '{long_ago}', \
             changed_at = '{long_ago}'"
        );
        run_sql(&bench.url, &past).await;
        bench.keeps(ANN, &["Shall I keep it? unknown resent", "Shall I keep it? accepted"]).await;
        let ben = "+14155552672";
        bench.ask(ben).await;
        bench.pass(ben, minutes(10)).await;
        bench.keeps(ben, &[&format!("{NUDGE} accepted")]).await;
    })
    .await;
}
