//! Only the person who has the key gets in.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::FakeBot;

const ADDRESS: &str = "127.0.0.1:5000";

const POST: (Method, &str) = (Method::POST, "/simulator/messages");
const EVENTS: (Method, &str) = (Method::GET, "/simulator/events?phone=%2B14155552671");
const PAGE: (Method, &str) = (Method::GET, "/");
const SCRIPT: (Method, &str) = (Method::GET, "/simulator/phone.js");
const FLOWS: (Method, &str) = (Method::GET, "/simulator/flows");
const PLACE: (Method, &str) = (Method::GET, "/simulator/place?phone=%2B14155552671");
const ROUTES: [(Method, &str); 6] = [POST, EVENTS, PAGE, SCRIPT, FLOWS, PLACE];

const OPEN_THE_LINK: &str = "Open the link that Ringback printed when it started";

type Headers<'a> = &'a [(&'a str, &'a str)];

fn address() -> SocketAddr {
    ADDRESS.parse().unwrap()
}

fn key(bot: &FakeBot) -> String {
    bot.link(address()).split_once("/?key=").unwrap().1.to_owned()
}

/// Status, headers and body of the answer. A message is taken with a success only.
async fn ask(
    bot: &Arc<FakeBot>,
    (method, path): (Method, &str),
    headers: Headers<'_>,
) -> (StatusCode, HeaderMap, String) {
    let is_post = method == Method::POST;
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = if is_post {
        request = request.header("content-type", "application/json");
        r#"{"id":"0189f7ea-ae2c-7809-8aeb-b819cf5e9e7f","from":"+14155552671","channel":"sms","text":"hello"}"#
    } else {
        ""
    };
    let before = bot.forms.lock().unwrap().len();
    let router = bot.simulator(address(), CancellationToken::new());
    let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let taken = bot.forms.lock().unwrap().len() > before;
    assert_eq!(taken, is_post && response.status().is_success(), "{path} {headers:?}");
    let (status, headers) = (response.status(), response.headers().clone());
    // A feed that is open has no end.
    let body = if status.is_success() {
        String::new()
    } else {
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    (status, headers, body)
}

/// Asserts that the answer holds one sentence and nothing else.
async fn is_kept_out(bot: &Arc<FakeBot>, route: (Method, &str), headers: Headers<'_>) {
    let (status, answered, body) = ask(bot, route.clone(), headers).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} {headers:?}");
    assert!(body.contains(OPEN_THE_LINK), "{route:?} {headers:?}: {body}");
    assert!(!body.contains(&key(bot)) && !body.contains("127.0.0.1"), "{body}");
    assert!(!body.contains("/simulator/"), "{body}");
    assert!(!answered.contains_key("set-cookie"), "{route:?} {headers:?}");
    assert!(!answered.contains_key("location"), "{route:?} {headers:?}");
}

