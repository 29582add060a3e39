//! SIGHUP: the flows are read anew, and broken ones never take the place of good ones.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::support::database::{each_database, run_sql, select};
use crate::support::ringback::run;
use crate::support::service::Service;
use crate::support::twilio::{Form, client, say, settings, sid};

const ANN: &str = "+14155552671";

fn write(folder: &Path, question: &str) {
    let text = format!(
        "flow: order\nstart: [order]\nsteps:\n  pizza: {{ask: '{question}'}}\n  \
         done: {{say: 'Thank you for {{{{ pizza }}}}.'}}\n"
    );
    fs::write(folder.join("order.yaml"), text).unwrap();
}

/// A service with these flows, its folder beside them.
fn start(url: &str, folder: &Path) -> Service {
    let flows = folder.join("flows");
    let settings = [&settings(url)[..], &[("FLOWS", flows.to_str().unwrap())]].concat();
    Service::start(folder, &settings)
}

fn is_served(line: &str) -> bool {
    line.contains("the flows were read again")
}

#[tokio::test]
async fn good_flows_replace_the_old_ones_and_broken_ones_do_not() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let mut service = start(database.url(), folder.path());
        assert_eq!(say(&service, "SM1", ANN, "order").await, ["Which pizza?"]);

        fs::write(flows.join("order.yaml"), "flow: order\nstart: [order]\nsteps:\n  a: {aks: x}\n")
            .unwrap();
        service.hangup();
        let line = service.wait_for_line("the finding", |line| line.contains("`aks`"));
        assert!(line.contains("order.yaml") && line.contains(r#""line":4"#), "{line}");
        assert!(line.contains(r#""level":"ERROR""#), "{line}");
        service.wait_for_line("the refusal", |line| line.contains("the current flows stay"));
        assert_eq!(say(&service, "SM2", "+14155552672", "order").await, ["Which pizza?"]);

        fs::remove_file(flows.join("order.yaml")).unwrap();
        service.hangup();
        service.wait_for_line("the refusal", |line| line.contains("the flows cannot be read"));
        assert_eq!(say(&service, "SM3", "+14155552673", "order").await, ["Which pizza?"]);

        write(&flows, "Which of our pizzas?");
        service.hangup();
        let line = service.wait_for_line("the reload", is_served);
        assert!(line.contains(r#""flows.version":2"#), "{line}");
        assert_eq!(say(&service, "SM4", "+14155552674", "order").await, ["Which of our pizzas?"]);
        // Who was inside goes on.
        assert_eq!(say(&service, "SM5", ANN, "Funghi").await, ["Thank you for Funghi."]);

        // Once more without a change it is the same version.
        service.hangup();
        let line = service.wait_for_line("the reload", is_served);
        assert!(line.contains(r#""flows.version":2"#), "{line}");
        let kept = select(database.url(), "SELECT hash FROM flow_versions ORDER BY id").await;
        assert_eq!(kept.len(), 2);
        assert!(line.contains(&kept[1][..12]), "{line}");
    })
    .await;
}

#[tokio::test]
async fn watched_files_are_read_again_when_they_are_saved() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let path = flows.to_str().unwrap();
        let settings =
            [&settings(database.url())[..], &[("FLOWS", path), ("WATCH", "on")]].concat();
        let mut service = Service::start(folder.path(), &settings);
        assert_eq!(say(&service, "SM1", ANN, "order").await, ["Which pizza?"]);

        fs::write(flows.join("order.yaml"), "flow: order\nstart: [order]\nsteps:\n  a: {aks: x}\n")
            .unwrap();
        service.wait_for_line("the refusal", |line| line.contains("the current flows stay"));
        assert_eq!(say(&service, "SM2", "+14155552672", "order").await, ["Which pizza?"]);

        write(&flows, "Which of our pizzas?");
        service.wait_for_line("the new flows", is_served);
        assert_eq!(say(&service, "SM3", "+14155552673", "order").await, ["Which of our pizzas?"]);
        assert_eq!(say(&service, "SM4", ANN, "Funghi").await, ["Thank you for Funghi."]);
    })
    .await;
}

#[tokio::test]
async fn a_quiet_time_is_over_once_the_flow_has_none_any_more() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        let flow = "flow: desk\nstart: [desk]\notherwise: Write DESK.\nsteps:\n  \
                    DESK: {ask: What is it?, max: 40, end: HANDED_OVER, quiet_after: 24h}\n";
        fs::write(flows.join("desk.yaml"), flow).unwrap();
        let mut service = start(database.url(), folder.path());
        assert_eq!(say(&service, "SM1", ANN, "desk").await, ["What is it?"]);
        assert!(say(&service, "SM2", ANN, "My pizza").await.is_empty());
        assert!(say(&service, "SM3", ANN, "Hello?").await.is_empty());
        let line = service.wait_for_line("the turn", |line| line.contains("\"turn\":3"));
        assert!(line.contains(r#""ignored":"quiet""#), "{line}");
        assert!(line.contains(r#""state.after":"HANDED_OVER""#), "{line}");

        fs::write(flows.join("desk.yaml"), flow.replace(", quiet_after: 24h", "")).unwrap();
        service.hangup();
        service.wait_for_line("the reload", is_served);
        assert_eq!(say(&service, "SM4", ANN, "Hello?").await, ["Write DESK."]);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_the_database_does_not_take_is_not_served() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let mut service = start(database.url(), folder.path());
        let refuse = if database.is_mysql() {
            "CREATE TRIGGER no BEFORE INSERT ON flow_versions FOR EACH ROW SIGNAL SQLSTATE '45000'"
        } else {
            "CREATE TRIGGER no BEFORE INSERT ON flow_versions BEGIN SELECT RAISE(ABORT, 'no'); END"
        };
        run_sql(database.url(), refuse).await;
        write(&flows, "Which of our pizzas?");
        service.hangup();
        service.wait_for_line("the refusal", |line| line.contains("does not take the new version"));
        assert_eq!(say(&service, "SM1", ANN, "order").await, ["Which pizza?"]);
        run_sql(database.url(), "DROP TRIGGER no").await;
        // The service tries again by itself.
        service.wait_for_line("the reload", is_served);
        assert_eq!(say(&service, "SM2", "+14155552672", "order").await, ["Which of our pizzas?"]);
    })
    .await;
}

/// Everybody is answered, by the one version or the other, and nobody is lost between them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_go_on_meanwhile() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let mut service = start(database.url(), folder.path());
        let (address, over) = (service.address(), Arc::new(AtomicBool::new(false)));
        let answered = Arc::new(AtomicUsize::new(0));
        let people = (0..8).map(|person| {
            let (client, over, answered) = (client(), Arc::clone(&over), Arc::clone(&answered));
            tokio::spawn(async move {
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let from = format!("+1415{person:03}{number:04}");
                    for (says, expected) in
                        [("order", "Which "), ("Funghi", "Thank you for Funghi.")]
                    {
                        let form = Form::new(&sid(&format!("{from}{says}")), &from, says);
                        let answer = form.post(&client, address).await.unwrap();
                        assert_eq!(answer.status, 200, "{answer:?}");
                        assert!(answer.body.contains(expected), "{answer:?}");
                    }
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        let people: Vec<_> = people.collect();
        for round in 0..6 {
            let until = answered.load(Ordering::Relaxed) + 20;
            while answered.load(Ordering::Relaxed) < until {
                assert!(people.iter().all(|task| !task.is_finished()), "somebody was let down");
                tokio::task::yield_now().await;
            }
            write(&flows, &format!("Which pizza, in round {round}?"));
            service.hangup();
            service.wait_for_line("the reload", is_served);
        }
        over.store(true, Ordering::Relaxed);
        for task in people {
            task.await.unwrap();
        }
        assert_eq!(say(&service, "SM1", ANN, "order").await, ["Which pizza, in round 5?"]);
        let (status, log) = tokio::task::spawn_blocking(move || service.stop()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{log:#?}");
    })
    .await;
}

#[tokio::test]
async fn built_in_flows_have_nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    service.hangup();
    service.wait_for_line("a word on it", |line| line.contains("there is nothing to read"));
    let (status, log) = service.stop();
    assert_eq!(status.code(), Some(0), "{log:#?}");
}

/// Two real processes with different files on one database.
#[tokio::test]
async fn a_process_with_older_files_leaves_alone_whom_a_newer_one_moved() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let newer_folder = tempfile::tempdir().unwrap();
        for folder in [&folder, &newer_folder] {
            fs::create_dir(folder.path().join("flows")).unwrap();
        }
        write(&folder.path().join("flows"), "Which pizza?");
        let next = "flow: order\nstart: [order]\nsteps:\n  drink: {ask: Which drink?}\n  \
                    done: {say: 'Thank you for {{ drink }}.'}\n";
        fs::write(newer_folder.path().join("flows/order.yaml"), next).unwrap();
        let mut older = start(database.url(), folder.path());
        let newer = start(database.url(), newer_folder.path());
        assert_eq!(say(&newer, "SM1", ANN, "order").await, ["Which drink?"]);
        assert_eq!(say(&older, "SM2", ANN, "Water").await, ["Thank you for Water."]);
        older.wait_for_line("a word on it", |line| {
            line.contains("another process serves newer flows")
        });
        // Told to read its own files again, the older one is the newest now.
        write(&folder.path().join("flows"), "Which pizza, again?");
        older.hangup();
        older.wait_for_line("the reload", is_served);
        assert_eq!(say(&newer, "SM3", ANN, "order").await, ["Which drink?"]);
        assert_eq!(
            say(&older, "SM4", ANN, "Water").await,
            ["Sorry, this conversation has changed in the meantime. Let us begin again.\n\
              Which pizza, again?"]
        );
        assert_eq!(say(&newer, "SM5", ANN, "Funghi").await, ["Thank you for Funghi."]);
    })
    .await;
}

/// Else a mistake in a deploy would count as the newest version.
#[tokio::test]
async fn a_process_that_cannot_serve_registers_nothing() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let service = start(database.url(), folder.path());
        write(&flows, "Which of our pizzas?");
        let bind = service.address().to_string();
        let more = [("FLOWS", flows.to_str().unwrap()), ("BIND", &bind)];
        let settings = [&settings(database.url())[..], &more].concat();
        let outcome = run(folder.path(), &settings, &["serve"]);
        assert!(outcome.stderr.contains("cannot listen on"), "{outcome}");
        let versions = select(database.url(), "SELECT hash FROM flow_versions").await;
        assert_eq!(versions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn much_that_is_wrong_is_logged_in_few_lines() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        write(&flows, "Which pizza?");
        let mut service = start(database.url(), folder.path());
        let questions: Vec<String> =
            (0..1_000).map(|n| format!("  A{n}: {{ask: x, match: '[a-z'}}\n")).collect();
        let broken = format!("flow: order\nstart: [order]\nsteps:\n{}", questions.concat());
        fs::write(flows.join("order.yaml"), broken).unwrap();
        service.hangup();
        let line = service.wait_for_line("the refusal", |line| line.contains("do not load"));
        assert!(line.contains(r#""errors":1000"#), "{line}");
        assert_eq!(say(&service, "SM1", ANN, "order").await, ["Which pizza?"]);
        let (_, log) = service.stop();
        let mistakes: Vec<&String> =
            log.iter().filter(|line| line.contains("does not compile")).collect();
        assert_eq!(mistakes.len(), 6);
        assert!(mistakes[5].contains("(and 994 more like this)"), "{}", mistakes[5]);
    })
    .await;
}

#[tokio::test]
async fn a_warning_that_is_allowed_is_not_logged() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        let text = "flow: order\nstart: [order]\nsteps:\n  # allow: carrier-keyword\n  \
                    pizza: {ask: Which?, optional: [stop]}\n  size: {ask: How big?, optional: [end]}\n";
        fs::write(flows.join("order.yaml"), text).unwrap();
        let mut service = start(database.url(), folder.path());
        service.hangup();
        service.wait_for_line("the reload", is_served);
        let (_, log) = service.stop();
        let warnings: Vec<&String> =
            log.iter().filter(|line| line.contains("carrier-keyword")).collect();
        // At the start and at the reload.
        assert_eq!(warnings.len(), 2, "{log:#?}");
        for warning in warnings {
            assert!(warning.contains(r#""code":"carrier-keyword""#), "{warning}");
            assert!(warning.contains(r#""line":6"#), "{warning}");
        }
        assert!(!log.iter().any(|line| line.contains("unused-allowance")), "{log:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_value_that_is_cut_is_logged_without_a_word_of_it() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        let double: Vec<String> = (0..20)
            .map(|n| format!("  S{n}: {{set: {{word: '{{{{ word }}}}{{{{ word }}}}'}}}}\n"))
            .collect();
        let flow = format!(
            "flow: order\nstart: [order]\nsteps:\n  word: {{ask: Which?}}\n{}  end: {{ask: And?}}\n",
            double.concat()
        );
        fs::write(flows.join("order.yaml"), flow).unwrap();
        let mut service = start(database.url(), folder.path());
        say(&service, "SM1", ANN, "order").await;
        assert_eq!(say(&service, "SM2", ANN, "Quetzalcoatl").await, ["And?"]);
        let line = service.wait_for_line("the cut", |line| line.contains("and was cut\""));
        for field in [r#""flow":"order""#, r#""step":"S10""#, r#""variable":"word""#, r#""bytes":16384"#] {
            assert!(line.contains(field), "{field}: {line}");
        }
        let stored = select(database.url(), "SELECT CAST(answers AS CHAR) FROM user_sessions").await;
        assert!((16_384..17_000).contains(&stored[0].len()), "{}", stored[0].len());
        let (_, log) = service.stop();
        assert_eq!(log.iter().filter(|line| line.contains("and was cut\"")).count(), 1);
        assert!(!log.iter().any(|line| line.contains("Quetzal")), "{log:#?}");
    })
    .await;
}
