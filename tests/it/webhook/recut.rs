//! A signature is one message's: a recorded request cut into other parameters is
//! refused, and whoever writes such a text is heard.

use axum::body::Body;
use axum::http::Request;
use futures_util::future::join_all;
use ringback::twilio::form::Pairs;
use ringback::twilio::signature::{AuthToken, sign};

use super::{ACCOUNT, Answer, PATH, PUBLIC_URL, Service, TOKEN, message, request};
use crate::support::database::{each_database, run_sql, select};

const WRITER: &str = "+14155552671";
const STRANGER: &str = "+14155550123";
const BOT: &str = "+15005550006";
const ID: &str = "SM0123456789abcdef0123456789abcdef";
const OTHER_ID: &str = "SMfedcba9876543210fedcba9876543210";
const SILENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// A form, and where it is sent to.
#[derive(Clone, Debug)]
struct Form {
    target: String,
    pairs: Vec<(String, String)>,
}

/// An honest request, and what somebody makes of it who recorded it.
struct Case {
    what: &'static str,
    honest: Form,
    forged: Form,
}

impl Form {
    fn new(pairs: &[(&str, &str)]) -> Self {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { target: PATH.to_owned(), pairs: pairs.collect() }
    }

    fn at(self, query: &str) -> Self {
        Self { target: format!("{PATH}{query}"), ..self }
    }

    fn signature(&self) -> String {
        let pairs: Pairs = self.pairs.iter().cloned().collect();
        let token = AuthToken::new(&TOKEN.into()).unwrap();
        sign(&format!("{PUBLIC_URL}{}", self.target), &pairs, &token)
    }

    fn signed_by(&self, signature: &str) -> Request<Body> {
        let body = serde_urlencoded::to_string(&self.pairs).unwrap();
        request("POST", &self.target, signature, "application/x-www-form-urlencoded", &body)
    }
}

impl Case {
    /// One signature for both: it is the same text that is signed.
    fn signature(&self) -> String {
        let signature = self.honest.signature();
        assert_eq!(self.forged.signature(), signature, "{}: another text", self.what);
        signature
    }

    async fn honest(&self, service: &Service) -> Answer {
        service.send(self.honest.signed_by(&self.signature())).await
    }

    async fn forged(&self, service: &Service) -> Answer {
        service.send(self.forged.signed_by(&self.signature())).await
    }
}

/// The five that a message must have, and others.
fn honest(body: &str, others: &[(&str, &str)]) -> Form {
    let needed = [
        ("AccountSid", ACCOUNT),
        ("Body", body),
        ("From", WRITER),
        ("MessageSid", ID),
        ("To", BOT),
    ];
    Form::new(&[&needed, others].concat())
}

/// The stranger's START, and what holds the rest of the signed text.
fn forged(rest: &[(&str, &str)]) -> Form {
    let needed = [
        ("AccountSid", ACCOUNT),
        ("Body", "START"),
        ("From", STRANGER),
        ("MessageSid", OTHER_ID),
        ("To", BOT),
    ];
    Form::new(&[&needed, rest].concat())
}

/// What is written for a parameter other than the text.
fn written() -> String {
    format!("BodySTARTFrom{STRANGER}MessageSid{OTHER_ID}To{BOT}Zip")
}

