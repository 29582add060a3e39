//! The parameters that Twilio sends with a message of each kind (Twilio docs,
//! messaging/guides/webhook-request).

use std::net::SocketAddr;

use serde_json::json;

use super::files::KeptFile;
use super::number::{Phone, PhoneChannel};
use super::request::{Location, Outgoing, Reaction, Tap};
use super::upload::FILES;
use crate::simulator::shared::Simulator;
use crate::twilio::message_form::{
    MessageForm, NewMessage, RCS_AGENT, extend, places, test_address,
};

/// A form, in the order in which it is sent.
pub(in crate::simulator) type Form = MessageForm;

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
    let message = NewMessage {
        sid: &sid,
        account_sid,
        from: &from.address(*channel),
        to: &bot_on(*channel),
        body: body(outgoing),
        files: files.len(),
    };
    let mut form = message.form();
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
    test_address(channel.channel())
}

/// Returns the text. A tap has its label there, and a reaction its emoji.
fn body(Outgoing { text, button, reaction, .. }: &Outgoing) -> &str {
    let label = button.as_ref().map(|button| &button.label);
    let emoji = reaction.as_ref().map(|reaction| &reaction.emoji);
    label.or(emoji).unwrap_or(text)
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
    let context = json!({ "agentId": RCS_AGENT });
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
