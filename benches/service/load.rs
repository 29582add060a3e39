//! A closed loop: as many connections as there shall be, each of which sends
//! its next message when the last one is answered, and compares every reply.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

use super::client::Connection;
use super::script::{self, Kind, Line, Senders, Writer};

/// How long an answer may take before it counts as failed; what Twilio waits.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a connection waits after a failure, so that a service which is
/// gone is not asked without end.
const AFTER_FAILURE: Duration = Duration::from_millis(10);

/// A request that is not authentic is refused with this.
const REFUSED: u16 = 403;

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Whole conversations.
    Conversations,
    /// Authentic forms that are no message, and so end before the database.
    NoMessages,
}

/// How long a load goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) warm_up: Duration,
    pub(crate) measure: Duration,
}

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// How long each message took that was answered in the measured time.
    pub(crate) latencies: Vec<Duration>,
    /// How many messages those were: several each where batches are measured.
    pub(crate) messages: u64,
    /// The measured time.
    pub(crate) elapsed: Duration,
    /// Messages answered as they should be, warm-up included.
    pub(crate) answered: u64,
    /// Replies that were not the expected text.
    pub(crate) wrong: u64,
    /// Messages without a reply: refused, or the connection failed.
    pub(crate) failed: u64,
    /// What the first of those was like.
    pub(crate) first_failure: Option<String>,
}

/// What all connections of a load share.
struct Shared {
    writer: Rc<Writer>,
    senders: Rc<Senders>,
    traffic: Traffic,
    measuring: Cell<bool>,
    stopping: Cell<bool>,
    outcome: RefCell<Outcome>,
}

/// Loads the service at `address` by so many connections, and by so many more
/// whose messages need a call and do not count. Looks at what it costs, by `observe`,
/// when the measured time begins and when it ends.
pub(crate) async fn run<T>(
    address: SocketAddr,
    (connections, callers): (usize, usize),
    (writer, senders): (Rc<Writer>, Rc<Senders>),
    traffic: Traffic,
    timing: Timing,
    observe: impl AsyncFn() -> anyhow::Result<T>,
) -> anyhow::Result<(Outcome, [T; 2])> {
    let shared = Rc::new(Shared {
        writer,
        senders,
        traffic,
        measuring: Cell::new(false),
        stopping: Cell::new(false),
        outcome: RefCell::default(),
    });
    let tasks = LocalSet::new();
    for _ in 0..connections {
        let shared = Rc::clone(&shared);
        tasks.spawn_local(async move { shared.converse(Connection::new(address)).await });
    }
    for _ in 0..callers {
        let shared = Rc::clone(&shared);
        tasks.spawn_local(async move { shared.call(Connection::new(address)).await });
    }
    let (observed, elapsed) = tasks
        .run_until(async {
            sleep(timing.warm_up).await;
            let before = observe().await?;
            let began = Instant::now();
            shared.measuring.set(true);
            sleep(timing.measure).await;
            shared.measuring.set(false);
            let elapsed = began.elapsed();
            let after = observe().await?;
            anyhow::Ok(([before, after], elapsed))
        })
        .await?;
    shared.stopping.set(true);
    // Each connection ends after the message at hand.
    if timeout(PATIENCE, tasks).await.is_err() {
        shared.failed("no answer within 15 s".to_owned());
    }
    let outcome = shared.outcome.take();
    Ok((Outcome { elapsed, ..outcome }, observed))
}

impl Shared {
    async fn converse(&self, mut connection: Connection) {
        let mut request = Vec::with_capacity(1024);
        while !self.stopping.get() {
            for line in self.senders.next() {
                let began = Instant::now();
                let is_right = self.exchange(line, &mut connection, &mut request).await;
                let took = began.elapsed();
                if self.measuring.get() && is_right {
                    let mut outcome = self.outcome.borrow_mut();
                    outcome.latencies.push(took);
                    outcome.messages += 1;
                }
                if !is_right {
                    // Where this conversation stands is not known: on to another sender.
                    sleep(AFTER_FAILURE).await;
                    break;
                }
                if self.stopping.get() {
                    return;
                }
            }
        }
    }

    /// Asks for what needs a call, and again.
    async fn call(&self, mut connection: Connection) {
        let mut request = Vec::with_capacity(1024);
        while !self.stopping.get() {
            let line = self.senders.next_caller();
            if !self.exchange(line, &mut connection, &mut request).await {
                sleep(AFTER_FAILURE).await;
            }
        }
    }

    /// Whether the reply is the expected one.
    async fn exchange(
        &self,
        line: Line,
        connection: &mut Connection,
        request: &mut Vec<u8>,
    ) -> bool {
        let (kind, status, expected) = match self.traffic {
            Traffic::Conversations => (Kind::Message, 200, line.reply()),
            Traffic::NoMessages => (Kind::NoBody, 400, script::NO_BODY.to_owned()),
        };
        self.writer.write(line, kind, request);
        let response = match connection.send(request).await {
            Ok(response) => response,
            Err(error) => {
                self.failed(error.to_string());
                return false;
            }
        };
        if response.status != status {
            let body = String::from_utf8_lossy(response.body);
            self.failed(format!("status {}: {}", response.status, body.trim()));
            return false;
        }
        let is_right = response.body == expected.as_bytes();
        let mut outcome = self.outcome.borrow_mut();
        if is_right {
            outcome.answered += 1;
        } else {
            outcome.wrong += 1;
            let body = String::from_utf8_lossy(response.body);
            outcome.first_failure.get_or_insert_with(|| format!("expected {expected}, got {body}"));
        }
        is_right
    }

    fn failed(&self, reason: String) {
        let mut outcome = self.outcome.borrow_mut();
        outcome.failed += 1;
        outcome.first_failure.get_or_insert(reason);
    }
}

/// Tries the contract that all subjects have in common: what is not signed is
/// refused, a conversation goes as it should, and a repeat gets the first reply
/// and moves nothing.
pub(crate) async fn check_contract(
    address: SocketAddr,
    writer: &Writer,
    senders: &Senders,
) -> anyhow::Result<()> {
    let mut connection = Connection::new(address);
    let mut request = Vec::new();
    let [hello, name, song] = senders.next();
    for (line, kind, status) in [
        (hello, Kind::Unsigned, REFUSED),
        (hello, Kind::Forged, REFUSED),
        (hello, Kind::Message, 200),
        (name, Kind::Message, 200),
        (name, Kind::Message, 200),
        (hello, Kind::Message, 200),
        (song, Kind::Message, 200),
        (song, Kind::Message, 200),
    ] {
        writer.write(line, kind, &mut request);
        let response = timeout(PATIENCE, connection.send(&request)).await;
        let response = response.context("it does not answer")?.context("it does not answer")?;
        let body = String::from_utf8_lossy(response.body);
        let is_right = match status {
            // The official middleware of Express answers 400 where there is no signature.
            REFUSED => [400, 403].contains(&response.status),
            _ => response.status == status && body == line.reply(),
        };
        anyhow::ensure!(
            is_right,
            "{kind:?} `{}` was answered with {}: {body}",
            line.text(),
            response.status
        );
    }
    Ok(())
}
