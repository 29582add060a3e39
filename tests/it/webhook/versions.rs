//! Versions of flows while people are inside: who goes on, who is told that the
//! conversation has changed, and who decides in a rolling deploy.

use std::fmt::Write;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ringback::conversation::{Flows, Source, Version};

use super::{Service, message, served};
use crate::support::database::{TestDatabase, each_database, run_sql, select};
use crate::support::ringback::DEADLINE;

const ANN: &str = "+14155552671";
const BOB: &str = "+14155552672";
const CAL: &str = "+14155552673";

fn files(files: &[(&str, &str)]) -> Vec<Source> {
    files
        .iter()
        .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect()
}

const OLD: &str = "flow: order
start: [order]
otherwise: Say order.
steps:
  pizza: {ask: Which pizza?}
  size: {ask: Which size?}
  done: {say: '{{ size }} {{ pizza }}, thank you!'}
";

/// With the step `size` gone, and another in its place.
const NEW: &str = "flow: order
start: [order]
otherwise: Say order.
changed: We have a new menu, sorry.
steps:
  pizza: {ask: Which of our pizzas?}
  drink: {ask: Which drink?}
  done: {say: '{{ pizza }} and {{ drink }}, thank you!'}
";

fn old() -> Vec<Source> {
    files(&[("order.yaml", OLD)])
}

fn new() -> Vec<Source> {
    files(&[("order.yaml", NEW)])
}

const DEFAULT: &str = "Sorry, this conversation has changed in the meantime. Let us begin again.";

/// What somebody hears at whose question the files change, and the state after it.
async fn after_a_restart(
    url: &str,
    before: &[&str],
    old: &[Source],
    new: &[Source],
    says: &str,
) -> (String, String) {
    run_sql(url, "DELETE FROM user_sessions; DELETE FROM messages").await;
    let service = Service::with_version(url, old).await;
    for (number, says) in before.iter().enumerate() {
        service.say(&format!("SM{number}"), ANN, says).await;
    }
    let service = Service::with_version(url, new).await;
    let replies = service.say("SMnew", ANN, says).await;
    assert!(replies.len() <= 1, "all in one message: {replies:?}");
    let state = "SELECT conversation_state FROM user_sessions";
    (replies.concat(), select(url, state).await.remove(0))
}

/// A change of the files, and what becomes of somebody inside.
struct Case<'a> {
    what: &'a str,
    before: &'a [&'a str],
    files: &'a [(&'a str, &'a str)],
    says: &'a str,
    /// `SORRY` stands for what is said by default.
    reply: &'a str,
    state: &'a str,
}

#[tokio::test]
async fn a_person_goes_on_or_is_told_so_and_begins_again() {
    let renamed = OLD.replace("size:", "how_big:").replace("{{ size }}", "{{ how_big }}");
    let renamed = renamed.replace("steps:", "renamed: {size: how_big}\nsteps:");
    let more = OLD.replace("  size:", "  name: {ask: Who are you?}\n  size:");
    let silent = NEW.replace("changed: We have a new menu, sorry.\n", "");
    let part = NEW.replace("start: [order]\notherwise: Say order.\n", "");
    let other = OLD.replace("order", "survey");
    let survey = "flow: survey\nstart: [survey]\nsteps:\n  rating: {ask: How was it?}\n";
    let around = "flow: all\nstart: [all]\notherwise: Say all.\nsteps:\n  it: {run: order}\n";
    let case = |what, says, reply, state| Case {
        what,
        before: &["order", "Salami"],
        files: &[("order.yaml", NEW)],
        says,
        reply,
        state,
    };
    let new_menu = "We have a new menu, sorry.\nWhich of our pizzas?";
    let cases = [
        Case {
            before: &["order"],
            ..case("the step still exists", "Salami", "Which drink?", "drink")
        },
        Case {
            files: &[("order.yaml", &renamed)],
            ..case("it is renamed", "Large", "Large Salami, thank you!", "COMPLETED")
        },
        case("it is gone", "Large", new_menu, "pizza"),
        Case {
            files: &[("order.yaml", &silent)],
            ..case("nothing is said of it", "Large", "SORRY\nWhich of our pizzas?", "pizza")
        },
        Case {
            files: &[("order.yaml", &more)],
            ..case("an answer is missing", "Large", "SORRY\nWhich pizza?", "pizza")
        },
        case("a start word", "order", new_menu, "pizza"),
        Case {
            files: &[("order.yaml", NEW), ("survey.yaml", survey)],
            ..case(
                "another flow's start word",
                "Survey",
                "We have a new menu, sorry.\nHow was it?",
                "rating",
            )
        },
        Case {
            files: &[("survey.yaml", &other)],
            ..case("the flow is gone", "Large", "SORRY\nSay survey.", "INITIAL")
        },
        Case {
            files: &[("survey.yaml", survey)],
            ..case("and a start word", "survey", "SORRY\nHow was it?", "rating")
        },
        Case {
            files: &[("survey.yaml", survey)],
            ..case("and nothing is said where nothing begins", "Large", "SORRY", "INITIAL")
        },
        Case {
            files: &[("all.yaml", around), ("order.yaml", &part)],
            ..case(
                "it is a part of another now",
                "Large",
                "We have a new menu, sorry.\nSay all.",
                "INITIAL",
            )
        },
    ];
    each_database(async |database| {
        let url = database.url();
        Service::start(url).await;
        for case in &cases {
            let new = files(case.files);
            let (reply, state) = after_a_restart(url, case.before, &old(), &new, case.says).await;
            let expected = (case.reply.replace("SORRY", DEFAULT), case.state.to_owned());
            assert_eq!((reply, state), expected, "{}", case.what);
        }
    })
    .await;
}

