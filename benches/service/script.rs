//! What the senders say, as signed requests, and the exact replies that they get.
//!
//! Requests are those of `fixtures/webhooks/sms.form`, with another id, number
//! and text each. They are written and signed as they go: that costs the
//! generator about a thousandth of what a message costs the service.

use std::cell::Cell;
use std::io::Write;

use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use url::form_urlencoded;

/// The auth token that requests are signed with.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The address under which the provider is said to call.
pub(crate) const PUBLIC_URL: &str = "https://bot.example.com";

const FORM: &str = include_str!("../../fixtures/webhooks/sms.form");

/// The turns of one conversation.
const TURNS: u64 = 3;

/// Any odd number maps 128 bits onto themselves.
const SCATTER_IDS: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// Any number that neither 2 nor 5 divides maps nine digits onto themselves; this is 3 to the 18th.
const SCATTER_NUMBERS: u64 = 387_420_489;

/// One message: the `turn`-th of a sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    sender: u64,
    turn: u64,
    /// Whether it asks for what needs a call.
    calls: bool,
}

/// The answer to an authentic form without a `Body`: all of the HTTP path, and
/// nothing of the database.
pub(crate) const NO_BODY: &str =
    "parameter `Body` is missing; every message has it, even if it is empty\n";

impl Line {
    /// The message's own id: never the same, and as scattered as a random one.
    pub(crate) fn id(self) -> String {
        let count = u128::from(self.sender * TURNS + self.turn);
        format!("SM{:032x}", count.wrapping_mul(SCATTER_IDS))
    }

    /// The sender's number, scattered likewise: people do not write in the order of their numbers.
    pub(crate) fn number(self) -> String {
        format!("+1555{:09}", self.sender.wrapping_mul(SCATTER_NUMBERS) % 1_000_000_000)
    }

    /// What is written.
    pub(crate) fn text(self) -> String {
        let sender = self.sender;
        match self.turn {
            _ if self.calls => "price".to_owned(),
            0 => "hello".to_owned(),
            1 => format!("John {sender}"),
            _ => format!("Bohemian Rhapsody & {sender}"),
        }
    }

    /// The document that answers it.
    pub(crate) fn reply(self) -> String {
        let sender = self.sender;
        let text = match self.turn {
            _ if self.calls => "It is 9.".to_owned(),
            0 => "What is your name?".to_owned(),
            1 => format!("Hello John {sender}, what is your favorite song?"),
            _ => format!("Playing Bohemian Rhapsody &amp; {sender}"),
        };
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message>{text}</Message></Response>"#
        )
    }
}

/// New senders, none of whom ever came before in this run.
#[derive(Debug, Default)]
pub(crate) struct Senders(Cell<u64>);

impl Senders {
    /// The three messages of the next one.
    pub(crate) fn next(&self) -> [Line; 3] {
        let sender = self.one();
        [0, 1, 2].map(|turn| Line { sender, turn, calls: false })
    }

    /// The only message of the next one, who asks for what needs a call.
    pub(crate) fn next_caller(&self) -> Line {
        Line { sender: self.one(), turn: 0, calls: true }
    }

    fn one(&self) -> u64 {
        let sender = self.0.get() + 1;
        self.0.set(sender);
        sender
    }
}

/// A piece of a request: what is always the same, or one of the three things that vary.
enum Piece {
    Fixed(Vec<u8>),
    Id,
    Number,
    Text,
}

/// Writes requests.
pub(crate) struct Writer {
    form: Vec<Piece>,
    form_without_body: Vec<Piece>,
    signed: Vec<Piece>,
    signed_without_body: Vec<Piece>,
    mac: Hmac<Sha1>,
}

/// How a request differs from what the provider would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not at all.
    Message,
    /// It has no `Body`, which the signature knows.
    NoBody,
    /// Its signature is another message's.
    Forged,
    /// It has no signature.
    Unsigned,
}

impl Writer {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(FORM.as_bytes()).into_owned().collect();
        let mut sorted = pairs.clone();
        sorted.sort();
        let with_body = |name: &str| name != "Body";
        let mac = Hmac::new_from_slice(TOKEN.as_bytes()).context("the token is no key")?;
        let mac: Hmac<Sha1> = Hmac::chain_update(mac, format!("{PUBLIC_URL}/webhooks/twilio"));
        Ok(Self {
            form: pieces(&pairs, true, |_| true),
            form_without_body: pieces(&pairs, true, with_body),
            signed: pieces(&sorted, false, |_| true),
            signed_without_body: pieces(&sorted, false, with_body),
            mac,
        })
    }

    /// Writes the request that carries a message.
    pub(crate) fn write(&self, line: Line, kind: Kind, request: &mut Vec<u8>) {
        let (form, signed) = match kind {
            Kind::NoBody => (&self.form_without_body, &self.signed_without_body),
            Kind::Message | Kind::Forged | Kind::Unsigned => (&self.form, &self.signed),
        };
        let (id, number, text) = (line.id(), line.number(), line.text());
        let mut body = Vec::with_capacity(512);
        fill(form, &mut body, &id, &number, &text, true);
        let mut parameters = Vec::with_capacity(512);
        fill(signed, &mut parameters, &id, &number, &text, false);
        if kind == Kind::Forged {
            parameters.push(b'!');
        }
        let signature =
            BASE64.encode(self.mac.clone().chain_update(parameters).finalize().into_bytes());
        request.clear();
        request.extend_from_slice(
            b"POST /webhooks/twilio HTTP/1.1\r\nHost: bot.example.com\r\nUser-Agent: TwilioProxy/1.1\r\n\
              Accept: */*\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n",
        );
        // Writing to a vector cannot fail.
        if kind != Kind::Unsigned {
            let _ = write!(request, "X-Twilio-Signature: {signature}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n", body.len());
        request.extend_from_slice(&body);
    }
}

fn pieces(pairs: &[(String, String)], is_form: bool, with: impl Fn(&str) -> bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut fixed = Vec::new();
    for (index, (name, value)) in pairs.iter().filter(|(name, _)| with(name)).enumerate() {
        if is_form && index > 0 {
            fixed.push(b'&');
        }
        fixed.extend_from_slice(name.as_bytes());
        if is_form {
            fixed.push(b'=');
        }
        let varying = match name.as_str() {
            "MessageSid" | "SmsMessageSid" | "SmsSid" => Some(Piece::Id),
            "From" => Some(Piece::Number),
            "Body" => Some(Piece::Text),
            _ => None,
        };
        if let Some(varying) = varying {
            pieces.push(Piece::Fixed(std::mem::take(&mut fixed)));
            pieces.push(varying);
        } else if is_form {
            fixed.extend(form_urlencoded::byte_serialize(value.as_bytes()).flat_map(str::bytes));
        } else {
            fixed.extend_from_slice(value.as_bytes());
        }
    }
    pieces.push(Piece::Fixed(fixed));
    pieces
}

fn fill(pieces: &[Piece], out: &mut Vec<u8>, id: &str, number: &str, text: &str, is_form: bool) {
    for piece in pieces {
        let value = match piece {
            Piece::Fixed(bytes) => {
                out.extend_from_slice(bytes);
                continue;
            }
            Piece::Id => id,
            Piece::Number => number,
            Piece::Text => text,
        };
        if is_form {
            out.extend(form_urlencoded::byte_serialize(value.as_bytes()).flat_map(str::bytes));
        } else {
            out.extend_from_slice(value.as_bytes());
        }
    }
}
