//! Calls: where they may go, what is sent, and what comes of every kind of
//! answer. The hosts are servers of the tests' own, on loopback.

mod addresses;
mod answers;
mod attempts;
pub(crate) mod certificates;
mod listed;
mod names;
mod places;
mod proxies;
mod rebinding;
mod requests;
pub(crate) mod server;

use std::sync::Arc;
use std::time::Duration;

use ringback::outbound::client::Client;
use ringback::outbound::gate::Gate;
use ringback::outbound::outcome::Outcome;
use ringback::outbound::patience::Patience;
use ringback::outbound::request::{Method, Request};
use ringback::outbound::trust::Trust;

use names::Names;

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(20);

/// Short enough to be waited for in a test of what never ends.
const SHORT: Duration = Duration::from_millis(300);

fn request(url: &str) -> Request {
    Request {
        method: Method::Get,
        url: url.to_owned(),
        headers: Vec::new(),
        body: None,
        id: "the-id-of-the-call".to_owned(),
        limit: DEADLINE,
        attempts: 1,
    }
}

/// The pauses of the service, a hundred times as fast.
fn hurried() -> Patience {
    Patience { pauses: [10, 20, 40].map(Duration::from_millis), ..Patience::default() }
}

fn gate(hosts: &str, names: Names) -> Gate {
    Gate::new(hosts.parse().unwrap(), Arc::new(names))
}

fn client(hosts: &str) -> Client {
    client_of(gate(hosts, Names::default()))
}

fn client_of(gate: Gate) -> Client {
    Client::new(gate, Trust::public(), hurried()).unwrap()
}

fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Answered { status, body: body.into() }
}
