//! What is counted and timed, under which names.
//!
//! Every metric of the service is here, so that its name, labels and meaning
//! stand in one place; other modules call these functions at the moment it
//! happens. Without [`install`] they cost next to nothing. Labels are words of
//! ours, never what people wrote or who they are.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::conversation::Ignored;

/// What became of a message that was authentic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken and answered.
    Answered,
    /// It had been taken before, and got its first reply again.
    Repeated,
    /// It came too fast after others of its sender, and got an empty reply.
    Flooding,
    /// Too many were waiting, or its sender stayed locked: 503.
    Busy,
    /// The database did not take it in time: 503.
    Unavailable,
    /// The database rejects this very message: 500.
    Rejected,
    /// The service was going down: 503.
    Closed,
    /// Its sender stands in newer flows, which this release cannot load: 503.
    Outdated,
    /// It, or one beside it, met a defect: 500.
    Defect,
}

impl Outcome {
    const ALL: [Self; 9] = [
        Self::Answered,
        Self::Repeated,
        Self::Flooding,
        Self::Busy,
        Self::Unavailable,
        Self::Rejected,
        Self::Closed,
        Self::Outdated,
        Self::Defect,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Repeated => "repeated",
            Self::Flooding => "flooding",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Rejected => "rejected",
            Self::Closed => "closed",
            Self::Outdated => "outdated",
            Self::Defect => "defect",
        }
    }
}

/// Why a request never became a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its body is larger than it may be: 413.
    TooLarge,
    /// Its body did not arrive whole: 400.
    Incomplete,
    /// Its body cannot be read as a form: 400.
    Form,
    /// It is not signed, not by the provider, or as another message: 403.
    Signature,
    /// It is signed, but its body is no form: 415.
    NotAForm,
    /// It is authentic, but no message, or of another account: 400.
    NoMessage,
    /// It may be a message, and came to another path or by another method: 404, 405.
    Path,
}

impl Reason {
    const ALL: [Self; 7] = [
        Self::TooLarge,
        Self::Incomplete,
        Self::Form,
        Self::Signature,
        Self::NotAForm,
        Self::NoMessage,
        Self::Path,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::Form => "form",
            Self::Signature => "signature",
            Self::NotAForm => "not_a_form",
            Self::NoMessage => "no_message",
            Self::Path => "path",
        }
    }
}

/// The label of why a message was ignored; logs have the same.
pub fn why_ignored(why: Ignored) -> &'static str {
    match why {
        Ignored::Reaction => "reaction",
        Ignored::Provider => "provider",
        Ignored::Double => "double",
        Ignored::Quiet => "quiet",
    }
}

const MESSAGES: &str = "ringback_messages_total";
const ENDED: &str = "ringback_conversations_ended_total";
const IGNORED: &str = "ringback_messages_ignored_total";
const REFUSED: &str = "ringback_requests_refused_total";
const BATCH: &str = "ringback_batch_messages";
const QUEUE_WAIT: &str = "ringback_queue_wait_seconds";
const TURN: &str = "ringback_batch_seconds";
const DATABASE_ERRORS: &str = "ringback_database_errors_total";
const RETRIES: &str = "ringback_batch_retries_total";
const DATABASE_UP: &str = "ringback_database_up";
const CONNECTIONS: &str = "ringback_connections";
const PRUNED: &str = "ringback_messages_pruned_total";
const LOG_LINES_LOST: &str = "ringback_log_lines_lost_total";

/// From a tenth of a millisecond to Twilio's patience.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0];

const MESSAGES_OF_A_BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Where the figures are read.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// All figures in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Begins to count, for the whole process.
pub fn install() -> Result<Metrics, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Full(BATCH.to_owned()), &MESSAGES_OF_A_BATCH)?
        .install_recorder()?;
    describe();
    begin();
    Ok(Metrics(handle))
}

