//! `kill -9` at random moments, of the service and of the database server,
//! while a crowd writes: nothing is lost, nothing is doubled.

use std::time::Duration;

use super::chance::Chance;
use super::crowd::Crowd;
use super::server::Server;
use super::watched::Watched;
use super::{chance, kills};
use crate::support::database::TestDatabase;

/// People who write at the same time.
const CROWD: u64 = 16;

/// Messages that are answered between two kills, so that each kill hits a
/// service at work.
const BETWEEN: usize = 20;

/// The fault itself: a random moment, in steps smaller than a message takes.
async fn random_moment(chance: &mut Chance) {
    tokio::time::sleep(Duration::from_micros(chance.of(0..30_000))).await;
}

async fn kill_the_service(database_url: &str, mut chance: Chance) {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Watched::start(folder.path(), database_url);
    let crowd = Crowd::start(CROWD, service.address(), &mut chance);
    for _ in 0..kills() {
        crowd.answered(BETWEEN).await;
        random_moment(&mut chance).await;
        crowd.hold();
        service.kill9();
        service = Watched::start(folder.path(), database_url);
        crowd.go_on(service.address());
    }
    let book = crowd.finish().await;
    book.agrees_with(database_url).await;
    service.stop();
    eprintln!(
        "{} kills: {} messages answered, {} times no answer, {} repeats",
        kills(),
        book.len(),
        book.unanswered,
        book.repeats
    );
    assert!(book.unanswered >= kills() / 4, "the kills hit nobody: {}", book.unanswered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_service_on_sqlite() {
    let database = TestDatabase::sqlite();
    kill_the_service(database.url(), chance("service, SQLite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_service_on_mysql() {
    let Some(database) = TestDatabase::mysql().await else { return };
    kill_the_service(database.url(), chance("service, MySQL")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_database_server() {
    let Some(mut server) = Server::start().await else { return };
    let mut chance = chance("database server");
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), &server.url());
    let crowd = Crowd::start(CROWD, service.address(), &mut chance);
    for _ in 0..kills() {
        crowd.answered(BETWEEN).await;
        random_moment(&mut chance).await;
        server.kill9();
        // Whoever is refused meanwhile waits, so that the server has the machine.
        crowd.hold();
        server.restart();
        crowd.go_on(service.address());
    }
    let book = crowd.finish().await;
    book.agrees_with(&server.url()).await;
    let log = service.stop();
    eprintln!(
        "{} kills: {} messages answered, {} times no answer, {} repeats",
        kills(),
        book.len(),
        book.unanswered,
        book.repeats
    );
    assert!(book.unanswered >= kills() / 4, "the kills hit nobody: {}", book.unanswered);
    let told = log.count("messages are refused until the database is back");
    assert!(told <= kills(), "each outage is told once, not {told} times");
}