fn cases() -> Vec<Case> {
    let written = written();
    let text = written.strip_prefix("Body").unwrap();
    let own = format!("From{WRITER}MessageSid{ID}");
    let whole = format!("Bodyhi{own}");
    let mut cases = vec![
        Case {
            what: "the text",
            honest: honest(text, &[]),
            forged: forged(&[("Zip", &format!("{own}To{BOT}"))]),
        },
        Case {
            what: "Address",
            honest: honest("hi", &[("Address", &written)]),
            forged: forged(&[("Address", ""), ("Zip", &format!("{whole}To{BOT}"))]),
        },
        Case {
            what: "a query in the URL",
            honest: honest(&format!("hiAccountSid{ACCOUNT}{written}"), &[]).at("?a=1"),
            forged: forged(&[("Zip", &format!("{own}To{BOT}"))])
                .at(&format!("?a=1AccountSid{ACCOUNT}Bodyhi")),
        },
        Case {
            what: "the id of the message that is quoted",
            honest: honest("hi", &[("OriginalRepliedMessageSid", OTHER_ID)]),
            forged: Form::new(&[
                ("AccountSid", ACCOUNT),
                ("Body", "hi"),
                ("From", WRITER),
                ("M", &format!("essageSid{ID}OriginalReplied")),
                ("MessageSid", OTHER_ID),
                ("To", BOT),
            ]),
        },
        Case {
            what: "a name that is cut",
            honest: honest(&format!("STARTFrom{STRANGER}MessageSid{OTHER_ID}S"), &[]),
            forged: Form::new(&[
                ("AccountSid", ACCOUNT),
                ("Body", "START"),
                ("From", STRANGER),
                ("MessageSid", OTHER_ID),
                ("S", &format!("From{WRITER}MessageSid{ID}")),
                ("To", BOT),
            ]),
        },
        Case {
            what: "the sender alone",
            honest: honest(&format!("STARTFrom{STRANGER}FromX"), &[]),
            forged: Form::new(&[
                ("AccountSid", ACCOUNT),
                ("Body", "START"),
                ("From", STRANGER),
                ("FromX", &format!("From{WRITER}")),
                ("MessageSid", ID),
                ("To", BOT),
            ]),
        },
        Case {
            what: "the fallback URL",
            honest: honest(text, &[("ErrorCode", "11200"), ("ErrorUrl", "https://x")]),
            forged: forged(&[("Zip", &format!("ErrorCode11200ErrorUrlhttps://x{own}To{BOT}"))]),
        },
    ];
    // Where each stands among the others: what is before it, and what behind.
    let sender = format!("From{WRITER}");
    let id = format!("MessageSid{ID}");
    for (what, before, behind) in [
        ("ButtonText", "odyhiButtonText".to_owned(), format!("{own}To{BOT}")),
        ("Label", format!("odyhi{sender}Label"), format!("{id}To{BOT}")),
        ("ListTitle", format!("odyhi{sender}ListTitle"), format!("{id}To{BOT}")),
        ("ProfileName", format!("odyhi{own}ProfileName"), format!("To{BOT}")),
        ("WaId", format!("odyhi{own}To{BOT}WaId"), String::new()),
    ] {
        cases.push(Case {
            what,
            honest: honest("hi", &[(what, &written)]),
            forged: forged(&[("B", &before), ("Zip", &behind)]),
        });
    }
    cases
}

/// All that is kept of anybody.
async fn kept(url: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for query in [
        "SELECT CONCAT_WS('|', phone_number, conversation_state, turns, opt_outs) \
         FROM user_sessions ORDER BY phone_number",
        "SELECT CONCAT_WS('|', message_id, phone_number, turn, body) FROM messages ORDER BY id",
        "SELECT CONCAT_WS('|', phone_number, outcome) FROM conversations ORDER BY id",
    ] {
        rows.extend(select(url, query).await);
    }
    rows
}

/// A service whose database knows a stranger who wants to hear nothing.
async fn with_stopped_stranger(url: &str) -> Service {
    let service = Service::start(url).await;
    service.say("SM1", STRANGER, "hello").await;
    service.say("SM2", STRANGER, "STOP").await;
    service
}

async fn forget_all_but_stranger(url: &str) {
    let forget = format!(
        "DELETE FROM messages WHERE phone_number <> '{STRANGER}'; \
         DELETE FROM user_sessions WHERE phone_number <> '{STRANGER}'; DELETE FROM signatures"
    );
    run_sql(url, &forget).await;
}

#[tokio::test]
async fn a_recorded_request_cannot_be_cut_into_another_message() {
    each_database(async |database| {
        let url = database.url();
        let service = with_stopped_stranger(url).await;
        let other = Service::start(url).await;
        for case in cases() {
            forget_all_but_stranger(url).await;
            let first = case.honest(&service).await;
            assert_eq!(first.status, 200, "{}: {}", case.what, first.body);
            assert_ne!(first.body, SILENCE, "{}", case.what);
            let before = kept(url).await;
            for service in [&service, &other] {
                let forged = case.forged(service).await;
                let got = (forged.status.as_u16(), forged.body.as_str());
                // One with the same id is a repeat of what was taken.
                assert_eq!(got, (403, "forbidden\n"), "{}", case.what);
            }
            assert_eq!(kept(url).await, before, "{}", case.what);
            // The provider's own repeat is none of this.
            assert_eq!(case.honest(&other).await, first, "{}", case.what);
            assert_eq!(kept(url).await, before, "{}", case.what);
        }
    })
    .await;
}

