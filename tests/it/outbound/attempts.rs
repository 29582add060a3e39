//! How often a call is tried, after what, and with what pauses.

use std::time::{Duration, Instant};

use ringback::outbound::client::Client;
use ringback::outbound::outcome::Outcome::{self, Failed, Timeout};
use ringback::outbound::outcome::Reason::{self, *};
use ringback::outbound::patience::Patience;
use ringback::outbound::request::{Method, Request};
use ringback::outbound::trust::Trust;

use super::names::Names;
use super::server::{Part, Server};
use super::{DEADLINE, SHORT, answered, client, client_of, gate, hurried, request};

/// What is asked for in `attempts`, the parts of the host, and what comes of it
/// after how many connections.
#[tokio::test]
async fn a_call_is_tried_again_after_what_may_pass() {
    let ok = || Part::status(200, "ok");
    let status = |status| Part::status(status, "no");
    let part = |text: &str| Part::AnswerAndClose(text.as_bytes().to_vec());
    let cut = || part("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\na");
    let encoded = || part("HTTP/1.1 200 X\r\nContent-Encoding: br\r\n\r\na");
    let encoded_503 = || part("HTTP/1.1 503 X\r\nContent-Encoding: br\r\n\r\na");
    for (attempts, parts, expected, connections) in [
        (1, vec![status(503), ok()], answered(503, "no"), 1),
        (2, vec![status(503), ok()], answered(200, "ok"), 2),
        (2, vec![status(429), ok()], answered(200, "ok"), 2),
        (5, vec![status(500), status(502), status(429), status(504), ok()], answered(200, "ok"), 5),
        (5, vec![status(500)], answered(500, "no"), 5),
        (3, vec![status(500), status(429)], answered(429, "no"), 3),
        (3, vec![Part::Close, cut(), ok()], answered(200, "ok"), 3),
        (2, vec![Part::Close], Failed(NoAnswer), 2),
        (2, vec![status(503), Part::Close], Failed(NoAnswer), 2),
        (3, vec![status(400), ok()], answered(400, "no"), 1),
        (3, vec![status(404), ok()], answered(404, "no"), 1),
        (3, vec![status(302), ok()], answered(302, "no"), 1),
        (3, vec![status(200), ok()], answered(200, "no"), 1),
        (3, vec![encoded(), ok()], Failed(Encoded), 1),
        (3, vec![encoded_503(), ok()], answered(200, "ok"), 2),
        (3, vec![part("SSH-2.0\r\n"), ok()], Failed(BadAnswer), 1),
        (0, vec![status(503), ok()], answered(503, "no"), 1),
        (255, vec![status(503)], answered(503, "no"), 5),
    ] {
        let server = Server::start(&parts).await;
        let client = client(&server.address.to_string());
        let request = Request { attempts, method: Method::Post, ..request(&server.url("/")) };
        assert_eq!(client.call(&request).await, expected, "{attempts} {parts:?}");
        assert_eq!(server.connections(), connections, "{attempts} {parts:?}");
        let key = "idempotency-key: the-id-of-the-call\r\n";
        assert!(server.requests().iter().all(|request| request.contains(key)));
    }
}

#[tokio::test]
async fn a_name_without_addresses_is_looked_up_again() {
    let server = Server::start(&[Part::status(200, "")]).await;
    let names = Names::of("shop.test", &["", "127.0.0.1"]);
    let client = client_of(gate(&format!("shop.test:{}", server.port()), names.clone()));
    let url = format!("http://shop.test:{}/", server.port());
    let call = Request { attempts: 2, ..request(&url) };
    assert_eq!(client.call(&call).await, answered(200, ""));
    assert_eq!(names.asked().len(), 2);
}

#[tokio::test]
async fn a_refused_address_is_refused_for_good() {
    let names = Names::of("shop.test", &["10.0.0.1", "127.0.0.1"]);
    let client = client_of(gate("other.test", names.clone()));
    let call = Request { attempts: 5, ..request("http://shop.test/") };
    assert!(matches!(client.call(&call).await, Failed(RefusedAddress(_))));
    assert_eq!(names.asked().len(), 1);
}

