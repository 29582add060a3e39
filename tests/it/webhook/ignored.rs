//! Messages that are no answer: reactions, what Twilio answers, what comes twice.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use ringback::conversation::{Flows, Source};

use super::{Service, message};
use crate::support::database::{each_database, run_sql, select};

const SMS: &str = "+14155552671";
const WHATSAPP: &str = "whatsapp:+14155552671";

const NAME: &str = "What is your name?";

/// Questions that have words of their own, and one of each kind that has none.
const WORDS: &str = "\
flow: words
start: [hello, info]
commands:
  TOP: [menu]
steps:
  TOP:
    ask: What may it be?
    options: {help: Help with an order, other: Something else}
  SURE:
    ask: Are you sure?
    type: yes_no
  AGAIN:
    ask: Really?
    type: yes_no
  COUNT:
    ask: How many?
    type: integer
  NOTE:
    ask: Anything else?
  LAST:
    ask: And then?
    end: DONE
";

async fn with_words(url: &str) -> Service {
    let source = Source { name: "words.yaml".to_owned(), text: WORDS.to_owned() };
    let flows = Flows::load(&[source]).unwrap_or_else(|findings| panic!("{findings}")).flows;
    Service::with_flows(url, flows).await
}

/// What is answered to a message with one more parameter.
async fn say_with(
    service: &Service,
    id: &str,
    from: &str,
    body: &str,
    further: (&'static str, &'static str),
) -> Vec<String> {
    let mut form = message(id, from, body);
    form.push(further);
    let answer = service.post(&form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let replies = ringback::twilio::twiml::read(answer.body.as_bytes()).unwrap();
    replies.into_iter().map(|reply| reply.text).collect()
}

#[tokio::test]
async fn a_reaction_to_what_we_said_moves_nothing() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        assert_eq!(service.say("SM1", SMS, "hello").await, [NAME]);
        assert!(service.say("SM2", SMS, "Liked “What is your name?”").await.is_empty());
        assert!(service.say("SM3", SMS, "\u{200a}👍\u{200b} to “What is…”").await.is_empty());
        // A repeat gets its silence again.
        assert!(service.say("SM2", SMS, "Liked “What is your name?”").await.is_empty());
        let second = "Hello John, what is your favorite song?";
        assert_eq!(service.say("SM4", SMS, "John").await, [second]);
        // Another process has what was said from the transcript alone.
        let other = Service::on(service.store.clone(), Flows::built_in().unwrap().flows);
        assert!(other.say("SM5", SMS, "Removed a like from “What is your name?”").await.is_empty());
        assert!(other.say("SM6", "+14155552672", "Loved “What is your name?”").await.len() == 1);
        // What we never said is a song.
        let song = "Loved “What is my name?”";
        assert_eq!(other.say("SM7", SMS, song).await, [format!("Playing {song}")]);
        let of_reactions = "SELECT CONCAT_WS('|', state_before, state_after, body) FROM messages \
             WHERE message_id IN ('SM2', 'SM5') ORDER BY id";
        assert_eq!(
            select(url, of_reactions).await,
            [
                "WAITING_FOR_NAME|WAITING_FOR_NAME|Liked “What is your name?”",
                "WAITING_FOR_SONG|WAITING_FOR_SONG|Removed a like from “What is your name?”",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_reaction_over_whatsapp_says_so_itself() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        service.say("SM1", WHATSAPP, "hello").await;
        for (id, body) in [("SM2", "👍"), ("SM3", ""), ("SM4", "yes")] {
            let reaction = ("MessageType", "reaction");
            assert!(say_with(&service, id, WHATSAPP, body, reaction).await.is_empty(), "{body}");
        }
        let text = ("MessageType", "text");
        let second = "Hello 👍, what is your favorite song?";
        assert_eq!(say_with(&service, "SM5", WHATSAPP, "👍", text).await, [second]);
    })
    .await;
}

#[tokio::test]
async fn what_twilio_answers_moves_nothing() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        assert!(service.say("SM1", SMS, "HELP").await.is_empty());
        assert_eq!(service.say("SM2", SMS, "hello").await, [NAME]);
        for (n, body) in ["HELP", "Help!", "INFO", "info"].iter().enumerate() {
            assert!(service.say(&format!("SM3{n}"), SMS, body).await.is_empty(), "{body}");
        }
        for (n, (body, declared)) in
            [("ayuda", "HELP"), ("START", "START"), ("yes", "START")].into_iter().enumerate()
        {
            for (m, from) in [SMS, WHATSAPP].into_iter().enumerate() {
                let id = format!("SM4{n}{m}");
                let declared = ("OptOutType", declared);
                assert!(say_with(&service, &id, from, body, declared).await.is_empty(), "{body}");
            }
        }
        let second = "Hello help me, what is your favorite song?";
        assert_eq!(service.say("SM5", SMS, "help me").await, [second]);
        // Over WhatsApp nobody answers it but we.
        assert_eq!(service.say("SM6", WHATSAPP, "HELP").await, ["Playing HELP"]);
    })
    .await;
}

#[tokio::test]
async fn a_word_of_the_flow_is_heard_whoever_answers_it_too() {
    each_database(async |database| {
        let service = with_words(database.url()).await;
        // (what, declared as, whether it is heard)
        for (n, (body, declared, is_heard)) in [
            ("INFO", "", true),     // a start word
            ("HELP", "HELP", true), // an option
            ("INFO", "", false),    // a start word, while a question waits
            ("yes", "START", true), // an answer to yes_no
            ("START", "START", false),
            ("UNSTOP", "START", false),
            ("menu", "HELP", true), // a command
            ("2", "HELP", true),    // an option by its number
        ]
        .into_iter()
        .enumerate()
        {
            let id = format!("SM{n}");
            let replies = say_with(&service, &id, SMS, body, ("OptOutType", declared)).await;
            assert_eq!(!replies.is_empty(), is_heard, "{n}: {body}");
        }
    })
    .await;
}