#[tokio::test]
async fn nobody_gets_in_without_the_key() {
    let bot = FakeBot::new();
    let (key, cookie) = (key(&bot), bot.cookie(address()));
    let other_port = bot.cookie("127.0.0.1:5001".parse().unwrap());
    let no_port = format!("ringback={key}");
    let wrong = format!("ringback_5000={}", &key[1..]);
    let longer = format!("{cookie}0");
    let shouted = cookie.to_uppercase();
    let longer_name = format!("x{cookie}");
    let no_name = format!("={key}");
    let spaced = format!("ringback_5000 = {key}");
    let of_another_start = FakeBot::new().cookie(address());
    let bearer = format!("Bearer {key}");
    let referer = format!("http://127.0.0.1:5000/?key={key}");
    let cases: &[Headers] = &[
        // This machine, as it was believed once, and a forwarder that says nothing.
        &[],
        &[("host", ADDRESS)],
        &[("host", "localhost:5000"), ("sec-fetch-site", "same-origin")],
        &[("host", ADDRESS), ("sec-fetch-site", "none")],
        &[("host", ADDRESS), ("origin", "http://127.0.0.1:5000")],
        &[("host", "evil.example")],
        &[("host", ADDRESS), ("x-forwarded-for", "127.0.0.1")],
        // Cookies that are not the one.
        &[("host", ADDRESS), ("cookie", "")],
        &[("host", ADDRESS), ("cookie", "ringback_5000")],
        &[("host", ADDRESS), ("cookie", "ringback_5000=")],
        &[("host", ADDRESS), ("cookie", &wrong)],
        &[("host", ADDRESS), ("cookie", &longer)],
        &[("host", ADDRESS), ("cookie", &shouted)],
        &[("host", ADDRESS), ("cookie", &longer_name)],
        &[("host", ADDRESS), ("cookie", &no_name)],
        &[("host", ADDRESS), ("cookie", &spaced)],
        &[("host", ADDRESS), ("cookie", &no_port)],
        &[("host", ADDRESS), ("cookie", &other_port)],
        &[("host", ADDRESS), ("cookie", &of_another_start)],
        &[("host", ADDRESS), ("cookie", &key)],
        // Other places for it.
        &[("host", ADDRESS), ("authorization", &bearer)],
        &[("host", ADDRESS), ("referer", &referer)],
        &[("host", ADDRESS), ("key", &key)],
    ];
    for headers in cases {
        for route in ROUTES {
            is_kept_out(&bot, route, headers).await;
        }
    }
    // Not even what methods and files there are.
    for (method, path) in [
        (Method::HEAD, "/"),
        (Method::POST, "/"),
        (Method::OPTIONS, "/"),
        (Method::GET, "/simulator/messages"),
        (Method::OPTIONS, "/simulator/messages"),
        (Method::POST, "/simulator/now"),
        (Method::POST, "/simulator/next-text"),
        (Method::POST, "/simulator/files"),
        (Method::POST, "/simulator/files?channel=sms"),
        (Method::GET, "/simulator/files/0189f7eaae2c78098aebb819cf5e9e7f"),
        (Method::GET, "/simulator/requests"),
        (Method::GET, "/simulator/mishaps"),
        (Method::POST, "/simulator/mishaps"),
        (Method::DELETE, "/simulator/events"),
        (Method::GET, "/simulator/events"),
        (Method::GET, "/simulator/nothing.js"),
        (Method::GET, "/simulator/icon.svg"),
    ] {
        let (status, ..) = ask_bare(&bot, (method.clone(), path)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
    }
}

/// The same, without a message in a post.
async fn ask_bare(bot: &Arc<FakeBot>, (method, path): (Method, &str)) -> (StatusCode, HeaderMap) {
    let request = Request::builder().method(method).uri(path).header("host", ADDRESS);
    let router = bot.simulator(address(), CancellationToken::new());
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status(), response.headers().clone())
}

#[tokio::test]
async fn the_link_gives_a_cookie_and_leads_on_without_the_key() {
    let bot = FakeBot::new();
    let (key, cookie) = (key(&bot), bot.cookie(address()));
    for (query, location) in [
        ("?key=KEY", "/"),
        ("?phone=%2B14155552671&key=KEY", "/?phone=%2B14155552671"),
        ("?key=KEY&phone=+14155552671&channel=whatsapp", "/?phone=+14155552671&channel=whatsapp"),
        ("?&key=KEY&&a=b%0D%0AX:y&keys=1", "/?a=b%0D%0AX:y&keys=1"),
        ("?key=KEY&phone=//evil.example/", "/?phone=//evil.example/"),
    ] {
        for headers in [
            [("host", ADDRESS), ("sec-fetch-site", "none")],
            // A forwarder, a chat in the browser, another cookie of the name.
            [("host", "box.example"), ("x-forwarded-for", "203.0.113.7")],
            [("host", ADDRESS), ("sec-fetch-site", "cross-site")],
            [("host", ADDRESS), ("cookie", "ringback_5000=of-yesterday")],
        ] {
            let path = format!("/{}", query.replace("KEY", &key));
            let (status, answered, body) = ask(&bot, (Method::GET, &path), &headers).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{query} {headers:?}");
            assert_eq!(answered["location"], location);
            let expected = format!("{cookie}; HttpOnly; SameSite=Strict; Path=/");
            assert_eq!(answered["set-cookie"], expected);
            assert_eq!(answered["referrer-policy"], "no-referrer");
            assert_eq!(answered["cache-control"], "no-store");
            assert_eq!(body, "");
        }
    }
}

