//! STOP and START, before any conversation is asked.

use super::{Service, message};
use crate::support::database::{each_database, run_sql, select};

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
    for (word, again) in [("START", "Yes!"), ("YES", "UNSTOP"), ("UNSTOP", "start")] {
        let hello = format!("Hello {word}, what is your favorite song?");
        let playing = format!("Playing {again}");
        chat(&[
            (SMS, "hello", &["What is your name?"]),
            (SMS, word, &[&hello]),
            (SMS, again, &[&playing]),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_word_of_two_parts_stops_on_every_channel_and_we_answer_it() {
    for word in ["opt out", "Opt-Out", "stop all", "STOP-ALL", "un subscribe"] {
        chat(&[
            (SMS, "hello", &["What is your name?"]),
            // Twilio lets these pass.
            (SMS, word, &[STOPPED]),
            (SMS, "hello", &[]),
            (SMS, "START", &[]),
            (SMS, "hello", &["What is your name?"]),
            (WHATSAPP, word, &[STOPPED]),
            (WHATSAPP, "John", &[]),
            (WHATSAPP, "START", &[STARTED]),
        ])
        .await;
    }
    for words in ["don't stop", "stop please", "s-t-o-p"] {
        let hello = format!("Hello {words}, what is your favorite song?");
        chat(&[(SMS, "hello", &["What is your name?"]), (SMS, words, &[&hello])]).await;
    }
}

#[tokio::test]
async fn other_words_stop_where_nobody_but_we_acts() {
    // One of many languages, and one of the setting.
    for word in ["退订", "Désabonner", "BAJA"] {
        let hello = format!("Hello {word}, what is your favorite song?");
        chat(&[
            (SMS, "hello", &["What is your name?"]),
            (SMS, word, &[&hello]),
            (WHATSAPP, word, &[STOPPED]),
            (WHATSAPP, "hello", &[]),
            (WHATSAPP, "START", &[STARTED]),
            (WHATSAPP, "hello", &["What is your name?"]),
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

const FIRST: &str = "+15005550006";
const SECOND: &str = "+15005550007";
const SERVICE: &str = "MG00000000000000000000000000000001";
const OTHER_SERVICE: &str = "MG00000000000000000000000000000002";

/// Who writes, to which number of ours, by which Messaging Service if any, what,
/// and whether they are answered.
type Line<'a> = (&'a str, &'a str, Option<&'a str>, &'a str, bool);

/// Says the lines one after the other to our numbers.
async fn chat_with(url: &str, name: &str, lines: &[Line<'_>]) {
    let service = Service::start(url).await;
    for (n, (from, to, messaging_service, says, answered)) in lines.iter().enumerate() {
        let id = format!("SM{name}{n}");
        let prefix = from.find(':').map_or("", |colon| &from[..=colon]);
        let to = if to.contains(':') { (*to).to_owned() } else { format!("{prefix}{to}") };
        let mut form = message(&id, from, says);
        form.retain(|(name, _)| *name != "To");
        form.push(("To", &to));
        form.extend(messaging_service.map(|sid| ("MessagingServiceSid", sid)));
        let answer = service.post(&form).await;
        assert_eq!(answer.status, 200, "{name} {n}: {}", answer.body);
        let is_answered = answer.body.contains("<Message>");
        assert_eq!(is_answered, *answered, "{name} {n}: {from} says {says} to {to}");
    }
}

#[tokio::test]
async fn each_number_of_ours_has_an_opt_out_of_its_own() {
    const RCS: &str = "rcs:+14155552671";
    const BSUID: &str = "whatsapp:US.13491208655302741918";
    let cases: [(&str, &[Line<'_>]); 7] = [
        (
            "sms",
            &[
                (SMS, FIRST, None, "hello", true),
                (SMS, FIRST, None, "STOP", false),
                (SMS, SECOND, None, "hello", true),
                (SMS, FIRST, None, "John", false),
                (SMS, SECOND, None, "John", true),
                // Ordinary text to whom was not stopped.
                (SMS, SECOND, None, "START", true),
                (SMS, FIRST, None, "hello", false),
                (SMS, FIRST, None, "START", false),
                (SMS, FIRST, None, "hello", true),
            ],
        ),
        (
            "both",
            &[
                (SMS, FIRST, None, "STOP", false),
                (SMS, SECOND, None, "STOP", false),
                (SMS, FIRST, None, "START", false),
                (SMS, SECOND, None, "hello", false),
                (SMS, FIRST, None, "hello", true),
            ],
        ),
        (
            "whatsapp",
            &[
                (WHATSAPP, FIRST, None, "STOP", true),
                (WHATSAPP, SECOND, None, "hello", true),
                (WHATSAPP, FIRST, None, "hello", false),
                (SMS, FIRST, None, "hello", true),
                (WHATSAPP, FIRST, None, "START", true),
                (WHATSAPP, FIRST, None, "hello", true),
            ],
        ),
        (
            "bsuid",
            &[
                (BSUID, FIRST, None, "STOP", true),
                (BSUID, SECOND, None, "hello", true),
                (BSUID, FIRST, None, "hello", false),
            ],
        ),
        (
            "rcs",
            &[
                // One sender of ours, on both.
                (RCS, FIRST, None, "STOP", false),
                (SMS, FIRST, None, "hello", false),
                (SMS, SECOND, None, "hello", true),
                (SMS, FIRST, None, "START", false),
                (RCS, FIRST, None, "hello", true),
                // An agent, which has no number, and a number of the same service.
                (RCS, "rcs:agent", Some(SERVICE), "STOP", false),
                (SMS, SECOND, Some(SERVICE), "hello", false),
                (SMS, SECOND, None, "hello", true),
            ],
        ),
        (
            "service",
            &[
                (SMS, FIRST, Some(SERVICE), "STOP", false),
                (SMS, SECOND, Some(SERVICE), "hello", false),
                (SMS, SECOND, Some(OTHER_SERVICE), "hello", true),
                (SMS, SECOND, None, "John", true),
                (SMS, SECOND, Some(SERVICE), "START", false),
                (SMS, FIRST, Some(SERVICE), "hello", true),
            ],
        ),
        (
            "joined",
            &[
                // The number was stopped before it was put into a service.
                (SMS, FIRST, None, "STOP", false),
                (SMS, FIRST, Some(SERVICE), "hello", false),
                (SMS, SECOND, Some(SERVICE), "hello", true),
                (SMS, FIRST, Some(SERVICE), "STOP", false),
                (SMS, SECOND, Some(SERVICE), "hello", false),
                (SMS, FIRST, Some(SERVICE), "START", false),
                (SMS, FIRST, Some(SERVICE), "hello", true),
                (SMS, FIRST, None, "John", true),
            ],
        ),
    ];
    each_database(async |database| {
        for (name, lines) in cases {
            chat_with(database.url(), name, lines).await;
            run_sql(database.url(), "DELETE FROM user_sessions; DELETE FROM messages").await;
        }
    })
    .await;
}

/// What an older release writes says nothing of our addresses.
#[tokio::test]
async fn an_older_release_s_opt_out_is_silence_on_all_of_a_channel() {
    each_database(async |database| {
        let url = database.url();
        Service::start(url).await;
        let row = |sender: &str| {
            format!(
                "INSERT INTO user_sessions (phone_number, opt_outs) \
                 VALUES ('{sender}', '{{\"sms\":\"2026-01-02 03:04:05.678\"}}')"
            )
        };
        run_sql(url, &row(SMS)).await;
        let lines: [Line<'_>; 8] = [
            (SMS, FIRST, None, "hello", false),
            (SMS, SECOND, None, "hello", false),
            (SMS, SECOND, Some(SERVICE), "hello", false),
            (SMS, SECOND, None, "STOP", false),
            (SMS, FIRST, None, "hello", false),
            (WHATSAPP, FIRST, None, "hello", true),
            (SMS, FIRST, None, "START", false),
            (SMS, SECOND, None, "hello", true),
        ];
        chat_with(url, "old", &lines).await;
    })
    .await;
}

/// An older release, which reads a text for each channel, stays silent.
#[tokio::test]
async fn an_older_release_reads_the_channel_of_an_opt_out() {
    each_database(async |database| {
        let url = database.url();
        chat_with(url, "new", &[(SMS, FIRST, None, "STOP", false)]).await;
        let opt_outs = select(url, "SELECT opt_outs FROM user_sessions").await;
        let read: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&opt_outs[0]).unwrap();
        assert_eq!(read.keys().collect::<Vec<_>>(), ["sms"]);
    })
    .await;
}