#[tokio::test]
async fn control_characters_are_neither_kept_nor_compared() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        assert_eq!(service.say("SM1", SMS, "\0he\u{1}llo\0\0").await, [NAME]);
        assert_eq!(service.say("SM2", SMS, "\0\u{7f}").await, service.say("SM3", SMS, "").await);
        let mut form = message("SM4", SMS, "Jo\0hn\r\n\tD\u{9f}oe\0");
        form.push(("ProfileName", "J\0D\n"));
        form.push(("ButtonText", "John\u{b} D\u{c}oe"));
        assert_eq!(service.post(&form).await.status, 200);
        let kept = select(url, "SELECT body FROM messages WHERE message_id = 'SM4'").await;
        assert_eq!(kept, ["John\r\n\tDoe"]);
        let kept = select(url, "SELECT parameters FROM messages WHERE message_id = 'SM4'").await;
        assert_eq!(kept, [r#"{"ButtonText":"John Doe","ProfileName":"JD\n"}"#]);
        assert!(service.say("SM5", SMS, "ST\0OP").await.is_empty());
        assert!(service.say("SM6", SMS, "hello").await.is_empty());
    })
    .await;
}

/// The time of the tests below, in milliseconds.
static NOW: AtomicI64 = AtomicI64::new(1_800_000_000_000);

fn clock() -> Timestamp {
    Timestamp::from_millisecond(NOW.load(Ordering::SeqCst)).unwrap()
}

/// Milliseconds after the line before, who takes it, what is said, what is answered.
type Line<'a> = (i64, &'a Service, &'a str, &'a str);

#[tokio::test]
async fn the_same_text_twice_at_once_answers_no_question() {
    each_database(async |database| {
        let url = database.url();
        let built_in = || Flows::built_in().unwrap().flows;
        let first = Service::start(url).await;
        let service = Service::by_clock(first.store.clone(), built_in(), clock);
        let other = Service::by_clock(first.store.clone(), built_in(), clock);
        let second = |name| format!("Hello {name}, what is your favorite song?");
        let song = |name| format!("Playing {name}");
        let cases: [(&str, &[Line<'_>]); 6] = [
            (
                "impatient",
                &[
                    (0, &service, "hello", NAME),
                    (900, &service, "hello", ""),
                    (900, &service, "Hello!", ""),
                    (900, &service, "John", &second("John")),
                    (100, &service, "john", ""),
                    (2_900, &service, "John", &song("John")),
                ],
            ),
            (
                "after three seconds",
                &[(0, &service, "hello", NAME), (3_000, &service, "hello", &second("hello"))],
            ),
            (
                "after something else",
                &[
                    (0, &service, "hello", NAME),
                    (0, &service, "John", &second("John")),
                    (0, &service, "hello", &song("hello")),
                ],
            ),
            (
                "what may be said twice",
                &[
                    (0, &service, "hello", NAME),
                    (0, &service, "7", &second("7")),
                    (0, &service, "7", &song("7")),
                ],
            ),
            (
                "two processes",
                &[
                    (0, &service, "hello", NAME),
                    (500, &other, "hello", ""),
                    (500, &service, "hello", ""),
                    (500, &other, "John", &second("John")),
                    (500, &service, "John", ""),
                    (3_000, &service, "John", &song("John")),
                ],
            ),
            (
                "nothing waits",
                &[
                    (0, &service, "hi", "Say hello to begin."),
                    (0, &service, "hi", "Say hello to begin."),
                ],
            ),
        ];
        for (n, (name, lines)) in cases.into_iter().enumerate() {
            let from = format!("+1415555000{n}");
            for (m, (wait, service, says, reply)) in lines.iter().enumerate() {
                NOW.fetch_add(*wait, Ordering::SeqCst);
                let replies = service.say(&format!("SM{n}{m}"), &from, says).await;
                assert_eq!(replies.concat(), *reply, "{name} {m}: {says}");
            }
        }
        run_sql(url, "DELETE FROM user_sessions; DELETE FROM messages").await;
    })
    .await;
}

#[tokio::test]
async fn the_same_text_twice_is_one_of_a_batch() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        let (first, second) =
            tokio::join!(service.say("SM1", SMS, "hello"), service.say("SM2", SMS, "hello"));
        assert_eq!((first, second), (vec![NAME.to_owned()], vec![]));
    })
    .await;
}

#[tokio::test]
async fn short_answers_may_rightly_repeat() {
    each_database(async |database| {
        let service = with_words(database.url()).await;
        for (n, (says, reply)) in [
            ("hello", Some("What may it be?")),
            ("hello", None),
            ("2", Some("Are you sure?")),
            ("yes", Some("Really?")),
            ("yes", Some("How many?")),
            // No answer to it, and yet not asked again.
            ("yes", None),
            ("12", Some("Anything else?")),
            ("12", Some("And then?")),
        ]
        .into_iter()
        .enumerate()
        {
            let replies = service.say(&format!("SM{n}"), SMS, says).await;
            match reply {
                None => assert!(replies.is_empty(), "{n}: {says}: {replies:?}"),
                Some(reply) => assert!(replies.concat().starts_with(reply), "{n}: {replies:?}"),
            }
        }
    })
    .await;
}
