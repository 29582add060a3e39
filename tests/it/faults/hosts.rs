//! Several hosts of one database, of which one fails or becomes read-only: the
//! next one is used within two seconds, `/readyz` stays 200, and an earlier
//! host is used again when it is back. Nothing is lost and nothing is doubled.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use url::Url;

use super::chance;
use super::crowd::Crowd;
use super::network::Network;
use super::server::Server;
use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::{TestDatabase, select};
use crate::support::ringback::{DEADLINE, Outcome, run};
use crate::support::twilio::{Answer, Form, client, sid};

const CHOSEN: &str = "a database host is used from now on";
const GONE: &str = "messages are refused until the database is back";

const COUNT: &str = "SELECT CAST(COUNT(*) AS CHAR) FROM messages";

/// How long nobody may be answered when a host fails: two seconds are
/// promised, and the machine does other things, too.
const PAUSE: Duration = Duration::from_secs(4);

/// The address of a database with these hosts in place of its own.
fn with_hosts(url: &str, hosts: &[String]) -> String {
    let url = Url::parse(url).unwrap();
    let user = match url.password() {
        Some(password) => format!("{}:{password}", url.username()),
        None => url.username().to_owned(),
    };
    format!("mysql://{user}@{}{}", hosts.join(","), url.path())
}

/// The host and port of an address of one host.
fn host_of(url: &str) -> (String, u16) {
    let url = Url::parse(url).unwrap();
    (url.host_str().unwrap().to_owned(), url.port().unwrap_or(3306))
}

/// Waits until the log says that this host is used; what it says.
fn is_used(service: &mut Watched, host: &str) -> String {
    let name = format!("\"{host}\"");
    let line = service.wait_for_line(&format!("that {host} is used"), |line| {
        line.contains(CHOSEN) && line.contains(&name)
    });
    assert!(!line.contains("bot@") && !line.contains("root"), "{line}");
    line
}

async fn readiness(service: &Watched) -> StatusCode {
    client().get(service.url("/readyz")).send().await.unwrap().status()
}

