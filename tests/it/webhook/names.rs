//! A person whom WhatsApp tells by a number, by ids, or by both: one person.

use futures_util::future::join_all;

use super::{Service, message};
use crate::support::database::{each_database, run_sql, select};

const NUMBER: &str = "whatsapp:+14155552671";
const SMS: &str = "+14155552671";
const NEW_NUMBER: &str = "whatsapp:+14155552672";
const ID: &str = "whatsapp:US.13491208655302741918";
const PARENT: &str = "whatsapp:US.ENT.11815799212886844830";
const STRANGER: &str = "whatsapp:US.1349120865530274191A";

const NAME: &str = "What is your name?";
const SONG: &str = "Hello John, what is your favorite song?";
const STOPPED: &str =
    "You are unsubscribed and will get no more messages. Send START to hear from us again.";
const STARTED: &str = "You are subscribed again. Send STOP to unsubscribe.";
const SILENCE: &str = "";

/// `From`, then what is told beside it: `ExternalUserId`, `ParentExternalUserId`.
type Who<'a> = (&'a str, &'a str, &'a str);

/// What one line of a chat is: who writes what, and the first text that answers.
type Line<'a> = (Who<'a>, &'a str, &'a str);

const BY_NUMBER: Who<'_> = (NUMBER, "", "");
const BY_BOTH: Who<'_> = (NUMBER, ID, "");
const BY_ID: Who<'_> = (ID, ID, "");
const BY_SMS: Who<'_> = (SMS, "", "");
const BY_NEW_NUMBER: Who<'_> = (NEW_NUMBER, ID, "");

