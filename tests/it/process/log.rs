//! What the log says, and what it never says.

use std::env;
use std::process::Command;
use std::thread;

use insta::assert_snapshot;
use regex::Regex;
use reqwest::header;
use serde_json::{Value, json};

use ringback::config::{LogFormat, LogSettings};
use ringback::logging;

use crate::support::database::{each_database, run_sql};
use crate::support::page::opened_by;
use crate::support::service::Service;
use crate::support::twilio::{Form, PUBLIC_URL, TOKEN, client, say, settings};

/// Level, message and fields of each line.
fn lines_of(log: &[String]) -> String {
    let port = Regex::new(r"127\.0\.0\.1:\d+").unwrap();
    let key = Regex::new(r"\?key=[0-9a-f]+").unwrap();
    let lines: Vec<String> = log
        .iter()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let fields = line.as_object_mut().unwrap();
            fields.remove("timestamp");
            fields.remove("target");
            let level = fields.remove("level").unwrap();
            let message = fields.remove("message").unwrap();
            let mut fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("\n    {name} = {value}")).collect();
            fields.sort_unstable();
            let line = format!(
                "{} {}{}",
                level.as_str().unwrap(),
                message.as_str().unwrap(),
                fields.concat()
            );
            let line = port.replace_all(&line, "127.0.0.1:[PORT]");
            key.replace_all(&line, "?key=[KEY]").into_owned()
        })
        .collect();
    lines.join("\n")
}

/// The log of a service that started with these settings, and was stopped.
fn log_of(settings: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    lines_of(&Service::start(folder.path(), settings).stop().1)
}

#[test]
fn a_start_says_where_to_go_from_here() {
    assert_snapshot!("page", log_of(&[]));
    assert_snapshot!("token", log_of(&settings("sqlite:ringback.db")));
    assert_snapshot!("token_without_public_url", log_of(&[("TWILIO_AUTH_TOKEN", TOKEN)]));
    let local = [("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", "http://localhost:5000")];
    assert_snapshot!("token_with_loopback", log_of(&local));
    assert_snapshot!("nothing", log_of(&[("SIMULATOR", "off")]));
    assert_snapshot!("public_url_without_token", log_of(&[("PUBLIC_URL", PUBLIC_URL)]));
}

#[tokio::test]
async fn a_mismatch_names_the_setting_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("sqlite:ringback.db");
    // Twilio calls `PUBLIC_URL` of the tests; the service believes otherwise.
    settings[2].1 = "http://old.example.com";
    let mut service = Service::start(folder.path(), &settings);
    let form = Form::new("SM1", "+14155552671", "hello");
    let answer = client()
        .post(service.url("/webhooks/twilio"))
        .header("X-Twilio-Signature", &form.signature)
        .header("X-Forwarded-Host", PUBLIC_URL.trim_start_matches("https://"))
        .header("X-Forwarded-Proto", "https")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.text().await.unwrap()),
        (403, "forbidden\n".to_owned())
    );
    let line = service.wait_for_line("the refusal", |line| line.contains("a request was refused"));
    assert_snapshot!(lines_of(&[line]));
}

#[tokio::test]
async fn a_recorded_request_that_was_cut_anew_is_told_without_a_value() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [&settings("sqlite:ringback.db")[..], &[("RUST_LOG", "debug")]].concat();
    let service = Service::start(folder.path(), &settings);
    let [honest, forged] = Form::recut("+14155550177", "+14155550188");
    let answer = honest.post(&client(), service.address()).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    for _ in 0..3 {
        let answer = forged.post(&client(), service.address()).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (403, "forbidden\n"));
    }
    let (_, log) = service.stop();
    assert_discreet(&log);
    assert!(!log.iter().any(|line| line.contains(&format!("SM{:032x}", 1))), "{log:#?}");
    let told = log.into_iter().filter(|line| line.contains("a recorded request")).take(1);
    assert_snapshot!(lines_of(&told.collect::<Vec<_>>()), @r#"
    WARN a recorded request arrived cut into other parameters
        reason = "its signature belongs to another message"
    "#);
}

/// What somebody wrote, who it was, and what proves that it was they.
const SECRETS: [&str; 7] =
    ["Xylophon", "Quetzalcoatl", "Wombat", "Profile Marker", "4155550177", "4155550188", TOKEN];

fn assert_discreet(log: &[String]) {
    // It does tell what happened.
    assert!(log.iter().any(|line| line.contains("turn taken")), "{log:#?}");
    for secret in SECRETS {
        // As it is, and as forms and JSON write it.
        for spelling in [secret.to_owned(), secret.replace(' ', "+"), secret.replace(' ', "%20")] {
            let found: Vec<&String> = log.iter().filter(|line| line.contains(&spelling)).collect();
            assert!(found.is_empty(), "the log tells {secret:?}:\n{found:#?}");
        }
    }
}

