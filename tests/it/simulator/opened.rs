//! The real service with its page, opened by somebody who has its key.

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Duration, timeout};
use uuid::Uuid;

use crate::support::database::TestDatabase;
use crate::support::page::{cookie_of, with_cookie};
use crate::support::service::Service;

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(30);

/// A service with its page.
pub(super) struct Opened {
    pub(super) service: Service,
    pub(super) person: Client,
    /// What proves that the person has the key, as `name=value`.
    pub(super) cookie: String,
    _folder: TempDir,
}

impl Opened {
    /// A service that serves this flow.
    pub(super) async fn with_flow(
        database: &TestDatabase,
        flow: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        Self::with_flow_on(database.url(), flow, settings).await
    }

    /// The same on the database at this URL.
    pub(super) async fn with_flow_on(
        database: &str,
        flow: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flow.yaml");
        std::fs::write(&path, flow).unwrap();
        let own = [("FLOWS", path.to_str().unwrap()), ("DATABASE_URL", database)];
        let mut service = Service::start(folder.path(), &[&own[..], settings].concat());
        let cookie = cookie_of(&service.page_link()).await;
        Self { service, person: with_cookie(&cookie), cookie, _folder: folder }
    }

    /// Posts a request of the page, and returns the status and the body of the answer.
    pub(super) async fn post(&self, path: &str, body: &Value) -> (u16, String) {
        let url = self.service.url(&format!("/simulator/{path}"));
        let answer = self.person.post(url).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let answer = self.person.get(self.service.url(&format!("/simulator/{path}")));
        answer.send().await.unwrap().json().await.unwrap()
    }

    /// Lets a phone say something by SMS.
    pub(super) async fn say(&self, phone: &str, text: &str) {
        self.say_by("sms", phone, text).await;
    }

    /// The same on another channel.
    pub(super) async fn say_by(&self, channel: &str, phone: &str, text: &str) {
        let message =
            json!({ "id": Uuid::new_v4(), "from": phone, "channel": channel, "text": text });
        assert_eq!(self.post("messages", &message).await, (204, String::new()));
    }

    /// The requests that came in, oldest first.
    pub(super) async fn requests(&self) -> Vec<Value> {
        self.get("requests").await["requests"].as_array().unwrap().clone()
    }

    /// Opens the feed of a phone's page.
    pub(super) async fn feed(&self, phone: &str) -> Feed {
        let phone = phone.replace('+', "%2B");
        let url = self.service.url(&format!("/simulator/events?phone={phone}"));
        Feed { response: self.person.get(url).send().await.unwrap(), seen: String::new() }
    }
}

/// The events that a page hears.
pub(super) struct Feed {
    response: Response,
    pub(super) seen: String,
}

impl Feed {
    /// Waits until the page has heard of a callback, at first or later, and returns its path.
    pub(super) async fn hears_path(&mut self) -> String {
        self.hears("\"path\":\"/callbacks/").await;
        let path = self.seen.rsplit_once("\"path\":\"").unwrap().1;
        path.split('"').next().unwrap().to_owned()
    }

    /// Waits until the page has heard this.
    pub(super) async fn hears(&mut self, words: &str) {
        let heard = async {
            while !self.seen.contains(words) {
                let chunk = self.response.chunk().await.unwrap().expect("the feed goes on");
                self.seen += std::str::from_utf8(&chunk).unwrap();
            }
        };
        let heard = timeout(DEADLINE, heard).await;
        assert!(heard.is_ok(), "{words:?} does not come: {}", self.seen);
    }
}
