//! What the log says of messages that came to the wrong place.

use serde_json::Value;

use crate::support::service::Service;
use crate::support::twilio::{Form, client, settings};

/// What a line says of the request, without what every line has.
fn said(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    format!(
        "{} {}: {}",
        line["status"],
        line["path"].as_str().unwrap(),
        line["advice"].as_str().unwrap()
    )
}

const LINE: &str = "a request that may be a message found nothing here";

/// The line about the newest request, which is the first in its second.
fn next_line(service: &mut Service) -> String {
    service.wait_for_line("the line", |line| line.contains(LINE) && line.contains("WARN"))
}

#[tokio::test]
async fn a_message_to_another_path_is_logged_with_the_right_one() {
    let right = "the URL at the provider should be https://bot.example.com/webhooks/twilio, which must arrive here with the path /webhooks/twilio";
    for (path, expected) in [
        (
            "/webhooks/twilio/",
            format!("404 /webhooks/twilio/: the path has an extra slash; {right}"),
        ),
        (
            "/Webhooks/Twilio",
            format!("404 /Webhooks/Twilio: the path differs in upper and lower case; {right}"),
        ),
        ("/sms/s3cret?Body=Xylophon", format!("404 /sms/…: the path is a different one; {right}")),
        ("/", format!("404 /: the path ends too early; {right}")),
        ("/healthz", format!("405 /healthz: the path is a different one; {right}")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut service = Service::start(folder.path(), &settings("sqlite:ringback.db"));
        let post = async || {
            let request =
                client().post(service.url(path)).body("Body=Quetzalcoatl&From=%2B14155550177");
            request.send().await.unwrap().text().await.unwrap()
        };
        for _ in 0..5 {
            assert!(post().await.ends_with("here\n"));
        }
        let line = next_line(&mut service);
        assert_eq!(said(&line), expected);
        let (_, log) = service.stop();
        let lines = log.iter().filter(|line| line.contains(LINE)).count();
        assert!(lines <= 2, "{lines} lines in a second");
        for secret in ["s3cret", "Xylophon", "Quetzalcoatl", "4155550177"] {
            assert!(!log.concat().contains(secret), "{secret}");
        }
    }
}

#[tokio::test]
async fn the_phone_page_does_not_hide_a_message_to_no_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let answer = client().post(service.url("/")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(said(&next_line(&mut service)).starts_with("404 /: the path ends too early"));
}

#[tokio::test]
async fn only_what_may_be_a_message_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &settings("sqlite:ringback.db"));
    for path in ["/", "/favicon.ico", "/webhooks/twilio"] {
        client().get(service.url(path)).send().await.unwrap();
    }
    let signed = client().get(service.url("/webhooks/twilio")).header("X-Twilio-Signature", "x");
    assert_eq!(signed.send().await.unwrap().status(), 405);
    // The first of the lines: there was none before it.
    assert_eq!(
        said(&next_line(&mut service)),
        "405 /webhooks/twilio: the method is not POST: choose HTTP POST at the provider"
    );
    let (_, log) = service.stop();
    assert_eq!(log.iter().filter(|line| line.contains(LINE)).count(), 1);
}

#[tokio::test]
async fn a_voice_call_is_called_one_in_log_and_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &settings("sqlite:ringback.db"));
    let call = Form::of(&[
        ("CallSid", "CA00000000000000000000000000000001"),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("From", "+14155550177"),
        ("To", "+14155238886"),
        ("CallStatus", "ringing"),
    ]);
    let answer = call.post(&client(), service.address()).await.unwrap();
    let told = "this is a voice call's webhook (it has `CallSid` and no `MessageSid`)";
    assert_eq!(answer.status, 400);
    assert!(answer.body.starts_with(told), "{}", answer.body);
    let line = service.wait_for_line("the line", |line| line.contains("is no message"));
    assert!(line.contains(told) && !line.contains("4155550177"), "{line}");
}