#[tokio::test]
async fn it_is_told_in_the_person_s_language() {
    each_database(async |database| {
        let url = database.url();
        Service::start(url).await;
        let with = |text: &str, german: &str| {
            let text = text.replace("steps:", "languages: [en, de]\nsteps:");
            files(&[("order.yaml", &text), ("order.de.yaml", german)])
        };
        let before = ["bestellen", "Salami"];
        let old = with(OLD, "start: [bestellen]\npizza.ask: Welche?");
        let new =
            with(NEW, "start: [bestellen]\nchanged: Die Karte ist neu.\npizza.ask: Welche Pizza?");
        let (reply, _) = after_a_restart(url, &before, &old, &new, "gross").await;
        assert_eq!(reply, "Die Karte ist neu.\nWelche Pizza?");
        // Where the language has no text of it, the first one's is said.
        let new = with(NEW, "start: [bestellen]\npizza.ask: Welche Pizza?");
        let (reply, _) = after_a_restart(url, &before, &old, &new, "gross").await;
        assert_eq!(reply, "We have a new menu, sorry.\nWelche Pizza?");
    })
    .await;
}

const PLACES: &str = "SELECT CONCAT_WS('|', conversation_state, COALESCE(flow_version, 0)) \
     FROM user_sessions ORDER BY phone_number";

#[tokio::test]
async fn in_a_rolling_deploy_only_newer_replaces_older() {
    each_database(async |database| {
        let url = database.url();
        let older = Service::with_version(url, &old()).await;
        older.say("SM1", ANN, "order").await;
        older.say("SM2", BOB, "order").await;
        older.say("SM3", BOB, "Salami").await;
        assert_eq!(select(url, PLACES).await, ["pizza|1", "size|1"]);
        let newer = Service::with_version(url, &new()).await;
        // The newer one moves Ann; the older one goes on from there, in the newer flow.
        assert_eq!(newer.say("SM4", ANN, "Funghi").await, ["Which drink?"]);
        assert_eq!(select(url, PLACES).await, ["drink|2", "size|1"]);
        assert_eq!(older.say("SM5", ANN, "Water").await, ["Funghi and Water, thank you!"]);
        assert_eq!(older.say("SM6", ANN, "order").await, ["Which of our pizzas?"]);
        assert_eq!(select(url, PLACES).await, ["pizza|2", "size|1"]);
        // Whom only the older one knows goes on there, until the newer one meets them.
        assert_eq!(older.say("SM7", BOB, "Large").await, ["Large Salami, thank you!"]);
        older.say("SM8", BOB, "order").await;
        older.say("SM9", BOB, "Salami").await;
        assert_eq!(select(url, PLACES).await, ["pizza|2", "size|1"]);
        let told = ["We have a new menu, sorry.\nWhich of our pizzas?"];
        assert_eq!(newer.say("SM10", BOB, "Large").await, told);
        assert_eq!(older.say("SM11", BOB, "Calzone").await, ["Which drink?"]);
        assert_eq!(select(url, PLACES).await, ["pizza|2", "drink|2"]);
    })
    .await;
}

