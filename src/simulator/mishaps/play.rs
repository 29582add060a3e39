//! Plays a mishap: makes its requests, and compares what the service did with what
//! it should do.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use secrecy::SecretString;
use tokio::time::timeout;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::recorded::{self, Recorded};
use super::what::What;
use crate::http::SeenAs;
use crate::message::Sender;
use crate::simulator::delivery::{self, PATIENCE, Unwritten};
use crate::simulator::phone::{Form, Phone, PhoneChannel, text_form};
use crate::simulator::requests::Kept;
use crate::simulator::shared::Simulator;
use crate::telemetry::Outcome;
use crate::twilio::signature::AuthToken;

/// How many characters a long message has.
const LONG: usize = 2_000;

/// The number in whose name a recorded request is cut. It is kept for fiction, so
/// nobody has it.
const STRANGER: &str = "+12025550123";

/// The most messages of a burst: more than a sender may send at once.
const MOST: usize = 80;

/// The largest answer that is compared, in bytes: more than ten whole replies.
const MAX_ANSWER: usize = 1024 * 1024;

/// The phone that meets a mishap.
pub(super) struct Who<'a> {
    pub(super) simulator: &'a Simulator,
    pub(super) phone: Phone,
    pub(super) channel: PhoneChannel,
    pub(super) sender: Sender,
}

/// What the service did.
pub(super) struct Played {
    /// The requests with their answers. Of a burst these are only the last request
    /// that was answered, and the first that met silence.
    pub(super) answers: Vec<Arc<Kept>>,
    /// How many requests there were.
    pub(super) count: usize,
    /// Whether the service did what it should.
    pub(super) is_right: bool,
}

/// Why a mishap could not be played.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unplayed {
    /// No message of the phone can come again.
    #[error("send a message first: there is none yet that could come again")]
    NoMessage,
    /// No older request of the phone is in memory.
    #[error(
        "send two messages first: a request is old once another message has been answered, and \
         only requests since this start are known"
    )]
    NoOldRequest,
    /// Any account is admitted.
    #[error("TWILIO_ACCOUNT_SID is not set, so messages of any account are taken")]
    AnyAccount,
    /// Somebody has to stop the database.
    #[error("the database is there: stop it, and choose this again")]
    DatabaseThere,
    /// The service did not answer in time.
    #[error("the webhook did not answer in the 15 seconds that Twilio would wait")]
    Late,
    /// The requests of others have pushed this one out of memory already.
    #[error("the answer came, but so many other requests came that it was forgotten")]
    Forgotten,
    /// The transcript could not be read, or the request could not be written.
    #[error("{0}")]
    Failed(Unwritten),
}

/// Plays a mishap.
pub(super) async fn play(what: What, who: &Who<'_>) -> Result<Played, Unplayed> {
    match what {
        What::Repeat => {
            let last = recorded::last(who.simulator, &who.phone, &who.sender).await;
            let last = last.map_err(Unplayed::Failed)?.ok_or(Unplayed::NoMessage)?;
            again(who, &last).await
        }
        What::StaleSignature => {
            let oldest = recorded::oldest(who.simulator, &who.phone);
            again(who, &Recorded::Request(oldest.ok_or(Unplayed::NoOldRequest)?)).await
        }
        What::Twice => twice(who).await,
        What::Recut => recut(who).await,
        What::WrongSignature => {
            let token = SecretString::from(Uuid::new_v4().simple().to_string());
            let token = AuthToken::new(&token).map_err(|error| Unplayed::Failed(error.into()))?;
            let request = delivery::signed(who.simulator, &who.message("Let me in"), &token);
            let (kept, body) = deliver(who, request).await?;
            let is_right = kept.status == StatusCode::FORBIDDEN && *body == *b"forbidden\n";
            Ok(Played { answers: vec![kept], count: 1, is_right })
        }
        What::Long => {
            let text: String = "A long message. ".chars().cycle().take(LONG).collect();
            let (kept, _) = send(who, &who.message(&text)).await?;
            let is_right = kept.outcome == Some(Outcome::Answered);
            Ok(Played { answers: vec![kept], count: 1, is_right })
        }
        What::NoBody => {
            let mut form = who.message("");
            form.retain(|(name, _)| name != "Body");
            refused(who, &form, b"`Body`").await
        }
        What::OtherAccount => {
            let own = who.simulator.account_sid.as_deref().ok_or(Unplayed::AnyAccount)?;
            let of = |digit: &str| format!("AC{}", digit.repeat(32));
            let other = if own == of("f") { of("e") } else { of("f") };
            let mut form = who.message("hello");
            for (name, value) in &mut form {
                if name == "AccountSid" {
                    value.clone_from(&other);
                }
            }
            refused(who, &form, b"TWILIO_ACCOUNT_SID").await
        }
        What::Burst => burst(who).await,
        What::DatabaseAway => {
            if who.simulator.transcript.latest(&who.sender, 1).await.is_ok() {
                return Err(Unplayed::DatabaseThere);
            }
            let (kept, _) = send(who, &who.message("Is anybody there?")).await?;
            let is_right = kept.status == StatusCode::SERVICE_UNAVAILABLE;
            Ok(Played { answers: vec![kept], count: 1, is_right })
        }
    }
}