/// A pause that would not end in time is not begun: what there is comes at once.
#[tokio::test]
async fn an_attempt_that_would_come_too_late_is_not_waited_for() {
    let patience = Patience { pauses: [DEADLINE * 2; 3], ..Patience::default() };
    for (part, expected) in
        [(Part::status(503, "no"), answered(503, "no")), (Part::Close, Failed(NoAnswer))]
    {
        let server = Server::start(&[part]).await;
        let gate = gate(&server.address.to_string(), Names::default());
        let client = Client::new(gate, Trust::public(), patience).unwrap();
        let begin = Instant::now();
        let call = Request { attempts: 5, ..request(&server.url("/")) };
        assert_eq!(client.call(&call).await, expected);
        assert!(begin.elapsed() < DEADLINE / 2);
        assert_eq!(server.connections(), 1);
    }
}

/// What is not heard of in time, before a request could be sent, leaves time for
/// another attempt.
#[tokio::test]
async fn an_attempt_waits_only_so_long_for_an_address_and_a_connection() {
    let server = Server::start(&[Part::Silence]).await;
    let hosts = format!("shop.test:{}", server.port());
    let patience = Patience { addresses: SHORT, connection: SHORT, ..hurried() };
    for (names, failed, connections) in
        [(Names::silent(), NoAddress, 0), (Names::of("shop.test", &["127.0.0.1"]), NoConnection, 2)]
    {
        let gate = gate(&hosts, names.clone());
        let client = Client::new(gate, Trust::public(), patience).unwrap();
        // The host takes the connection, and never answers the greeting of TLS.
        let url = format!("https://shop.test:{}/", server.port());
        let call = Request { attempts: 2, ..request(&url) };
        assert_eq!(client.call(&call).await, Failed(failed));
        assert_eq!((names.asked().len(), server.connections()), (2, connections));
    }
}

#[tokio::test]
async fn the_time_limit_is_that_of_all_attempts() {
    let server = Server::start(&[Part::status(503, ""), Part::Silence]).await;
    let client = client(&server.address.to_string());
    let call = Request { attempts: 5, limit: SHORT * 5, ..request(&server.url("/")) };
    assert_eq!(client.call(&call).await, Timeout);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn pauses_are_kept() {
    let server = Server::start(&[Part::status(503, "")]).await;
    let client = client(&server.address.to_string());
    let begin = Instant::now();
    client.call(&Request { attempts: 5, ..request(&server.url("/")) }).await;
    let pauses: Duration = (0..4).map(|attempt| hurried().pause(attempt)).sum();
    assert!(begin.elapsed() >= pauses, "{:?}", begin.elapsed());
}

#[test]
fn attempts_are_1_2_and_4_seconds_apart() {
    let pauses = [0, 1, 2, 3].map(|attempt| Patience::default().pause(attempt).as_secs());
    assert_eq!(pauses, [1, 2, 4, 4]);
}

#[test]
fn a_code_is_one_lower_case_word_and_belongs_to_one_reason() {
    let refused = RefusedAddress(ringback::outbound::judge::NotPublic::Private);
    let reasons: [Reason; 13] = [
        BadUrl,
        UserInfo,
        BadHeader,
        LargeRequest,
        NotBuilt,
        NoAddress,
        refused,
        NoConnection,
        Tls,
        NoAnswer,
        BadAnswer,
        TooLarge,
        Encoded,
    ];
    let mut codes: Vec<_> = reasons.iter().map(|reason| reason.code()).collect();
    let is_plain = |code: &&str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(codes.iter().all(is_plain), "{codes:?}");
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), reasons.len());
    assert_eq!(refused.to_string(), "refused_address (private)");
    assert_eq!(format!("{:?}", Outcome::Failed(Tls)), "Failed(Tls)");
}
