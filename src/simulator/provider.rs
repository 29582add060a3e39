//! The page's own Twilio: it takes texts by REST as the real one does, and
//! reports what became of them, signed.
//!
//! The service reaches it by HTTP, with the client that it uses for the real
//! one. Nothing leaves the machine. What it takes is shown on the phone, which
//! reads the outbox. The page can [choose](super::choice) that the next text
//! meets a failure of the real one.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio::time::sleep;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::account::{Account, PATH};
use super::next_text::NextText;
use super::report::Report;
use super::shared::Shared;
use crate::twilio::rest::codes;

/// The longest request: a full text with every character escaped, and media.
const MAX_REQUEST: usize = 64 * 1024;

/// How long after a lost answer the first report comes, so that the page shows for
/// a moment that nobody knows what became of the text.
const LATE: Duration = Duration::from_secs(2);

/// The parts of the route.
struct Provider {
    authorization: SecretString,
    shared: Arc<Shared>,
    reporting: TaskTracker,
}

/// Returns the route to which the service posts its texts.
pub(super) fn router(shared: &Arc<Shared>) -> Router {
    let Some(Ok(credentials)) = shared.simulator.account.as_ref().map(Account::credentials) else {
        return Router::new();
    };
    let provider = Provider {
        authorization: credentials.authorization(),
        shared: Arc::clone(shared),
        reporting: TaskTracker::new(),
    };
    let path = format!("{PATH}/2010-04-01/Accounts/{{account}}/Messages.json");
    Router::new()
        .route(&path, post(take))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(Arc::new(provider))
}

/// Takes a text: 201, or the error that the real one would answer.
async fn take(
    State(provider): State<Arc<Provider>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    let expected = provider.authorization.expose_secret().as_bytes();
    if !bool::from(given.unwrap_or_default().ct_eq(expected)) {
        return refuse(StatusCode::UNAUTHORIZED, 20_003, "Authenticate");
    }
    let Ok(form) = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body) else {
        return refuse(StatusCode::BAD_REQUEST, 20_001, "the body is not a form");
    };
    let find =
        |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let media = form.iter().filter(|(name, _)| name == "MediaUrl").count();
    let (to, from) = (find("To").unwrap_or_default(), find("From").unwrap_or_default());
    let text = find("Body").unwrap_or_default();
    for (is_missing, code, message) in [
        (to.is_empty(), 21_604, "a 'To' address is required"),
        (from.is_empty(), 21_603, "a 'From' address is required"),
        (text.is_empty() && media == 0, 21_619, "a text message body or media is required"),
    ] {
        if is_missing {
            return refuse(StatusCode::BAD_REQUEST, code, message);
        }
    }
    let next = provider.shared.take_next_text(to);
    if next == NextText::Refused {
        let message = "Attempt to send to unsubscribed recipient";
        return refuse(StatusCode::BAD_REQUEST, codes::OPTED_OUT, message);
    }
    let sid = format!("SM{}", Uuid::new_v4().simple());
    if let Some(callback) = find("StatusCallback") {
        let [callback, from, to] = [callback, from, to].map(str::to_owned);
        let report = Report { callback, sid: sid.clone(), account: account.clone(), from, to };
        provider.reporting.spawn(report_all(Arc::clone(&provider.shared), report, next));
    }
    if next.loses_answer() {
        return no_answer();
    }
    let taken = json!({
        "sid": sid, "account_sid": account, "status": "queued", "to": to, "from": from,
        "num_media": media.to_string(), "num_segments": "1", "direction": "outbound-api",
        "error_code": null, "error_message": null,
    });
    (StatusCode::CREATED, Json(taken)).into_response()
}

/// Reports what becomes of a text.
async fn report_all(shared: Arc<Shared>, report: Report, next: NextText) {
    if next.loses_answer() {
        sleep(LATE).await;
    }
    for (status, code) in next.reports() {
        report.post(&shared.simulator, status, *code).await;
    }
}

/// Closes the connection without a byte: the server writes nothing of an answer
/// whose body fails at its beginning.
fn no_answer() -> Response {
    let lost = io::Error::from(io::ErrorKind::ConnectionAborted);
    Body::from_stream(tokio_stream::once(Err::<Bytes, _>(lost))).into_response()
}

fn refuse(status: StatusCode, code: u32, message: &str) -> Response {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({
        "code": code, "message": message, "more_info": more, "status": status.as_u16(),
    });
    (status, Json(body)).into_response()
}