#[tokio::test]
async fn a_link_with_another_key_or_to_another_place_opens_nothing() {
    let bot = FakeBot::new();
    let (key, cookie) = (key(&bot), bot.cookie(address()));
    let of_another_start = FakeBot::new().link(address());
    let of_another_start = of_another_start.split_once("/?key=").unwrap().1;
    for query in [
        "?key".to_owned(),
        "?key=".to_owned(),
        format!("?key={of_another_start}"),
        format!("?key={}", &key[..key.len() - 1]),
        format!("?key={key}0"),
        format!("?key={}", key.to_uppercase()),
        format!("?key={key}%20"),
        format!("?key=={key}"),
        format!("?key={key}&key={of_another_start}"),
        format!("?key={of_another_start}&key={key}"),
        format!("?key={key}&key={key}"),
    ] {
        let path = format!("/{query}");
        is_kept_out(&bot, (Method::GET, &path), &[("host", ADDRESS)]).await;
        // Nor is it overlooked because of the cookie.
        is_kept_out(&bot, (Method::GET, &path), &[("host", ADDRESS), ("cookie", &cookie)]).await;
    }
    for query in [format!("?KEY={key}"), format!("?k={key}"), format!("?{key}")] {
        is_kept_out(&bot, (Method::GET, &format!("/{query}")), &[("host", ADDRESS)]).await;
    }
    for (method, path) in [
        (Method::POST, format!("/?key={key}")),
        (Method::POST, format!("/simulator/messages?key={key}")),
        (Method::GET, format!("/simulator/events?phone=%2B14155552671&key={key}")),
        (Method::GET, format!("/simulator/phone.js?key={key}")),
        (Method::GET, format!("/simulator/{key}")),
    ] {
        is_kept_out(&bot, (method, &path), &[("host", ADDRESS)]).await;
    }
}

#[tokio::test]
async fn who_has_the_cookie_gets_in_by_any_name_and_through_any_forwarder() {
    let bot = FakeBot::new();
    let cookie = bot.cookie(address());
    let among_others = format!("theme=dark; {cookie};ringback_5001=x");
    let two_of_a_name = format!("ringback_5000=of-another-path; {cookie}");
    let cases: &[Headers] = &[
        &[("cookie", &cookie)],
        &[("host", ADDRESS), ("cookie", &cookie)],
        &[("host", ADDRESS), ("cookie", &among_others)],
        &[("host", ADDRESS), ("cookie", &two_of_a_name)],
        &[("host", ADDRESS), ("cookie", "a=ü"), ("cookie", &cookie)],
        &[("host", ADDRESS), ("cookie", &cookie), ("sec-fetch-site", "same-origin")],
        &[("host", ADDRESS), ("cookie", &cookie), ("sec-fetch-site", "none")],
        &[("host", ADDRESS), ("cookie", &cookie), ("origin", "http://127.0.0.1:5000")],
        // Another port, another name, HTTPS before it.
        &[("host", "localhost:5001"), ("cookie", &cookie), ("origin", "http://localhost:5001")],
        &[("host", "BOX.example"), ("cookie", &cookie), ("origin", "https://box.example")],
        &[("host", "box.example"), ("cookie", &cookie), ("x-forwarded-for", "203.0.113.7")],
        // A forwarder that writes a `Host` of its own: the browser knows better.
        &[
            ("host", "localhost:5000"),
            ("cookie", &cookie),
            ("origin", "https://box-5000.example.dev"),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-host", "box-5000.example.dev"),
        ],
    ];
    for headers in cases {
        for route in ROUTES {
            let (status, _, body) = ask(&bot, route.clone(), headers).await;
            assert!(status.is_success(), "{route:?} {headers:?}: {status} {body}");
        }
    }
}

