//! Texts by REST: what is sent, and what comes of every kind of answer and of
//! none. The provider is one of the tests' own, on loopback.

mod answers;
mod connections;
mod proxies;
mod reports;
mod requests;

use std::time::Duration;

use ringback::outbound::trust::Trust;
use ringback::sending::client::{Client, Limits};
use ringback::twilio::rest::credentials::Credentials;
use ringback::twilio::rest::text::{From, Text, TextForm};

use crate::support::fake_twilio::{ACCOUNT, TOKEN};

/// Short enough to be waited for in a test of what never comes.
const SHORT: Duration = Duration::from_millis(300);

/// Long enough for any machine.
const PATIENT: Limits =
    Limits { connection: Duration::from_secs(20), whole: Duration::from_secs(20) };

/// For an answer that never comes.
const HURRIED: Limits = Limits { connection: Duration::from_secs(20), whole: SHORT };

/// A text as most are.
const TEXT: Text<'_> = Text {
    to: "+15005550001",
    from: From::Address("+15005550006"),
    body: "Are you still there?",
    media: &[],
    status_callback: Some("https://bot.example.com/webhooks/twilio/status?m=1"),
    validity: None,
};

fn form() -> TextForm {
    TEXT.form().unwrap()
}

fn client(url: &str, limits: Limits) -> Client {
    let credentials = Credentials::with_token(ACCOUNT, TOKEN.into()).unwrap();
    client_with(url, &credentials, limits)
}

fn client_with(url: &str, credentials: &Credentials, limits: Limits) -> Client {
    Client::new(&url.parse().unwrap(), credentials, Trust::public(), limits).unwrap()
}
