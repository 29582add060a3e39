//! A SQLite file that is deleted or replaced while the service has it open.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::support::database::select;
use crate::support::ringback::DEADLINE;
use crate::support::service::Service;
use crate::support::twilio::{Form, client, say, settings};

const GONE: &str = "messages are refused until the database is back";

struct Scene {
    folder: tempfile::TempDir,
    url: String,
    service: Service,
}

impl Scene {
    /// A service that has answered a message.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("ringback.db").display());
        let service = Service::start(folder.path(), &settings(&url));
        say(&service, "SM1", "+14155552671", "hello").await;
        Self { folder, url, service }
    }

    fn file(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("ringback.db{suffix}"))
    }

    async fn readiness(&self) -> u16 {
        client().get(self.service.url("/readyz")).send().await.unwrap().status().as_u16()
    }

    async fn status(&self, id: &str) -> u16 {
        let form = Form::new(id, "+14155552671", "Ann");
        form.post(&client(), self.service.address()).await.unwrap().status.as_u16()
    }

    /// Nobody is answered, and the log says once what to do.
    async fn is_refused(&mut self, what_to_do: &str) {
        assert_eq!(self.readiness().await, 503);
        for id in ["SM2", "SM2", "SM3"] {
            assert_eq!(self.status(id).await, 503);
        }
        let line = self.service.wait_for_line("the outage", |line| line.contains(GONE));
        assert!(line.contains(what_to_do), "{line}");
        assert_eq!(self.readiness().await, 503);
    }

    /// Stops it and starts it on what is there, as the log says for another file.
    fn restart_without_log(self) -> Self {
        let beside = ["-wal", "-shm"].map(|suffix| self.file(suffix));
        let (scene, _) = self.restart_after(|| beside.iter().for_each(|file| delete(file)));
        scene
    }

    /// Stops it and starts it on what is there.
    fn restart(self) -> (Self, Vec<String>) {
        self.restart_after(|| ())
    }

    fn restart_after(self, before: impl FnOnce()) -> (Self, Vec<String>) {
        let Self { folder, url, service } = self;
        let (status, log) = service.stop();
        assert_eq!(status.code(), Some(0), "{log:#?}");
        assert!(log.iter().filter(|line| line.contains(GONE)).count() <= 1, "{log:#?}");
        before();
        let service = Service::start(folder.path(), &settings(&url));
        (Self { folder, url, service }, log)
    }
}

/// Deletes a file, if it is there.
fn delete(file: &Path) {
    assert!(fs::remove_file(file).is_ok() || !file.exists(), "{}", file.display());
}

fn replace(file: &Path) {
    let copy = file.with_extension("copy");
    fs::copy(file, &copy).unwrap();
    fs::rename(copy, file).unwrap();
}

#[tokio::test]
async fn that_is_deleted_is_not_written_to_any_more() {
    let mut scene = Scene::start().await;
    fs::remove_file(scene.file("")).unwrap();
    scene.is_refused("delete `-wal` and `-shm`").await;
    assert!(!scene.file("").exists(), "nobody makes a new one meanwhile");
    let scene = scene.restart_without_log();
    assert_eq!(scene.status("SM2").await, 200);
    assert_eq!(select(&scene.url, "SELECT message_id FROM messages").await, ["SM2"]);
}

#[tokio::test]
async fn that_is_deleted_with_all_that_stands_beside_it_is_noticed_where_nobody_writes() {
    let scene = Scene::start().await;
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(scene.file(suffix)).unwrap();
    }
    assert_eq!(scene.readiness().await, 503);
    let (scene, log) = scene.restart();
    assert!(!log.iter().any(|line| line.contains(GONE)), "{log:#?}");
    assert_eq!(scene.readiness().await, 200);
}

#[tokio::test]
async fn that_is_replaced_is_used_after_a_restart() {
    let mut scene = Scene::start().await;
    // As of a backup that is put in its place.
    let backup = scene.file("-backup");
    select(&scene.url, &format!("VACUUM INTO '{}'", backup.display())).await;
    fs::rename(backup, scene.file("")).unwrap();
    scene.is_refused("delete `-wal` and `-shm`").await;
    let scene = scene.restart_without_log();
    assert_eq!(scene.status("SM2").await, 200);
    let ids = select(&scene.url, "SELECT message_id FROM messages ORDER BY id").await;
    assert_eq!(ids, ["SM1", "SM2"]);
}

#[tokio::test]
async fn that_comes_back_is_used_again_without_a_restart() {
    let mut scene = Scene::start().await;
    let elsewhere = scene.file("-elsewhere");
    fs::rename(scene.file(""), &elsewhere).unwrap();
    scene.is_refused("put it back").await;
    fs::rename(elsewhere, scene.file("")).unwrap();
    let until = Instant::now() + DEADLINE;
    while scene.status("SM2").await != 200 {
        assert!(Instant::now() < until);
    }
    assert_eq!(scene.readiness().await, 200);
    let ids = select(&scene.url, "SELECT message_id FROM messages ORDER BY id").await;
    assert_eq!(ids, ["SM1", "SM2"]);
}

/// What was committed last stands in `-wal`, and only this process has it.
#[tokio::test]
async fn whose_log_is_deleted_or_replaced_is_whole_after_a_stop() {
    for suffix in ["-wal", "-shm"] {
        for is_replaced in [false, true] {
            let mut scene = Scene::start().await;
            if is_replaced {
                replace(&scene.file(suffix));
            } else {
                fs::remove_file(scene.file(suffix)).unwrap();
            }
            scene.is_refused("stop Ringback with SIGTERM").await;
            let (scene, _) = scene.restart();
            assert_eq!(scene.status("SM2").await, 200, "{suffix}");
            let ids = select(&scene.url, "SELECT message_id FROM messages ORDER BY id").await;
            assert_eq!(ids, ["SM1", "SM2"], "{suffix}");
        }
    }
}
