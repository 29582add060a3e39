//! The page's own Twilio: it takes texts by REST as the real one does, and
//! reports what became of them, signed.
//!
//! The service reaches it by HTTP, with the client that it uses for the real
//! one. Nothing leaves the machine. What it takes is shown on the phone, which
//! reads the outbox.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use subtle::ConstantTimeEq as _;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::account::{Account, PATH};
use super::shared::{Shared, Simulator};
use crate::twilio::form::Pairs;
use crate::twilio::signature;

/// The longest request: a full text with every character escaped, and media.
const MAX_REQUEST: usize = 64 * 1024;

/// What the phone reports about a text, in this order.
const REPORTS: [&str; 2] = ["sent", "delivered"];

/// The parts of the route.
struct Provider {
    authorization: SecretString,
    simulator: Arc<Shared>,
    reporting: TaskTracker,
}

/// Returns the route to which the service posts its texts.
pub(super) fn router(shared: &Arc<Shared>) -> Router {
    let Some(Ok(credentials)) = shared.simulator.account.as_ref().map(Account::credentials) else {
        return Router::new();
    };
    let provider = Provider {
        authorization: credentials.authorization(),
        simulator: Arc::clone(shared),
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
    let sid = format!("SM{}", Uuid::new_v4().simple());
    if let Some(callback) = find("StatusCallback") {
        let (simulator, callback) = (Arc::clone(&provider.simulator), callback.to_owned());
        let report = [sid.clone(), account.clone(), from.to_owned(), to.to_owned()];
        provider.reporting.spawn(async move {
            for status in REPORTS {
                self::report(&simulator.simulator, &callback, &report, status).await;
            }
        });
    }
    let taken = json!({
        "sid": sid, "account_sid": account, "status": "queued", "to": to, "from": from,
        "num_media": media.to_string(), "num_segments": "1", "direction": "outbound-api",
        "error_code": null, "error_message": null,
    });
    (StatusCode::CREATED, Json(taken)).into_response()
}

fn refuse(status: StatusCode, code: u32, message: &str) -> Response {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    let body = json!({
        "code": code, "message": message, "more_info": more, "status": status.as_u16(),
    });
    (status, Json(body)).into_response()
}

/// Reports a status of a text, as Twilio would.
async fn report(
    simulator: &Simulator,
    callback: &str,
    [sid, account, from, to]: &[String; 4],
    status: &str,
) {
    let form = [
        ("AccountSid", account.as_str()),
        ("ApiVersion", "2010-04-01"),
        ("From", from),
        ("MessageSid", sid),
        ("MessageStatus", status),
        ("SmsSid", sid),
        ("SmsStatus", status),
        ("To", to),
    ];
    let Ok(body) = serde_urlencoded::to_string(form) else { return };
    let Ok(pairs) = Pairs::decode(body.as_bytes()) else { return };
    let signature = signature::sign(callback, &pairs, &simulator.token);
    let Ok(url) = callback.parse::<axum::http::Uri>() else { return };
    let target = url.path_and_query().map_or("/", |target| target.as_str());
    let request = Request::post(target)
        .header(header::HOST, simulator.address.to_string())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header("X-Twilio-Signature", signature)
        .body(Body::from(body));
    if let Ok(request) = request {
        // Like a lost report of the real one: nobody repeats it.
        drop(simulator.webhook.clone().oneshot(request).await);
    }
}
