//! What came back to `post`: the status, the headers that matter, and the
//! messages of the TwiML; or why there are none, and what to do.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;

use crate::cli::output::{Colour, Output};
use crate::cli::{report, shell};
use crate::config::Delivery;
use crate::hint::WithHint;
use crate::message::Reply;
use crate::probe::{Answer, Failure};
use crate::twilio::twiml;

/// The exit codes beside 0 (answered with TwiML), 1 (nothing was posted) and 2
/// (the command line is wrong).
const NO_ANSWER: u8 = 3;
const OTHER_STATUS: u8 = 4;
const NO_TWIML: u8 = 5;

/// The headers that are shown.
const HEADERS: [&str; 3] = ["content-type", "retry-after", "location"];

/// How much is shown of a body that is not TwiML, in characters.
const EXCERPT: usize = 500;

/// Prints what came back, and returns the exit code.
pub(super) fn tell(
    out: &Output,
    answered: Result<Answer, Failure>,
    delivery: &Delivery,
) -> ExitCode {
    let answer = match answered {
        Ok(answer) => answer,
        Err(failure @ Failure::TooLarge) => return fail(NO_TWIML, &failure, SENDS_TWIML),
        Err(failure) => {
            return fail(NO_ANSWER, &failure, &advice(failure, delivery.url.scheme() == "https"));
        }
    };
    out.line("");
    let status = format!("{} {}", answer.status, answer.reason);
    let colour = if is_success(answer.status) { Colour::Green } else { Colour::Red };
    out.coloured("", colour, status.trim_end(), &format!(", after {}", duration(answer.took)));
    for name in HEADERS {
        if let Some(value) = answer.header(name) {
            out.line(&format!("{name}: {value}"));
        }
    }
    if !is_success(answer.status) {
        excerpt(out, &answer.body);
        let what = format!("the service answered with {}", status.trim_end());
        return fail(OTHER_STATUS, &what, &meaning(&answer, delivery));
    }
    // Twilio sends a body of this type to the person as it is.
    let is_text = answer
        .header("content-type")
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("text/plain"));
    match twiml::read(&answer.body) {
        Ok(_) if is_text => {
            excerpt(out, &answer.body);
            fail(NO_TWIML, &"the TwiML has the content type `text/plain`", AS_TEXT)
        }
        Ok(replies) => {
            tell_replies(out, &replies);
            ExitCode::SUCCESS
        }
        Err(error) => {
            excerpt(out, &answer.body);
            fail(NO_TWIML, &format!("the answer is not TwiML: {error}"), SENDS_TWIML)
        }
    }
}

const SENDS_TWIML: &str =
    "make sure that the URL is that of Ringback's webhook, `/webhooks/twilio`";

const AS_TEXT: &str = "Twilio would send the document to the person as a text; let the proxy pass \
     the header `Content-Type` on";

/// Reports why the message was not answered as it should be.
fn fail(code: u8, what: &impl std::fmt::Display, hint: &str) -> ExitCode {
    let failed: anyhow::Result<()> = Err(anyhow!("{what}")).with_hint(hint);
    failed.err().iter().for_each(report::print);
    ExitCode::from(code)
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

fn tell_replies(out: &Output, replies: &[Reply]) {
    out.line("");
    if replies.is_empty() {
        out.line("no message: the service stays silent (`ringback show SENDER` may say why)");
    }
    for (place, reply) in replies.iter().enumerate() {
        if place > 0 {
            out.coloured("", Colour::Cyan, "<---", "");
        }
        for text in reply.text.lines() {
            out.coloured("", Colour::Cyan, "<", &format!(" {text}"));
        }
        for url in &reply.media {
            out.coloured("", Colour::Cyan, "<media", &format!(" {url}"));
        }
    }
}

/// Prints the beginning of a body.
fn excerpt(out: &Output, body: &[u8]) {
    let text: String = String::from_utf8_lossy(body).chars().take(EXCERPT).collect();
    for line in text.lines() {
        out.line(&format!("| {line}"));
    }
}

fn duration(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

/// Says what to do if there is no answer.
fn advice(failure: Failure, is_https: bool) -> String {
    match failure {
        Failure::Refused | Failure::NoConnection => {
            "start the service, or name its address with `--url`; without it, `BIND` counts"
        }
        Failure::NoAddress => "correct the host in `--url`",
        Failure::Late => {
            "Twilio waits 15 s as well; read the log of the service, and see whether `/readyz` answers"
        }
        Failure::Broken | Failure::NoHttp if is_https => {
            "read the log of the service, or of the proxy before it"
        }
        Failure::Broken | Failure::NoHttp => {
            "read the log of the service; if it speaks TLS, write `https://` in `--url`"
        }
        Failure::Expired => "renew the certificate, or correct the clock of this machine",
        Failure::OtherName => "write the host name in `--url` for which the certificate is",
        Failure::UnknownAuthority => {
            "Twilio does not take such a certificate either; use one of a public authority, or post \
             past the proxy, as in `--url http://127.0.0.1:5000`"
        }
        Failure::Tls => "write `http://` in `--url` if the service speaks no TLS",
        Failure::NotBuilt => "correct `--url`",
        Failure::TooLarge => SENDS_TWIML,
    }
    .to_owned()
}

/// Says what a status means, and what to do.
fn meaning(answer: &Answer, delivery: &Delivery) -> String {
    let is_number = |value: &&str| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let again = match answer.header("retry-after").filter(is_number) {
        Some(seconds) => format!("post it again after {seconds} s"),
        None => "post it again later".to_owned(),
    };
    match answer.status {
        300..400 => format!(
            "post to the address in `location` instead{}",
            answer
                .header("location")
                .filter(|to| to.starts_with("https://") || to.starts_with("http://"))
                .map_or_else(String::new, |to| format!(": `--url {}`", shell::argument(to)))
        ),
        400 => "correct the form: the answer says what is wrong with it, and `--param NAME=VALUE` \
                replaces a parameter"
            .to_owned(),
        401 | 407 => "let the proxy pass `/webhooks/` on without a login".to_owned(),
        403 => format!(
            "the signature does not match: `TWILIO_AUTH_TOKEN` must be that of the service, and its \
             `PUBLIC_URL` must lead to {}; a service without a token refuses every message; a line in its \
             log says more",
            delivery.signed_url
        ),
        404 | 405 => {
            "post to Ringback's webhook, `/webhooks/twilio`; a line in its log may say more"
                .to_owned()
        }
        413 => "make the form smaller than 64 KiB".to_owned(),
        429 | 503 => format!(
            "{again}; the log of the service says why it took no message, and `/readyz` whether it can"
        ),
        500..600 => "read the log of the service, or of the proxy before it".to_owned(),
        _ => "make sure that the URL is that of Ringback".to_owned(),
    }
}
