//! Kills of services that act by themselves: people who are reminded, who wait
//! for calls and who get texts by REST, while what serves them dies.
//!
//! - `kills`: which process is killed, and when
//! - `people`: what people write
//! - `states`: where each of them stands, as seen from outside
//! - `book`: what must hold at the end
//! - this file: the flows, and what is around the service

mod book;
mod kills;
mod people;
mod states;

use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use self::states::States;
use super::chance::Chance;
use super::watched::{Address, Watched};
use crate::outbound::server::{Part as Answer, Server as Host};
use crate::outbox::written;
use crate::support::database::{run_sql, select, try_sql};
use crate::support::fake_twilio::{ACCOUNT, Answer as After, FakeTwilio, Part};
use crate::support::ringback::DEADLINE;
use crate::support::waiting::until_within;

/// A question with a reminder, and a call. What follows the call goes into the
/// reply or by REST. Each text of it begins with the name of the pizza,
/// which nobody else asks for.
const FLOW: &str = "\
flow: NAME
start: [NAME]
expire: 20h
commands: {stop: [enough]}
steps:
  PIZZA:
    ask: Which pizza?
    save: pizza
    nudges: {10m: Are you still there?}
    timeout: 2h
    on_timeout: AGAIN
    go: PRICE
  AGAIN: {ask: Which pizza then?, save: pizza}
  PRICE:
    call: GET http://HOST/prices/{{ pizza }}
    timeout: LIMIT
    keep: {total: /total}
    meanwhile: Patience.
    when: {404: OTHER, timeout: SLOW, failed: SORRY}
    go: SURE
  OTHER:
    call: GET http://HOST/others/{{ pizza }}
    timeout: LIMIT
    keep: {total: /total}
    meanwhile: Patience.
    when: {timeout: SLOW, failed: SORRY}
  SURE:
    ask: \"{{ pizza }} costs {{ total }}. Shall we?\"
    nudges: {10m: Are you still there?}
  DONE: {say: \"{{ pizza }} is ordered.\", end: ORDERED}
  SLOW: {say: \"{{ pizza }} takes too long.\", end: GIVEN_UP}
  SORRY: {say: \"{{ pizza }} is not to be had.\", end: FAILED}
";

/// The flows, and how long their calls may take. No reply stays open as long as
/// the calls of the second one.
const FLOWS: [(&str, &str); 2] = [("quick", "2s"), ("slow", "10s")];

/// Where a conversation waits for a call.
const CALLING: &str = "('PRICE', 'OTHER')";

/// Services on one database, and what is around them.
struct Scene {
    url: String,
    twilio: FakeTwilio,
    host: Host,
    folder: TempDir,
    /// Where each service is; nobody where it is not.
    addresses: Vec<Address>,
    services: Vec<Option<Watched>>,
    states: States,
}

impl Scene {
    async fn start(url: &str, services: usize, chance: &mut Chance) -> Self {
        let twilio = FakeTwilio::start().await;
        let host = Host::start(&answers(chance)).await;
        let folder = tempfile::tempdir().unwrap();
        for (name, limit) in FLOWS {
            let flow = FLOW.replace("NAME", name).replace("LIMIT", limit);
            let flow = flow.replace("HOST", &host.address.to_string());
            fs::write(folder.path().join(format!("{name}.yaml")), flow).unwrap();
        }
        let mut scene = Self {
            url: url.to_owned(),
            twilio,
            host,
            folder,
            addresses: (0..services).map(|_| Address::new(None)).collect(),
            services: (0..services).map(|_| None).collect(),
            states: States::of(url),
        };
        for place in 0..services {
            scene.start_one(place);
        }
        scene
    }

    fn start_one(&mut self, place: usize) {
        let (api, host) = (self.twilio.url(), self.host.address.to_string());
        let flows = self.folder.path().to_str().unwrap();
        let further = [
            ("FLOWS", flows),
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_API_URL", &api),
            ("CALL_HOSTS", &host),
            ("SEND_RATE", "1000"),
        ];
        let service = Watched::start_told(&[], self.folder.path(), &self.url, &further);
        self.twilio.reaches_service_at(service.address());
        self.addresses[place].send_replace(Some(service.address()));
        self.services[place] = Some(service);
    }

    /// Kills a service, and reads its log.
    fn kill(&mut self, place: usize) {
        self.addresses[place].send_replace(None);
        if let Some(service) = self.services[place].take() {
            service.kill9();
        }
    }

    /// Ends the wait for news of texts that the dead were sending: a minute is
    /// over. No service may run.
    async fn forget_claims(&self) {
        assert!(self.services.iter().all(Option::is_none), "somebody may still send");
        let past = "UPDATE outgoing SET claimed_at = '2026-01-01 00:00:00.000', \
                    due_at = '2026-01-01 00:00:00.000' WHERE state = 'claimed'";
        run_sql(&self.url, past).await;
    }

    /// Lets so much time pass for everybody who is asked something, if the
    /// database is there.
    async fn pass(&self, time: Duration) {
        let now = Timestamp::now();
        let statement = format!(
            "UPDATE user_sessions SET waits = JSON_SET(waits, '$.asked_at', '{}'), \
             wakes_at = '{}' WHERE waits IS NOT NULL AND conversation_state NOT IN {CALLING}",
            written(now - time),
            written(now - Duration::from_secs(1))
        );
        drop(try_sql(&self.url, &statement).await);
    }

    /// Something of what can happen to a text, and now and then to many.
    fn play(&self, chance: &mut Chance) {
        let parts = [
            Part::Take,
            Part::ReportFirst(vec!["sent"]),
            Part::ReportFirst(vec!["sent", "delivered"]),
            Part::Send(After::Close),
            Part::Send(After::Fault(500)),
            Part::Send(After::Half),
            Part::Lose(After::Close),
            Part::CloseUnread,
            Part::Busy { retry_after: Some(0) },
            Part::Refuse { status: 400, code: 21_617 },
        ];
        for _ in 0..4 {
            let place = usize::try_from(chance.of(0..2 * parts.len() as u64)).unwrap();
            self.twilio
                .play(&[parts.get(place).cloned().unwrap_or(Part::ReportFirst(vec!["sent"]))]);
        }
    }

    /// Waits until nothing is due, on its way or in a call. Twilio has no more
    /// faults.
    async fn settles(&self) {
        self.twilio.play_no_more();
        for (what, rows) in [
            ("a call", format!("user_sessions WHERE conversation_state IN {CALLING}")),
            ("a text", "outgoing WHERE state IN ('pending', 'claimed')".to_owned()),
            ("an open reply", "user_sessions WHERE contact LIKE '%\"open\"%'".to_owned()),
        ] {
            let rows = format!("SELECT phone_number FROM {rows}");
            let is_over = async || select(&self.url, &rows).await.is_empty();
            until_within(DEADLINE, &format!("{what} is over"), is_over).await;
        }
    }
}

/// What the host of the calls does, one after the other.
fn answers(chance: &mut Chance) -> Vec<Answer> {
    let price = r#"{"total": 9}"#;
    let answer = |chance: &mut Chance| match chance.of(0..50) {
        0..20 => Answer::status(200, price),
        20..32 => Answer::after(Duration::from_millis(chance.of(0..400)), 200, price),
        32..37 => Answer::after(Duration::from_millis(chance.of(400..1_900)), 200, price),
        37..41 => Answer::after(Duration::from_millis(chance.of(5_500..7_500)), 200, price),
        41..45 => Answer::status(404, ""),
        45..47 => Answer::status(500, ""),
        47 => Answer::Close,
        _ => Answer::Silence,
    };
    (0..20_000).map(|_| answer(chance)).collect()
}
