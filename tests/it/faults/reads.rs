//! Reads whose answer never comes: they cost one answer, and keep neither later
//! reads nor the end of the service waiting.

use std::path::Path;
use std::time::Instant;

use reqwest::StatusCode;
use sqlx::{Connection as _, MySqlConnection};
use url::Url;

use super::network::Network;
use super::watched::Watched;
use crate::support::database::{TestDatabase, try_select};
use crate::support::ringback::DEADLINE;
use crate::support::twilio::client;

/// More reads than there are connections for them.
const READS: usize = 6;

const CONNECTIONS: &str = "4";

/// How many connections to this database wait for a table.
const WAITING: &str = "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.processlist \
                       WHERE db = DATABASE() AND state LIKE 'Waiting for table%'";

async fn readiness(service: &Watched) -> StatusCode {
    client().get(service.url("/readyz")).send().await.unwrap().status()
}

/// A service on one host, all of whose connections for reads wait for an answer
/// that never comes; and the network behind which the host is.
async fn cut_off(database: &TestDatabase, folder: &Path) -> (Watched, Network) {
    let mut url = Url::parse(database.url()).unwrap();
    let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(3306));
    let network = Network::to(server).await;
    url.set_ip_host(network.address().ip()).unwrap();
    url.set_port(Some(network.address().port())).unwrap();
    let service = Watched::start(folder, url.as_str());

    let mut stranger = MySqlConnection::connect(database.url()).await.unwrap();
    sqlx::raw_sql("LOCK TABLES user_sessions WRITE").execute(&mut stranger).await.unwrap();
    let read = || tokio::spawn(client().get(service.url("/readyz")).send());
    let reads: Vec<_> = std::iter::repeat_with(read).take(READS).collect();
    let until = Instant::now() + DEADLINE;
    // MySQL may fail to read the statements of others.
    while try_select(database.url(), WAITING).await.ok().as_deref()
        != Some(&[CONNECTIONS.to_owned()])
    {
        assert!(Instant::now() < until, "the reads do not wait");
    }
    network.cut();
    for read in reads {
        assert_eq!(read.await.unwrap().unwrap().status(), 503);
    }
    stranger.close().await.unwrap();
    (service, network)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_are_never_answered_hinder_none_after_them() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let (service, network) = cut_off(&database, folder.path()).await;
    // Another host has the address. The old connections stay silent for ever.
    network.lead_on();
    let until = Instant::now() + DEADLINE;
    while readiness(&service).await != 200 {
        assert!(Instant::now() < until, "nothing is read any more");
    }
    service.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_are_never_answered_do_not_keep_the_service() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let (service, _network) = cut_off(&database, folder.path()).await;
    service.stop();
}
