//! A database that stops answering, refuses, is not to be written to, or is
//! somewhere else: quick refusals, one line in the log, and all well again by
//! itself, at the pace of before. Full disks are in `full_disks`.
//!
//! One of them needs rights, to give a name an address on this machine: where
//! they are missing it is not tried. Nothing stands for it there but another
//! host behind the same address, which leaves out the look-up of the name.

use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use sqlx::{Connection as _, MySqlConnection};
use url::Url;

use super::chance;
use super::chance::Chance;
use super::crowd::{Book, Crowd};
use super::namespace::Namespace;
use super::network::Network;
use super::pace::{self, Pace};
use super::server::{MAX_CONNECTIONS, Server};
use super::watched::{Log, SECRET_NUMBERS, Watched};
use crate::support::database::{TestDatabase, run_sql, select};
use crate::support::leave_to;
use crate::support::ringback::DEADLINE;
use crate::support::twilio::{Form, client, sid};

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

/// A message of each of ten people is refused, and quickly; where some are let
/// in, each is either refused or answered.
async fn refuses(
    service: &Watched,
    client: &Client,
    outage: usize,
    lets_some_in: bool,
) -> Vec<Form> {
    let forms: Vec<Form> = (0..10)
        .map(|n| {
            let from = format!("{SECRET_NUMBERS}99{outage:02}{n:02}");
            Form::new(&sid(&format!("out{outage}-{n}")), &from, "hello")
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
            if lets_some_in && answer.status == 200 {
                continue;
            }
            assert_eq!(answer.status, 503, "{answer:?}");
            assert_eq!(answer.retry_after.as_deref(), Some("1"));
        }
    }
    let alive = client.get(service.url("/healthz")).send().await.unwrap();
    assert_eq!(alive.status(), 200);
    forms
}

/// A service and the crowd that writes to it, through one outage after another.
pub(super) struct Scene {
    pub(super) service: Watched,
    pub(super) crowd: Crowd,
    /// Whether some messages are taken during an outage: then the crowd writes
    /// on, since one that is taken makes the service ready until the next.
    pub(super) lets_some_in: bool,
    client: Client,
    outages: usize,
}

impl Scene {
    pub(super) fn of(service: Watched, chance: &mut Chance) -> Self {
        let crowd = Crowd::start(pace::people(), service.address(), chance);
        Self { service, crowd, lets_some_in: false, client: client(), outages: 0 }
    }

    /// One outage from its beginning to its end, the crowd writing on both sides of it.
    pub(super) async fn outage(
        &mut self,
        what: &str,
        begin: impl AsyncFnOnce(&Crowd),
        end: impl AsyncFnOnce(),
    ) {
        let Self { service, crowd, lets_some_in, client, outages } = self;
        eprintln!("{what}");
        becomes(service, client, 200).await;
        let before = Pace::of(crowd).await;
        begin(crowd).await;
        if !*lets_some_in {
            crowd.hold();
        }
        let refused = refuses(service, client, *outages, *lets_some_in).await;
        service.wait_for_line("the outage", |line| line.contains(GONE));
        becomes(service, client, 503).await;
        crowd.hold();
        end().await;
        if pace::is_measured() {
            // From the very end of it on.
            crowd.go_on(service.address());
            before.comes_back(what, crowd).await;
        }
        // Also where nobody writes.
        becomes(service, client, 200).await;
        crowd.go_on(service.address());
        if !pace::is_measured() {
            before.comes_back(what, crowd).await;
        }
        service.wait_for_line("the end of the outage", |line| line.contains(BACK));
        // What was refused is taken now, once, from the beginning.
        for form in refused {
            let answer = form.post(client, service.address()).await.unwrap();
            assert!(answer.body.contains("What is your name?"), "{answer:?}");
        }
        *outages += 1;
    }

    /// Ends it all: each outage was told once, and the database agrees with
    /// what was answered. `read` says where it is to be read then.
    pub(super) async fn end(self, read: impl FnOnce() -> String) {
        let Self { service, crowd, lets_some_in, outages, .. } = self;
        let book = crowd.finish().await;
        let log = service.stop();
        // An outage is over when nothing failed for three seconds and a message
        // was taken last. That may be so where some are let in and then nobody
        // writes: a server that has ended itself takes as long to start again
        // on a busy machine, and what it is then too slow for is another outage.
        let told = log.count(GONE);
        let most = if lets_some_in { 2 * outages } else { outages };
        assert!((outages..=most).contains(&told), "{told}: {:#?}", log.troubles());
        assert_brief(&log, told);
        assert_whole(&book, &read()).await;
    }
}

