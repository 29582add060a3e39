//! The form that `post` posts: from a file, or made of the arguments.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

use crate::cli::args::PostArgs;
use crate::hint::WithHint;
use crate::message::Channel;
use crate::twilio::form::Pairs;
use crate::twilio::message_form::{MessageForm, NewMessage, extend, places, test_address};

/// The largest form, which is far more than a service takes.
const LARGEST: u64 = 1024 * 1024;

/// The parameters that have the id of a message. The last two are former names.
const IDS: [&str; 3] = ["MessageSid", "SmsSid", "SmsMessageSid"];

/// What stands in place of an id for one that is made.
const NEW: &str = "new";

/// A form, ready to be signed.
pub(super) struct Message {
    body: Vec<u8>,
    sid: String,
    /// Whether the id was made for this run.
    is_new: bool,
}

impl Message {
    /// Makes it of the arguments.
    pub(super) fn of(args: &PostArgs, account_sid: Option<&str>) -> anyhow::Result<Self> {
        let given = args.message_sid.as_deref().filter(|sid| *sid != NEW);
        let mut changes: Vec<(String, String)> = args.params.clone();
        let read = args.file.as_deref().map(read).transpose()?;
        let pairs = match &read {
            Some(body) => decoded(body)?,
            None => made(args, account_sid)?.into_iter().collect(),
        };
        if read.is_some() {
            let arguments = [("Body", &args.body), ("From", &args.from), ("To", &args.to)];
            let arguments = arguments.into_iter().filter_map(|(name, value)| {
                value.as_ref().map(|value| (name.to_owned(), value.clone()))
            });
            changes.splice(0..0, arguments);
        }
        let own = changes.iter().rev().find(|(name, _)| name == IDS[0]).map(|(_, sid)| sid.clone());
        let own = own.or_else(|| read.is_some().then(|| value(&pairs, IDS[0])).flatten());
        let own = own.filter(|_| args.message_sid.is_none());
        let is_new = given.is_none() && own.is_none();
        let sid = given.map(str::to_owned).or_else(|| own.clone()).unwrap_or_else(new_sid);
        if own.is_none() {
            let has = |name: &str| name == IDS[0] || value(&pairs, name).is_some();
            let ids = IDS.into_iter().filter(|name| has(name));
            changes.extend(ids.map(|name| (name.to_owned(), sid.clone())));
        }
        let body = match read {
            Some(body) if changes.is_empty() => body,
            _ => encoded(&changed(&pairs, &changes)),
        };
        Ok(Self { body, sid, is_new })
    }

    /// Returns the pairs, which are signed.
    pub(super) fn pairs(&self) -> anyhow::Result<Pairs> {
        decoded(&self.body)
    }

    /// Says which message it is, and how it is sent again.
    pub(super) fn about(&self) -> String {
        let sid = &self.sid;
        if self.is_new {
            format!("MessageSid {sid} (to send a repeat, add `--message-sid {sid}`)")
        } else {
            format!(
                "MessageSid {sid} (if the service knows this id, its answer is the former one; \
                 `--message-sid new` gives the message a new id)"
            )
        }
    }

    /// Returns the bytes that are posted.
    pub(super) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

fn new_sid() -> String {
    format!("SM{}", Uuid::new_v4().simple())
}

/// Reads a form. A line end after it is not part of it: editors add one.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    let mut body = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut body))
        .with_context(|| format!("cannot read the form `{name}`"))
        .with_hint("name a file, or write the message as `--body hello --from +14155552671`")?;
    if u64::try_from(body.len()).map_or(true, |length| length > LARGEST) {
        return Err(anyhow!("the form `{name}` is larger than 1 MiB"))
            .with_hint("a service takes forms of at most 64 KiB");
    }
    let mut form = body.as_slice();
    form = form.strip_suffix(b"\n").unwrap_or(form);
    form = form.strip_suffix(b"\r").unwrap_or(form);
    if form.is_empty() {
        return Err(anyhow!("the form `{name}` is empty")).with_hint(WRITTEN);
    }
    if form.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(anyhow!("the form `{name}` has more than one line")).with_hint(WRITTEN);
    }
    Ok(form.to_vec())
}

const WRITTEN: &str = "write it in one line, as Twilio sends it: `MessageSid=SM1&From=%2B14155552671&…`; \
     a line break in a text is `%0A`";

/// Returns the form of a new message that has a text.
fn made(args: &PostArgs, account_sid: Option<&str>) -> anyhow::Result<MessageForm> {
    let from = args.from.as_deref().unwrap_or_default();
    let channel = args.channel.map_or_else(|| Channel::of_address(from), Into::into);
    for (flag, address) in [("--from", from), ("--to", args.to.as_deref().unwrap_or_default())] {
        if address.contains(':') && Channel::of_address(address) != channel {
            let what =
                format!("`{flag}` is an address of another channel than {}", channel.as_str());
            return Err(anyhow!(what)).with_hint(
                "give two addresses of one channel, and name that one in `--channel`, or none",
            );
        }
    }
    let from = on_channel(from, channel);
    let to = args.to.as_deref().map_or_else(|| test_address(channel), |to| on_channel(to, channel));
    let files = args.params.iter().filter(|(name, _)| name.starts_with("MediaUrl")).count();
    let body = args.body.as_deref().unwrap_or_default();
    // The id is set below.
    let mut form = NewMessage { sid: "", account_sid, from: &from, to: &to, body, files }.form();
    match channel {
        Channel::Sms => extend(&mut form, places()),
        Channel::Whatsapp => {
            let number = from.trim_start_matches("whatsapp:").trim_start_matches('+');
            let kind = if files == 0 { "text" } else { "document" };
            extend(&mut form, [("WaId", number), ("MessageType", kind), ("ReferralNumMedia", "0")]);
        }
        _ => {}
    }
    Ok(form)
}

/// Returns an address with the prefix of a channel.
fn on_channel(address: &str, channel: Channel) -> String {
    match channel {
        Channel::Whatsapp | Channel::Rcs if !address.contains(':') => {
            format!("{}:{address}", channel.as_str())
        }
        _ => address.to_owned(),
    }
}

fn decoded(body: &[u8]) -> anyhow::Result<Pairs> {
    Ok(Pairs::decode(body)?)
}

/// Returns the value of a parameter.
fn value(pairs: &Pairs, name: &str) -> Option<String> {
    let (_, value) = pairs.iter().find(|(known, _)| *known == name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Returns the pairs with these values: in place of the former ones, or at the end.
fn changed(pairs: &Pairs, changes: &[(String, String)]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut result: Vec<_> =
        pairs.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
    for (name, new) in changes {
        let (name, new) = (name.as_bytes(), new.as_bytes());
        match result.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = new.to_vec(),
            None => result.push((name.to_vec(), new.to_vec())),
        }
    }
    result
}

fn encoded(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let text = |bytes: &[u8]| byte_serialize(bytes).collect::<String>();
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", text(name), text(value)));
    pairs.collect::<Vec<_>>().join("&").into_bytes()
}
