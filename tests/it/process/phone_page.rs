//! The phone page of the real service: who gets in, by which way.

use std::path::Path;

use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};

use crate::support::forwarder::Forwarder;
use crate::support::page::{cookie_of, opened_by, stranger, with_cookie};
use crate::support::service::Service;
use crate::support::twilio::PUBLIC_URL;

const FEED: &str = "/simulator/events?phone=%2B14155552671";

fn message() -> Value {
    json!({
        "id": "01234567-89ab-4cde-8f01-23456789abcd", "from": "+14155552671", "channel": "sms",
        "text": "hello",
    })
}

/// What each of the page's routes answers.
async fn statuses(client: &Client, base: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for path in ["/", "/simulator/phone.js", FEED] {
        let answer = client.get(format!("{base}{path}")).header("host", "box.example").send();
        statuses.push(answer.await.unwrap().status().as_u16());
    }
    let post = client.post(format!("{base}/simulator/messages")).header("host", "box.example");
    statuses.push(post.json(&message()).send().await.unwrap().status().as_u16());
    statuses
}

#[tokio::test]
async fn behind_a_silent_forwarder_a_stranger_gets_nothing_and_the_person_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let link = service.page_link();
    let forwarder = Forwarder::to(service.address()).await;
    let base = format!("http://{}", forwarder.address());

    for path in ["/", "/?phone=%2B14155552671", "/simulator/phone.js", FEED] {
        let answer = stranger().get(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        let body = answer.text().await.unwrap();
        assert!(body.contains("Open the link that Ringback printed"), "{body}");
        assert!(!body.contains("/simulator/"), "{body}");
    }
    assert_eq!(statuses(&stranger(), &base).await, [403; 4]);

    let outer_link = link.replace(&service.address().to_string(), &forwarder.address().to_string());
    let person = opened_by(&outer_link).await;
    assert_eq!(statuses(&person, &base).await, [200, 200, 200, 204]);
    let mut feed = person.get(format!("{base}{FEED}")).send().await.unwrap();
    let mut seen = String::new();
    while !seen.contains("What is your name?") {
        seen += std::str::from_utf8(&feed.chunk().await.unwrap().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn a_restart_makes_a_new_key_and_forgets_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), &[]);
    let (address, base) = (service.address().to_string(), service.url(""));
    let old_link = service.page_link();
    let old_cookie = cookie_of(&old_link).await;
    assert_eq!(statuses(&with_cookie(&old_cookie), &base).await, [200, 200, 200, 204]);
    service.stop();

    let mut service = Service::start(folder.path(), &[("BIND", &address)]);
    assert_eq!(statuses(&with_cookie(&old_cookie), &base).await, [403; 4]);
    assert_eq!(stranger().get(&old_link).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let link = service.page_link();
    assert_ne!(link, old_link);
    let cookie = cookie_of(&link).await;
    assert_eq!(statuses(&with_cookie(&cookie), &base).await, [200, 200, 200, 204]);
    // A browser may send both, of two paths.
    let both = format!("{old_cookie}; {cookie}");
    assert_eq!(statuses(&with_cookie(&both), &base).await, [200, 200, 200, 204]);
}

#[tokio::test]
async fn the_cookies_of_two_services_on_one_host_do_not_replace_each_other() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut one = Service::start(one.path(), &[]);
    let mut other = Service::start(other.path(), &[]);
    let cookies = [cookie_of(&one.page_link()).await, cookie_of(&other.page_link()).await];
    let name = |cookie: &str| cookie.split_once('=').unwrap().0.to_owned();
    assert_ne!(name(&cookies[0]), name(&cookies[1]));
    let both = with_cookie(&cookies.join("; "));
    for (service, wrong) in [(&one, &cookies[1]), (&other, &cookies[0])] {
        assert_eq!(statuses(&both, &service.url("")).await, [200, 200, 200, 204]);
        assert_eq!(statuses(&with_cookie(wrong), &service.url("")).await, [403; 4]);
    }
}

