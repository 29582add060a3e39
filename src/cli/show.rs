//! `ringback show NUMBER`: shows a sender's session.

use super::output::{Colour, Output};
use super::secrets;
use crate::bot::number_hash::NumberHash;
use crate::conversation::{in_one_line, short_hash};
use crate::message::Sender;
use crate::store::transcript::Entry;
use crate::store::{Person, Stopped, Store};
use crate::twilio::twiml;

/// The number of turns that are shown.
const TURNS: u32 = 10;

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
    let line = |sign: &str, text: &str| out.coloured("", Colour::Cyan, sign, &format!(" {text}"));
    for text in entry.body.lines() {
        line(">", text);
    }
    for media in &entry.media {
        line(">media", &media.url);
    }
    for reply in twiml::read(&entry.reply).unwrap_or_default() {
        for text in reply.text.lines() {
            line("<", text);
        }
        for url in &reply.media {
            line("<media", url);
        }
    }
}