/// Counts whose labels are known stand at zero from the start, so that their
/// first increase is seen as one.
fn begin() {
    for outcome in Outcome::ALL {
        counter!(MESSAGES, "outcome" => outcome.label()).absolute(0);
    }
    for reason in Reason::ALL {
        counter!(REFUSED, "reason" => reason.label()).absolute(0);
    }
    for reason in Ignored::ALL {
        counter!(IGNORED, "reason" => why_ignored(reason)).absolute(0);
    }
    for count in [RETRIES, PRUNED, LOG_LINES_LOST] {
        counter!(count).absolute(0);
    }
    gauge!(CONNECTIONS).set(0.0);
    // Whoever serves has found and migrated it.
    database_is_up(true);
}

fn describe() {
    describe_counter!(MESSAGES, "Authentic messages, by what became of them");
    describe_counter!(ENDED, "Conversations that ended, by flow and outcome");
    describe_counter!(IGNORED, "Messages that were taken and moved nothing, by reason");
    describe_counter!(REFUSED, "Requests that were refused, by reason");
    describe_histogram!(BATCH, "Messages that one transaction served");
    describe_histogram!(QUEUE_WAIT, Unit::Seconds, "From a message's arrival to its batch");
    describe_histogram!(TURN, Unit::Seconds, "From the start of a batch to its commit or failure");
    describe_counter!(DATABASE_ERRORS, "Failures of the database, by kind");
    describe_counter!(RETRIES, "Batches that were tried again");
    describe_gauge!(DATABASE_UP, "Whether the last batch found a database: 1 or 0");
    describe_gauge!(CONNECTIONS, "Connections that are open");
    describe_counter!(PRUNED, "Old messages that were deleted");
    describe_counter!(LOG_LINES_LOST, "Log lines that nobody read in time");
}

/// What became of one authentic message, one of its repeats included.
pub fn message(outcome: Outcome) {
    counter!(MESSAGES, "outcome" => outcome.label()).increment(1);
}

/// A conversation ended.
pub fn conversation_ended(flow: &str, outcome: &str) {
    counter!(ENDED, "flow" => flow.to_owned(), "outcome" => outcome.to_owned()).increment(1);
}

/// A message was taken, and moved nothing.
pub fn message_ignored(reason: Ignored) {
    counter!(IGNORED, "reason" => why_ignored(reason)).increment(1);
}

/// A request was refused before there was a message.
pub fn request_refused(reason: Reason) {
    counter!(REFUSED, "reason" => reason.label()).increment(1);
}

/// A batch began with this many messages.
pub fn batch_begun(messages: usize) {
    let messages = u32::try_from(messages).unwrap_or(u32::MAX);
    histogram!(BATCH).record(f64::from(messages));
}

/// A message left the queue after waiting so long.
pub fn waited(time: Duration) {
    histogram!(QUEUE_WAIT).record(time);
}

/// A batch is done: committed, or refused.
pub fn batch_done(time: Duration) {
    histogram!(TURN).record(time);
}

/// The database failed.
pub fn database_error(kind: &'static str) {
    counter!(DATABASE_ERRORS, "kind" => kind).increment(1);
}

/// A batch is tried again.
pub fn batch_retried() {
    counter!(RETRIES).increment(1);
}

/// Whether the database can be used.
pub fn database_is_up(up: bool) {
    gauge!(DATABASE_UP).set(if up { 1.0 } else { 0.0 });
}

/// One connection more.
pub fn connection_opened() {
    gauge!(CONNECTIONS).increment(1.0);
}

/// One connection fewer.
pub fn connection_closed() {
    gauge!(CONNECTIONS).decrement(1.0);
}

/// So many old messages were deleted.
pub fn messages_pruned(messages: u64) {
    counter!(PRUNED).increment(messages);
}

/// So many lines of the log were lost.
pub fn log_lines_lost(lines: u64) {
    counter!(LOG_LINES_LOST).increment(lines);
}
