//! What is counted: on a listener of its own, in Prometheus' text format.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use regex::Regex;
use serde_json::Value;

use crate::support::database::{each_database, on_mysql, run_sql, select};
use crate::support::service::Service;
use crate::support::twilio::{Form, client, post, settings, sid};

/// A service that tells figures, and where.
fn start(database_url: &str) -> (Service, SocketAddr) {
    let folder = tempfile::tempdir().unwrap();
    let settings = [&settings(database_url)[..], &[("METRICS_BIND", "127.0.0.1:0")]].concat();
    let mut service = Service::start(folder.path(), &settings);
    let line = service.wait_for_line("the address of figures", |line| line.contains("/metrics"));
    let line: Value = serde_json::from_str(&line).unwrap();
    (service, line["metrics"].as_str().unwrap().parse().unwrap())
}

async fn figures(at: SocketAddr) -> String {
    let answer = client().get(format!("http://{at}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let content_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(content_type.starts_with("text/plain; version=0.0.4"), "{content_type}");
    answer.text().await.unwrap()
}

/// The lines that count something, without those at zero.
fn counted(figures: &str) -> BTreeMap<&str, f64> {
    figures
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name, value.parse().unwrap()))
        .filter(|(_, value)| *value != 0.0)
        .collect()
}

#[tokio::test]
async fn a_conversation_shows_in_the_figures() {
    each_database(async |database| {
        let (service, metrics) = start(database.url());
        let before = figures(metrics).await;
        let nothing = counted(&before);
        assert_eq!(nothing.get("ringback_database_up"), Some(&1.0), "{before}");
        let source = include_str!("../../../src/telemetry.rs");
        for label in Regex::new(r#"=> ("\w+"),"#).unwrap().captures_iter(source) {
            assert!(
                before.contains(&format!("={}}} 0\n", &label[1])),
                "{} in:\n{before}",
                &label[1]
            );
        }

        let ann = "+14155552671";
        for (id, says) in [("SM1", "hello"), ("SM2", "Ann"), ("SM2", "Ann"), ("SM3", "Yesterday")] {
            post(&service, id, ann, says).await;
        }
        post(&service, "SMhelp", "+14155550001", "HELP").await;
        for number in 0..62 {
            post(&service, &format!("SMfast{number}"), "+14155550000", "hi").await;
        }
        let client = client();
        let mut forged = Form::new("SM4", ann, "hello");
        forged.body.push_str("&More=x");
        assert_eq!(forged.post(&client, service.address()).await.unwrap().status, 403);
        let unreadable = Form::new("SM5", "é", "hello");
        assert_eq!(unreadable.post(&client, service.address()).await.unwrap().status, 400);
        let large = Form::new("SM6", ann, &"x".repeat(70_000));
        assert_eq!(large.post(&client, service.address()).await.unwrap().status, 413);

        for path in ["/webhooks/twilio/", "/", "/healthz"] {
            let astray = client.post(service.url(path)).send().await.unwrap();
            assert!(matches!(astray.status().as_u16(), 404 | 405), "{path}");
        }

        let after = figures(metrics).await;
        let counted = counted(&after);
        for (name, expected) in [
            ("ringback_messages_total{outcome=\"answered\"}", 64.0),
            ("ringback_messages_ignored_total{reason=\"provider\"}", 1.0),
            ("ringback_messages_total{outcome=\"repeated\"}", 1.0),
            ("ringback_messages_total{outcome=\"flooding\"}", 2.0),
            ("ringback_requests_refused_total{reason=\"signature\"}", 1.0),
            ("ringback_requests_refused_total{reason=\"no_message\"}", 1.0),
            ("ringback_requests_refused_total{reason=\"too_large\"}", 1.0),
            ("ringback_requests_refused_total{reason=\"path\"}", 3.0),
            (
                "ringback_conversations_ended_total{flow=\"favorite-song\",outcome=\"COMPLETED\"}",
                1.0,
            ),
            ("ringback_database_up", 1.0),
            ("ringback_batch_messages_bucket{le=\"1\"}", 67.0),
            ("ringback_batch_messages_count", 67.0),
            ("ringback_batch_seconds_count", 67.0),
            ("ringback_queue_wait_seconds_count", 67.0),
        ] {
            assert_eq!(counted.get(name), Some(&expected), "{name} in:\n{after}");
        }
        let people = Regex::new("1415555|hello|Ann|Yesterday").unwrap();
        assert!(!people.is_match(&after), "{after}");
        each_is_explained(&after);
    })
    .await;
}

/// Ends all connections to this database, as a server does that restarts.
async fn cut_off(url: &str) {
    let connections = "SELECT CAST(id AS CHAR) FROM information_schema.processlist \
                       WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    for id in select(url, connections).await {
        run_sql(url, &format!("KILL {id}")).await;
    }
}