#[tokio::test]
async fn a_repeat_by_the_fallback_url_is_bound_as_well() {
    each_database(async |database| {
        let url = database.url();
        let service = with_stopped_stranger(url).await;
        let cases = cases();
        let find = |what| cases.iter().find(|case| case.what == what).unwrap();
        let (first, fallback) = (find("the text"), find("the fallback URL"));
        let answer = first.honest(&service).await;
        assert_eq!(fallback.honest(&service).await, answer, "a repeat");
        let before = kept(url).await;
        for case in [first, fallback] {
            assert_eq!(case.forged(&service).await.status, 403);
        }
        assert_eq!(kept(url).await, before);
    })
    .await;
}

#[tokio::test]
async fn both_at_once_are_the_one_that_came_first() {
    each_database(async |database| {
        let url = database.url();
        let service = with_stopped_stranger(url).await;
        for case in cases() {
            forget_all_but_stranger(url).await;
            let signature = case.signature();
            let posts = [&case.honest, &case.forged, &case.honest, &case.forged]
                .map(|form| service.send(form.signed_by(&signature)));
            let answers = join_all(posts).await;
            let got: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
            assert_eq!(got, [200, 403, 200, 403], "{}", case.what);
            assert_eq!(answers[0], answers[2], "{}", case.what);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_processes_only_one_takes_it() {
    each_database(async |database| {
        let url = database.url();
        let services = [with_stopped_stranger(url).await, Service::start(url).await];
        for case in cases() {
            forget_all_but_stranger(url).await;
            let (a, b) = tokio::join!(case.honest(&services[0]), case.forged(&services[1]));
            let mut got = [a.status.as_u16(), b.status.as_u16()];
            got.sort_unstable();
            assert_eq!(got, [200, 403], "{}", case.what);
        }
    })
    .await;
}

/// Silence leaves no trace, so that the id alone would bind nothing.
#[tokio::test]
async fn a_message_that_met_silence_owns_its_signature() {
    each_database(async |database| {
        let url = database.url();
        let service = with_stopped_stranger(url).await;
        let mut floods = 0;
        for case in cases() {
            // Whoever rests for five seconds is heard once more.
            let met = loop {
                for _ in 0..if floods == 0 { 100 } else { 3 } {
                    floods += 1;
                    service.post(&message(&format!("SM{floods:032x}"), WRITER, "x")).await;
                }
                forget_all_but_stranger(url).await;
                let met = case.honest(&service).await;
                if met.body == SILENCE || floods > 500 {
                    break met;
                }
            };
            assert_eq!((met.status.as_u16(), met.body.as_str()), (200, SILENCE), "{}", case.what);
            let before = kept(url).await;
            assert_eq!(case.forged(&service).await.status, 403, "{}", case.what);
            assert_eq!(kept(url).await, before, "{}", case.what);
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_failure_the_repeat_is_taken_and_nobody_else_notices() {
    each_database(async |database| {
        let url = database.url();
        let service = with_stopped_stranger(url).await;
        let case = &cases()[0];
        for (n, table) in ["messages", "signatures"].into_iter().enumerate() {
            forget_all_but_stranger(url).await;
            run_sql(url, &format!("ALTER TABLE {table} RENAME TO away")).await;
            let refused = case.honest(&service).await;
            assert!(refused.status.is_server_error(), "{table}: {}", refused.status);
            let others = service.post(&message(&format!("SM{n:032x}"), "+14155550199", "x")).await;
            assert_eq!(others.status.is_success(), table == "signatures", "{table}");
            run_sql(url, &format!("ALTER TABLE away RENAME TO {table}")).await;
            let taken = case.honest(&service).await;
            assert_eq!(taken.status, 200, "{table}: {}", taken.body);
            assert_eq!(case.forged(&service).await.status, 403, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_usual_message_claims_nothing() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        for (n, text) in
            ["hello", "", "START", "Too late", "from me", "messageSid"].into_iter().enumerate()
        {
            let id = format!("SM{n:032x}");
            assert_eq!(service.post(&message(&id, WRITER, text)).await.status, 200);
        }
        assert!(select(url, "SELECT message_id FROM signatures").await.is_empty());
    })
    .await;
}
