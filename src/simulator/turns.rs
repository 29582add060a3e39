//! Why each turn of a phone went as it did.
//!
//! `GET /simulator/turns?phone=…` answers with the newest turns and what explains
//! them, and `GET /simulator/chat?phone=…` with the last conversation as a chat file.
//! Both know the turns that this process has taken since its start.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::asked_phone::AskedPhone;
use super::shared::Shared;
use crate::conversation::narration::{self, Change};
use crate::conversation::recording::{recorded, written_turn};
use crate::conversation::{CallAnswer, Explained, Happened, Request};

/// The most turns that are shown.
const SHOWN: usize = 200;

/// How much of the answer of a call is shown, in characters.
const MOST_SHOWN: usize = 2_000;

/// The turns of a phone.
#[derive(Serialize)]
struct TurnsData {
    /// Oldest first.
    turns: Vec<ExplainedData>,
}

/// One turn.
#[derive(Serialize)]
struct ExplainedData {
    /// When it was taken, in RFC 3339.
    at: String,
    /// `message`, `silence`, `call` or `callback`.
    what: &'static str,
    /// The id of the message, if it was one.
    message: Option<String>,
    /// What came: the text of the message, the answer of the call or the result of the
    /// callback.
    came: String,
    rules: Vec<String>,
    /// The steps that were passed.
    path: String,
    before: StandingData,
    after: StandingData,
    variables: Vec<Change>,
    calls: Vec<CallData>,
    /// What each message of the reply costs.
    costs: Vec<String>,
    /// The turn as lines of a chat file.
    lines: Vec<String>,
}

/// Where a conversation stands.
#[derive(Serialize)]
struct StandingData {
    state: String,
    language: Option<String>,
    tries: u32,
}

/// A call that the turn made. Secrets are hidden.
#[derive(Serialize)]
struct CallData {
    request: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl From<&Explained> for ExplainedData {
    fn from(turn: &Explained) -> Self {
        let Explained { happened, before, after, trace, .. } = turn;
        let (what, message, came) = match happened {
            Happened::Message(message) => {
                ("message", Some(message.id.clone()), message.body.clone())
            }
            Happened::Silence => ("silence", None, String::new()),
            Happened::Called { call, answer } => {
                ("call", None, format!("{}: {}", call.step, shown(answer)))
            }
            Happened::CalledBack { name, result } => ("callback", None, format!("{name} {result}")),
        };
        let standing = |session| StandingData {
            state: narration::state(session),
            language: session.language.clone(),
            tries: session.tries,
        };
        Self {
            at: turn.at.to_string(),
            what,
            message,
            came,
            rules: trace.rules.clone(),
            path: trace.path.clone(),
            before: standing(before),
            after: standing(after),
            variables: narration::changes(before, after),
            calls: turn.requests.iter().map(CallData::from).collect(),
            costs: turn.replies.iter().map(|reply| narration::cost(turn.channel, reply)).collect(),
            lines: written_turn(turn),
        }
    }
}

impl From<&Request> for CallData {
    fn from(request: &Request) -> Self {
        Self {
            request: request.shown(),
            headers: request.shown_headers(),
            body: request.body.as_ref().map(|body| body.content.clone()),
        }
    }
}

/// Returns the answer of a call, for people.
fn shown(answer: &CallAnswer) -> String {
    match answer {
        CallAnswer::Answered { status, body } => {
            let body = String::from_utf8_lossy(body);
            let cut: String = body.chars().take(MOST_SHOWN).collect();
            let rest = if cut.len() < body.len() { "…" } else { "" };
            format!("{status} {cut}{rest}")
        }
        CallAnswer::Timeout => "no answer in time".to_owned(),
        CallAnswer::Failed(reason) => reason.clone(),
    }
}

/// Answers with the newest turns of a phone.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    AskedPhone(sender): AskedPhone,
) -> Response {
    let turns = shared.simulator.stage.explained(&sender);
    let newest = turns.iter().skip(turns.len().saturating_sub(SHOWN));
    let turns = newest.map(|turn| ExplainedData::from(&**turn)).collect();
    Json(TurnsData { turns }).into_response()
}

/// Answers with the last conversation of a phone as a chat file.
pub(super) async fn chat_file(
    State(shared): State<Arc<Shared>>,
    AskedPhone(sender): AskedPhone,
) -> Response {
    let stage = &shared.simulator.stage;
    let (turns, (flows, _)) = (stage.explained(&sender), stage.flows());
    let flow = turns.last().and_then(|turn| turn.after.outermost_flow()).map(str::to_owned);
    // It plays every turn again, and messages must not wait for that.
    match spawn_blocking(move || recorded(&flows, &turns)).await {
        Ok(Some(text)) => {
            let name = file_name(flow.as_deref().unwrap_or("saved"), sender.as_str());
            let disposition = format!("attachment; filename=\"{name}\"");
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, text).into_response()
        }
        Ok(None) => {
            let complaint = "this phone has sent nothing since the service started\n";
            (StatusCode::NOT_FOUND, complaint).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the phone page could not write a chat file");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Returns the name under which a chat file lies beside its flow: the case is the end
/// of the number.
fn file_name(flow: &str, sender: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let flow: String = flow.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let digits: Vec<char> = sender.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    format!("{flow}.{last}.chat")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_of_plain_characters() {
        assert_eq!(file_name("order", "+14155552671"), "order.2671.chat");
        assert_eq!(file_name("a/\"b\r\n", "+1"), "a__b__.1.chat");
    }
}
