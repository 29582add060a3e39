//! What is counted and measured, and the names of the metrics.
//!
//! Every metric of the service is defined here, so its name, labels and meaning
//! are in one place. Other modules call these functions when an event happens.
//! Without [`install`] the calls cost next to nothing. Labels are fixed words,
//! never anything that people wrote or who they are.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::conversation::Ignored;
use crate::outbox::state::State;

/// What became of an authentic message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The message was taken and answered.
    Answered,
    /// The message had been taken before, and got its first reply again.
    Repeated,
    /// The message arrived too fast after others from its sender, and got an empty reply.
    Flooding,
    /// Too many messages were waiting, or its sender stayed locked: 503.
    Busy,
    /// The database did not take the message in time: 503.
    Unavailable,
    /// The database rejects this message: 500.
    Rejected,
    /// The service was shutting down: 503.
    Closed,
    /// The sender is in newer flows, which this release cannot load: 503.
    Outdated,
    /// A defect affected this message or one in the same batch: 500.
    Defect,
}

/// What became of a call of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// The host answered with a status of this class.
    Success,
    /// The same.
    Redirect,
    /// The same.
    ClientError,
    /// The same.
    ServerError,
    /// The time limit passed first.
    Timeout,
    /// There was no answer that could be used.
    Failed,
}

impl CallOutcome {
    const ALL: [Self; 6] = [
        Self::Success,
        Self::Redirect,
        Self::ClientError,
        Self::ServerError,
        Self::Timeout,
        Self::Failed,
    ];

    /// Returns the outcome of a call that was answered with this status.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            ..300 => Self::Success,
            300..400 => Self::Redirect,
            400..500 => Self::ClientError,
            500.. => Self::ServerError,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Success => "2xx",
            Self::Redirect => "3xx",
            Self::ClientError => "4xx",
            Self::ServerError => "5xx",
            Self::Timeout => "timeout",
            Self::Failed => "failed",
        }
    }
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

/// Why a request was refused before it became a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The body is larger than allowed: 413.
    TooLarge,
    /// The body did not arrive completely: 400.
    Incomplete,
    /// The body cannot be read as a form: 400.
    Form,
    /// The request is not signed, not signed by the provider, or signed as
    /// another message: 403.
    Signature,
    /// The request is signed, but its body is not a form: 415.
    NotAForm,
    /// The request is authentic, but not a message, or of another account: 400.
    NoMessage,
    /// The request may be a message, but used another path or method: 404, 405.
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

/// Returns the label for the reason why a message was ignored; logs use the same word.
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
const WOKEN: &str = "ringback_turns_after_silence_total";
const TEXTS: &str = "ringback_texts_total";
const CALLS: &str = "ringback_calls_total";
const CALLBACKS: &str = "ringback_callbacks_total";
const PRUNED: &str = "ringback_messages_pruned_total";
const LOG_LINES_LOST: &str = "ringback_log_lines_lost_total";

/// What requests to callbacks are answered with.
const CALLBACK_STATUSES: [u16; 7] = [202, 400, 404, 409, 413, 422, 503];

/// The buckets of the timings: from a tenth of a millisecond to the time that Twilio waits.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0];

const MESSAGES_OF_A_BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Access to the metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Returns all metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Starts counting, for the whole process.
pub fn install() -> Result<Metrics, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Full(BATCH.to_owned()), &MESSAGES_OF_A_BATCH)?
        .install_recorder()?;
    describe();
    begin();
    Ok(Metrics(handle))
}

/// Sets every counter whose labels are known to zero at the start, so that its
/// first increase is visible.
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
    for state in State::ALL {
        if !matches!(state, State::Pending | State::Claimed) {
            counter!(TEXTS, "state" => state.as_str()).absolute(0);
        }
    }
    for outcome in CallOutcome::ALL {
        counter!(CALLS, "outcome" => outcome.label()).absolute(0);
    }
    for status in CALLBACK_STATUSES {
        counter!(CALLBACKS, "status" => status.to_string()).absolute(0);
    }
    for count in [WOKEN, RETRIES, PRUNED, LOG_LINES_LOST] {
        counter!(count).absolute(0);
    }
    gauge!(CONNECTIONS).set(0.0);
    // A process that serves has found the database and migrated it.
    database_is_up(true);
}