async fn becomes(service: &Watched, expected: u16) {
    let until = Instant::now() + DEADLINE;
    while readiness(service).await != expected {
        assert!(Instant::now() < until, "/readyz does not become {expected}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_fail_are_left_and_are_used_again() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let server = host_of(database.url());
    let (first, second) = (Network::to(server.clone()).await, Network::to(server).await);
    let hosts = [first.address().to_string(), second.address().to_string()];
    let url = with_hosts(database.url(), &hosts);
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::start(folder.path(), &url);
    let crowd = Crowd::start(8, service.address(), &mut chance("hosts"));
    crowd.answered(60).await;

    // A black hole: nothing closes, and nothing is answered.
    first.cut();
    let began = Instant::now();
    assert_eq!(readiness(&service).await, 200, "another host is left");
    crowd.answered(60).await;
    eprintln!("a host that is silent: {:.1?} until 60 answers", began.elapsed());
    assert!(began.elapsed() < PAUSE, "{:?}", began.elapsed());
    let line = is_used(&mut service, &hosts[1]);
    assert!(line.contains("it did not answer in time"), "{line}");
    assert_eq!(readiness(&service).await, 200);

    first.lead_on();
    let line = is_used(&mut service, &hosts[0]);
    assert!(line.contains("the first of the list"), "{line}");
    crowd.answered(60).await;

    // It refuses connections, and has ended the open ones.
    drop(first);
    let began = Instant::now();
    crowd.answered(60).await;
    eprintln!("a host that is gone: {:.1?} until 60 answers", began.elapsed());
    assert!(began.elapsed() < PAUSE, "{:?}", began.elapsed());
    is_used(&mut service, &hosts[1]);
    assert_eq!(readiness(&service).await, 200);

    // No host is left.
    drop(second);
    crowd.refused(10).await;
    crowd.hold();
    becomes(&service, 503).await;
    service.wait_for_line("the outage of all hosts", |line| {
        line.contains(GONE) && hosts.iter().all(|host| line.contains(host))
    });
    let network = Network::at(
        (std::net::Ipv4Addr::LOCALHOST, hosts[1].rsplit_once(':').unwrap().1.parse().unwrap()),
        host_of(database.url()),
    )
    .await;
    becomes(&service, 200).await;
    crowd.go_on(service.address());
    let book = crowd.finish().await;
    book.agrees_with(database.url()).await;
    let log = service.stop();
    assert!(log.count(CHOSEN) <= 5, "a change is told once, not {} times", log.count(CHOSEN));
    drop(network);
}

/// One message of a person of its own.
async fn say(service: &Watched, number: usize) -> Answer {
    let from = format!("{SECRET_NUMBERS}{number:06}");
    let form = Form::new(&sid(&from), &from, "hello");
    form.post(&client(), service.address()).await.unwrap()
}

/// What is found about the hosts of this address, on a free port.
fn doctor(url: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &[("DATABASE_URL", url), ("BIND", "127.0.0.1:0")], &["doctor"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_are_read_only_are_passed_over() {
    let Some(first) = Server::start().await else { return };
    let Some(second) = Server::start().await else { return };
    let hosts: Vec<String> = [&first, &second]
        .map(|server| host_of(&server.url()))
        .map(|(host, port)| format!("{host}:{port}"))
        .into();
    let folder = tempfile::tempdir().unwrap();
    for server in [&first, &second] {
        let migrated = run(folder.path(), &[("DATABASE_URL", &server.url())], &["migrate"]);
        assert_eq!(migrated.code, Some(0), "{migrated}");
    }
    let url = with_hosts(&first.url(), &hosts);
    second.administer("SET GLOBAL read_only = 1").await;
    let mut service = Watched::start(folder.path(), &url);
    assert_eq!(say(&service, 1).await.status, 200);
    assert_eq!(select(&first.url(), COUNT).await, ["1"]);

    let outcome = doctor(&url);
    for line in
        [format!("{} can be written to", hosts[0]), format!("{} is read-only, and is", hosts[1])]
    {
        assert!(outcome.stdout.contains(&format!("ok       host: {line}")), "{outcome}");
    }

    // A failover: the message is taken by the other host, within its own batch.
    first.administer("SET GLOBAL read_only = 1").await;
    second.administer("SET GLOBAL read_only = 0").await;
    let answer = say(&service, 2).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let line = is_used(&mut service, &hosts[1]);
    assert!(line.contains("read-only"), "{line}");
    assert_eq!(select(&second.url(), COUNT).await, ["1"]);

    second.administer("SET GLOBAL read_only = 1").await;
    assert_eq!(say(&service, 3).await.status, 503);
    becomes(&service, 503).await;
    second.administer("SET GLOBAL read_only = 0").await;
    becomes(&service, 200).await;
    assert_eq!(say(&service, 3).await.status, 200);
    assert_eq!(select(&first.url(), COUNT).await, ["1"]);
    assert_eq!(select(&second.url(), COUNT).await, ["2"]);
    service.stop();
}

/// A server that is short of something may take connections, and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_prepare_no_statement_are_left() {
    let Some(first) = Server::start().await else { return };
    let Some(second) = Server::start().await else { return };
    let hosts = [&first, &second]
        .map(|server| host_of(&server.url()))
        .map(|(host, port)| format!("{host}:{port}"));
    let folder = tempfile::tempdir().unwrap();
    for server in [&first, &second] {
        let migrated = run(folder.path(), &[("DATABASE_URL", &server.url())], &["migrate"]);
        assert_eq!(migrated.code, Some(0), "{migrated}");
    }
    let service = Watched::start(folder.path(), &with_hosts(&first.url(), &hosts));
    assert_eq!(say(&service, 1).await.status, 200);
    first.administer("SET GLOBAL max_prepared_stmt_count = 0; KILL USER bot").await;
    let until = Instant::now() + DEADLINE;
    while say(&service, 2).await.status != 200 {
        assert!(Instant::now() < until, "the first host is never left");
    }
    assert_eq!(select(&second.url(), COUNT).await, ["1"]);
    service.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_the_same_for_every_command() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let gone = Network::to(host_of(database.url())).await;
    let dead = gone.address().to_string();
    drop(gone);
    let (host, port) = host_of(database.url());
    let url = with_hosts(database.url(), &[dead.clone(), format!("{host}:{port}")]);
    let folder = tempfile::tempdir().unwrap();
    let settings = [("DATABASE_URL", url.as_str())];
    for (arguments, code) in [
        (&["migrate"] as &[&str], 0),
        (&["show", "+14155552671"], 1),
        (&["outbox"], 0),
        (&["outbox", "drop", "--older-than", "1h"], 0),
        (&["prune", "--older-than", "90d"], 0),
    ] {
        let outcome = run(folder.path(), &settings, arguments);
        assert_eq!(outcome.code, Some(code), "{arguments:?}: {outcome}");
    }
    let missing =
        with_hosts(&format!("{}_none", database.url()), &[dead.clone(), format!("{host}:{port}")]);
    let outcome = doctor(&missing);
    assert!(outcome.stdout.contains("create it with `CREATE DATABASE"), "{outcome}");
    // A host that is away keeps nobody from the service.
    let outcome = doctor(&url);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    for line in [
        format!("warning  host: {dead} is passed over: connection refused"),
        format!("ok       host: {host}:{port} can be written to"),
        format!("ok       database: mysql://{dead},{host}:{port}/"),
    ] {
        assert!(outcome.stdout.contains(&line), "{outcome}");
    }

    let url = with_hosts(database.url(), &[dead.clone(), "no-such-host.invalid".to_owned()]);
    let outcome = run(folder.path(), &[("DATABASE_URL", &url)], &["migrate"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    for part in [&format!("{dead}: connection refused"), "no-such-host.invalid:3306: "] {
        assert!(outcome.stderr.contains(part), "{outcome}");
    }
}
