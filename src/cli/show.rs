//! `ringback show NUMBER`: shows a sender's session, and what was said.

use super::output::{Colour, Output};
use super::secrets;
use crate::bot::number_hash::NumberHash;
use crate::conversation::{in_one_line, short_hash};
use crate::message::{Reply, Sender};
use crate::outbox::text::Text;
use crate::store::transcript::Entry;
use crate::store::{Person, Stopped, Store};
use crate::twilio::twiml;

/// The number of turns that are shown.
const TURNS: u32 = 10;

/// The number of texts that are shown of those that answered no message.
const TEXTS: usize = 10;

/// Shows the session. Returns `false` if the sender is unknown.
pub(super) async fn run(
    store: &Store,
    number_hash: &NumberHash,
    sender: &Sender,
) -> anyhow::Result<bool> {
    let out = Output::new();
    let key = store.key_of(sender).await?;
    let Some(person) = store.person(&key).await? else {
        out.line(&secrets::hidden(&format!("nothing was ever heard of {sender}")));
        return Ok(false);
    };
    let version = version(store, &person).await?;
    let ids = store.ids_of(&key).await?;
    tell_person(&out, &key, &ids, &person, &number_hash.of(&key), &version);
    for entry in store.last_turns(&key, TURNS).await? {
        out.line("");
        tell_turn(&out, &entry);
    }
    let texts = store.texts_of(&key).await?;
    let last = texts.len().saturating_sub(TEXTS);
    for (place, text) in texts.iter().skip(last).enumerate() {
        if place == 0 {
            out.line("");
            out.line("texts that answered no message:");
        }
        out.line("");
        tell_text(&out, text);
    }
    Ok(true)
}

/// Returns the version of the flows of the session: its place in the order of
/// appearance, the beginning of its hash, and the time since which it is
/// served.
async fn version(store: &Store, person: &Person) -> anyhow::Result<String> {
    let Some(id) = person.flow_version else { return Ok("-".to_owned()) };
    Ok(match store.version(id).await? {
        Some(version) => {
            let hash = short_hash(&version.hash);
            let since = version.first_served_at.map(|at| format!(", first served {at}"));
            format!("{id} ({hash}){}", since.unwrap_or_default())
        }
        None => format!("{id}, which is not kept any more"),
    })
}

fn tell_person(
    out: &Output,
    sender: &Sender,
    ids: &[Sender],
    person: &Person,
    hash: &str,
    version: &str,
) {
    let session = &person.session;
    let field = |name: &str, value: &str| {
        out.coloured("", Colour::Cyan, &format!("{name:<12}"), &format!(" {value}"));
    };
    field("sender", sender.as_str());
    for id in ids.iter().filter(|id| *id != sender) {
        field("also", id.as_str());
    }
    field("log hash", hash);
    field("flow", session.flow.as_deref().unwrap_or("-"));
    field("version", version);
    field("state", session.state.as_str());
    for caller in session.stack.iter().rev() {
        field("part of", &format!("{}, at {}", caller.flow, caller.step));
    }
    if let Some(language) = &session.language {
        field("language", language);
    }
    if let Some(at) = session.expires_at {
        field("expires", &at.to_string());
    }
    if let Some(at) = session.wakes_at {
        field("acts", &format!("{at}, if nobody writes before"));
    }
    if let Some(callback) = &session.callback {
        // The name is worth a result, and is not shown.
        let what = match callback.early {
            Some(_) => "a result came early, and waits until the conversation does",
            None => "a third party may bring a result",
        };
        field("callback", what);
    }
    field("messages", &person.turns.to_string());
    let mut opt_outs = person.opt_outs.iter().peekable();
    if opt_outs.peek().is_none() {
        field("opted out", "no");
    }
    for Stopped { channel, address, since } in opt_outs {
        let at = address.map_or("any address of ours".to_owned(), in_one_line);
        field("opted out", &format!("{channel} at {at}, since {since} UTC"));
    }
    for (name, value) in &session.answers {
        field("answer", &format!("{name} = {}", in_one_line(value)));
    }
    for caller in session.stack.iter().rev() {
        for (name, value) in &caller.answers {
            field("answer", &format!("{}: {name} = {}", caller.flow, in_one_line(value)));
        }
    }
}

fn tell_turn(out: &Output, entry: &Entry) {
    out.line(&format!(
        "turn {} · {} · {} · {} -> {}",
        entry.turn,
        entry.received_at,
        entry.channel.as_str(),
        entry.state_before,
        entry.state_after
    ));
    for text in entry.body.lines() {
        tell_line(out, ">", text);
    }
    for media in &entry.media {
        tell_line(out, ">media", &media.url);
    }
    for reply in twiml::read(&entry.reply).unwrap_or_default() {
        tell_reply(out, &reply);
    }
}

fn tell_text(out: &Output, text: &Text) {
    let code = text.code.map(|code| format!("code {code}"));
    let why: Vec<String> = text.reason.iter().cloned().chain(code).collect();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
    out.line(&format!(
        "text {} · {} · {} · {} · {}{why} · {}",
        text.id.unwrap_or_default(),
        text.created_at,
        text.route.channel.as_str(),
        text.kind.as_str(),
        text.state.as_str(),
        if text.tries == 1 { "1 try".to_owned() } else { format!("{} tries", text.tries) },
    ));
    tell_reply(out, &text.reply);
}

fn tell_reply(out: &Output, reply: &Reply) {
    for text in reply.text.lines() {
        tell_line(out, "<", text);
    }
    for url in &reply.media {
        tell_line(out, "<media", url);
    }
}

fn tell_line(out: &Output, sign: &str, text: &str) {
    out.coloured("", Colour::Cyan, sign, &format!(" {text}"));
}
