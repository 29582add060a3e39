//! The phone page shows the requests that came in, each with the verdict on its
//! signature in words, and never more of them than there is room for.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode};
use ringback::http;
use ringback::twilio::form::Pairs;
use ringback::twilio::signature::{AuthToken, sign};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::{Answer, PATH, PUBLIC_URL, Service, TOKEN, request, signed, signed_body};
use crate::simulator::fake::FakeBot;
use crate::support::database::TestDatabase;

const FORM: &str = "application/x-www-form-urlencoded";
const ANN: &str = "+14155552671";
const GOOD: &str = "MessageSid=SM1&AccountSid=AC00000000000000000000000000000000&From=%2B14155552671&To=%2B15005550006&Body=hello";

/// A service whose requests a page shows.
struct Watched {
    service: Service,
    page: Router,
    cookie: String,
}

impl Watched {
    async fn start(database: &TestDatabase) -> Self {
        let service = Service::start(database.url()).await;
        let address: SocketAddr = "127.0.0.1:5000".parse().unwrap();
        let bot = FakeBot::new();
        let requests = bot.requests(address, PUBLIC_URL.parse().unwrap());
        let router = http::watched(service.router.clone(), Arc::new(requests.clone()));
        let shutdown = CancellationToken::new();
        let page = bot.simulator_before(Router::new(), requests, address, shutdown);
        Self { service: Service { router, ..service }, page, cookie: bot.cookie(address) }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        self.service.send(request).await
    }

    /// What the page gets.
    async fn list(&self, query: &str) -> Value {
        let request = Request::get(format!("/simulator/requests{query}"))
            .header("cookie", &self.cookie)
            .body(Body::empty())
            .unwrap();
        let answer = self.page.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let body = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn requests(&self) -> Vec<Value> {
        self.list("").await["requests"].as_array().unwrap().clone()
    }
}

/// A request, and what the page says about it.
struct Case {
    what: &'static str,
    request: Request<Body>,
    status: u16,
    verdict: &'static str,
    why: &'static str,
    /// Part of the advice; empty where there is none.
    advice: &'static str,
}

/// A message that is signed for this URL with this token.
fn signed_for(url: &str, token: &str) -> Request<Body> {
    let pairs = Pairs::decode(GOOD.as_bytes()).unwrap();
    let signature = sign(url, &pairs, &AuthToken::new(&token.into()).unwrap());
    request("POST", PATH, &signature, FORM, GOOD)
}

fn with(mut request: Request<Body>, name: &'static str, value: &'static str) -> Request<Body> {
    request.headers_mut().insert(name, HeaderValue::from_static(value));
    request
}

fn without(mut request: Request<Body>, name: &str) -> Request<Body> {
    request.headers_mut().remove(name);
    request
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let url = format!("{PUBLIC_URL}{PATH}");
    let hashed = "?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let json =
        with(signed_body(&format!("{PATH}{hashed}"), ""), "content-type", "application/json");
    let json = json.map(|_| Body::from("{}"));
    vec![
        Case {
            what: "authentic",
            request: signed_for(&url, TOKEN),
            status: 200,
            verdict: "authentic",
            why: "The signature is right, and the message was answered.",
            advice: "",
        },
        Case {
            what: "the same again",
            request: signed_for(&url, TOKEN),
            status: 200,
            verdict: "authentic",
            why: "and its id is known: the first reply came again",
            advice: "",
        },
        Case {
            what: "a wrong token",
            request: signed_for(&url, "67890"),
            status: 403,
            verdict: "refused",
            why: "The signature does not match.",
            advice: "no similar URL matches: check that TWILIO_AUTH_TOKEN",
        },
        Case {
            what: "while the page is on",
            request: signed_for(&url, "67890"),
            status: 403,
            verdict: "refused",
            why: "The signature does not match.",
            advice: "set TWILIO_AUTH_TOKEN and PUBLIC_URL, which turns the page off.",
        },
        Case {
            what: "a wrong URL",
            request: with(
                signed_for(&format!("https://abc.ngrok.app{PATH}"), TOKEN),
                "x-forwarded-host",
                "abc.ngrok.app",
            ),
            status: 403,
            verdict: "refused",
            why: "The signature does not match.",
            advice: "set PUBLIC_URL=https://abc.ngrok.app.",
        },
        Case {
            what: "http in place of https",
            request: signed_for(&url.replace("https", "http"), TOKEN),
            status: 403,
            verdict: "refused",
            why: "The signature does not match.",
            advice: "set PUBLIC_URL=http://bot.example.com.",
        },
        Case {
            what: "no header",
            request: without(signed_for(&url, TOKEN), "x-twilio-signature"),
            status: 403,
            verdict: "refused",
            why: "The request has no x-twilio-signature header.",
            advice: "which turns the page off",
        },
        Case {
            what: "no Base64",
            request: request("POST", PATH, "???", FORM, GOOD),
            status: 403,
            verdict: "refused",
            why: "is not the Base64 of 20 bytes.",
            advice: "which turns the page off",
        },
        Case {
            what: "too large",
            request: signed_body(PATH, &"x".repeat(64 * 1024 + 1)),
            status: 413,
            verdict: "unread",
            why: "The body is larger than 65536 bytes.",
            advice: "",
        },
        Case {
            what: "a malformed form",
            request: request(
                "POST",
                PATH,
                "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
                FORM,
                &"a=&".repeat(501),
            ),
            status: 400,
            verdict: "unread",
            why: "The form has more than 500 parameters",
            advice: "",
        },
        Case {
            what: "no UTF-8",
            request: signed_body(PATH, &format!("{GOOD}%FE")),
            status: 400,
            verdict: "authentic",
            why: "The signature is right, but it is not a message",
            advice: "",
        },
        Case {
            what: "JSON",
            request: json,
            status: 415,
            verdict: "authentic",
            why: "The signature is right, but its body is not a form.",
            advice: "",
        },
        Case {
            what: "GET",
            request: request("GET", PATH, "x", FORM, ""),
            status: 405,
            verdict: "unread",
            why: "The method is not POST.",
            advice: "Choose HTTP POST at the provider.",
        },
        Case {
            what: "a slash more",
            request: request("POST", "/webhooks/twilio/", "x", FORM, GOOD),
            status: 404,
            verdict: "unread",
            why: "Nothing is at this path.",
            advice: "the URL at the provider should be https://bot.example.com/webhooks/twilio",
        },
    ]
}

#[tokio::test]
async fn each_request_has_its_verdict_in_words() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    for case in cases() {
        let answer = watched.send(case.request).await;
        let seen = watched.requests().await.pop().unwrap();
        let what = format!("{}: {seen:#}", case.what);
        assert_eq!(answer.status.as_u16(), case.status, "{what}");
        assert_eq!(seen["status"], case.status, "{what}");
        assert_eq!(seen["answer"]["text"], answer.body, "{what}");
        assert_eq!(seen["verdict"], case.verdict, "{what}");
        assert_eq!(seen["from"], "elsewhere", "{what}");
        assert!(seen["why"].as_str().unwrap().contains(case.why), "{what}");
        let advice = seen["advice"].as_str();
        assert_eq!(advice.is_none(), case.advice.is_empty(), "{what}");
        assert!(advice.unwrap_or_default().contains(case.advice), "{what}");
    }
}

