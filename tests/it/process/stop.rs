//! SIGTERM: what was accepted is finished, and nobody can hold up the end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::database::{each_database, select};
use crate::support::page::opened_by;
use crate::support::service::Service;
use crate::support::twilio::{Form, client, settings, sid};

/// The promise.
const WITHIN: Duration = Duration::from_secs(10);

/// Waits for the end, off the runtime's threads; its log.
async fn ends_well(service: Service) -> Vec<String> {
    let began = Instant::now();
    let (status, log) = tokio::task::spawn_blocking(move || service.ended()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{log:#?}");
    assert!(began.elapsed() < WITHIN, "{:?}", began.elapsed());
    log
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_whatever_was_taken_is_answered() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(folder.path(), &settings(database.url()));
        let address = service.address();
        let answered = Arc::new(AtomicUsize::new(0));
        let people = (0..32).map(|person| {
            let (client, answered) = (client(), Arc::clone(&answered));
            tokio::spawn(async move {
                let mut ids = Vec::new();
                // Until the door is shut.
                for number in 0.. {
                    let id = sid(&format!("{person}-{number}"));
                    let form = Form::new(&id, &format!("+1415{person:03}{number:04}"), "hello");
                    let Ok(answer) = form.post(&client, address).await else { break };
                    assert_eq!(answer.status, 200, "{answer:?}");
                    ids.push(id);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                ids
            })
        });
        let people: Vec<_> = people.collect();
        while answered.load(Ordering::Relaxed) < 500 {
            tokio::task::yield_now().await;
        }
        service.terminate();
        ends_well(service).await;
        let answered: BTreeSet<String> =
            join_all(people).await.into_iter().flat_map(Result::unwrap).collect();
        let taken: BTreeSet<String> =
            select(database.url(), "SELECT message_id FROM messages").await.into_iter().collect();
        assert_eq!(taken, answered, "taken, and answered");
    })
    .await;
}

#[tokio::test]
async fn the_page_s_open_feed_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let client = opened_by(&service.page_link()).await;
    let feed = service.url("/simulator/events?phone=%2B14155552671");
    let mut feed = client.get(feed).send().await.unwrap();
    let first = feed.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: live\n"), "{first:?}");
    service.terminate();
    let began = Instant::now();
    assert_eq!(feed.chunk().await.unwrap(), None);
    ends_well(service).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_it() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), &[]);
    let client = client();
    // Kept open for the next request.
    client.get(service.url("/healthz")).send().await.unwrap().text().await.unwrap();
    let mut silent = TcpStream::connect(service.address()).await.unwrap();
    client.get(service.url("/healthz")).send().await.unwrap().text().await.unwrap();
    service.terminate();
    let began = Instant::now();
    ends_well(service).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(silent.read(&mut [0]).await.unwrap_or_default(), 0);
}

/// It may take its time, but not for ever.
#[tokio::test]
async fn a_request_that_is_never_finished_does_not_keep_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("ringback.db").display());
    let service = Service::start(folder.path(), &settings(&database));
    let form = Form::new("SM1", "+14155552671", "hello");
    let head = form.head();
    let mut unfinished = Vec::new();
    for part in [&head[..40], &head, &format!("{head}{}", &form.body[..20])] {
        let mut stream = TcpStream::connect(service.address()).await.unwrap();
        stream.write_all(part.as_bytes()).await.unwrap();
        unfinished.push(stream);
    }
    // Behind them, so that they are there by now.
    assert_eq!(form.post(&client(), service.address()).await.unwrap().status, 200);
    service.terminate();
    ends_well(service).await;
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let mut unfinished = TcpStream::connect(service.address()).await.unwrap();
    unfinished.write_all(b"GET /healthz HTTP/1.1\r\nHost:").await.unwrap();
    client().get(service.url("/healthz")).send().await.unwrap();
    service.terminate();
    service.wait_for_line("the first signal", |line| line.contains("finishing what was accepted"));
    service.terminate();
    let (status, log) = service.ended();
    assert_eq!(status.code(), Some(1), "{log:#?}");
    assert!(log.iter().any(|line| line.contains("by a second SIGTERM")), "{log:#?}");
}
