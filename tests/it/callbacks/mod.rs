//! Callbacks: results that third parties bring to a running service, and what
//! becomes of the conversations that wait for them.

mod early;
mod kills;
mod rest;
mod shipped;
mod taken;

use reqwest::StatusCode;

use crate::outbox::{ANN, Bench};
use crate::support::database::{TestDatabase, select};
use crate::support::service::Service;
use crate::support::twilio::{PUBLIC_URL, client, say};

/// A question whose answer leads to a wait for a payment, whose URL was told
/// before.
const FLOW: &str = "\
flow: order
start: [order]
otherwise: Say order.
expire: 20h
commands: {stop: [enough]}
steps:
  URL: {say: \"Pay at {{ callback }} then.\"}
  PIZZA: {ask: Which pizza?}
  PAYMENT:
    wait_for: payment
    nudges: {10m: Please pay.}
    timeout: 2h
    on_timeout: UNPAID
    keep: {amount: /payment/amount}
    may_keep: {note: /note}
    meanwhile: We wait for your payment.
    when: {paid: PAID, failed: URL}
  PAID: {say: \"{{ amount }} for {{ PIZZA }}. {{ note }}\", end: ORDERED}
  UNPAID: {say: Nothing came., end: NOT_PAID}
";

const PAID: &str = r#"{"outcome": "paid", "payment": {"amount": 12.5}, "note": "Thanks!"}"#;

/// The status and the text of the answer that a third party gets.
type Told = (u16, String);

/// Brings a result.
async fn call_back(service: &Service, name: &str, body: &str) -> Told {
    let url = service.url(&format!("/callbacks/{name}"));
    let answer = client().post(url).body(body.to_owned()).send().await.unwrap();
    let status = answer.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(answer.headers().contains_key("retry-after"));
    }
    (status.as_u16(), answer.text().await.unwrap().trim_end().to_owned())
}

fn told(status: u16, body: &str) -> Told {
    (status, body.to_owned())
}

/// Returns the name in a text that shows a callback.
fn name_in(text: &str) -> String {
    let start = format!("{PUBLIC_URL}/callbacks/");
    let (_, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no callback in {text}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// A service, and the callback that Ann's conversation has.
struct Paying {
    bench: Bench,
    name: String,
}

impl Paying {
    /// Ann is told where to pay, and asked a question.
    async fn asked(database: &TestDatabase) -> Self {
        Self::asked_with(database, &[]).await
    }

    async fn asked_with(database: &TestDatabase, settings: &[(&str, &str)]) -> Self {
        let bench = Bench::with(database, FLOW, settings).await;
        let told = say(&bench.service, "SMorder", ANN, "order").await;
        assert_eq!(told.len(), 1);
        Self { name: name_in(&told[0]), bench }
    }

    /// Ann has answered, and the conversation waits for the payment.
    async fn waiting(database: &TestDatabase) -> Self {
        let paying = Self::asked(database).await;
        assert_eq!(say(&paying.bench.service, "SMpizza", ANN, "Funghi").await, [""; 0]);
        assert_eq!(paying.bench.state(ANN).await, "PAYMENT");
        paying
    }

    async fn call_back(&self, body: &str) -> Told {
        call_back(&self.bench.service, &self.name, body).await
    }

    /// Waits for these texts, all that came by REST so far.
    async fn texts(&self, expected: &[&str]) {
        let texts = self.bench.texts(expected.len()).await;
        let said: Vec<&str> = texts.iter().map(|text| text.body.as_str()).collect();
        assert_eq!(said, expected);
    }

    /// What is kept of an ended conversation: outcome and answers.
    async fn results(&self) -> Vec<String> {
        let of = "SELECT CONCAT(outcome, ' ', answers) FROM conversations ORDER BY id";
        let of_sqlite = "SELECT outcome || ' ' || answers FROM conversations ORDER BY id";
        let is_sqlite = self.bench.url.starts_with("sqlite");
        select(&self.bench.url, if is_sqlite { of_sqlite } else { of }).await
    }
}