/// From now on the database refuses each message with this.
async fn refuse_with(url: &str, signal: &str) {
    run_sql(url, "DROP TRIGGER IF EXISTS refuse").await;
    let trigger = "CREATE TRIGGER refuse BEFORE INSERT ON messages FOR EACH ROW";
    run_sql(url, &format!("{trigger} SIGNAL {signal}")).await;
}

#[tokio::test]
async fn an_outage_shows_in_the_figures_and_its_end_too() {
    on_mysql(async |database| {
        let url = database.url();
        let (service, metrics) = start(url);
        let client = client();
        // After a message with this answer: whether the database is up, batches
        // that were retried, and errors of two kinds.
        let after = async |id: &str, status: u16| {
            let form = Form::new(&sid(id), "+14155552671", "hello");
            assert_eq!(form.post(&client, service.address()).await.unwrap().status, status);
            let figures = figures(metrics).await;
            // In so many words: a gauge that is missing is not at zero.
            let up = ["0", "1"].map(|up| figures.contains(&format!("ringback_database_up {up}\n")));
            assert_ne!(up[0], up[1], "{figures}");
            let counted = counted(&figures);
            let errors = |kind| format!("ringback_database_errors_total{{kind=\"{kind}\"}}");
            let [retries, unavailable, refused] =
                ["ringback_batch_retries_total", &errors("unavailable"), &errors("refused")]
                    .map(|name| counted.get(name).copied().unwrap_or_default());
            (up[1], retries, unavailable, refused)
        };
        assert_eq!(after("SM1", 200).await, (true, 0.0, 0.0, 0.0));
        // A connection that is gone is no outage: the next one takes the batch.
        cut_off(url).await;
        assert_eq!(after("SM2", 200).await, (true, 1.0, 0.0, 0.0));
        // Nor is a message that the database refuses.
        refuse_with(url, "SQLSTATE '45000'").await;
        assert_eq!(after("SM3", 500).await, (true, 1.0, 0.0, 1.0));
        // ER_RECORD_FILE_FULL, as of a full disk: once more on another
        // connection, and from then on not even that.
        refuse_with(url, "SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114").await;
        assert_eq!(after("SM3", 503).await, (false, 2.0, 1.0, 1.0));
        assert_eq!(after("SM3", 503).await, (false, 2.0, 2.0, 1.0));
        run_sql(url, "DROP TRIGGER refuse").await;
        assert_eq!(after("SM3", 200).await, (true, 2.0, 2.0, 1.0));
    })
    .await;
}

/// Each figure stands below a line that says what it is.
fn each_is_explained(figures: &str) {
    let (mut help, mut kind) = (String::new(), String::new());
    for line in figures.lines().filter(|line| !line.is_empty()) {
        if let Some(text) = line.strip_prefix("# HELP ") {
            let (name, text) = text.split_once(' ').unwrap();
            assert!(!text.is_empty(), "{line}");
            name.clone_into(&mut help);
        } else if let Some(text) = line.strip_prefix("# TYPE ") {
            text.split_once(' ').unwrap().0.clone_into(&mut kind);
        } else {
            assert!(line.starts_with(&help) && help == kind, "{line} below {help} and {kind}");
            assert!(line.starts_with("ringback_"), "{line}");
        }
    }
    assert!(!help.is_empty(), "{figures}");
}

#[tokio::test]
async fn figures_are_not_where_the_world_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("ringback.db").display());
    let (service, metrics) = start(&database);
    let status = async |url: String| client().get(url).send().await.unwrap().status();
    assert_eq!(status(service.url("/metrics")).await, 404);
    for path in ["/", "/healthz", "/webhooks/twilio", "/metrics/"] {
        assert_eq!(status(format!("http://{metrics}{path}")).await, 404, "{path}");
    }
}

#[tokio::test]
async fn a_recorded_request_that_was_cut_anew_counts_as_badly_signed() {
    each_database(async |database| {
        let (service, metrics) = start(database.url());
        for form in Form::recut("+14155552671", "+14155550123") {
            form.post(&client(), service.address()).await.unwrap();
        }
        let figures = figures(metrics).await;
        let counted = counted(&figures);
        for name in [
            r#"ringback_messages_total{outcome="answered"}"#,
            r#"ringback_requests_refused_total{reason="signature"}"#,
        ] {
            assert_eq!(counted.get(name), Some(&1.0), "{name} in:\n{figures}");
        }
        let messages = counted.keys().filter(|name| name.starts_with("ringback_messages_total"));
        assert_eq!(messages.count(), 1, "{figures}");
    })
    .await;
}