#[tokio::test]
async fn a_version_that_comes_back_is_the_newest_again() {
    each_database(async |database| {
        let url = database.url();
        let stayed = Service::with_version(url, &old()).await;
        let alone = Service::with_version(url, &old()).await;
        let newer = Service::with_version(url, &new()).await;
        newer.say("SM1", ANN, "order").await;
        newer.say("SM2", ANN, "Salami").await;
        newer.say("SM3", BOB, "order").await;
        assert_eq!(stayed.say("SM4", BOB, "Salami").await, ["Which drink?"]);
        newer.say("SM4a", CAL, "order").await;
        newer.say("SM4b", CAL, "Salami").await;
        let back = Service::with_version(url, &old()).await;
        // And a restart without a change is no version.
        Service::with_version(url, &old()).await;
        let versions = "SELECT CAST(COUNT(*) AS CHAR) FROM flow_versions";
        assert_eq!(select(url, versions).await, ["3"]);
        // Who was moved by what is no more begins again, once.
        assert_eq!(back.say("SM5", ANN, "Water").await, [format!("{DEFAULT}\nWhich pizza?")]);
        assert_eq!(select(url, PLACES).await, ["pizza|3", "drink|2", "drink|2"]);
        // The process that never had another learns it by her.
        assert_eq!(stayed.say("SM6", ANN, "Salami").await, ["Which size?"]);
        assert_eq!(stayed.say("SM7", BOB, "Water").await, [format!("{DEFAULT}\nWhich pizza?")]);
        // Another one meets who was left in the middle version, and knows that it is over.
        assert_eq!(alone.say("SM7a", CAL, "Water").await, [format!("{DEFAULT}\nWhich pizza?")]);
        alone.say("SM7b", CAL, "Salami").await;
        alone.say("SM7c", CAL, "Large").await;
        // The one that still runs the middle version keeps hands off.
        assert_eq!(newer.say("SM8", ANN, "Large").await, ["Large Salami, thank you!"]);
        assert_eq!(newer.say("SM9", BOB, "Salami").await, ["Which size?"]);
        assert_eq!(select(url, PLACES).await, ["COMPLETED|3", "size|3", "COMPLETED|3"]);
    })
    .await;
}

/// Ann, as a release of the future would leave her.
async fn leave_in_the_future(database: &TestDatabase) {
    let future = "INSERT INTO flow_versions (hash, sources, first_served_at) VALUES \
         ('f', '[{\"name\": \"order.yaml\", \"text\": \"flow: order\\nmood: good\"}]', \
          '2026-11-23 04:05:06.789'); \
         UPDATE user_sessions SET flow_version = 2, conversation_state = 'mood' \
         WHERE phone_number = '+14155552671'";
    let future =
        if database.is_mysql() { future.replace("\\n", "\\\\n") } else { future.to_owned() };
    run_sql(database.url(), &future).await;
}

