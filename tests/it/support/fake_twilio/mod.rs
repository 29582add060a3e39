//! A Twilio of the tests' own, on loopback: it takes texts by REST as the real
//! one does, fails as a test wants it to, and reports statuses, signed.
//!
//! It checks what the real one checks first: path, credentials, form. What it
//! sent to people can be asked for, also where its answer was lost. Each
//! connection has one request, so that a part always meets the next request.

mod form;
mod http;
mod part;
mod report;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub(crate) use self::form::Text;
use self::http::Request;
pub(crate) use self::part::{Answer, Part};
use super::waiting::until_closed;

/// Whose texts it takes.
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000000";

/// What requests are authorized with, and what reports are signed with.
pub(crate) use super::twilio::TOKEN;

/// An API key of the account, and its secret.
pub(crate) const KEY: (&str, &str) =
    ("SK00000000000000000000000000000001", "a-secret-of-the-tests");

/// Long enough for any machine; only a failing test waits for it to pass.
const DEADLINE: Duration = Duration::from_secs(20);

/// Runs until it goes out of scope.
pub(crate) struct FakeTwilio {
    address: SocketAddr,
    state: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    /// Changes with each request and each release.
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    parts: VecDeque<Part>,
    /// How many of those that hold their answer may give it.
    released: usize,
    requests: Vec<Request>,
    texts: Vec<Text>,
    /// Where reports go in place of the host in their URL.
    reached_at: Option<SocketAddr>,
}

impl FakeTwilio {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Shared { state: Mutex::default(), changed: watch::Sender::new(0) });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { address, state, task }
    }

    /// What `TWILIO_API_URL` is set to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Plays these parts for the next requests, in this order after those that
    /// it was told before; each further request is answered with 201.
    pub(crate) fn play(&self, parts: &[Part]) {
        self.state.get().parts.extend(parts.iter().cloned());
    }

    /// Forgets the parts that were not played: each further request is answered
    /// with 201.
    pub(crate) fn play_no_more(&self) {
        self.state.get().parts.clear();
    }

    /// Gives the answer of one part that holds it.
    pub(crate) fn release(&self) {
        self.state.get().released += 1;
        self.state.note();
    }

    /// All texts that are on their way to people, in order.
    pub(crate) fn texts(&self) -> Vec<Text> {
        self.state.get().texts.clone()
    }

    /// All requests that it read, in order, also those that it refused.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.get().requests.clone()
    }

    /// Waits until it has read so many requests.
    pub(crate) async fn has_read(&self, count: usize) {
        self.state.until(|state| state.requests.len() >= count).await;
    }

    /// Reports go to this address, whatever host their URL names: the service's
    /// public URL leads nowhere in a test.
    pub(crate) fn reaches_service_at(&self, address: SocketAddr) {
        self.state.get().reached_at = Some(address);
    }

    /// Reports a status of a text to its `StatusCallback`, as often and in what
    /// order the test likes. Returns the status that the service answers.
    pub(crate) async fn report(&self, text: &Text, status: &str, code: Option<u32>) -> u16 {
        let reached_at = self.state.get().reached_at;
        report::post(text, status, code, reached_at).await
    }
}

impl Drop for FakeTwilio {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn get(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn note(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    async fn until(&self, mut is_so: impl FnMut(&mut State) -> bool) {
        let mut changes = self.changed.subscribe();
        let waited = timeout(DEADLINE, async {
            while !is_so(&mut self.get()) {
                changes.changed().await.unwrap();
            }
        });
        waited.await.expect("what is waited for does not happen");
    }

    /// Takes a text, which goes to the person from now on.
    fn send(&self, mut text: Text) -> Text {
        let mut state = self.get();
        text.sid = format!("SM{:032x}", state.texts.len() + 1);
        state.texts.push(text.clone());
        text
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    // Until something comes: which part is next may be told meanwhile.
    if stream.peek(&mut [0]).await.unwrap_or(0) == 0 {
        return;
    }
    let part = shared.get().parts.pop_front().unwrap_or(Part::Take);
    if matches!(part, Part::CloseUnread) {
        return;
    }
    let Some(request) = http::read(&mut stream).await else { return };
    shared.get().requests.push(request.clone());
    let read = form::check(&request);
    if let (Part::Send(_) | Part::Take | Part::ReportFirst(_), Ok(text)) = (&part, &read) {
        // Before anybody can know that the request was read.
        let text = shared.send(text.clone());
        shared.note();
        return answer_sent(stream, &shared, part, &text).await;
    }
    shared.note();
    let bytes = match (part, read) {
        (_, Err(refusal)) => refusal,
        (Part::Refuse { status, code }, Ok(_)) => http::error(status, code),
        (Part::Busy { retry_after }, Ok(_)) => http::busy(retry_after),
        (Part::Lose(answer), Ok(_)) => return answer.give(stream, &shared, None).await,
        (Part::CloseUnread | Part::Send(_) | Part::Take | Part::ReportFirst(_), Ok(_)) => return,
    };
    http::write(&mut stream, &bytes).await;
}

async fn answer_sent(mut stream: TcpStream, shared: &Shared, part: Part, text: &Text) {
    match part {
        Part::Send(answer) => answer.give(stream, shared, Some(text)).await,
        Part::ReportFirst(statuses) => {
            let reached_at = shared.get().reached_at;
            for status in statuses {
                report::post(text, status, None, reached_at).await;
            }
            http::write(&mut stream, &created(text)).await;
        }
        _ => http::write(&mut stream, &created(text)).await,
    }
}

/// The answer to a text that was taken.
fn created(text: &Text) -> Vec<u8> {
    let status = if text.service.is_some() { "accepted" } else { "queued" };
    let segments = if text.service.is_some() { "0" } else { "1" };
    let body = json!({
        "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": text.body,
        "date_sent": null, "direction": "outbound-api", "error_code": null,
        "error_message": null, "from": text.from, "messaging_service_sid": text.service,
        "num_media": text.media.len().to_string(), "num_segments": segments, "price": null,
        "sid": text.sid, "status": status, "to": text.to,
    });
    http::answer(201, "", &body.to_string())
}

impl Answer {
    async fn give(self, mut stream: TcpStream, shared: &Shared, text: Option<&Text>) {
        let taken = || text.map_or_else(|| http::error(500, 20_500), created);
        match self {
            Self::Fault(status) => http::write(&mut stream, &http::error(status, 20_500)).await,
            Self::Close => drop(stream.shutdown().await),
            Self::Page => {
                let page = http::answer(201, "", "<html>Created</html>");
                http::write(&mut stream, &page).await;
            }
            Self::Half => {
                let whole = taken();
                http::write(&mut stream, &whole[..whole.len() / 2]).await;
            }
            Self::Never => until_closed(&mut stream).await,
            Self::Held => {
                let next = |state: &mut State| {
                    let is_released = state.released > 0;
                    state.released -= usize::from(is_released);
                    is_released
                };
                shared.until(next).await;
                http::write(&mut stream, &taken()).await;
            }
        }
    }
}
