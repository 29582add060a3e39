//! Silence at a real process: what it does by itself, and which flows it does not serve.

use std::fs;

use crate::support::database::{TestDatabase, each_database, run_sql, select};
use crate::support::ringback::run;
use crate::support::service::Service;
use crate::support::twilio::{say, settings};

const ANN: &str = "+14155552671";

/// A flow whose timeout leads to a step with this verb.
fn flow(verb: &str) -> String {
    format!(
        "flow: table\nstart: [table]\nsteps:\n  \
         GUESTS: {{ask: How many?, timeout: 1h, on_timeout: LEFT, end: BOOKED}}\n  \
         LEFT: {{{verb}, end: ABANDONED}}\n"
    )
}

/// Lets an hour pass for everybody who waits.
async fn pass_an_hour(database: &TestDatabase) {
    let waits = r#"'{"asked_at":"2026-01-01 00:00:00.000","nudges":0}'"#;
    let sql =
        format!("UPDATE user_sessions SET wakes_at = '2026-01-01 01:00:00.000', waits = {waits}");
    run_sql(database.url(), &sql).await;
}

#[tokio::test]
async fn a_timeout_happens_by_itself_also_after_a_restart() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.yaml");
        fs::write(&path, flow("set: {why: silence}")).unwrap();
        let flows = [("FLOWS", path.to_str().unwrap())];
        let settings = [&settings(database.url())[..], &flows].concat();
        let mut service = Service::start(folder.path(), &settings);
        assert_eq!(say(&service, "SM1", ANN, "table").await, ["How many?"]);
        let shown = run(folder.path(), &[("DATABASE_URL", database.url())], &["show", ANN]);
        assert!(shown.stdout.contains("if nobody writes before"), "{}", shown.stdout);

        service.kill9();
        pass_an_hour(database).await;
        service = Service::start(folder.path(), &settings);
        let line =
            service.wait_for_line("the turn", |line| line.contains("turn taken after silence"));
        assert!(line.contains(r#""state.before":"GUESTS""#), "{line}");
        assert!(line.contains(r#""state.after":"ABANDONED""#), "{line}");
        assert!(!line.contains("4155552671"), "{line}");
        let ended = select(database.url(), "SELECT outcome FROM conversations").await;
        assert_eq!(ended, ["ABANDONED"]);
        // It is over for good.
        assert!(say(&service, "SM2", ANN, "3").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_flow_that_would_send_a_text_is_not_served_without_an_account() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.yaml");
    let flows = [("FLOWS", path.to_str().unwrap())];
    let settings = [&settings(database.url())[..], &flows].concat();
    let nudges = "flow: table\nstart: [table]\nsteps:\n  \
        GUESTS: {ask: How many?, nudges: {10m: Still there?}}\n";
    let on_expire = "flow: table\nstart: [table]\nexpire: 2h\non_expire: GONE\nsteps:\n  \
        GUESTS: {ask: How many?, end: BOOKED}\n  GONE: {say: Bye.}\n";
    for text in [nudges, on_expire, &flow("say: Too late.")] {
        fs::write(&path, text).unwrap();
        let refused = run(folder.path(), &settings, &["serve"]);
        assert_eq!(refused.code, Some(1), "{text}: {}", refused.stderr);
        assert!(
            refused.stderr.contains("the flow `table` sends texts that answer no message"),
            "{}",
            refused.stderr
        );
        assert!(refused.stderr.contains("TWILIO_ACCOUNT_SID"), "{}", refused.stderr);
    }

    fs::write(&path, flow("set: {why: silence}")).unwrap();
    let mut service = Service::start(folder.path(), &settings);
    fs::write(&path, flow("say: Too late.")).unwrap();
    service.hangup();
    let line = service.wait_for_line("the refusal", |line| line.contains("the current flows stay"));
    assert!(line.contains("the flow `table` sends texts"), "{line}");
    assert_eq!(say(&service, "SM1", ANN, "table").await, ["How many?"]);
}