#[tokio::test]
async fn a_roll_back_elsewhere_frees_whom_this_process_cannot_serve() {
    each_database(async |database| {
        let older = Service::with_version(database.url(), &old()).await;
        older.say("SM1", ANN, "order").await;
        leave_in_the_future(database).await;
        assert_eq!(older.post(&message("SM2", ANN, "fine")).await.status, 503);
        Service::with_version(database.url(), &old()).await;
        let until = Instant::now() + DEADLINE;
        let answer = loop {
            let answer = older.post(&message("SM2", ANN, "fine")).await;
            if answer.status == 200 {
                break answer;
            }
            assert!(Instant::now() < until, "{answer:?}");
            tokio::task::yield_now().await;
        };
        assert!(answer.body.contains("Which pizza?"), "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn who_stands_in_flows_that_cannot_be_loaded_is_refused_alone_and_nothing_moves() {
    each_database(async |database| {
        let url = database.url();
        let older = Service::with_version(url, &old()).await;
        older.say("SM1", ANN, "order").await;
        older.say("SM2", BOB, "order").await;
        leave_in_the_future(database).await;
        let everything = "SELECT CONCAT_WS('|', phone_number, conversation_state, flow_version, turns, \
             expires_at, last_interaction) FROM user_sessions WHERE phone_number = '+14155552671'";
        let before = select(url, everything).await;
        let forms = [("SM3", ANN, "Salami"), ("SM4", BOB, "Salami"), ("SM5", ANN, "x"), ("SM1", ANN, "order")];
        let posts = forms.map(|(id, from, says)| {
            let older = older.clone();
            async move { older.post(&message(id, from, says)).await }
        });
        let answers = futures_util::future::join_all(posts).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [503, 200, 503, 200], "{answers:?}");
        assert_eq!(answers[0].retry_after.as_deref(), Some("1"));
        assert!(answers[0].body.contains("newer release"), "{}", answers[0].body);
        assert!(answers[1].body.contains("Which size?"));
        // What was answered before is answered so again.
        assert!(answers[3].body.contains("Which pizza?"));
        assert_eq!(select(url, everything).await, before);
        assert!(!older.bot.failed_lately(), "the database is not to blame");
        // A wish to stop asks nothing of a flow.
        assert_eq!(older.post(&message("SM6", ANN, "STOP")).await.status, 200);
        assert_eq!(older.post(&message("SM7", ANN, "hello?")).await.status, 200);
        let place = "SELECT CONCAT_WS('|', conversation_state, flow_version) FROM user_sessions \
             WHERE phone_number = '+14155552671'";
        assert_eq!(select(url, place).await, ["STOPPED|2"]);
    })
    .await;
}

/// A flow that takes long to load.
fn slow_file(number: usize) -> Source {
    let mut text = format!("flow: f{number}\nstart: [w{number}]\nsteps:\n");
    for step in 0..1_000 {
        let back = step / 2;
        writeln!(
            text,
            "  S{step}: {{ask: 'Question {step} after {{{{ S{back} | default(1) }}}}?', if: [{{is: 'channel == \"sms\"', go: S{back}}}]}}"
        )
        .unwrap();
    }
    Source { name: format!("f{number}.yaml"), text }
}

/// The newer flows, with so many others that they take seconds to load here.
fn slow() -> Vec<Source> {
    let began = Instant::now();
    Flows::load(&[slow_file(0)]).unwrap_or_else(|findings| panic!("{findings}"));
    let each = began.elapsed();
    let mut sources = new();
    let count = (2..100).find(|count| each * *count >= Duration::from_secs(5)).unwrap_or(100);
    sources.extend((0..count as usize).map(slow_file));
    sources
}

#[tokio::test]
async fn while_newer_flows_load_only_who_stands_in_them_waits() {
    each_database(async |database| {
        let url = database.url();
        let older = Service::with_version(url, &old()).await;
        older.say("SM1", ANN, "order").await;
        older.store.serve_version(&Version::of(&slow()), Timestamp::now()).await.unwrap();
        run_sql(url, "UPDATE user_sessions SET flow_version = 2").await;
        let ann = {
            let older = older.clone();
            tokio::spawn(async move { older.post(&message("SM2", ANN, "Salami")).await })
        };
        let mut others = 0;
        while !ann.is_finished() {
            let from = format!("+1415556{others:04}");
            let answer = older.post(&message(&format!("SMo{others}"), &from, "order")).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            others += 1;
        }
        assert!(others > 2, "{others}");
        let answer = ann.await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.retry_after.as_deref()), (503, Some("1")));
        assert!(!older.bot.failed_lately(), "the database is not to blame");
        let until = Instant::now() + DEADLINE;
        loop {
            let answer = older.post(&message("SM2", ANN, "Salami")).await;
            if answer.status == 200 {
                assert!(answer.body.contains("Which drink?"), "{answer:?}");
                break;
            }
            assert!(Instant::now() < until, "{answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_version_that_is_not_kept_any_more_stops_nobody() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::with_version(url, &old()).await;
        service.say("SM1", ANN, "order").await;
        run_sql(url, "UPDATE user_sessions SET flow_version = 77").await;
        assert_eq!(service.say("SM2", ANN, "Salami").await, ["Which size?"]);
        assert_eq!(select(url, PLACES).await, ["size|1"]);
        // Nor does one of which a former release knew nothing.
        run_sql(url, "UPDATE user_sessions SET flow_version = NULL").await;
        assert_eq!(service.say("SM3", ANN, "Large").await, ["Large Salami, thank you!"]);
        assert_eq!(select(url, PLACES).await, ["COMPLETED|1"]);
    })
    .await;
}

#[tokio::test]
async fn flows_are_replaced_between_two_batches() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::with_version(url, &old()).await;
        service.say("SM1", ANN, "order").await;
        service.bot.serve(served(&service.store, &new()).await);
        assert_eq!(service.say("SM2", ANN, "Salami").await, ["Which drink?"]);
        service.bot.serve(served(&service.store, &old()).await);
        assert_eq!(service.say("SM3", ANN, "Water").await, [format!("{DEFAULT}\nWhich pizza?")]);
        assert_eq!(select(url, PLACES).await, ["pizza|3"]);
    })
    .await;
}
