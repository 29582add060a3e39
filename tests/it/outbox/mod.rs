//! Texts that answer no message: from a turn to a phone, by a provider of the
//! tests' own, and back by its reports.

mod along;
mod answers;
mod modes;
mod order;
mod properties;
mod reports;

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use ringback::message::Sender;
use ringback::outbox::text::Text as Kept;
use ringback::store::Store;
use ringback::store::url::DatabaseUrl;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::support::database::{TestDatabase, run_sql, select};
use crate::support::fake_twilio::{ACCOUNT, FakeTwilio, Text};
use crate::support::service::Service;
use crate::support::twilio::{say, settings};
use crate::support::waiting::until;

pub(crate) const ANN: &str = "+14155552671";
pub(crate) const US: &str = "+15005550006";

/// A question with a nudge, a timeout that asks again and one that says goodbye.
pub(crate) const TABLE: &str = "\
flow: table
start: [table]
otherwise: Say table.
expire: 20h
steps:
  GUESTS:
    ask: How many?
    nudges: {10m: Are you still there?}
    timeout: 2h
    on_timeout: SURE
  NAME: {ask: Your name?, timeout: 1h, on_timeout: LEFT, end: BOOKED}
  SURE: {ask: Shall I keep it?, timeout: 1h, on_timeout: LEFT, go: NAME}
  LEFT: {say: It is gone., end: ABANDONED}
";

/// A service with its provider.
pub(crate) struct Bench {
    pub(crate) twilio: FakeTwilio,
    pub(crate) service: Service,
    pub(crate) url: String,
    folder: TempDir,
    settings: Vec<(String, String)>,
}

impl Bench {
    pub(crate) async fn start(database: &TestDatabase) -> Self {
        Self::with(database, TABLE, &[]).await
    }

    pub(crate) async fn with(
        database: &TestDatabase,
        flow: &str,
        further: &[(&str, &str)],
    ) -> Self {
        let twilio = FakeTwilio::start().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flow.yaml");
        fs::write(&path, flow).unwrap();
        let own = [
            ("FLOWS", path.to_str().unwrap()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_API_URL", &twilio.url()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut all: Vec<(String, String)> = settings(database.url()).iter().map(owned).collect();
        all.extend(own);
        all.retain(|(name, _)| further.iter().all(|(other, _)| other != name));
        all.extend(further.iter().filter(|(_, value)| !value.is_empty()).map(owned));
        let service = Service::start(folder.path(), &borrowed(&all));
        twilio.reaches_service_at(service.address());
        Self { twilio, service, url: database.url().to_owned(), folder, settings: all }
    }

    /// Kills the service, and starts it again with these settings changed.
    pub(crate) fn restart(self, changed: &[(&str, &str)]) -> Self {
        let Self { twilio, service, url, folder, mut settings } = self;
        service.kill9();
        for (name, value) in changed {
            settings.retain(|(other, _)| other != name);
            settings.push(((*name).to_owned(), (*value).to_owned()));
        }
        let service = Service::start(folder.path(), &borrowed(&settings));
        twilio.reaches_service_at(service.address());
        Self { twilio, service, url, folder, settings }
    }

    /// Starts another service on the same database.
    pub(crate) fn another(&self) -> Service {
        Service::start(self.folder.path(), &borrowed(&self.settings))
    }

    /// Lets the question be asked so long ago, and wakes the person.
    pub(crate) async fn pass(&self, from: &str, time: Duration) {
        let now = Timestamp::now();
        let nudges = format!(
            "SELECT waits FROM user_sessions WHERE phone_number = '{from}' AND waits IS NOT NULL"
        );
        let waits: serde_json::Value =
            serde_json::from_str(&select(&self.url, &nudges).await.concat()).unwrap();
        let (at, nudges) = (written(now - time), &waits["nudges"]);
        run_sql(
            &self.url,
            &format!(
                "UPDATE user_sessions SET waits = '{{\"asked_at\":\"{at}\",\"nudges\":{nudges}}}', \
                 wakes_at = '{}' WHERE phone_number = '{from}'",
                written(now - Duration::from_secs(1))
            ),
        )
        .await;
    }

    /// Asks Ann the first question.
    pub(crate) async fn ask(&self, from: &str) {
        let id = format!("SM{from}table{}", self.turns(from).await);
        assert_eq!(say(&self.service, &id, from, "table").await, ["How many?"]);
    }

    pub(crate) async fn turns(&self, from: &str) -> usize {
        let turns = format!("SELECT message_id FROM messages WHERE phone_number = '{from}'");
        select(&self.url, &turns).await.len()
    }

    /// Waits until the provider has so many texts, and returns them.
    pub(crate) async fn texts(&self, count: usize) -> Vec<Text> {
        until(&format!("{count} texts"), async || self.twilio.texts().len() >= count).await;
        self.twilio.texts()
    }

    /// What is kept of a person's texts: what it says, its state, why.
    pub(crate) async fn kept(&self, from: &str) -> Vec<String> {
        let one = |text: Kept| {
            let reason = text.reason.map(|reason| format!(" {reason}")).unwrap_or_default();
            let code = text.code.map(|code| format!(" {code}")).unwrap_or_default();
            format!("{} {}{reason}{code}", text.reply.text, text.state.as_str())
        };
        self.rows(from).await.into_iter().map(one).collect()
    }

    pub(crate) async fn rows(&self, from: &str) -> Vec<Kept> {
        let store = Store::new(&DatabaseUrl::parse(&self.url).unwrap()).unwrap();
        let rows = store.texts_of(&Sender::from_key(from.to_owned())).await.unwrap();
        store.close().await;
        rows
    }

    /// Waits until this is kept of a person's texts.
    pub(crate) async fn keeps(&self, from: &str, expected: &[&str]) {
        let mut kept = Vec::new();
        let reached = async {
            let mut ticks = interval(Duration::from_millis(20));
            while kept != expected {
                ticks.tick().await;
                kept = self.kept(from).await;
            }
        };
        let reached = timeout(Duration::from_secs(20), reached).await;
        assert!(reached.is_ok(), "{kept:#?} and never {expected:#?}");
    }

    pub(crate) async fn state(&self, from: &str) -> String {
        let state =
            format!("SELECT conversation_state FROM user_sessions WHERE phone_number = '{from}'");
        select(&self.url, &state).await.concat()
    }
}

fn borrowed(settings: &[(String, String)]) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// A time as the databases keep it.
pub(crate) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
}

pub(crate) const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}
