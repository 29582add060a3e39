//! One request by hand: how each failure is told from the others, in time.

use std::time::Duration;

use ringback::probe::{Failure, Request, ask};

use crate::outbound::certificates::Authority;
use crate::outbound::server::{Part, Server};

async fn failure(url: &str, limit: Duration) -> Failure {
    let url = url.parse().unwrap();
    ask(Request { url: &url, headers: &[], body: None, limit }).await.unwrap_err()
}

#[tokio::test]
async fn silence_ends_with_the_time_limit() {
    let drip = Part::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b"a".to_vec());
    for part in [Part::Silence, drip] {
        let server = Server::start(&[part]).await;
        let limit = Duration::from_millis(100);
        assert_eq!(failure(&server.url("/"), limit).await, Failure::Late);
    }
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_is_told_by_the_reason() {
    let long = Duration::from_mins(1);
    let authority = Authority::new();
    for (name, years) in [("127.0.0.1", (2020, 2100)), ("other.test", (2020, 2100))] {
        let server = authority.host(name, years).await;
        let found = failure(&format!("https://{}/", server.address), long).await;
        // Whatever else is wrong, nobody knows the authority.
        assert_eq!(found, Failure::UnknownAuthority, "{name}");
        assert!(server.requests().is_empty());
    }
    let plain = Server::start(&[Part::Greet("220 hello\r\n".into())]).await;
    assert_eq!(failure(&format!("https://{}/", plain.address), long).await, Failure::Tls);
}
