//! What is logged, counted and deleted of callbacks.

use reqwest::StatusCode;

use ringback::twilio::twiml;

use super::{ANN, FLOW, PAID, Paying, call_back, name_in, told};
use crate::outbox::Bench;
use crate::support::database::{each_database, run_sql, select};
use crate::support::ringback::run;
use crate::support::twilio::{client, post_with, say};

#[tokio::test]
async fn nothing_of_a_callback_is_logged() {
    each_database(async |database| {
        let settings = [("RUST_LOG", "trace")];
        let paying = Paying::asked_with(database, &settings).await;
        assert_eq!(say(&paying.bench.service, "SMpizza", ANN, "Funghi").await, [""; 0]);
        let secret = PAID.replace("Thanks!", "s3cret");
        assert_eq!(paying.call_back("{").await.0, 400);
        assert_eq!(paying.call_back(r#"{"outcome": "s3cret"}"#).await.0, 422);
        assert_eq!(paying.call_back(&secret).await, told(202, ""));
        let url = paying.bench.service.url(&format!("/callbacks/{}/more", paying.name));
        let astray = client().post(url).send().await.unwrap();
        assert_eq!(astray.status(), StatusCode::NOT_FOUND);
        paying.texts(&["12.5 for Funghi. s3cret"]).await;
        let (_, log) = paying.bench.service.stop();
        let log = log.concat();
        assert!(log.contains("turn taken after a callback"), "{log}");
        assert!(!log.contains(&paying.name) && !log.contains("s3cret"), "{log}");
    })
    .await;
}

#[tokio::test]
async fn other_methods_are_refused() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let url = paying.bench.service.url(&format!("/callbacks/{}", paying.name));
        let opened = client().get(url).send().await.unwrap();
        assert_eq!(opened.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
    })
    .await;
}

#[tokio::test]
async fn old_callbacks_are_deleted_with_old_messages() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        paying.texts(&["12.5 for Funghi. Thanks!"]).await;
        let again = say(&paying.bench.service, "SMagain", "+14155550001", "order").await;
        let open = name_in(&again[0]);
        let url = paying.bench.url.clone();
        run_sql(
            &url,
            "UPDATE callbacks SET over_at = '2020-01-01 00:00:00.000' WHERE over_at IS NOT NULL",
        )
        .await;
        let folder = tempfile::tempdir().unwrap();
        let command = ["prune", "--older-than", "7d"];
        let pruned = run(folder.path(), &[("DATABASE_URL", &url)], &command);
        assert_eq!(pruned.code, Some(0), "{pruned}");
        assert_eq!(select(&url, "SELECT name FROM callbacks").await, [open]);
    })
    .await;
}

/// WhatsApp first named a person once by an id and once by a number, and later by
/// both. One of the two conversations goes on, and so does one of the two callbacks.
#[tokio::test]
async fn a_conversation_that_another_of_the_same_person_replaces_takes_no_result() {
    const ID: &str = "whatsapp:US.13491208655302741918";
    const NUMBER: &str = "whatsapp:+14155552671";
    each_database(async |database| {
        let bench = Bench::with(database, FLOW, &[]).await;
        let service = &bench.service;
        let mut names = Vec::new();
        for (id, from, says, by) in [
            ("SMid", ID, "order", &[("ExternalUserId", ID)][..]),
            ("SMnumber", NUMBER, "order", &[]),
            ("SMboth", NUMBER, "Funghi", &[("ExternalUserId", ID)]),
        ] {
            let reply = post_with(service, id, from, says, by).await;
            names.extend(
                twiml::read(reply.as_bytes()).unwrap().iter().map(|one| name_in(&one.text)),
            );
        }
        let [lost, kept] = &names[..] else { panic!("{names:?}") };
        let over = "SELECT name FROM callbacks WHERE over_at IS NOT NULL";
        assert_eq!(select(&bench.url, over).await, std::slice::from_ref(lost));
        assert_eq!(call_back(service, lost, PAID).await.0, 404);
        assert_eq!(call_back(service, kept, PAID).await, told(202, ""));
    })
    .await;
}