#[tokio::test]
async fn with_a_public_url_there_is_no_page_and_no_link() {
    let folder = tempfile::tempdir().unwrap();
    for url in [PUBLIC_URL, "http://localhost:5000"] {
        let service = Service::start(folder.path(), &[("PUBLIC_URL", url)]);
        assert_eq!(statuses(&stranger(), &service.url("")).await, [404; 4]);
        let (_, log) = service.stop();
        assert!(!log.iter().any(|line| line.contains("key=")), "{log:#?}");
        let says_why = |line: &String| {
            line.contains("every message is refused") && line.contains("`PUBLIC_URL` is set")
        };
        assert!(log.iter().any(says_why), "{log:#?}");
    }
}

/// The whole log of a service whose page was used and misused.
async fn log_of_a_used_page(folder: &Path) -> (String, Vec<String>) {
    let mut service = Service::start(folder, &[("RUST_LOG", "trace")]);
    let link = service.page_link();
    let key = link.split_once("/?key=").unwrap().1.to_owned();
    let person = opened_by(&link).await;
    statuses(&person, &service.url("")).await;
    let misused = [format!("/simulator/events?key={key}"), format!("/?key={key}&key={key}")];
    for path in misused {
        let refused = stranger().get(service.url(&path)).header(header::REFERER, &link).send();
        assert_eq!(refused.await.unwrap().status(), StatusCode::FORBIDDEN);
    }
    let lost = stranger().get(service.url(&format!("/nowhere?key={key}"))).send().await.unwrap();
    assert_eq!(lost.status(), StatusCode::NOT_FOUND);
    (key, service.stop().1)
}

#[tokio::test]
async fn the_key_is_logged_once_and_in_no_other_line() {
    let folder = tempfile::tempdir().unwrap();
    let (key, log) = log_of_a_used_page(folder.path()).await;
    let with_key: Vec<&String> = log.iter().filter(|line| line.contains(&key)).collect();
    assert_eq!(with_key.len(), 1, "{with_key:#?}");
    let line: Value = serde_json::from_str(with_key[0]).unwrap();
    assert_eq!(line["level"], "INFO");
    let said = line["message"].as_str().unwrap();
    assert!(said.starts_with("the phone page is at http://127.0.0.1:"), "{said}");
    assert!(said.contains(&format!("/?key={key} ")), "{said}");
    assert!(log.iter().any(|line| line.contains("refused a request to the phone page")));
}

/// Without any setting the page's own Twilio takes what the bot sends by itself.
#[tokio::test]
async fn what_comes_by_itself_appears_on_the_phone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.yaml");
    let flow = "flow: table\nstart: [hello]\nsteps:\n  \
                GUESTS: {ask: How many?, nudges: {10m: Still there?}}\n";
    std::fs::write(&path, flow).unwrap();
    let mut service = Service::start(folder.path(), &[("FLOWS", path.to_str().unwrap())]);
    let person = opened_by(&service.page_link()).await;
    let post = person.post(service.url("/simulator/messages")).json(&message()).send();
    assert_eq!(post.await.unwrap().status(), 204);
    // Nobody waits ten minutes.
    let now = service.url("/simulator/now");
    let phone = json!({ "phone": "+14155552671" });
    assert_eq!(stranger().post(&now).json(&phone).send().await.unwrap().status(), 403);
    assert_eq!(
        person.post(&now).json(&json!({ "phone": "1" })).send().await.unwrap().status(),
        422
    );
    assert_eq!(person.post(&now).json(&phone).send().await.unwrap().status(), 204);
    let mut seen = String::new();
    let mut feed = person.get(service.url(FEED)).send().await.unwrap();
    while !seen.contains(r#""state":"delivered""#) {
        seen += std::str::from_utf8(&feed.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert!(seen.contains("event: text"), "{seen}");
    assert!(seen.contains(r#""text":"Still there?""#), "{seen}");
    assert!(seen.contains(r#""next":[{"what":"nudge""#), "{seen}");

    // Nobody else may post texts there, with or without the page's key.
    let api =
        "/simulator/twilio/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json";
    for client in [&stranger(), &person] {
        let form = [("To", "+14155552671"), ("From", "+15005550006"), ("Body", "x")];
        let refused = client.post(service.url(api)).form(&form).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
}
