//! The flows as pictures, and where a person stands in them: the real service
//! with its page.

use std::fs;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::database::{TestDatabase, each_database};
use crate::support::page::{opened_by, stranger};
use crate::support::service::Service;
use crate::support::waiting::until;

const ANN: &str = "+14155552671";

const ORDER: &str = "\
flow: order
start: [order]
steps:
  SURE: {ask: 'Sure, \"<b>\" & all?', type: yes_no, when: {no: SAD}}
  GLAD: {say: How nice., go: WHERE}
  SAD: {say: A pity.}
  WHERE: {run: address}
  MORE: {ask: More?, timeout: 20m, on_timeout: BYE}
  BYE: {say: Bye.}
";

const ADDRESS: &str = "\
flow: address
steps:
  STREET: {ask: Street?}
";

/// A service with its page, opened by somebody who has its key.
struct Page {
    service: Service,
    person: Client,
    said: u32,
    folder: TempDir,
}

impl Page {
    async fn open(database: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let flows = folder.path().join("flows");
        fs::create_dir(&flows).unwrap();
        fs::write(flows.join("order.yaml"), ORDER).unwrap();
        fs::write(flows.join("address.yaml"), ADDRESS).unwrap();
        let settings = [("FLOWS", flows.to_str().unwrap()), ("DATABASE_URL", database.url())];
        let mut service = Service::start(folder.path(), &settings);
        let person = opened_by(&service.page_link()).await;
        Self { service, person, said: 0, folder }
    }

    async fn get(&self, path: &str) -> Value {
        let ask = || async { self.person.get(self.service.url(path)).send().await.unwrap() };
        let mut answer = ask().await;
        // A busy machine may not have a connection to the database in time.
        until("an answer", async || {
            if answer.status().as_u16() == 503 {
                answer = ask().await;
            }
            answer.status().as_u16() != 503
        })
        .await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json", "{path}");
        answer.json().await.unwrap()
    }

    async fn place(&self) -> Value {
        self.get("/simulator/place?phone=%2B14155552671").await
    }

    async fn say(&mut self, text: &str) {
        self.said += 1;
        let id = format!("01234567-89ab-4cde-8f01-{:012}", self.said);
        let message = json!({ "id": id, "from": ANN, "channel": "sms", "text": text });
        let url = self.service.url("/simulator/messages");
        let answer = self.person.post(url).json(&message).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
    }

    async fn hasten(&self) {
        let url = self.service.url("/simulator/now");
        let answer = self.person.post(url).json(&json!({ "phone": ANN })).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
    }
}

/// The names of the steps of a way.
fn way(place: &Value) -> String {
    let steps = place["way"].as_array().unwrap().iter();
    let steps = steps.map(|at| format!("{}/{}", at["flow"], at["step"]).replace('"', ""));
    steps.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_person_is_shown_where_they_stand() {
    each_database(async |database| {
        let mut page = Page::open(database).await;
        let place = page.place().await;
        assert_eq!((&place["flow"], &place["step"]), (&Value::Null, &Value::Null));
        assert_eq!(place["way"], json!([]));
        page.say("order").await;
        page.say("no").await;
        let place = page.place().await;
        assert_eq!((&place["flow"], &place["step"]), (&json!("address"), &json!("STREET")));
        assert_eq!(place["around"], json!([{ "flow": "order", "step": "WHERE" }]));
        assert_eq!(way(&place), "order/SURE order/SAD order/WHERE address/STREET");
        page.say("Elm Street").await;
        assert_eq!(page.place().await["step"], "MORE");
        // The timeout is not a message, but the way is known all the same.
        page.hasten().await;
        until("the end", async || page.place().await["outcome"] == "COMPLETED").await;
        let place = page.place().await;
        assert_eq!((&place["flow"], &place["step"]), (&json!("order"), &Value::Null));
        let passed = "order/SURE order/SAD order/WHERE address/STREET order/MORE order/BYE";
        assert_eq!(way(&place), passed);
    })
    .await;
}

#[tokio::test]
async fn each_flow_is_a_picture_of_the_version_that_is_served() {
    let database = TestDatabase::sqlite();
    let page = Page::open(&database).await;
    let drawn = page.get("/simulator/flows").await;
    assert_eq!(drawn["version"], page.place().await["version"]);
    let names: Vec<_> = drawn["flows"].as_array().unwrap().iter().map(|f| &f["name"]).collect();
    assert_eq!(names, ["address", "order"]);
    let boxes = drawn["flows"][1]["boxes"].as_array().unwrap();
    let steps: Vec<_> = boxes.iter().flat_map(|b| b["steps"].as_array().unwrap()).collect();
    assert_eq!(steps, ["SURE", "GLAD", "SAD", "WHERE", "MORE", "BYE"]);
    let sure = boxes.iter().find(|b| b["id"] == "s_SURE").unwrap();
    assert_eq!(sure["shape"], "ask");
    assert_eq!(sure["name"], "SURE asks: Sure, \"<b>\" & all?");
    assert_eq!(sure["texts"][0]["text"], "SURE");
    let changed = ORDER.replace("GLAD", "HAPPY");
    // After a reload, the new version has another name.
    fs::write(page.folder.path().join("flows/order.yaml"), changed).unwrap();
    page.service.hangup();
    until("other flows", async || page.get("/simulator/flows").await != drawn).await;
    let again = page.get("/simulator/flows").await;
    assert!(again["version"] != drawn["version"]);
    assert!(again["flows"][1]["boxes"].to_string().contains("HAPPY"));
}

#[tokio::test]
async fn only_the_page_may_look_and_only_at_a_phone() {
    let database = TestDatabase::sqlite();
    let page = Page::open(&database).await;
    for path in ["/simulator/flows", "/simulator/place?phone=%2B14155552671"] {
        let refused = stranger().get(page.service.url(path)).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 403, "{path}");
    }
    for query in ["", "?phone=1", "?phone=14155552671"] {
        let url = page.service.url(&format!("/simulator/place{query}"));
        let refused = page.person.get(url).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 400, "{query}");
    }
}
