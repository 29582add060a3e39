//! What is sent, what is refused before that, and what is shown of it.

use ringback::outbound::outcome::Outcome::{self, Failed};
use ringback::outbound::outcome::Reason::{BadHeader, LargeRequest, NotBuilt};
use ringback::outbound::request::{Body, LARGEST_BODY, Method, Request};

use super::names::Names;
use super::server::{Part, Server};
use super::{answered, client, client_of, gate, request};

fn with_header(url: &str, name: &str, value: &str) -> Request {
    Request { headers: vec![(name.to_owned(), value.to_owned())], ..request(url) }
}

fn with_body(url: &str, content: &[u8]) -> Request {
    let body = Body { content_type: "application/json".to_owned(), content: content.to_vec() };
    Request { method: Method::Post, body: Some(body), ..request(url) }
}

#[tokio::test]
async fn a_request_is_sent_as_it_was_asked_for() {
    let server = Server::start(&[Part::status(200, "ok")]).await;
    let hosts = format!("shop.test:{}", server.port());
    let client = client_of(gate(&hosts, Names::of("shop.test", &["127.0.0.1"])));
    let url = format!("http://shop.test:{}/a%20b?c=%2B1#d", server.port());
    let request = Request {
        headers: vec![
            ("X-Shop".to_owned(), "one".to_owned()),
            ("Accept-Encoding".to_owned(), "gzip".to_owned()),
            ("Authorization".to_owned(), "Bearer ü".to_owned()),
        ],
        ..with_body(&url, b"{\"a\": 1}")
    };
    for (method, name) in [
        (Method::Get, "GET"),
        (Method::Post, "POST"),
        (Method::Put, "PUT"),
        (Method::Patch, "PATCH"),
        (Method::Delete, "DELETE"),
    ] {
        let outcome = client.call(&Request { method, ..request.clone() }).await;
        assert_eq!(outcome, answered(200, "ok"));
        let sent = server.requests().pop().unwrap();
        let (head, body) = sent.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("{name} /a%20b?c=%2B1 HTTP/1.1\r\n")), "{head}");
        let mut headers: Vec<_> = head.lines().skip(1).map(str::to_owned).collect();
        headers.sort();
        let host = format!("host: shop.test:{}", server.port());
        let expected = [
            "accept-encoding: identity",
            "accept: */*",
            "authorization: Bearer ü",
            "content-length: 8",
            "content-type: application/json",
            &host,
            "idempotency-key: the-id-of-the-call",
            "user-agent: ringback",
            "x-shop: one",
        ];
        assert_eq!(headers, expected);
        assert_eq!(body, "{\"a\": 1}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_a_connection() {
    let server = Server::start(&[Part::status(200, "")]).await;
    let url = server.url("/");
    let client = client(&server.address.to_string());
    let header = |name, value| with_header(&url, name, value);
    for (request, outcome) in [
        (header("X-Shop", "a"), answered(200, "")),
        (header("User-Agent", "a"), answered(200, "")),
        (header("Host", "a"), Failed(BadHeader)),
        (header("HOST", "a"), Failed(BadHeader)),
        (header("Content-Length", "1"), Failed(BadHeader)),
        (header("Content-Type", "a/b"), Failed(BadHeader)),
        (header("Transfer-Encoding", "chunked"), Failed(BadHeader)),
        (header("Connection", "upgrade"), Failed(BadHeader)),
        (header("Keep-Alive", "1"), Failed(BadHeader)),
        (header("Proxy-Connection", "a"), Failed(BadHeader)),
        (header("Proxy-Authorization", "a"), Failed(BadHeader)),
        (header("TE", "a"), Failed(BadHeader)),
        (header("Trailer", "a"), Failed(BadHeader)),
        (header("Upgrade", "a"), Failed(BadHeader)),
        (header("Expect", "100-continue"), Failed(BadHeader)),
        (header("Idempotency-Key", "a"), Failed(BadHeader)),
        (header("a b", "a"), Failed(BadHeader)),
        (header("", "a"), Failed(BadHeader)),
        (header("X-Shop", "a\r\nHost: b"), Failed(BadHeader)),
        (header("X-Shop", "a\0"), Failed(BadHeader)),
        (Request { id: "a\nb".to_owned(), ..request(&url) }, Failed(BadHeader)),
        (request(&server.url(&"/a".repeat(40_000))), Failed(NotBuilt)),
        (with_body(&url, &vec![b'a'; LARGEST_BODY]), answered(200, "")),
        (with_body(&url, &vec![b'a'; LARGEST_BODY + 1]), Failed(LargeRequest)),
    ] {
        let before = server.connections();
        assert_eq!(client.call(&request).await, outcome, "{request:?} {:?}", request.headers);
        let is_sent = matches!(outcome, Outcome::Answered { .. });
        assert_eq!(server.connections() - before, usize::from(is_sent));
    }
}

#[test]
fn nothing_that_is_private_is_shown() {
    let body = Body { content_type: "MARK".to_owned(), content: b"MARK".to_vec() };
    for url in ["http://shop.test/MARK?MARK#MARK", "http://MARK:MARK@shop.test/", "MARK"] {
        let request = Request { body: Some(body.clone()), ..with_header(url, "MARK", "MARK") };
        let shown = format!("{request:?} {body:?} {:?}", answered(200, "MARK"));
        assert!(!shown.contains("MARK"), "{shown}");
    }
    let shown = format!("{:?}", request("http://shop.test/"));
    assert!(shown.contains("shop.test:80"), "{shown}");
}
