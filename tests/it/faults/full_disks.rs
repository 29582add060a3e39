//! Disks that are full: the service's own and the database server's. Whoever
//! cannot be kept is refused, nothing is half kept, and all is well again once
//! there is room.
//!
//! A full disk is a file system of the test's own, filled to its last byte.
//! Where no right to mount one is given, as in most containers, the kernel's
//! limit on the size of files stands for it: the same write fails, though with
//! another number (`EFBIG`). That is tried everywhere, with the service's own
//! files and with the database server's. What it cannot show of the server is a
//! log that finds no room: its log may grow as before, only a table may not.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Mutex;

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};

use super::chance;
use super::crowd::Crowd;
use super::disk::Disk;
use super::outages::Scene;
use super::server::Server;
use super::watched::{SECRET_NUMBERS, Watched};
use crate::support::database::TestDatabase;
use crate::support::leave_to;
use crate::support::twilio::{Form, client, sid};

/// Refusals in a row after which a disk is full for everybody.
const ALL_REFUSED: usize = 100;

/// Waits until a disk is full for everybody: before that, some still find a
/// place in what the database has of its own, whoever comes alone the longest.
async fn nothing_fits(crowd: &Crowd, at: SocketAddr, outage: usize) {
    crowd.refused(ALL_REFUSED).await;
    crowd.hold();
    let (client, mut in_a_row) = (client(), 0);
    for number in 0..1_000 {
        let id = format!("{outage}{number:03}");
        // A probe, of a number that no other has (see `Scene::end`).
        let probe = Form::new(&sid(&id), &format!("{SECRET_NUMBERS}99{id}"), "hello");
        let is_refused = probe.post(&client, at).await.unwrap().status == 503;
        in_a_row = if is_refused { in_a_row + 1 } else { 0 };
        if in_a_row == ALL_REFUSED / 4 {
            return;
        }
    }
    panic!("there is room on a full disk");
}

const NO_DISK: &str = "no right to mount a disk that could be full";

/// Files may grow to this size and no further.
fn limit_files(process: u32, bytes: &str) {
    let limit = format!("--fsize={bytes}:");
    let limited = Command::new("prlimit").args(["--pid", &process.to_string(), &limit]).status();
    assert!(limited.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_files_that_may_not_grow_end_by_themselves() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::with_limited_files(folder.path(), database.url());
    let id = service.id();
    let mut scene = Scene::of(service, &mut chance("files that may not grow"));
    for _ in 0..2 {
        scene
            .outage(
                "its files may not grow (SQLite)",
                async |_| limit_files(id, "4096"),
                async || limit_files(id, "unlimited"),
            )
            .await;
    }
    scene.end(|| database.url().to_owned()).await;
}

/// Larger than any other file of a new server, its log of 8 MB and its system
/// tablespace of 12 MB among them: these are written to as before.
const LARGE: u64 = 16 << 20;

/// From now on the table of messages finds no room in its file, and all else does.
async fn limit_messages(server: &Server) {
    let mut connection = MySqlConnection::connect(&server.url()).await.unwrap();
    let mut turn = 0;
    // Rows of no person, which are deleted as the probes are (see `Scene::end`).
    let mut insert = async |rows: u32| {
        let insert = format!(
            "INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
             to_address, body, received_at, state_before, state_after, reply) \
             WITH RECURSIVE n (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < {rows}) \
             SELECT CONCAT('SMballast', {turn} + a), '{SECRET_NUMBERS}99', {turn} + a, 'sms', \
             '', '', REPEAT('x', 4000), NOW(), 'INITIAL', 'INITIAL', '' FROM n"
        );
        turn += rows;
        sqlx::raw_sql(AssertSqlSafe(insert)).execute(&mut connection).await
    };
    while server.size_of("messages") < LARGE {
        insert(500).await.unwrap();
    }
    limit_files(server.id(), &server.size_of("messages").to_string());
    // What the file has of free pages: in ever smaller pieces.
    for rows in [100, 1] {
        let full = loop {
            if let Err(error) = insert(rows).await {
                break error;
            }
        };
        assert!(full.to_string().contains("1114"), "{full}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_table_that_may_not_grow_end_by_themselves() {
    let Some(server) = Server::start().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), &server.url());
    let mut scene = Scene::of(service, &mut chance("a table that may not grow"));
    // Whose row finds a place in a page that is there is kept.
    scene.lets_some_in = true;
    scene
        .outage(
            "its files may not grow (database server)",
            async |crowd| {
                limit_messages(&server).await;
                crowd.refused(ALL_REFUSED).await;
            },
            async || limit_files(server.id(), "unlimited"),
        )
        .await;
    scene.end(|| server.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_service_end_by_themselves() {
    let Some(disk) = Disk::of_megabytes(64) else {
        return leave_to("of_files_that_may_not_grow_end_by_themselves", NO_DISK);
    };
    let folder = tempfile::tempdir().unwrap();
    let by = disk.namespace.starting_in(folder.path());
    let by: Vec<&str> = by.iter().map(String::as_str).collect();
    let url = format!("sqlite:{}", disk.inside().join("ringback.db").display());
    let service = Watched::start_by(&by, folder.path(), &url);
    let at = service.address();
    let mut scene = Scene::of(service, &mut chance("full disk, SQLite"));
    for outage in 1..=2 {
        scene
            .outage(
                "its disk is full (SQLite)",
                async |crowd| {
                    disk.fill();
                    nothing_fits(crowd, at, outage).await;
                },
                async || disk.make_room(),
            )
            .await;
    }
    scene
        .end(|| {
            disk.copy(&["ringback.db", "ringback.db-wal"], folder.path());
            format!("sqlite:{}", folder.path().join("ringback.db").display())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_database_server_end_by_themselves() {
    let Some(disk) = Disk::of_megabytes(128) else {
        return leave_to("of_a_table_that_may_not_grow_end_by_themselves", NO_DISK);
    };
    let Some(mut server) = Server::start_on(disk).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let service = Watched::start(folder.path(), &server.url());
    let mut scene = Scene::of(service, &mut chance("full disk, database server"));
    // Whose row finds a place in a page that is there is kept.
    scene.lets_some_in = true;
    let server = Mutex::new(&mut server);
    scene
        .outage(
            "its disk is full (database server)",
            async |crowd| {
                server.lock().unwrap().disk().fill();
                crowd.refused(ALL_REFUSED).await;
            },
            async || {
                let mut server = server.lock().unwrap();
                server.disk().make_room();
                // MariaDB 10.11 ends itself where it finds no room in a
                // rollback ("Out of disk space in rollback").
                if server.revive() {
                    eprintln!("the server had ended itself");
                }
            },
        )
        .await;
    scene.end(|| server.lock().unwrap().url()).await;
}