/// Each outage is told once, and nothing else is to be looked at.
fn assert_brief(log: &Log, outages: usize) {
    assert_eq!((log.count(GONE), log.count(BACK)), (outages, outages), "{:?}", log.troubles());
    assert!(log.troubles().len() <= 3 * outages, "{:#?}", log.troubles());
}

/// What the crowd was answered; the probes are set apart by their numbers.
async fn assert_whole(book: &Book, url: &str) {
    let probes = format!("phone_number LIKE '{SECRET_NUMBERS}99%'");
    let halves = format!(
        "SELECT phone_number FROM user_sessions s WHERE {probes} AND NOT (turns = 1 AND \
         conversation_state = 'WAITING_FOR_NAME' AND 1 = (SELECT COUNT(*) FROM messages m \
         WHERE m.phone_number = s.phone_number))"
    );
    assert_eq!(select(url, &halves).await, Vec::<String>::new());
    for table in ["messages", "user_sessions"] {
        run_sql(url, &format!("DELETE FROM {table} WHERE {probes}")).await;
    }
    book.agrees_with(url).await;
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
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), &server.url());
    let mut scene = Scene::of(service, &mut chance("outages"));

    scene.outage("it stops answering", async |_| server.freeze(), async || server.thaw()).await;
    let cell = Mutex::new(&mut server);
    scene
        .outage(
            "it is gone, and comes back",
            async |_| cell.lock().unwrap().kill9(),
            async || cell.lock().unwrap().restart(),
        )
        .await;
    scene
        .outage(
            "it is read-only",
            async |_| server.administer("SET GLOBAL read_only = 1").await,
            async || server.administer("SET GLOBAL read_only = 0").await,
        )
        .await;
    let strangers = tokio::sync::Mutex::new(Vec::new());
    scene
        .outage(
            "it has no connection left",
            async |_| *strangers.lock().await = crowd_out(&server).await,
            async || strangers.lock().await.clear(),
        )
        .await;
    scene.end(|| server.url()).await;
}

/// The server that `TEST_MYSQL_URL` names, as it is reached.
fn host_of(database: &TestDatabase) -> (Url, (String, u16)) {
    let url = Url::parse(database.url()).unwrap();
    let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(3306));
    (url, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_host_that_another_replaces_end_by_themselves() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let (mut url, server) = host_of(&database);
    let network = Network::to(server).await;
    url.set_ip_host(network.address().ip()).unwrap();
    url.set_port(Some(network.address().port())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), url.as_str());
    let mut scene = Scene::of(service, &mut chance("replaced host"));
    for _ in 0..2 {
        scene
            .outage(
                "another host takes over its address",
                async |_| network.cut(),
                async || network.lead_on(),
            )
            .await;
    }
    scene.end(|| database.url().to_owned()).await;
}

/// The name is looked up anew for each connection: what was behind it before
/// stays silent for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_name_that_gets_another_address_end_by_themselves() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    let name_leads_to = |network: &Network| {
        let line = format!("127.0.0.1 localhost\n{} database.test\n", network.address().ip());
        std::fs::write(&hosts, line).unwrap();
    };
    let (mut url, server) = host_of(&database);
    let first = Network::to(server.clone()).await;
    name_leads_to(&first);
    let Some(namespace) = Namespace::after("mount --bind \"$1\" /etc/hosts", &[&hosts]) else {
        return leave_to(
            "of_a_host_that_another_replaces_end_by_themselves",
            "no right to give a name an address",
        );
    };
    url.set_host(Some("database.test")).unwrap();
    url.set_port(Some(first.address().port())).unwrap();
    let by = namespace.starting_in(folder.path());
    let by: Vec<&str> = by.iter().map(String::as_str).collect();
    let service = Watched::start_by(&by, folder.path(), url.as_str());
    let mut scene = Scene::of(service, &mut chance("renamed host"));
    let second = Network::at((Ipv4Addr::new(127, 0, 0, 2), first.address().port()), server).await;
    scene
        .outage(
            "its name gets another address",
            async |_| first.cut(),
            async || name_leads_to(&second),
        )
        .await;
    scene.end(|| database.url().to_owned()).await;
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
    run_sql(database.url(), full).await;
    let client = client();
    let from = |number: usize| format!("{SECRET_NUMBERS}{number:06}");
    for number in 0..20 {
        for (says, status) in [("Xylophon", 503), ("hello", 200)] {
            let form = Form::new(&sid(&format!("{number}-{status}")), &from(number), says);
            assert_eq!(form.post(&client, service.address()).await.unwrap().status, status);
        }
    }
    // Nobody writes any more.
    service.wait_for_line("the end of the outage", |line| line.contains(BACK));
    // One, or another where the machine paused for three seconds; not twenty.
    let log = service.stop();
    let told = log.count(GONE);
    assert!((1..=5).contains(&told), "{:#?}", log.troubles());
    assert_brief(&log, told);
}
