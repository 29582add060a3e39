//! Requests of a phone that can be sent again.

use std::sync::Arc;

use crate::message::{Channel, Sender};
use crate::simulator::phone::{Form, Phone, PhoneChannel, text_form};
use crate::simulator::requests::Kept;
use crate::simulator::shared::Simulator;
use crate::simulator::transcript::ReadError;
use crate::telemetry::Outcome;
use crate::twilio::form::Pairs;
use crate::twilio::public_url::WEBHOOK_PATH;

/// A message that was answered before.
#[derive(Debug)]
pub(super) enum Recorded {
    /// Its request is still in memory.
    Request(Arc<Kept>),
    /// Its parameters, made again from the transcript, and its reply.
    Form(Form, Vec<u8>),
}

/// Returns the last message of a phone that was answered.
pub(super) async fn last(
    simulator: &Simulator,
    phone: &Phone,
    sender: &Sender,
) -> Result<Option<Recorded>, ReadError> {
    if let Some(kept) = answered(simulator, phone).pop() {
        return Ok(Some(Recorded::Request(kept)));
    }
    let entry = simulator.transcript.latest(sender, 1).await?.pop();
    let Some(entry) = entry.filter(|entry| !entry.reply.is_empty()) else { return Ok(None) };
    let channel = match entry.channel {
        Channel::Whatsapp => PhoneChannel::Whatsapp,
        Channel::Rcs => PhoneChannel::Rcs,
        _ => PhoneChannel::Sms,
    };
    let mut form = text_form(simulator, phone.clone(), channel, entry.body);
    for (name, value) in &mut form {
        if ["MessageSid", "SmsSid", "SmsMessageSid"].contains(&name.as_str()) {
            value.clone_from(&entry.message_id);
        }
    }
    Ok(Some(Recorded::Form(form, entry.reply)))
}

/// Returns the oldest request of a phone that is still in memory, if another
/// message was answered since.
pub(super) fn oldest(simulator: &Simulator, phone: &Phone) -> Option<Arc<Kept>> {
    let answered = answered(simulator, phone);
    let (first, last) = (answered.first()?, answered.last()?);
    (parameter(first, "MessageSid") != parameter(last, "MessageSid")).then(|| Arc::clone(first))
}

/// Returns the requests of the page that brought messages of a phone and were
/// answered, as far as they are whole, oldest first.
fn answered(simulator: &Simulator, phone: &Phone) -> Vec<Arc<Kept>> {
    let is_wanted = |kept: &Arc<Kept>| {
        kept.is_own
            && kept.target == WEBHOOK_PATH
            && kept.outcome == Some(Outcome::Answered)
            && !kept.body.is_cut()
            && !kept.answer.is_cut()
            && parameter(kept, "From").is_some_and(|from| phone.has_address(&from))
    };
    simulator.requests.after(0).into_iter().filter(is_wanted).collect()
}

/// Returns a parameter of a request.
fn parameter(kept: &Kept, name: &str) -> Option<String> {
    let pairs = Pairs::decode(&kept.body.bytes).ok()?;
    let found = pairs.iter().find(|(known, _)| *known == name.as_bytes());
    String::from_utf8(found?.1.to_vec()).ok()
}
