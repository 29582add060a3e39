//! STOP and START, before any conversation is asked.

use super::{Service, message};
use crate::support::database::{each_database, select};

const SMS: &str = "+14155552671";
const WHATSAPP: &str = "whatsapp:+14155552671";
const STOPPED: &str =
    "You are unsubscribed and will get no more messages. Send START to hear from us again.";
const STARTED: &str = "You are subscribed again. Send STOP to unsubscribe.";

/// Says the lines one after the other and compares each reply.
async fn chat(lines: &[(&str, &str, &[&str])]) {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        for (n, (from, says, reply)) in lines.iter().enumerate() {
            assert_eq!(
                service.say(&format!("SM{n}"), from, says).await,
                *reply,
                "line {n}: {from} says {says}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_stop_over_sms_is_silence_until_a_start() {
    chat(&[
        (SMS, "hello", &["What is your name?"]),
        (SMS, " stop ", &[]),
        (SMS, "hello", &[]),
        (SMS, "Stop", &[]),
        (SMS, "unstop", &[]),
        (SMS, "hello", &["What is your name?"]),
    ])
    .await;
}

#[tokio::test]
async fn a_stop_over_whatsapp_is_answered_by_us() {
    chat(&[
        (WHATSAPP, "hello", &["What is your name?"]),
        (WHATSAPP, "STOP", &[STOPPED]),
        (WHATSAPP, "STOP", &[]),
        (WHATSAPP, "hello", &[]),
        (WHATSAPP, "START", &[STARTED]),
        (WHATSAPP, "hello", &["What is your name?"]),
    ])
    .await;
}

#[tokio::test]
async fn one_channel_s_stop_is_not_the_other_s() {
    chat(&[
        (SMS, "STOP", &[]),
        (WHATSAPP, "hello", &["What is your name?"]),
        (SMS, "John", &[]),
        (WHATSAPP, "John", &["Hello John, what is your favorite song?"]),
    ])
    .await;
}

#[tokio::test]
async fn words_that_stop_over_sms_are_answers_over_whatsapp() {
    chat(&[
        (WHATSAPP, "hello", &["What is your name?"]),
        (WHATSAPP, "cancel", &["Hello cancel, what is your favorite song?"]),
        (WHATSAPP, "END", &["Playing END"]),
    ])
    .await;
}

#[tokio::test]
async fn start_words_are_ordinary_text_from_anyone_who_is_not_stopped() {
    for word in ["START", "YES", "UNSTOP", "HELP", "INFO", "Help!"] {
        let hello = format!("Hello {word}, what is your favorite song?");
        let playing = format!("Playing {word}");
        chat(&[
            (SMS, "hello", &["What is your name?"]),
            (SMS, word, &[&hello]),
            (SMS, word, &[&playing]),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_stop_ends_the_conversation_with_stopped() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", SMS, "hello").await;
        service.say("SM2", SMS, "John").await;
        service.say("SM3", SMS, "STOP").await;
        let rows =
            select(url, "SELECT CONCAT_WS('|', conversation_state, user_name) FROM user_sessions")
                .await;
        assert_eq!(rows, ["STOPPED|John"]);
        let rows = select(url, "SELECT CONCAT_WS('|', flow, outcome) FROM conversations").await;
        assert_eq!(rows, ["favorite-song|STOPPED"]);
    })
    .await;
}

#[tokio::test]
async fn twilio_s_own_opt_out_type_is_believed_and_not_answered() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let typed = async |id: &str, body: &str, kind: &str| {
            let mut form = message(id, WHATSAPP, body);
            form.push(("OptOutType", kind));
            service.post(&form).await.body
        };
        let silence = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;
        assert_eq!(typed("SM1", "arrêt", "STOP").await, silence);
        assert!(service.say("SM2", WHATSAPP, "hello").await.is_empty());
        assert_eq!(typed("SM3", "encore", "START").await, silence);
        assert_eq!(service.say("SM4", WHATSAPP, "hello").await, ["What is your name?"]);
    })
    .await;
}