#[tokio::test]
async fn no_level_tells_what_was_said_by_whom() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let settings = [&settings(database.url())[..], &[("RUST_LOG", "trace")]].concat();
        let service = Service::start(folder.path(), &settings);
        say(&service, "SM1", "+14155550177", "hello").await;
        say(&service, "SM2", "+14155550177", "Xylophon").await;
        say(&service, "SM3", "whatsapp:+14155550177", "Quetzalcoatl").await;
        say(&service, "SM4", "+14155550188", "STOP").await;
        say(&service, "SM4", "+14155550188", "Wombat").await;
        say(&service, "SM5", "+14155550188", "Wombat").await;

        let client = client();
        let mut forged = Form::new("SM6", "+14155550177", "Wombat");
        forged.body.push_str("&More=Xylophon");
        assert_eq!(forged.post(&client, service.address()).await.unwrap().status, 403);
        let unreadable = Form::new("SM7", "Wombat é", "Xylophon");
        assert_eq!(unreadable.post(&client, service.address()).await.unwrap().status, 400);
        let refuse = if database.is_mysql() {
            "CREATE TRIGGER poison BEFORE INSERT ON messages FOR EACH ROW \
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Wombat'"
        } else {
            "CREATE TRIGGER poison BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'Wombat'); END"
        };
        run_sql(database.url(), refuse).await;
        let refused = Form::new("SM8", "+14155550177", "Xylophon");
        assert_eq!(refused.post(&client, service.address()).await.unwrap().status, 500);
        assert_discreet(&service.stop().1);
    })
    .await;
}

#[tokio::test]
async fn the_phone_page_is_as_discreet() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[("RUST_LOG", "trace")]);
    let client = opened_by(&service.page_link()).await;
    let feed = service.url("/simulator/events?phone=%2B14155550177");
    let mut feed = client.get(feed).send().await.unwrap();
    let message = json!({
        "id": "01234567-89ab-4cde-8f01-23456789abcd", "from": "+14155550177", "channel": "sms",
        "text": "Xylophon",
    });
    let posted = client.post(service.url("/simulator/messages")).json(&message);
    assert_eq!(posted.send().await.unwrap().status(), 204);
    let mut seen = String::new();
    while !seen.contains("Xylophon") {
        seen += std::str::from_utf8(&feed.chunk().await.unwrap().unwrap()).unwrap();
    }
    client.get(service.url("/?phone=%2B14155550188")).send().await.unwrap();
    // The requests that came in are shown on the page, and nowhere else.
    let forged = Form::new("SM6", "+14155550188", "Wombat");
    assert_eq!(forged.post(&client, service.address()).await.unwrap().status, 403);
    let mishap = json!({ "phone": "+14155550177", "channel": "sms", "what": "repeat" });
    let played = client.post(service.url("/simulator/mishaps")).json(&mishap);
    assert_eq!(played.send().await.unwrap().status(), 200);
    let requests = client.get(service.url("/simulator/requests")).send().await.unwrap();
    assert!(requests.text().await.unwrap().contains("Wombat"));
    assert_discreet(&service.stop().1);
}

#[tokio::test]
async fn figures_are_told_apart_from_the_world_and_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("sqlite:ringback.db").to_vec();
    settings.push(("METRICS_BIND", "127.0.0.1:0"));
    let mut service = Service::start(folder.path(), &settings);
    let line = service.wait_for_line("where figures are", |line| line.contains("figures are at"));
    let line: Value = serde_json::from_str(&line).unwrap();
    let metrics = format!("http://{}/metrics", line["metrics"].as_str().unwrap());
    say(&service, "SM1", "+14155550177", "Xylophon").await;
    say(&service, "SM1", "+14155550177", "Xylophon").await;
    let figures = client().get(metrics).send().await.unwrap().text().await.unwrap();
    for expected in ["answered", "repeated"] {
        let count = format!("ringback_messages_total{{outcome=\"{expected}\"}} 1\n");
        assert!(figures.contains(&count), "{figures}");
    }
    for secret in SECRETS {
        assert!(!figures.contains(secret), "{figures}");
    }
    let world = client().get(service.url("/metrics")).send().await.unwrap();
    assert_eq!(world.status(), 404);
}

/// The same test in a process of its own, whose panics are logged.
const PANICS: &str = "RINGBACK_TEST_PANICS";

#[test]
fn a_panic_tells_its_place_and_no_value() {
    if env::var_os(PANICS).is_some() {
        let filter = tracing_subscriber::EnvFilter::new("info");
        let _finish = logging::start().unwrap();
        logging::init(LogSettings { format: Some(LogFormat::Json), filter }).unwrap();
        thread::spawn(|| panic!("{} was not expected", SECRETS[0])).join().unwrap_err();
        thread::spawn(|| panic!("fixed words")).join().unwrap_err();
        return;
    }
    let name = "process::log::a_panic_tells_its_place_and_no_value";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(PANICS, "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let said: Vec<&Value> = lines.iter().map(|line| &line["said"]).collect();
    assert_eq!(said, [&Value::Null, &json!("fixed words")], "{log}");
    for line in &lines {
        assert!(line["place"].as_str().unwrap().contains("log.rs:"), "{line}");
    }
    assert!(!log.contains(SECRETS[0]), "{log}");
}
