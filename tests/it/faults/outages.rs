//! A database that stops answering, refuses, is full, or is not to be written
//! to: quick refusals, one line in the log, and all well again by itself.

use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use sqlx::{Connection as _, MySqlConnection};

use super::chance;
use super::crowd::Crowd;
use super::network::Network;
use super::server::{MAX_CONNECTIONS, Server};
use super::watched::{Log, SECRET_NUMBERS, Watched};
use crate::support::database::{TestDatabase, select};
use crate::support::ringback::DEADLINE;
use crate::support::twilio::{Form, client};

/// Within two seconds, and a little for a machine that does other things, too.
const QUICK: Duration = Duration::from_millis(2_500);

const GONE: &str = "messages are refused until the database is back";
const BACK: &str = "the database is available again";

/// The status of `/readyz`, asked several times at once, as supervisors do.
async fn readiness(service: &Watched, client: &Client) -> Vec<StatusCode> {
    let asked = (0..6).map(|_| async {
        let began = Instant::now();
        let status = client.get(service.url("/readyz")).send().await.unwrap().status();
        assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
        status
    });
    join_all(asked).await
}

async fn becomes(service: &Watched, client: &Client, expected: u16) {
    let until = Instant::now() + DEADLINE;
    while readiness(service, client).await.iter().any(|status| *status != expected) {
        assert!(Instant::now() < until, "/readyz does not become {expected}");
    }
}

/// A message of each of ten people is refused, and quickly.
async fn refuses(service: &Watched, client: &Client, outage: usize) -> Vec<Form> {
    let forms: Vec<Form> = (0..10)
        .map(|n| {
            let from = format!("{SECRET_NUMBERS}99{outage:02}{n:02}");
            Form::new(&format!("SMout{outage}-{n}"), &from, "hello")
        })
        .collect();
    // Until the fault is felt: with a network in between it takes a moment.
    for _ in 0..3 {
        let answers = forms.iter().map(|form| async {
            let began = Instant::now();
            let answer = form.post(client, service.address()).await.unwrap();
            assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
            answer
        });
        for answer in join_all(answers).await {
            assert_eq!(answer.status, 503, "{answer:?}");
            assert_eq!(answer.retry_after.as_deref(), Some("1"));
        }
    }
    let alive = client.get(service.url("/healthz")).send().await.unwrap();
    assert_eq!(alive.status(), 200);
    forms
}

/// One outage from its beginning to its end, the crowd writing on both sides of it.
async fn outage(
    number: usize,
    service: &mut Watched,
    crowd: &Crowd,
    begin: impl AsyncFnOnce(),
    end: impl AsyncFnOnce(),
) {
    let client = client();
    becomes(service, &client, 200).await;
    crowd.answered(30).await;
    begin().await;
    crowd.hold();
    let refused = refuses(service, &client, number).await;
    service.wait_for_line("the outage", |line| line.contains(GONE));
    becomes(service, &client, 503).await;
    end().await;
    becomes(service, &client, 200).await;
    crowd.go_on(service.address());
    crowd.answered(30).await;
    service.wait_for_line("the end of the outage", |line| line.contains(BACK));
    // What was refused is taken now, once, from the beginning.
    for form in refused {
        let answer = form.post(&client, service.address()).await.unwrap();
        assert!(answer.body.contains("What is your name?"), "{answer:?}");
    }
}

/// Each outage is told once, and nothing else is to be looked at.
fn assert_brief(log: &Log, outages: usize) {
    assert_eq!((log.count(GONE), log.count(BACK)), (outages, outages), "{:?}", log.troubles());
    assert!(log.troubles().len() <= 3 * outages, "{:#?}", log.troubles());
}

/// What the crowd was answered; the probes are set apart by their numbers.
async fn assert_whole(crowd: Crowd, url: &str) {
    let probes = format!("phone_number LIKE '{SECRET_NUMBERS}99%'");
    let halves = format!(
        "SELECT phone_number FROM user_sessions s WHERE {probes} AND NOT (turns = 1 AND \
         conversation_state = 'WAITING_FOR_NAME' AND 1 = (SELECT COUNT(*) FROM messages m \
         WHERE m.phone_number = s.phone_number))"
    );
    assert_eq!(select(url, &halves).await, Vec::<String>::new());
    for table in ["messages", "user_sessions"] {
        crate::support::database::run_sql(url, &format!("DELETE FROM {table} WHERE {probes}"))
            .await;
    }
    crowd.finish().await.agrees_with(url).await;
}