/// Says something; the first text that answers.
async fn say(service: &Service, id: &str, (from, external, parent): Who<'_>, body: &str) -> String {
    let mut form = message(id, from, body);
    form.push(("ExternalUserId", external));
    form.push(("ParentExternalUserId", parent));
    let answer = service.post(&form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let replies = ringback::twilio::twiml::read(answer.body.as_bytes()).unwrap();
    replies.into_iter().next().map(|reply| reply.text).unwrap_or_default()
}

async fn chat(service: &Service, name: &str, lines: &[Line<'_>]) {
    for (n, (who, says, reply)) in lines.iter().enumerate() {
        let said = say(service, &format!("SM{name}{n}"), *who, says).await;
        assert_eq!(said, *reply, "{name}, line {n}: {who:?} says {says}");
    }
}

/// Each on tables that hold nothing but what `before` inserts.
async fn chats(cases: &[(&str, &str, &[Line<'_>])]) {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        for (name, before, lines) in cases {
            if !before.is_empty() {
                run_sql(url, before).await;
            }
            chat(&service, name, lines).await;
            run_sql(
                url,
                "DELETE FROM user_sessions; DELETE FROM messages; \
                 DELETE FROM conversations; DELETE FROM sender_ids",
            )
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_stopped_is_not_answered_under_any_name() {
    const SAME_PARENT: Who<'_> = (STRANGER, STRANGER, PARENT);
    chats(&[
        (
            "byNumber",
            "",
            &[
                (BY_BOTH, "STOP", STOPPED),
                (BY_ID, "hello", SILENCE),
                ((ID, "", ""), "hello", SILENCE),
                (BY_NUMBER, "hello", SILENCE),
                (BY_ID, "START", STARTED),
                (BY_NUMBER, "hello", NAME),
            ],
        ),
        (
            "byId",
            "",
            &[
                (BY_ID, "STOP", STOPPED),
                (BY_BOTH, "hello", SILENCE),
                (BY_NUMBER, "hello", SILENCE),
                // Another channel, as ever.
                (BY_SMS, "hello", NAME),
                (BY_NUMBER, "START", STARTED),
                (BY_ID, "John", SONG),
            ],
        ),
        (
            "byEither",
            "",
            &[
                (BY_ID, "STOP", STOPPED),
                (BY_SMS, "STOP", SILENCE),
                (BY_BOTH, "hello", SILENCE),
                (BY_SMS, "hello", SILENCE),
                (BY_BOTH, "START", STARTED),
                (BY_SMS, "hello", SILENCE),
            ],
        ),
        (
            "numberBefore",
            "",
            &[(BY_NUMBER, "STOP", STOPPED), (BY_BOTH, "hello", SILENCE), (BY_ID, "hello", SILENCE)],
        ),
        (
            "newNumber",
            "",
            &[
                (BY_BOTH, "STOP", STOPPED),
                (BY_SMS, "STOP", SILENCE),
                (BY_NEW_NUMBER, "hello", SILENCE),
                (BY_ID, "hello", SILENCE),
                (BY_NEW_NUMBER, "START", STARTED),
                (BY_ID, "hello", NAME),
                // At the provider the old one is stopped as before.
                (BY_SMS, "hello", SILENCE),
                (BY_NUMBER, "hello", SILENCE),
            ],
        ),
        (
            "parent",
            "",
            &[
                ((ID, ID, PARENT), "STOP", STOPPED),
                (SAME_PARENT, "hello", SILENCE),
                ((STRANGER, "", ""), "hello", SILENCE),
                ((NUMBER, "", PARENT), "hello", SILENCE),
                (BY_NUMBER, "hello", SILENCE),
                ((PARENT, "", ""), "hello", SILENCE),
            ],
        ),
        (
            // Two names that were two people until one message shows both.
            "late",
            "",
            &[
                (BY_ID, "hello", NAME),
                ((PARENT, "", ""), "STOP", STOPPED),
                (BY_ID, "John", SONG),
                ((ID, ID, PARENT), "Imagine", SILENCE),
                (BY_BOTH, "hello", SILENCE),
                ((PARENT, "", ""), "hello", SILENCE),
            ],
        ),
    ])
    .await;
}

/// What releases kept that knew numbers only.
#[tokio::test]
async fn a_session_that_an_older_release_kept_under_an_id_is_found() {
    chats(&[
        (
            "olderRelease",
            &format!(
                "INSERT INTO user_sessions (phone_number, answers, opt_outs) \
                 VALUES ('{ID}', '{{}}', '{{\"whatsapp\":\"2026-11-23 04:05:06.789\"}}')"
            ),
            &[(BY_BOTH, "hello", SILENCE), (BY_ID, "hello", SILENCE), (BY_SMS, "hello", NAME)],
        ),
        (
            // After a roll-back to a release that knew numbers only.
            "rollBack",
            &format!(
                "INSERT INTO sender_ids VALUES ('{ID}', '{SMS}'); \
                 INSERT INTO user_sessions (phone_number, answers, opt_outs) \
                 VALUES ('{ID}', '{{}}', '{{\"whatsapp\":\"2026-11-23 04:05:06.789\"}}')"
            ),
            &[(BY_ID, "hello", SILENCE), (BY_NUMBER, "hello", SILENCE)],
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_name_of_somebody_leads_to_nobody() {
    chats(&[(
        "strangers",
        "",
        &[
            (BY_BOTH, "STOP", STOPPED),
            // Ids differ in case, and what is no id names nobody.
            ((STRANGER, STRANGER, ""), "hello", NAME),
            (("whatsapp:US.1349120865530274191a", "", ""), "hello", NAME),
            ((NEW_NUMBER, "US-13491208655302741918", ""), "hello", NAME),
            (("+14155552673", ID, ""), "hello", NAME),
        ],
    )])
    .await;
}

#[tokio::test]
async fn a_conversation_goes_on_under_any_name() {
    chats(&[
        (
            "shown",
            "",
            &[(BY_BOTH, "hello", NAME), (BY_ID, "John", SONG), (BY_SMS, "hello", "Playing hello")],
        ),
        (
            "shownLater",
            "",
            &[(BY_ID, "hello", NAME), (BY_BOTH, "John", SONG), (BY_SMS, "hello", "Playing hello")],
        ),
        (
            "newNumber",
            "",
            &[
                (BY_BOTH, "hello", NAME),
                (BY_NEW_NUMBER, "John", SONG),
                // Whoever has the old number now is somebody else.
                (BY_SMS, "hello", NAME),
                (BY_ID, "hello", "Playing hello"),
            ],
        ),
        (
            // The number's own conversation waits.
            "both",
            "",
            &[
                (BY_ID, "hello", NAME),
                (BY_NUMBER, "hello", NAME),
                (BY_NUMBER, "John", SONG),
                (BY_BOTH, "hello", "Playing hello"),
            ],
        ),
        (
            // It has ended, and the id's waits.
            "others",
            "",
            &[
                (BY_NUMBER, "hello", NAME),
                (BY_NUMBER, "John", SONG),
                (BY_NUMBER, "x", "Playing x"),
                (BY_ID, "hello", NAME),
                (BY_BOTH, "John", SONG),
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn the_transcript_and_the_results_go_along() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let lines: &[Line<'_>] = &[
            (BY_NUMBER, "hello", NAME),
            (BY_NUMBER, "John", SONG),
            (BY_ID, "hello", NAME),
            (BY_ID, "STOP", STOPPED),
            (BY_ID, "START", STARTED),
            (BY_ID, "hello", NAME),
            (BY_BOTH, "STOP", STOPPED),
        ];
        chat(&service, "", lines).await;
        let rows = |table: &str, columns: &str| {
            let concat = format!("SELECT CONCAT_WS('|', {columns}) FROM {table} ORDER BY id");
            async move { select(url, &concat).await }
        };
        assert_eq!(
            rows("messages", "message_id, phone_number, turn").await,
            (0..7).map(|n| format!("SM{n}|{SMS}|{}", n + 1)).collect::<Vec<_>>()
        );
        // Of two that waited the id's was given up.
        let ended = rows("conversations", "phone_number, channel, outcome").await;
        assert_eq!(
            ended,
            ["STOPPED", "EXPIRED", "STOPPED"].map(|outcome| format!("{SMS}|whatsapp|{outcome}"))
        );
        let sessions = select(url, "SELECT phone_number FROM user_sessions").await;
        assert_eq!(sessions, [SMS]);
        let turns = select(url, "SELECT CAST(turns AS CHAR) FROM user_sessions").await;
        assert_eq!(turns, ["7"]);
        // Nothing more happens to a person who is settled, and a repeat gets its reply.
        assert_eq!(say(&service, "SM2", BY_ID, "hello").await, NAME);
        assert_eq!(say(&service, "SM7", BY_ID, "START").await, STARTED);
        assert_eq!(rows("messages", "turn").await.last().map(String::as_str), Some("8"));
    })
    .await;
}

/// A message that was taken is no news, however late it comes again.
#[tokio::test]
async fn a_repeated_message_moves_nobody() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let lines: &[Line<'_>] =
            &[(BY_BOTH, "hello", NAME), (BY_NEW_NUMBER, "John", SONG), (BY_NUMBER, "hello", NAME)];
        chat(&service, "", lines).await;
        let keys = async || {
            let keys = "SELECT CONCAT_WS('|', external_id, phone_number) FROM sender_ids";
            select(url, keys).await
        };
        let settled = [format!("{ID}|+14155552672")];
        assert_eq!(keys().await, settled);
        assert_eq!(say(&service, "SM0", BY_BOTH, "hello").await, NAME);
        assert_eq!(keys().await, settled);
        // Recorded, and cut into the id of somebody else.
        assert_eq!(say(&service, "SM2", (NUMBER, STRANGER, ""), "hello").await, NAME);
        assert_eq!(keys().await, settled);
        assert_eq!(say(&service, "SM3", BY_ID, "x").await, "Playing x");
        // Twice in one request is no name at all.
        let mut form = message("SM4", NUMBER, "John");
        form.extend([("ExternalUserId", ID), ("ExternalUserId", STRANGER)]);
        assert!(service.post(&form).await.body.contains("Hello John"));
        assert_eq!(keys().await, settled);
    })
    .await;
}

/// Two processes get everything at once; nothing is lost, doubled or left behind.
#[tokio::test]
async fn processes_that_meet_a_person_under_several_names_keep_one() {
    each_database(async |database| {
        let url = database.url();
        let services = [Service::start(url).await, Service::start(url).await];
        for round in 0..8 {
            let ids = [format!("whatsapp:US.{round}a"), format!("whatsapp:US.ENT.{round}b")];
            let number = format!("whatsapp:+1415555{round:04}");
            let whos = [
                (number.as_str(), ids[0].as_str(), ids[1].as_str()),
                (&ids[0], &ids[0], ""),
                (&ids[1], "", ""),
                (&number, "", ""),
                (&ids[0], &ids[0], &ids[1]),
                (&number, &ids[0], ""),
            ];
            let said = whos.iter().enumerate().flat_map(|(n, who)| {
                services.iter().enumerate().map(move |(process, service)| async move {
                    let body = if n == 2 { "STOP" } else { "hello" };
                    say(service, &format!("SM{round}.{n}.{process}"), *who, body).await
                })
            });
            join_all(said).await;
            let last = format!("SM{round}.last");
            say(&services[0], &last, whos[0], "hello").await;
        }
        let sessions = select(url, "SELECT phone_number FROM user_sessions ORDER BY 1").await;
        let numbers: Vec<String> = (0..8).map(|round| format!("+1415555{round:04}")).collect();
        assert_eq!(sessions, numbers);
        let turns = select(url, "SELECT CAST(turns AS CHAR) FROM user_sessions").await;
        assert_eq!(turns, ["13"; 8]);
        let messages = "SELECT CONCAT_WS('|', phone_number, turn) FROM messages \
                        ORDER BY phone_number, turn";
        let expected: Vec<String> = numbers
            .iter()
            .flat_map(|number| (1..=13).map(move |turn| format!("{number}|{turn}")))
            .collect();
        assert_eq!(select(url, messages).await, expected);
        let stopped = "SELECT phone_number FROM user_sessions WHERE opt_outs IS NOT NULL";
        assert_eq!(select(url, stopped).await.len(), 8, "each has stopped by one of the names");
    })
    .await;
}

/// What most people send costs nothing: the table may even be gone.
#[tokio::test]
async fn who_has_one_name_is_looked_up_nowhere() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        run_sql(database.url(), "DROP TABLE sender_ids").await;
        for (n, from) in [SMS, NUMBER, "messenger:1234", "rcs:+14155552671"].iter().enumerate() {
            let answer = service.post(&message(&format!("SM{n}"), from, "hello")).await;
            assert_eq!(answer.status, 200, "{from}: {}", answer.body);
        }
        // While the ids of others cannot be looked up, they are not guessed at.
        let mut form = message("SM9", NUMBER, "hello");
        form.push(("ExternalUserId", ID));
        assert_eq!(service.post(&form).await.status, 500);
    })
    .await;
}