/// A browser may send the cookie for a page of another port of this host, which
/// is the same site to it, and an old one for any.
#[tokio::test]
async fn another_site_s_page_cannot_use_the_cookie() {
    let bot = FakeBot::new();
    let cookie = bot.cookie(address());
    let cases: &[Headers] = &[
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "127.0.0.1:5000")],
        &[("origin", "ftp://127.0.0.1:5000")],
        &[("origin", "http://127.0.0.1:5001")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "http://localhost:5000")],
        &[("origin", "http://127.0.0.1:5000"), ("origin", "http://evil.example")],
        &[("host", "evil.example"), ("origin", "http://127.0.0.1:5000")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "Same-Origin")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:5000")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:5001")],
        &[("sec-fetch-site", "none"), ("origin", "http://evil.example")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
        &[
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
        ],
    ];
    for headers in cases {
        let headers = [&[("host", ADDRESS), ("cookie", &*cookie)], *headers].concat();
        for route in ROUTES {
            let (status, _, body) = ask(&bot, route.clone(), &headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} {headers:?}");
            assert!(body.contains("Another site's page sent this request"), "{body}");
        }
    }
}

#[tokio::test]
async fn a_link_elsewhere_may_open_the_page_and_nothing_else() {
    let bot = FakeBot::new();
    let cookie = bot.cookie(address());
    for site in ["same-site", "cross-site"] {
        let headers = [
            ("host", ADDRESS),
            ("cookie", &*cookie),
            ("sec-fetch-site", site),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert_eq!(ask(&bot, PAGE, &headers).await.0, StatusCode::OK);
        for route in [POST, EVENTS, SCRIPT] {
            let (status, ..) = ask(&bot, route.clone(), &headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{route:?}");
        }
    }
}

/// With a link that a person follows from another site a browser sends no
/// strict cookie; with the request that our own answer makes it does.
#[tokio::test]
async fn a_browser_that_kept_the_cookie_back_is_asked_once_to_come_again() {
    let bot = FakeBot::new();
    let followed = [
        ("host", ADDRESS),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("sec-fetch-user", "?1"),
    ];
    let (status, answered, _) = ask(&bot, PAGE, &followed).await;
    assert_eq!((status, answered["refresh"].as_bytes()), (StatusCode::FORBIDDEN, &b"0"[..]));
    for (index, other) in [
        (1, ("sec-fetch-site", "same-origin")),
        (1, ("sec-fetch-site", "none")),
        (2, ("sec-fetch-mode", "no-cors")),
        (3, ("sec-fetch-dest", "iframe")),
        (4, ("accept", "text/html")),
    ] {
        let mut headers = followed;
        headers[index] = other;
        let (status, answered, _) = ask(&bot, PAGE, &headers).await;
        assert_eq!((status, answered.get("refresh")), (StatusCode::FORBIDDEN, None), "{other:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let bot = FakeBot::new();
    let (key, cookie) = (key(&bot), bot.cookie(address()));
    let link = format!("/?key={key}");
    for (path, cookie, expected) in [
        ("/", &*cookie, StatusCode::OK),
        ("/simulator/phone.js", &*cookie, StatusCode::OK),
        ("/simulator/nothing", &*cookie, StatusCode::NOT_FOUND),
        ("/simulator/messages", &*cookie, StatusCode::METHOD_NOT_ALLOWED),
        (&*link, "", StatusCode::SEE_OTHER),
        ("/", "", StatusCode::FORBIDDEN),
        ("/simulator/phone.js", "", StatusCode::FORBIDDEN),
    ] {
        let headers = [("host", ADDRESS), ("cookie", cookie)];
        let (status, headers, _) = ask(&bot, (Method::GET, path), &headers).await;
        assert_eq!(status, expected, "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        // Everything else comes from this service or not at all.
        for source in policy.split(';').filter(|part| part.contains("-src")).skip(1) {
            assert!(source.ends_with("-src 'self'"), "{policy}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }
}

#[test]
fn each_start_has_a_key_of_its_own() {
    let (one, other) = (key(&FakeBot::new()), key(&FakeBot::new()));
    assert_ne!(one, other);
    // 128 bits are 32 hexadecimal digits.
    assert!(one.len() > 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
}
