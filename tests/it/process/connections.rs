//! Connections as networks make them: in pieces, slow, and never finished.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::database::TestDatabase;
use crate::support::page::opened_by;
use crate::support::service::Service;
use crate::support::twilio::{Form, client, post, settings};

fn start(database: &TestDatabase) -> Service {
    Service::start(tempfile::tempdir().unwrap().path(), &settings(database.url()))
}

async fn rest_of(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_request_in_many_packets_is_one_request() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    let form = Form::new("SM1", "+14155552671", "hello");
    let request = format!("{}{}", form.head(), form.body);
    for length in [1, 7, 100, request.len()] {
        let mut stream = TcpStream::connect(service.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        for piece in request.as_bytes().chunks(length) {
            stream.write_all(piece).await.unwrap();
        }
        let response = rest_of(stream).await;
        assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
        assert!(response.contains("content-type: text/xml; charset=utf-8\r\n"), "{response}");
        assert!(
            response.ends_with("<Message>What is your name?</Message></Response>"),
            "{response}"
        );
    }
}

#[tokio::test]
async fn slow_clients_hold_up_nobody_else() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    let slow = Form::new("SMslow", "+14155552672", "hello");
    let (head, body) = (slow.head(), slow.body.clone());
    let mut waiting = Vec::new();
    for part in [&head[..10], &head, &format!("{head}{}", &body[..10])] {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(service.address()).await.unwrap();
            stream.write_all(part.as_bytes()).await.unwrap();
            waiting.push((stream, part.len()));
        }
    }
    for number in 0..20 {
        post(&service, &format!("SM{number}"), "+14155552671", "hello").await;
    }
    // And when they come round to it at last, they are served, too.
    let request = format!("{head}{body}");
    for (mut stream, sent) in waiting {
        stream.write_all(&request.as_bytes()[sent..]).await.unwrap();
        let response = rest_of(stream).await;
        assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let database = TestDatabase::sqlite();
    let service = start(&database);
    for sent in ["\x16\x03\x01\x02\x00\x01\x00", "hello\r\n\r\n", &"x".repeat(1 << 20)] {
        let mut stream = TcpStream::connect(service.address()).await.unwrap();
        // It may hang up before it has heard all.
        drop(stream.write_all(sent.as_bytes()).await);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    post(&service, "SM1", "+14155552671", "hello").await;
}

#[tokio::test]
async fn the_routes_that_there_are() {
    let database = TestDatabase::sqlite();
    let with_token = start(&database);
    let folder = tempfile::tempdir().unwrap();
    let mut with_page = Service::start(folder.path(), &[]);
    let person = opened_by(&with_page.page_link()).await;
    for (path, with_key, without, off) in [
        ("/healthz", 200, 200, 200),
        ("/readyz", 200, 200, 200),
        ("/webhooks/twilio", 405, 405, 405),
        ("/webhooks/twilio/", 404, 404, 404),
        ("/metrics", 404, 404, 404),
        ("/", 200, 403, 404),
        ("/simulator/phone.js", 200, 403, 404),
        ("/simulator/messages", 405, 403, 404),
        ("/simulator/events", 400, 403, 404),
        ("/simulator/events?phone=nobody", 400, 403, 404),
        ("/simulator/nothing", 404, 403, 404),
        ("/simulator/nothing/at/all", 404, 404, 404),
    ] {
        for (client, service, expected) in [
            (&person, &with_page, with_key),
            (&client(), &with_page, without),
            (&client(), &with_token, off),
        ] {
            let response = client.get(service.url(path)).send().await.unwrap();
            assert_eq!(response.status(), expected, "{path}");
        }
    }
    let message = Value::from_iter([("text", "hello")]);
    let posted = client().post(with_token.url("/simulator/messages")).json(&message);
    assert_eq!(posted.send().await.unwrap().status(), 404);
}