/// Sends a message again that was answered before, and compares the replies.
async fn again(who: &Who<'_>, recorded: &Recorded) -> Result<Played, Unplayed> {
    let (request, reply) = match recorded {
        Recorded::Request(kept) => {
            let signature = kept.signature.as_deref().unwrap_or_default();
            let body = kept.body.bytes.clone();
            (delivery::recorded(who.simulator, body, signature), &kept.answer.bytes)
        }
        Recorded::Form(form, reply) => {
            (delivery::signed(who.simulator, form, &who.simulator.token), reply)
        }
    };
    let (kept, body) = deliver(who, request).await?;
    let is_right = kept.outcome == Some(Outcome::Repeated) && *body == **reply;
    Ok(Played { answers: vec![kept], count: 1, is_right })
}

/// Sends two messages at the same time.
async fn twice(who: &Who<'_>) -> Result<Played, Unplayed> {
    let forms = ["The first of two", "The second of two"].map(|text| who.message(text));
    let [first, second] = &forms;
    let (first, second) = tokio::join!(send(who, first), send(who, second));
    let answers = vec![first?.0, second?.0];
    let is_right = answers.iter().all(|kept| kept.outcome == Some(Outcome::Answered));
    Ok(Played { count: answers.len(), answers, is_right })
}

/// Sends a message, and then the same signed bytes, cut into a message of somebody
/// else. Both have only the parameters that every message needs.
async fn recut(who: &Who<'_>) -> Result<Played, Unplayed> {
    let mut honest = who.message("");
    honest.retain(|(name, _)| {
        ["AccountSid", "Body", "From", "MessageSid", "To"].contains(&name.as_str())
    });
    let of = |name: &str| honest.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let value = |name: &str| of(name).cloned().unwrap_or_default();
    let [account, from, id, to] = ["AccountSid", "From", "MessageSid", "To"].map(value);
    let other_id = format!("SM{}", Uuid::new_v4().simple());
    let text = format!("STARTFrom{STRANGER}MessageSid{other_id}To{to}Zip");
    for (name, value) in &mut honest {
        if name == "Body" {
            value.clone_from(&text);
        }
    }
    let forged = vec![
        ("AccountSid", account),
        ("Body", "START".to_owned()),
        ("From", STRANGER.to_owned()),
        ("MessageSid", other_id),
        ("To", to.clone()),
        ("Zip", format!("From{from}MessageSid{id}To{to}")),
    ];
    let (first, _) = send(who, &honest).await?;
    let signature = first.signature.clone().unwrap_or_default();
    let body = serde_urlencoded::to_string(&forged);
    let body = body.map_err(|error| Unplayed::Failed(error.into()))?.into_bytes();
    let (second, _) = deliver(who, delivery::recorded(who.simulator, body, &signature)).await?;
    let is_right = first.outcome == Some(Outcome::Answered)
        && second.status == StatusCode::FORBIDDEN
        && second.judgement.is_recut;
    Ok(Played { answers: vec![first, second], count: 2, is_right })
}

/// Sends messages until one meets silence.
async fn burst(who: &Who<'_>) -> Result<Played, Unplayed> {
    let mut answered: Option<Arc<Kept>> = None;
    for count in 1..=MOST {
        // Each text differs from the last, or it would count as a double.
        let (kept, _) = send(who, &who.message(&format!("Message {count} of many"))).await?;
        if kept.outcome != Some(Outcome::Answered) {
            let is_right = kept.outcome == Some(Outcome::Flooding);
            let answers = answered.into_iter().chain([kept]).collect();
            return Ok(Played { answers, count, is_right });
        }
        answered = Some(kept);
    }
    Ok(Played { answers: answered.into_iter().collect(), count: MOST, is_right: false })
}

/// Sends a form that is authentic and must be refused for this reason.
async fn refused(who: &Who<'_>, form: &Form, reason: &[u8]) -> Result<Played, Unplayed> {
    let (kept, body) = send(who, form).await?;
    let gives_reason = body.windows(reason.len()).any(|words| words == reason);
    let is_right = kept.status == StatusCode::BAD_REQUEST && gives_reason;
    Ok(Played { answers: vec![kept], count: 1, is_right })
}

/// Sends a form with the right signature.
async fn send(who: &Who<'_>, form: &Form) -> Result<(Arc<Kept>, Bytes), Unplayed> {
    deliver(who, delivery::signed(who.simulator, form, &who.simulator.token)).await
}

/// Makes a request; returns it as it was kept, and the whole body of the answer.
async fn deliver(
    who: &Who<'_>,
    request: Result<Request<Body>, Unwritten>,
) -> Result<(Arc<Kept>, Bytes), Unplayed> {
    let request = request.map_err(Unplayed::Failed)?;
    let answer = who.simulator.webhook.clone().oneshot(request);
    let Ok(Ok(answer)) = timeout(PATIENCE, answer).await else { return Err(Unplayed::Late) };
    let number = answer.extensions().get::<SeenAs>().copied();
    let kept = number.and_then(|SeenAs(number)| who.simulator.requests.find(number));
    let body = to_bytes(answer.into_body(), MAX_ANSWER).await.unwrap_or_default();
    Ok((kept.ok_or(Unplayed::Forgotten)?, body))
}

impl Who<'_> {
    /// Returns the parameters of a new message.
    fn message(&self, text: &str) -> Form {
        text_form(self.simulator, self.phone.clone(), self.channel, text.to_owned())
    }
}