#[tokio::test]
async fn a_recut_request_is_explained() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    let (id, other) = ["1", "2"].map(|digit| format!("SM{}", digit.repeat(32))).into();
    let account = super::ACCOUNT;
    let text = format!("STARTFrom+14155550123MessageSid{other}To+15005550006Zip");
    let honest = [
        ("AccountSid", account),
        ("Body", &text),
        ("From", ANN),
        ("MessageSid", &id),
        ("To", "+15005550006"),
    ];
    let rest = format!("From{ANN}MessageSid{id}To+15005550006");
    let forged = [
        ("AccountSid", account),
        ("Body", "START"),
        ("From", "+14155550123"),
        ("MessageSid", &other),
        ("To", "+15005550006"),
        ("Zip", &rest),
    ];
    let (honest, forged) = (signed(&honest), signed(&forged));
    let signature = |request: &Request<Body>| request.headers()["x-twilio-signature"].clone();
    assert_eq!(signature(&honest), signature(&forged), "it is the same text that is signed");
    assert_eq!(watched.send(honest).await.status, 200);
    assert_eq!(watched.send(forged).await.status, 403);
    let seen = watched.requests().await.pop().unwrap();
    assert_eq!(seen["verdict"], "refused");
    assert!(seen["why"].as_str().unwrap().contains("belongs to another message"), "{seen}");
    assert!(seen["advice"].as_str().unwrap().contains("rotate the auth token"), "{seen}");
}

