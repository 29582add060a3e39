//! `kill -9` at random moments while people are reminded and wait for calls.

use std::time::Duration;

use super::super::chance::Chance;
use super::super::server::Server;
use super::super::{chance, kills};
use super::people::People;
use super::{Scene, book};
use crate::support::database::TestDatabase;

/// Messages that are answered between two kills.
const BETWEEN: usize = 2;

/// How often all services are killed at once, where there are several: only then
/// is it certain that nobody sends what they have claimed.
const ALL_IN: usize = 8;

/// The fault itself: a random moment, soon after something came due for everybody
/// who is asked something.
async fn random_moment(scene: &Scene, chance: &mut Chance) {
    scene.play(chance);
    tokio::time::sleep(Duration::from_millis(chance.of(0..500))).await;
}

/// Lets something be due for everybody: a reminder, or now and then a timeout.
async fn time_passes(scene: &Scene, chance: &mut Chance) {
    let minutes = if chance.once_in(3) { 121 } else { 11 };
    scene.pass(Duration::from_mins(minutes)).await;
}

/// Lets everybody come to their end, and checks what became of it all.
async fn end(mut scene: Scene, people: People, kills: usize) {
    let log = people.finish().await;
    for place in 0..scene.services.len() {
        scene.kill(place);
    }
    scene.forget_claims().await;
    scene.start_one(0);
    scene.settles().await;
    let counts = book::check(&scene, &log).await;
    scene.kill(0);
    eprintln!(
        "{kills} kills: {} messages answered, {} times no answer, {} repeats, {} orders; {counts:?}",
        log.replies.len(),
        log.unanswered,
        log.repeats,
        log.pizzas.len()
    );
    assert!(log.unanswered >= kills / 4, "the kills hit nobody: {}", log.unanswered);
}

async fn kill_services(url: &str, services: usize, mut chance: Chance) {
    let mut scene = Scene::start(url, services, &mut chance).await;
    let people = People::start(&scene, &mut chance);
    for round in 1..=kills() {
        people.answered(BETWEEN).await;
        random_moment(&scene, &mut chance).await;
        let one = usize::try_from(chance.of(0..services as u64)).unwrap();
        let is_all = round % ALL_IN == 0;
        let dying: Vec<usize> = (0..services).filter(|place| is_all || *place == one).collect();
        for &place in &dying {
            scene.kill(place);
        }
        if dying.len() == services {
            scene.forget_claims().await;
        }
        time_passes(&scene, &mut chance).await;
        for &place in &dying {
            scene.start_one(place);
        }
    }
    end(scene, people, kills()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_service_that_acts_on_sqlite() {
    let database = TestDatabase::sqlite();
    kill_services(database.url(), 1, chance("acting, SQLite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_service_that_acts_on_mysql() {
    let Some(database) = TestDatabase::mysql().await else { return };
    kill_services(database.url(), 1, chance("acting, MySQL")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_of_two_services_that_act() {
    let Some(database) = TestDatabase::mysql().await else { return };
    kill_services(database.url(), 2, chance("acting, two services")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_database_server_of_a_service_that_acts() {
    let Some(mut server) = Server::start().await else { return };
    let mut chance = chance("acting, database server");
    let scene = Scene::start(&server.url(), 1, &mut chance).await;
    let people = People::start(&scene, &mut chance);
    for _ in 0..kills() {
        people.answered(BETWEEN).await;
        random_moment(&scene, &mut chance).await;
        server.kill9();
        server.restart();
        time_passes(&scene, &mut chance).await;
    }
    end(scene, people, kills()).await;
}
