//! What comes of every kind of answer, of none, and of one that does not end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ringback::outbound::gate::Gate;
use ringback::outbound::outcome::Outcome::{self, Failed, Timeout};
use ringback::outbound::outcome::Reason::{BadAnswer, Encoded, NoAnswer, NoConnection, TooLarge};
use ringback::outbound::request::Request;
use ringback::outbound::resolver::SystemResolver;
use tokio::time::timeout;

use super::names::Names;
use super::server::Part::{self, Answer, AnswerAndClose, Close, Drip, Endless, Silence};
use super::server::Server;
use super::{DEADLINE, SHORT, answered, client, client_of, gate, request};

const LARGEST: usize = 64 * 1024;

/// The outcome of a call to a host that plays this part.
async fn outcome(part: Part, limit: Duration) -> Outcome {
    let server = Server::start(&[part]).await;
    let client = client(&server.address.to_string());
    let request = Request { limit, ..request(&server.url("/path")) };
    let outcome = client.call(&request).await;
    assert_eq!(server.connections(), 1);
    outcome
}

#[tokio::test]
async fn an_answer_is_its_status_and_its_body() {
    for status in [200, 201, 301, 400, 404, 418, 429, 500, 503, 599] {
        assert_eq!(outcome(Part::status(status, "ok"), DEADLINE).await, answered(status, "ok"));
    }
    let bytes = |bytes: &[u8]| Outcome::Answered { status: 200, body: bytes.to_vec() };
    for (part, expected) in [
        (Part::headers("HTTP/1.1 204 X", ""), answered(204, "")),
        (Part::headers("HTTP/1.1 304 X\r\nContent-Length: 9", ""), answered(304, "")),
        (AnswerAndClose(b"HTTP/1.0 200 OK\r\n\r\n\xff\0".to_vec()), bytes(b"\xff\0")),
        (
            Part::headers("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked", "2\r\nab\r\n0\r\n\r\n"),
            answered(200, "ab"),
        ),
        (
            Part::headers(
                "HTTP/1.1 103 X\r\nLink: a\r\n\r\nHTTP/1.1 200 X\r\nContent-Length: 1",
                "a",
            ),
            answered(200, "a"),
        ),
        (
            Part::headers("HTTP/1.1 200 X\r\nContent-Encoding: Identity\r\nContent-Length: 1", "a"),
            answered(200, "a"),
        ),
        (
            Part::headers("HTTP/1.1 101 X\r\nUpgrade: a\r\nConnection: upgrade", ""),
            Failed(BadAnswer),
        ),
    ] {
        assert_eq!(outcome(part.clone(), DEADLINE).await, expected, "{part:?}");
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_taken_and_a_larger_one_is_not() {
    let chunked = |length: usize| {
        let body = format!("{length:x}\r\n{}\r\n0\r\n\r\n", "a".repeat(length));
        Part::headers("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked", &body)
    };
    let until_the_end = |length: usize| {
        AnswerAndClose(format!("HTTP/1.1 200 X\r\n\r\n{}", "a".repeat(length)).into_bytes())
    };
    let whole = answered(200, &"a".repeat(LARGEST));
    for (part, expected) in [
        (Part::status(200, &"a".repeat(LARGEST)), &whole),
        (chunked(LARGEST), &whole),
        (until_the_end(LARGEST), &whole),
        (Part::status(200, &"a".repeat(LARGEST + 1)), &Failed(TooLarge)),
        (chunked(LARGEST + 1), &Failed(TooLarge)),
        (until_the_end(LARGEST + 1), &Failed(TooLarge)),
        (Part::headers("HTTP/1.1 200 X\r\nContent-Length: 65537", ""), &Failed(TooLarge)),
        (
            Part::headers("HTTP/1.1 200 X\r\nContent-Length: 18446744073709551615", ""),
            &Failed(TooLarge),
        ),
    ] {
        assert_eq!(outcome(part, DEADLINE).await, *expected);
    }
}

#[tokio::test]
async fn an_answer_without_end_ends() {
    let ok = b"HTTP/1.1 200 X\r\n".to_vec();
    let chunked = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let again = |text: &str| text.as_bytes().to_vec();
    for (part, expected) in [
        // As fast as it can be read: by its size.
        (Endless(ok.clone(), again("X-A: b\r\n")), Failed(TooLarge)),
        (Endless(ok.clone(), again("aaaaaaaaaaaaaaaa")), Failed(TooLarge)),
        (Endless(again("HTTP/1.1 200 X\r\n\r\n"), again("aaaaaaaa")), Failed(TooLarge)),
        (Endless(chunked.clone(), again("1\r\na\r\n")), Failed(TooLarge)),
        // Without a use of the limits of size: by the time.
        (Endless(Vec::new(), again("HTTP/1.1 103 X\r\n\r\n")), Timeout),
        (Drip(ok.clone(), again("a")), Timeout),
        (Drip(again("HTTP/1.1 200 X\r\n\r\n"), again("a")), Timeout),
        (Drip(chunked, again("1\r\na\r\n")), Timeout),
        (Drip(again("HTTP/1.1 200 X\r\nContent-Length: 9999\r\n\r\n"), again("a")), Timeout),
        (Silence, Timeout),
        (Answer(ok), Timeout),
        (Answer(again("HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\na")), Timeout),
    ] {
        let limit = if expected == Timeout { SHORT } else { DEADLINE };
        let begin = Instant::now();
        assert_eq!(outcome(part.clone(), limit).await, expected, "{part:?}");
        assert!(begin.elapsed() < DEADLINE / 2, "{part:?}: {:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    for lines in [
        "Content-Encoding: gzip",
        "Content-Encoding: identity, br",
        "Content-Encoding: identity\r\nContent-Encoding: deflate",
        "content-encoding:x-gzip",
    ] {
        let part = Part::headers(&format!("HTTP/1.1 200 X\r\n{lines}\r\nContent-Length: 1"), "a");
        assert_eq!(outcome(part, DEADLINE).await, Failed(Encoded), "{lines}");
    }
    let lines = "HTTP/1.1 200 X\r\nTransfer-Encoding: gzip, chunked";
    let part = Part::headers(lines, "1\r\na\r\n0\r\n\r\n");
    assert_eq!(outcome(part, DEADLINE).await, Failed(Encoded));
}

#[tokio::test]
async fn an_answer_that_breaks_off_differs_from_one_that_is_no_http() {
    let bytes = |text: &str| AnswerAndClose(text.as_bytes().to_vec());
    for (part, reason) in [
        (Close, NoAnswer),
        (bytes(""), NoAnswer),
        (bytes("HTTP/1.1 200 X\r\n"), NoAnswer),
        (bytes("HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\na"), NoAnswer),
        (bytes("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"), NoAnswer),
        (bytes("SSH-2.0-OpenSSH_9.9\r\n"), BadAnswer),
        (bytes("HTTP/1.1 99999 X\r\n\r\n"), BadAnswer),
        (bytes("HTTP/1.1 200 X\r\nContent-Length: a\r\n\r\n"), BadAnswer),
        (bytes("HTTP/1.1 200 X\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\naa"), BadAnswer),
    ] {
        assert_eq!(outcome(part.clone(), DEADLINE).await, Failed(reason), "{part:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_its_target_is_not_asked() {
    let target = Server::start(&[Part::status(200, "secret")]).await;
    for status in [301, 302, 303, 307, 308] {
        let lines =
            format!("HTTP/1.1 {status} X\r\nLocation: {}\r\nContent-Length: 5", target.url("/"));
        let server = Server::start(&[Part::headers(&lines, "there")]).await;
        let client = client(&format!("{},{}", server.address, target.address));
        let outcome = client.call(&request(&server.url("/"))).await;
        assert_eq!(outcome, answered(status, "there"));
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn a_cookie_is_not_kept() {
    let lines = "HTTP/1.1 200 X\r\nSet-Cookie: a=b\r\nContent-Length: 0";
    let server = Server::start(&[Part::headers(lines, "")]).await;
    let client = client(&server.address.to_string());
    for _ in 0..2 {
        assert_eq!(client.call(&request(&server.url("/"))).await, answered(200, ""));
    }
    assert_eq!(server.connections(), 2);
    assert!(server.requests().iter().all(|request| !request.contains("ookie")));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_no_connection() {
    let address = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    for scheme in ["http", "https"] {
        let request = request(&format!("{scheme}://{address}/"));
        assert_eq!(client(&address.to_string()).call(&request).await, Failed(NoConnection));
    }
}

#[tokio::test]
async fn another_address_of_the_host_is_tried_if_one_is_out_of_reach() {
    let server = Server::start(&[Part::status(200, "")]).await;
    for addresses in ["127.0.0.2 127.0.0.1", "::1 127.0.0.1"] {
        let hosts = format!("shop.test:{}", server.port());
        let client = client_of(gate(&hosts, Names::of("shop.test", &[addresses])));
        let request = request(&format!("http://shop.test:{}/", server.port()));
        assert_eq!(client.call(&request).await, answered(200, ""), "{addresses}");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_resolver_that_never_answers_takes_no_longer_than_the_call() {
    let client = client_of(gate("shop.test", Names::silent()));
    let request = Request { limit: SHORT, ..request("http://shop.test/") };
    assert_eq!(client.call(&request).await, Timeout);
}

#[tokio::test]
async fn the_connection_ends_with_the_call_whether_it_timed_out_or_was_dropped() {
    for part in [Silence, Drip(b"HTTP/1.1 200 X\r\n\r\n".to_vec(), b"a".to_vec())] {
        let server = Server::start(&[part]).await;
        let client = client(&server.address.to_string());
        let call = Request { limit: SHORT, ..request(&server.url("/")) };
        assert_eq!(client.call(&call).await, Timeout);
        server.closed().await;
        let long = request(&server.url("/"));
        assert!(timeout(SHORT, client.call(&long)).await.is_err());
        server.closed().await;
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn the_system_is_asked_for_names() {
    let server = Server::start(&[Part::status(200, "")]).await;
    let hosts = format!("localhost:{}", server.port());
    let gate = Gate::new(hosts.parse().unwrap(), Arc::new(SystemResolver::default()));
    let url = format!("http://localhost:{}/", server.port());
    assert_eq!(client_of(gate).call(&request(&url)).await, answered(200, ""));
}
