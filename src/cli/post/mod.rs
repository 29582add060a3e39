//! `ringback post`: signs a message as Twilio does, posts it to a service that
//! runs, and shows the answer.
//!
//! [`message`] makes the form, and [`answer`] says what came back.

mod answer;
mod message;

use std::process::ExitCode;
use std::time::Duration;

use super::args::PostArgs;
use super::output::Output;
use super::runtime::runtime;
use crate::probe::{Request, ask};
use crate::twilio::signature::{SIGNATURE_HEADER, sign};

/// How long Twilio waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Posts the message. The exit code says whether it was answered, and how.
pub(super) fn run(args: &PostArgs) -> anyhow::Result<ExitCode> {
    let delivery = args.delivery.delivery()?;
    let message = message::Message::of(args, delivery.account_sid.as_deref())?;
    let signature = sign(&delivery.signed_url, &message.pairs()?, &delivery.token);
    let out = Output::new();
    out.line(&format!("POST {}", delivery.url));
    if delivery.signed_url != delivery.url.as_str() {
        out.line(&format!("signed for {}", delivery.signed_url));
    }
    out.line(&message.about());
    let headers = [
        (SIGNATURE_HEADER, signature.as_str()),
        ("content-type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("user-agent", concat!("ringback/", env!("CARGO_PKG_VERSION"))),
    ];
    let body = Some(message.into_body());
    let request = Request { url: &delivery.url, headers: &headers, body, limit: PATIENCE };
    let answered = runtime()?.block_on(ask(request));
    Ok(answer::tell(&out, answered, &delivery))
}