#[tokio::test]
async fn a_request_is_shown_as_it_came() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    let body = format!("{GOOD}&Zeta=%FE%3Cb%3E&Alpha=1&Alpha=&=x");
    let request = signed_body(&format!("{PATH}?a=%2F"), &body);
    let signature = request.headers()["x-twilio-signature"].to_str().unwrap().to_owned();
    let request = with(request, "authorization", "Basic c2VjcmV0OnNlY3JldA==");
    let request = with(request, "cookie", "a=secret");
    let request = with(request, "x-forwarded-for", "203.0.113.7");
    watched.send(request).await;
    let list = watched.list("").await;
    let seen = &list["requests"][0];
    let form = json!([
        ["MessageSid", "SM1"],
        ["AccountSid", super::ACCOUNT],
        ["From", ANN],
        ["To", "+15005550006"],
        ["Body", "hello"],
        ["Zeta", "\\xFE<b>"],
        ["Alpha", "1"],
        ["Alpha", ""],
        ["", "x"],
    ]);
    assert_eq!(seen["form"], form);
    assert_eq!(
        (&seen["method"], &seen["target"]),
        (&json!("POST"), &json!(format!("{PATH}?a=%2F")))
    );
    assert_eq!(seen["body"]["text"], body);
    assert_eq!(seen["answer_type"], "text/plain; charset=utf-8");
    assert_eq!(
        seen["headers"],
        json!([["content-type", FORM], ["x-forwarded-for", "203.0.113.7"]])
    );
    // The signature of somebody else could be used again.
    assert_eq!(seen["signature"], format!("{}…", &signature[..6]));
    assert!(seen["took_ms"].as_f64().unwrap() > 0.0);
    seen["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let whole = list.to_string();
    for secret in [&*signature, "c2VjcmV0", "a=secret", &watched.cookie] {
        assert!(!whole.contains(secret), "{secret}: {whole}");
    }
}

#[tokio::test]
async fn what_is_for_nobody_here_is_not_shown() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    for path in ["/favicon.ico", "/healthz", "/readyz", "/nothing"] {
        watched.send(Request::get(path).body(Body::empty()).unwrap()).await;
    }
    assert!(watched.requests().await.is_empty());
    // A POST may be a message.
    watched.send(Request::post("/sms").body(Body::empty()).unwrap()).await;
    assert_eq!(watched.requests().await[0]["target"], "/sms");
}

#[tokio::test]
async fn the_newest_hundred_are_kept() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    for n in 1..=101 {
        watched.send(request("POST", PATH, "???", FORM, &format!("n={n}"))).await;
    }
    let list = watched.list("").await;
    let numbers = |list: &Value| -> Vec<u64> {
        let requests = list["requests"].as_array().unwrap();
        requests.iter().map(|request| request["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(&list), (2..=101).collect::<Vec<u64>>());
    assert_eq!(list["oldest"], 2);
    // A page asks only for what it does not have.
    let rest = watched.list("?after=99").await;
    assert_eq!((numbers(&rest), &rest["oldest"]), (vec![100, 101], &json!(2)));
    assert_eq!(rest["began"], list["began"]);
    assert!(numbers(&watched.list("?after=101").await).is_empty());
}

#[tokio::test]
async fn a_megabyte_is_kept_and_of_each_body_the_beginning() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    let body = format!("Body={}", "x".repeat(60_000));
    for _ in 0..90 {
        watched.send(request("POST", PATH, "???", FORM, &body)).await;
    }
    let requests = watched.requests().await;
    assert!((60..64).contains(&requests.len()), "{}", requests.len());
    for seen in &requests {
        assert_eq!(seen["body"]["length"], body.len());
        assert_eq!(seen["body"]["is_cut"], true);
        assert_eq!(seen["body"]["text"].as_str().unwrap(), &body[..16 * 1024]);
        assert_eq!(seen["answer"]["is_cut"], false);
    }
    // Long paths and headers count as well.
    let target = format!("{PATH}?{}", "y".repeat(30_000));
    watched.send(request("POST", &target, &"z".repeat(20_000), FORM, "")).await;
    let seen = watched.requests().await.pop().unwrap();
    assert!(seen["target"].as_str().unwrap().len() < 2_100);
    assert!(seen["signature"].as_str().unwrap().len() < 20);
}

#[tokio::test]
async fn a_number_that_is_none_is_refused() {
    let database = TestDatabase::sqlite();
    let watched = Watched::start(&database).await;
    for query in ["?after=x", "?after=-1", "?before=1"] {
        let request = Request::get(format!("/simulator/requests{query}"))
            .header("cookie", &watched.cookie)
            .body(Body::empty())
            .unwrap();
        let answer = watched.page.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}
