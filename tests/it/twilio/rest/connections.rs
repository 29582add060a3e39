//! Connections that fail, and what that proves: only a request that was never
//! on a connection may be tried again.

use std::time::Duration;

use futures_util::future::join_all;
use ringback::sending::client::Limits;
use ringback::twilio::rest::codes::Class;
use ringback::twilio::rest::outcome::{Doubt, NotSent, Outcome, Refused, Sent};
use ringback::twilio::rest::status::Status;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{PATIENT, SHORT, client, form};
use crate::support::waiting::until_closed;

/// A host that does this with each connection; its address.
async fn host<F: Future<Output = ()> + Send + 'static>(
    serve: impl Fn(TcpStream) -> F + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address.to_string()
}

/// A host that reads a request and says this, the second part again and again.
async fn host_that_says(begin: &'static str, again: &'static str) -> String {
    host(move |mut stream| async move {
        read_request(&mut stream).await;
        drop(stream.write_all(begin.as_bytes()).await);
        while !again.is_empty() && stream.write_all(again.as_bytes()).await.is_ok() {
            tokio::task::yield_now().await;
        }
        until_closed(&mut stream).await;
    })
    .await
}

/// Reads the request to its end, which is the value of `StatusCallback`.
async fn read_request(stream: &mut TcpStream) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"m%3D1") {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let no_tls = host(|mut stream| async move {
        drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
        until_closed(&mut stream).await;
    })
    .await;
    // No name can have such a label, so nobody asks for its address.
    let no_name = format!("https://{}.example.com", "a".repeat(64));
    for (url, expected) in [
        (format!("http://{closed}"), NotSent::NoConnection),
        (format!("https://{closed}"), NotSent::NoConnection),
        (format!("https://{no_tls}"), NotSent::Tls),
        (no_name, NotSent::NoConnection),
    ] {
        let outcome = client(&url, PATIENT).send(&form()).await;
        assert_eq!(outcome, Outcome::NotSent(expected), "{url}");
    }
}

#[tokio::test]
async fn a_connection_that_takes_too_long_was_none() {
    // It accepts, and begins no TLS.
    let silent = host(|mut stream| async move { until_closed(&mut stream).await }).await;
    let url = format!("https://{silent}");
    let long = Duration::from_secs(20);
    for limits in
        [Limits { connection: SHORT, whole: long }, Limits { connection: long, whole: SHORT }]
    {
        // Each limit ends it, and does not leave that to the other one.
        let outcome = timeout(long / 2, client(&url, limits).send(&form())).await;
        assert_eq!(outcome, Ok(Outcome::NotSent(NotSent::NoConnection)), "{limits:?}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_at_once_proves_nothing_that_is_not_so() {
    let closing = host(|stream| async move { drop(stream) }).await;
    let client = client(&format!("http://{closing}"), PATIENT);
    // Whether the request was on it depends on who is quicker.
    for _ in 0..100 {
        let outcome = client.send(&form()).await;
        let not_sent = Outcome::NotSent(NotSent::NoConnection);
        assert!(outcome == not_sent || outcome == Outcome::Unknown(Doubt::Lost), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_answer_counts_as_far_as_it_came() {
    let lost = Outcome::Sent(Sent { sid: None, status: Status::Accepted, segments: None });
    let refused = |status, code, class| Outcome::Refused(Refused { status, code, class });
    // Long, so that headers without end are too large before the time is over.
    let header: &str = format!("X-Header: {}\r\n", "x".repeat(60_000)).leak();
    let limits = Limits { whole: Duration::from_secs(3), ..PATIENT };
    let cases = [
        ("", "", Outcome::Unknown(Doubt::NoAnswer)),
        ("HTTP/1.1 201 Created\r\nContent-", "", Outcome::Unknown(Doubt::NoAnswer)),
        ("HTTP/1.1 201 Created\r\n", header, Outcome::Unknown(Doubt::Unreadable)),
        ("SSH-2.0-OpenSSH\r\n\r\n", "", Outcome::Unknown(Doubt::Unreadable)),
        ("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{", "", lost.clone()),
        ("HTTP/1.1 201 Created\r\nContent-Length: 99999\r\n\r\n", "    ", lost.clone()),
        ("HTTP/1.1 201 Created\r\n\r\n", "                ", lost),
        (
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n{",
            "",
            refused(400, None, Class::Permanent),
        ),
        (
            "HTTP/1.1 429 Too Many\r\nRetry-After: 2\r\nContent-Length: 99\r\n\r\n{",
            "",
            Outcome::NotSent(NotSent::Busy { retry_after: Some(Duration::from_secs(2)) }),
        ),
        (
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 99\r\n\r\n{",
            "",
            Outcome::Unknown(Doubt::Fault { status: 502 }),
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
            "",
            Outcome::Unknown(Doubt::Unreadable),
        ),
    ];
    // At the same time, since half of them wait to the end.
    let outcomes = cases.iter().map(async |(begin, again, _)| {
        let url = format!("http://{}", host_that_says(begin, again).await);
        client(&url, limits).send(&form()).await
    });
    let outcomes = join_all(outcomes).await;
    for ((begin, _, expected), outcome) in cases.into_iter().zip(outcomes) {
        assert_eq!(outcome, expected, "{begin:?}");
    }
}

#[tokio::test]
async fn the_length_of_an_answer_is_bounded() {
    let limit = 64 * 1024;
    let object = r#"{"sid": "SM1"}"#;
    for (length, sid) in [(limit, Some("SM1".to_owned())), (limit + 1, None)] {
        let spaces = " ".repeat(length - object.len());
        for framing in [format!("Content-Length: {length}"), "Connection: close".to_owned()] {
            let answer = format!("HTTP/1.1 201 Created\r\n{framing}\r\n\r\n{object}{spaces}");
            let address = host(move |mut stream| {
                let answer = answer.clone();
                async move {
                    read_request(&mut stream).await;
                    drop(stream.write_all(answer.as_bytes()).await);
                    drop(stream.shutdown().await);
                }
            });
            let url = format!("http://{}", address.await);
            let outcome = client(&url, PATIENT).send(&form()).await;
            let expected = Sent { sid: sid.clone(), status: Status::Accepted, segments: None };
            assert_eq!(outcome, Outcome::Sent(expected), "{length} {framing}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let location = format!("http://{}/elsewhere", target.local_addr().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let url = format!("http://{}", host_that_says(answer.leak(), "").await);
        let outcome = client(&url, PATIENT).send(&form()).await;
        let refused = Refused { status, code: None, class: Class::Configuration };
        assert_eq!(outcome, Outcome::Refused(refused));
    }
    tokio::select! {
        biased;
        _ = target.accept() => panic!("somebody came"),
        () = std::future::ready(()) => {}
    }
}
