//! The service's verdict on a request, in words: whether it is authentic, why it
//! got its answer, and what to do about it.

use axum::http::StatusCode;
use serde::Serialize;

use crate::http::{MAX_BODY, Seen, Verdict};
use crate::telemetry::Outcome;
use crate::twilio::astray;
use crate::twilio::public_url::{CALLBACKS_PATH, PublicUrl, STATUS_PATH, WEBHOOK_PATH};
use crate::twilio::signature::Rejection;

/// The advice about a request of somebody else.
const PAGE_IS_ON: &str = "While this page is on, the service takes only what the page signs. To \
                          take Twilio's requests, set TWILIO_AUTH_TOKEN and PUBLIC_URL, which turns \
                          the page off.";

const CUT: &str = "Somebody reads your requests, perhaps in the log of a proxy, and sends them \
                   again. Find out where, and rotate the auth token.";

const AGAIN: &str = "Twilio sends it again, and nothing is lost.";

const IN_THE_LOG: &str = "The log says which of the two it is, and names the message.";

const OTHER_METHOD: &str = "Choose HTTP POST at the provider.";

/// Whether a request is authentic, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::simulator) enum Word {
    /// The signature is right.
    Authentic,
    /// The signature is wrong or missing, or belongs to another message.
    Refused,
    /// Nobody signs such requests.
    Unsigned,
    /// The request was refused before its signature was examined.
    Unread,
}

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Judgement {
    pub(in crate::simulator) word: Word,
    /// Why the request got its answer.
    pub(in crate::simulator) why: Option<String>,
    /// What to do about it: the line of the log, if there is one.
    pub(super) advice: Option<String>,
    /// Whether its signature belongs to another message.
    pub(in crate::simulator) is_recut: bool,
}

/// Returns the service's verdict on a request.
pub(super) fn judge(seen: &Seen, is_own: bool, public_url: &PublicUrl) -> Judgement {
    let path = seen.target.split('?').next().unwrap_or_default();
    let (word, why, advice) = match &seen.verdict {
        Some(Verdict::Authentic) => {
            let (why, advice) = of_authentic(seen);
            (Word::Authentic, why, advice.map(str::to_owned))
        }
        // The parameters that the signature covers could not be taken apart.
        Some(Verdict::Refused { rejection: Rejection::Form(error), .. }) => {
            (Word::Unread, format!("{}.", capitalized(&error.to_string())), None)
        }
        Some(Verdict::Refused { rejection, diagnosis }) => {
            let diagnosis = diagnosis.as_ref();
            let diagnosis = diagnosis.map(|words| format!("{}.", capitalized(&words.to_string())));
            let page = (!is_own).then(|| PAGE_IS_ON.to_owned());
            let advice: Vec<String> = diagnosis.into_iter().chain(page).collect();
            let advice = (!advice.is_empty()).then(|| advice.join(" "));
            (Word::Refused, format!("{}.", capitalized(&rejection.to_string())), advice)
        }
        Some(Verdict::Recut) => {
            let why = "The signature belongs to another message: the same bytes came before, cut \
                       into other parameters.";
            (Word::Refused, why.to_owned(), Some(CUT.to_owned()))
        }
        None => {
            let is_callback = path.starts_with(CALLBACKS_PATH);
            let word = if is_callback { Word::Unsigned } else { Word::Unread };
            let why = if is_callback { of_callback(seen.status) } else { of_unread(seen.status) };
            (word, why, of_path(seen.status, path, public_url))
        }
    };
    let is_recut = seen.verdict == Some(Verdict::Recut);
    Judgement { word, why: Some(why), advice, is_recut }
}

/// Returns why a request with the right signature got its answer.
fn of_authentic(seen: &Seen) -> (String, Option<&'static str>) {
    let is_report = seen.target.starts_with(STATUS_PATH);
    let (why, advice) = match (seen.outcome, seen.status) {
        (Some(Outcome::Repeated), _) => {
            ("its id is known: the first reply came again, and nothing moved", None)
        }
        (Some(Outcome::Flooding), _) => {
            ("its sender writes faster than people do, and gets silence until they rest", None)
        }
        (_, status) if status.is_success() && is_report => ("the report was taken", None),
        (_, status) if status.is_success() => ("the message was answered", None),
        (_, StatusCode::UNSUPPORTED_MEDIA_TYPE) => ("its body is not a form", None),
        (_, StatusCode::BAD_REQUEST) if is_report => {
            ("it is not a report about a text; the answer says why", None)
        }
        (_, StatusCode::BAD_REQUEST) => ("it is not a message; the answer says why", None),
        (_, StatusCode::SERVICE_UNAVAILABLE) => ("it could not be taken now", Some(AGAIN)),
        _ => ("the database rejects this message, or Ringback has a defect", Some(IN_THE_LOG)),
    };
    let link = if seen.status.is_success() { "and" } else { "but" };
    (format!("The signature is right, {link} {why}."), advice)
}

/// Returns why a result of a third party got its answer.
fn of_callback(status: StatusCode) -> String {
    let why = match status {
        StatusCode::ACCEPTED => "The result was taken, either now or before.",
        StatusCode::NOT_FOUND => "No conversation waits for a callback of this name.",
        StatusCode::CONFLICT => "Another result came before.",
        StatusCode::UNPROCESSABLE_ENTITY => "The conversation cannot use this result.",
        StatusCode::SERVICE_UNAVAILABLE => {
            "The result could not be kept now. The third party has to send it again."
        }
        StatusCode::BAD_REQUEST => "The body is not JSON, or did not arrive completely.",
        _ => return of_unread(status),
    };
    format!("{why} Nobody signs a callback: its name is the proof.")
}

/// Returns why a request whose signature was not examined got its answer.
fn of_unread(status: StatusCode) -> String {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => format!("The body is larger than {MAX_BODY} bytes."),
        StatusCode::BAD_REQUEST => "The body did not arrive completely.".to_owned(),
        StatusCode::REQUEST_TIMEOUT => "The request took too long to arrive.".to_owned(),
        StatusCode::NOT_FOUND => "Nothing is at this path.".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "The method is not POST.".to_owned(),
        status if status.is_success() => "The request was taken.".to_owned(),
        _ => "Ringback has a defect, or could not take the request now.".to_owned(),
    }
}

/// Returns what is wrong with the path of a request that found no route.
fn of_path(status: StatusCode, path: &str, public_url: &PublicUrl) -> Option<String> {
    match status {
        StatusCode::METHOD_NOT_ALLOWED if path == WEBHOOK_PATH => Some(OTHER_METHOD.to_owned()),
        StatusCode::NOT_FOUND if !path.starts_with(CALLBACKS_PATH) => {
            Some(format!("{}.", capitalized(&astray::advice(path, public_url))))
        }
        _ => None,
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