fn describe() {
    describe_counter!(MESSAGES, "Authentic messages, by what became of them");
    describe_counter!(ENDED, "Conversations that ended, by flow and outcome");
    describe_counter!(IGNORED, "Messages that were taken and changed nothing, by reason");
    describe_counter!(REFUSED, "Requests that were refused, by reason");
    describe_histogram!(BATCH, "Messages that one transaction served");
    describe_histogram!(QUEUE_WAIT, Unit::Seconds, "From a message's arrival to its batch");
    describe_histogram!(TURN, Unit::Seconds, "From the start of a batch to its commit or failure");
    describe_counter!(DATABASE_ERRORS, "Failures of the database, by kind");
    describe_counter!(RETRIES, "Batches that were retried");
    describe_gauge!(DATABASE_UP, "Whether the last batch found a database: 1 or 0");
    describe_gauge!(CONNECTIONS, "Connections that are open");
    describe_counter!(WOKEN, "Turns that silence caused");
    describe_counter!(TEXTS, "Texts that answer no message, by what became of them");
    describe_counter!(CALLS, "Calls of flows, by what became of them");
    describe_counter!(CALLBACKS, "Requests of third parties to callbacks, by status");
    describe_counter!(PRUNED, "Old messages that were deleted");
    describe_counter!(LOG_LINES_LOST, "Log lines that nobody read in time");
}

/// Counts an authentic message by what became of it; each repeat counts, too.
pub fn message(outcome: Outcome) {
    counter!(MESSAGES, "outcome" => outcome.label()).increment(1);
}

/// Counts a conversation that ended.
pub fn conversation_ended(flow: &str, outcome: &str) {
    counter!(ENDED, "flow" => flow.to_owned(), "outcome" => outcome.to_owned()).increment(1);
}

/// Counts turns that silence caused.
pub fn woken(turns: usize) {
    counter!(WOKEN).increment(u64::try_from(turns).unwrap_or(u64::MAX));
}

/// Counts a text that answers no message, by its new state.
pub fn text(state: State) {
    counter!(TEXTS, "state" => state.as_str()).increment(1);
}

/// Counts a call by what became of it.
pub fn call(outcome: CallOutcome) {
    counter!(CALLS, "outcome" => outcome.label()).increment(1);
}

/// Counts a request to a callback by its status.
pub fn called_back(status: u16) {
    counter!(CALLBACKS, "status" => status.to_string()).increment(1);
}

/// Counts a message that was taken and changed nothing.
pub fn message_ignored(reason: Ignored) {
    counter!(IGNORED, "reason" => why_ignored(reason)).increment(1);
}

/// Counts a request that was refused before it became a message.
pub fn request_refused(reason: Reason) {
    counter!(REFUSED, "reason" => reason.label()).increment(1);
}

/// Records the number of messages in a batch that begins.
pub fn batch_begun(messages: usize) {
    let messages = u32::try_from(messages).unwrap_or(u32::MAX);
    histogram!(BATCH).record(f64::from(messages));
}

/// Records how long a message waited in the queue.
pub fn waited(time: Duration) {
    histogram!(QUEUE_WAIT).record(time);
}

/// Records how long a batch took until it was committed or refused.
pub fn batch_done(time: Duration) {
    histogram!(TURN).record(time);
}

/// Counts a failure of the database.
pub fn database_error(kind: &'static str) {
    counter!(DATABASE_ERRORS, "kind" => kind).increment(1);
}

/// Counts a retry of a batch.
pub fn batch_retried() {
    counter!(RETRIES).increment(1);
}

/// Records whether the database can be used.
pub fn database_is_up(up: bool) {
    gauge!(DATABASE_UP).set(if up { 1.0 } else { 0.0 });
}

/// Counts one more open connection.
pub fn connection_opened() {
    gauge!(CONNECTIONS).increment(1.0);
}

/// Counts one open connection less.
pub fn connection_closed() {
    gauge!(CONNECTIONS).decrement(1.0);
}

/// Counts old messages that were deleted.
pub fn messages_pruned(messages: u64) {
    counter!(PRUNED).increment(messages);
}

/// Counts log lines that were lost.
pub fn log_lines_lost(lines: u64) {
    counter!(LOG_LINES_LOST).increment(lines);
}
