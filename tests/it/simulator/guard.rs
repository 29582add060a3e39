//! Only the browser of the person at this machine gets in.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::FakeBot;

const POST: (Method, &str) = (Method::POST, "/simulator/messages");
const EVENTS: (Method, &str) = (Method::GET, "/simulator/events?phone=%2B14155552671");
const PAGE: (Method, &str) = (Method::GET, "/");
const SCRIPT: (Method, &str) = (Method::GET, "/simulator/phone.js");

async fn status(
    route: (Method, &str),
    headers: &[(&str, &str)],
) -> (StatusCode, axum::http::HeaderMap) {
    status_at("127.0.0.1:5000", route, headers).await
}

async fn status_at(
    address: &str,
    (method, path): (Method, &str),
    headers: &[(&str, &str)],
) -> (StatusCode, axum::http::HeaderMap) {
    let bot = FakeBot::new();
    let router = bot.simulator(address.parse().unwrap(), CancellationToken::new());
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
    let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let taken = bot.forms.lock().unwrap().len();
    assert_eq!(taken == 1, is_post && response.status().is_success(), "{headers:?}");
    (response.status(), response.headers().clone())
}

#[tokio::test]
async fn our_own_page_gets_in() {
    for host in ["127.0.0.1:5000", "localhost:5000", "LOCALHOST:5000", "[::1]:5000"] {
        for route in [POST, EVENTS, PAGE, SCRIPT] {
            let origin = format!("http://{host}");
            for headers in [
                vec![("host", host)],
                vec![("host", host), ("sec-fetch-site", "same-origin")],
                vec![("host", host), ("sec-fetch-site", "same-origin"), ("origin", &*origin)],
                vec![("host", host), ("sec-fetch-site", "none")],
            ] {
                let (status, _) = status(route.clone(), &headers).await;
                assert!(status.is_success(), "{route:?} {headers:?}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_address_that_is_listened_on_is_a_name_of_this_machine() {
    for (address, others) in [
        ("127.8.9.1:5000", ["127.8.9.2:5000", "127.8.9.1:5001"]),
        ("[::1]:5000", ["[::2]:5000"; 2]),
    ] {
        for route in [POST, EVENTS, PAGE, SCRIPT] {
            let (status, _) = status_at(address, route.clone(), &[("host", address)]).await;
            assert!(status.is_success(), "{route:?} {address}: {status}");
            for other in others {
                let (status, _) = status_at(address, route.clone(), &[("host", other)]).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} {other}");
            }
        }
    }
}

#[tokio::test]
async fn everything_else_is_refused() {
    let own = ("host", "127.0.0.1:5000");
    let cases: &[&[(&str, &str)]] = &[
        // No name, another name (DNS rebinding), another port, two names.
        &[],
        &[("host", "")],
        &[("host", "evil.example")],
        &[("host", "evil.example:5000")],
        &[("host", "127.0.0.1.evil.example:5000")],
        &[("host", "localhost.:5000")],
        &[("host", "0.0.0.0:5000")],
        &[("host", "192.168.0.2:5000")],
        &[("host", "127.0.0.1")],
        &[("host", "127.0.0.1:5001")],
        &[("host", "evil.example@127.0.0.1:5000")],
        &[own, own],
        &[own, ("host", "evil.example")],
        // Proxies and tunnels.
        &[own, ("x-forwarded-for", "203.0.113.7")],
        &[own, ("x-forwarded-host", "127.0.0.1:5000")],
        &[own, ("x-forwarded-proto", "https")],
        &[own, ("forwarded", "for=203.0.113.7")],
        &[own, ("via", "1.1 proxy")],
        &[own, ("x-real-ip", "203.0.113.7")],
        &[own, ("cf-connecting-ip", "203.0.113.7")],
        &[own, ("cf-ray", "1")],
        &[own, ("true-client-ip", "203.0.113.7")],
        &[own, ("x-original-host", "evil.example")],
        &[own, ("ngrok-skip-browser-warning", "1")],
        &[own, ("tailscale-user-login", "someone")],
        &[own, ("x-forwarded-for", "")],
        // Other sites.
        &[own, ("origin", "https://evil.example")],
        &[own, ("origin", "null")],
        &[own, ("origin", "http://127.0.0.1:5001")],
        &[own, ("origin", "http://localhost:5000")],
        &[own, ("origin", "https://127.0.0.1:5000")],
        &[own, ("origin", "http://127.0.0.1:5000"), ("origin", "http://evil.example")],
        &[own, ("sec-fetch-site", "cross-site")],
        &[own, ("sec-fetch-site", "same-site")],
        &[own, ("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:5000")],
        &[own, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[own, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
        &[
            own,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "iframe"),
        ],
    ];
    for headers in cases {
        for route in [POST, EVENTS, PAGE, SCRIPT] {
            let (status, _) = status(route.clone(), headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_link_elsewhere_may_open_the_page_and_nothing_else() {
    let headers = [
        ("host", "127.0.0.1:5000"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    assert_eq!(status(PAGE, &headers).await.0, StatusCode::OK);
    for route in [POST, EVENTS, SCRIPT] {
        assert_eq!(status(route.clone(), &headers).await.0, StatusCode::FORBIDDEN, "{route:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for (route, host) in [(PAGE, "127.0.0.1:5000"), (SCRIPT, "127.0.0.1:5000"), (PAGE, "evil")] {
        let (_, headers) = status(route, &[("host", host)]).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }
}
