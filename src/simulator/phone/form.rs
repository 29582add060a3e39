//! The parameters that Twilio sends with a message of each kind (Twilio docs,
//! messaging/guides/webhook-request).

use std::net::SocketAddr;

use serde_json::json;
use uuid::Uuid;

use super::files::KeptFile;
use super::number::{Phone, PhoneChannel};
use super::request::{Location, Outgoing, Reaction, Tap};
use super::upload::FILES;
use crate::message::segments;
use crate::simulator::shared::Simulator;

/// The bot's own number: Twilio's number for tests, which belongs to nobody.
const BOT: &str = "+15005550006";

/// The bot's address on RCS, where a business has no number.
const RCS_BOT: &str = "rcs:ringback_agent";

/// A form, in the order in which it is sent.
pub(in crate::simulator) type Form = Vec<(String, String)>;

/// Returns the parameters that Twilio sends with a new message that has only a
/// text.
pub(in crate::simulator) fn text_form(
    simulator: &Simulator,
    from: Phone,
    channel: PhoneChannel,
    text: String,
) -> Form {
    let outgoing = Outgoing::text(from, channel, text);
    form(&outgoing, &[], simulator.account_sid.as_deref(), simulator.address)
}

/// Returns the parameters that Twilio sends with a message with these files.
/// The service listens at this address.
pub(super) fn form(
    outgoing: &Outgoing,
    files: &[KeptFile],
    account_sid: Option<&str>,
    address: SocketAddr,
) -> Form {
    let Outgoing { id, from, channel, .. } = outgoing;
    let kind = if files.is_empty() { "SM" } else { "MM" };
    let sid = format!("{kind}{}", id.simple());
    let account_sid =
        account_sid.map_or_else(|| format!("AC{}", Uuid::nil().simple()), str::to_owned);
    let segments = match channel {
        PhoneChannel::Sms if files.is_empty() => segments::count(&outgoing.text).segments,
        _ => 1,
    };
    let mut form = Form::new();
    extend(
        &mut form,
        [
            ("MessageSid", sid.clone()),
            ("SmsSid", sid.clone()),
            ("SmsMessageSid", sid),
            ("AccountSid", account_sid),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("From", from.address(*channel)),
            ("To", bot_on(*channel)),
            ("Body", body(outgoing)),
            ("NumMedia", files.len().to_string()),
            ("NumSegments", segments.to_string()),
            ("SmsStatus", "received".to_owned()),
        ],
    );
    for (index, file) in files.iter().enumerate() {
        let url = format!("http://{address}{FILES}/{}", file.id.simple());
        form.push((format!("MediaUrl{index}"), url));
        form.push((format!("MediaContentType{index}"), file.media_type.clone()));
    }
    match channel {
        PhoneChannel::Sms => extend(&mut form, places()),
        PhoneChannel::Whatsapp => whatsapp(&mut form, outgoing, files),
        PhoneChannel::Rcs => rcs(&mut form, outgoing),
    }
    form
}

/// Returns the bot's address on a channel.
fn bot_on(channel: PhoneChannel) -> String {
    match channel {
        PhoneChannel::Sms => BOT.to_owned(),
        PhoneChannel::Whatsapp => format!("whatsapp:{BOT}"),
        PhoneChannel::Rcs => RCS_BOT.to_owned(),
    }
}

/// Returns the text. A tap has its label there, and a reaction its emoji.
fn body(Outgoing { text, button, reaction, .. }: &Outgoing) -> String {
    let label = button.as_ref().map(|button| &button.label);
    let emoji = reaction.as_ref().map(|reaction| &reaction.emoji);
    label.or(emoji).unwrap_or(text).clone()
}

/// Returns the places of both numbers, which Twilio often does not know.
fn places() -> impl Iterator<Item = (&'static str, String)> {
    ["FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry"]
        .into_iter()
        .map(|name| (name, String::new()))
}

/// Adds the parameters that come with WhatsApp only.
fn whatsapp(form: &mut Form, outgoing: &Outgoing, files: &[KeptFile]) {
    let Outgoing { from, location, button, reaction, profile_name, .. } = outgoing;
    let wa_id = from.digits();
    extend(form, [("WaId", wa_id.to_owned())]);
    if let Some(name) = profile_name {
        let context = json!({ "ProfileName": name, "WaId": wa_id });
        let metadata = json!({ "type": "whatsapp", "data": { "context": context } });
        extend(form, [("ProfileName", name.clone()), ("ChannelMetadata", metadata.to_string())]);
    }
    extend(form, [("MessageType", message_type(outgoing, files)), ("ReferralNumMedia", "0")]);
    if let Some(Location { latitude, longitude, label, address }) = location {
        extend(form, [("Latitude", latitude.to_string()), ("Longitude", longitude.to_string())]);
        let named = [("Label", label), ("Address", address)];
        extend(form, named.into_iter().filter(|(_, text)| !text.is_empty()));
    }
    let channel = PhoneChannel::Whatsapp;
    if let Some(button) = button {
        let Tap { id, label, in_list, to } = button;
        if *in_list {
            extend(form, [("ListId", id), ("ListTitle", label)]);
        } else {
            tapped(form, button);
        }
        if let Some(to) = to {
            replies_to(form, to, bot_on(channel));
        }
    }
    if let Some(Reaction { to, to_own, .. }) = reaction {
        let sender = if *to_own { from.address(channel) } else { bot_on(channel) };
        replies_to(form, to, sender);
    }
}

/// Adds the id of the message that this message replies to, and the sender of that.
fn replies_to(form: &mut Form, to: &str, sender: String) {
    extend(
        form,
        [("OriginalRepliedMessageSid", to.to_owned()), ("OriginalRepliedMessageSender", sender)],
    );
}

/// Returns the kind of a message, as WhatsApp names it.
fn message_type(outgoing: &Outgoing, files: &[KeptFile]) -> &'static str {
    if outgoing.location.is_some() {
        return "location";
    }
    if outgoing.button.is_some() {
        return "interactive";
    }
    if outgoing.reaction.is_some() {
        return "reaction";
    }
    let Some(file) = files.first() else { return "text" };
    match file.media_type.as_str() {
        "text/vcard" | "text/x-vcard" => "contacts",
        other => match other.split('/').next() {
            Some("image") => "image",
            Some("audio") => "audio",
            Some("video") => "video",
            _ => "document",
        },
    }
}

/// Adds the parameters that come with RCS only.
fn rcs(form: &mut Form, outgoing: &Outgoing) {
    let agent = RCS_BOT.trim_start_matches("rcs:");
    let context = json!({ "agentId": agent });
    let metadata = json!({ "type": "rcs", "data": { "context": context } });
    extend(form, [("ChannelMetadata", metadata.to_string())]);
    if let Some(button) = &outgoing.button {
        tapped(form, button);
    }
}

/// Adds the parameters that come with a tapped button.
fn tapped(form: &mut Form, Tap { id, label, .. }: &Tap) {
    extend(
        form,
        [
            ("ButtonText", label.clone()),
            ("ButtonPayload", id.clone()),
            ("ButtonType", "REPLY".to_owned()),
        ],
    );
}

fn extend(form: &mut Form, more: impl IntoIterator<Item = (&'static str, impl Into<String>)>) {
    form.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
}