/// Connections that leave no room for any other.
async fn crowd_out(server: &Server) -> Vec<MySqlConnection> {
    // The administrator's own is there from the beginning on.
    let mut administrator = MySqlConnection::connect(&server.url_as("root", "")).await.unwrap();
    let mut strangers = Vec::new();
    let until = Instant::now() + DEADLINE;
    while strangers.len() + 1 < MAX_CONNECTIONS {
        match MySqlConnection::connect(&server.url_as("stranger", "")).await {
            Ok(stranger) => strangers.push(stranger),
            Err(_) => {
                sqlx::raw_sql("KILL USER bot").execute(&mut administrator).await.unwrap();
            }
        }
        assert!(Instant::now() < until, "the service cannot be crowded out");
    }
    strangers.push(administrator);
    strangers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_server_end_by_themselves() {
    let Some(mut server) = Server::start().await else { return };
    let mut chance = chance("outages");
    let url = server.url();
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::start(folder.path(), &url);
    let crowd = Crowd::start(8, service.address(), &mut chance);

    eprintln!("it stops answering");
    outage(0, &mut service, &crowd, async || server.freeze(), async || server.thaw()).await;
    eprintln!("it is gone, and comes back");
    let cell = std::sync::Mutex::new(&mut server);
    outage(
        1,
        &mut service,
        &crowd,
        async || cell.lock().unwrap().kill9(),
        async || cell.lock().unwrap().restart(),
    )
    .await;
    eprintln!("it is read-only");
    outage(
        2,
        &mut service,
        &crowd,
        async || server.administer("SET GLOBAL read_only = 1").await,
        async || server.administer("SET GLOBAL read_only = 0").await,
    )
    .await;
    eprintln!("it has no connection left");
    let strangers = tokio::sync::Mutex::new(Vec::new());
    outage(
        3,
        &mut service,
        &crowd,
        async || *strangers.lock().await = crowd_out(&server).await,
        async || strangers.lock().await.clear(),
    )
    .await;
    assert_whole(crowd, &url).await;
    assert_brief(&service.stop(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_host_that_another_replaces_end_by_themselves() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let mut chance = chance("replaced host");
    let mut url = url::Url::parse(database.url()).unwrap();
    let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(3306));
    let network = Network::to(server).await;
    url.set_ip_host(network.address().ip()).unwrap();
    url.set_port(Some(network.address().port())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::start(folder.path(), url.as_str());
    let crowd = Crowd::start(8, service.address(), &mut chance);
    for number in 0..2 {
        outage(number, &mut service, &crowd, async || network.cut(), async || network.lead_on())
            .await;
    }
    assert_whole(crowd, database.url()).await;
    assert_brief(&service.stop(), 2);
}

/// Files may grow to this size and no further; a test process cannot fill a
/// disk of its own without rights that it has not everywhere.
fn limit_files(process: u32, bytes: &str) {
    let limit = format!("--fsize={bytes}:");
    let limited = Command::new("prlimit").args(["--pid", &process.to_string(), &limit]).status();
    assert!(limited.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_full_disk_end_by_themselves() {
    let database = TestDatabase::sqlite();
    let mut chance = chance("full disk");
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::with_full_disks(folder.path(), database.url());
    let crowd = Crowd::start(8, service.address(), &mut chance);
    for number in 0..2 {
        let service_id = service.id();
        outage(
            number,
            &mut service,
            &crowd,
            async || limit_files(service_id, "4096"),
            async || limit_files(service_id, "unlimited"),
        )
        .await;
    }
    assert_whole(crowd, database.url()).await;
    assert_brief(&service.stop(), 2);
}

/// A database that takes one message and not the next, as one does whose disk
/// is nearly full, is one outage, and over when it takes them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_come_and_go_are_told_of_once() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::start(folder.path(), database.url());
    // ER_RECORD_FILE_FULL, as of InnoDB where a page is to be added to a table.
    let full = "CREATE TRIGGER full BEFORE INSERT ON messages FOR EACH ROW \
                IF NEW.body = 'Xylophon' THEN \
                SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114; END IF";
    crate::support::database::run_sql(database.url(), full).await;
    let client = client();
    let from = |number: usize| format!("{SECRET_NUMBERS}{number:06}");
    for number in 0..20 {
        for (says, status) in [("Xylophon", 503), ("hello", 200)] {
            let form = Form::new(&format!("SM{number}-{says}"), &from(number), says);
            assert_eq!(form.post(&client, service.address()).await.unwrap().status, status);
        }
    }
    // Nobody writes any more.
    service.wait_for_line("the end of the outage", |line| line.contains(BACK));
    assert_brief(&service.stop(), 1);
}
