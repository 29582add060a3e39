//! Whether the service can be reached: at the address that Twilio calls, and
//! where it listens.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use url::Url;

use super::clock::Seen;
use super::lines::Lines;
use crate::config::Settings;
use crate::probe::{Answer, Failure, Request, ask};
use crate::server;
use crate::twilio::public_url::PublicUrl;

/// What a service answers there.
const HEALTH: &str = "/healthz";
const ALIVE: &[u8] = b"alive\n";

/// Where it says whether it can answer a message now.
const READY: &str = "/readyz";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

async fn health(base: &PublicUrl) -> Result<Answer, Failure> {
    get(base, HEALTH).await
}

async fn get(base: &PublicUrl, path: &str) -> Result<Answer, Failure> {
    let url: Url = format!("{base}{path}").parse().map_err(|_| Failure::NotBuilt)?;
    ask(Request { url: &url, headers: &[], body: None, limit: PATIENCE }).await
}

fn is_alive(answer: &Answer) -> bool {
    answer.status == 200 && answer.body == ALIVE
}

/// Asks the public address whether it leads to a service. Returns the clock of
/// the server that answers.
pub(super) async fn look_at_public(lines: &mut Lines, settings: &Settings) -> Option<Seen> {
    const SUBJECT: &str = "PUBLIC_URL";
    let Some(url) = &settings.twilio.configured_url else {
        lines.ok(SUBJECT, "not set; only a service with a real number needs it");
        return None;
    };
    if !url.is_https() {
        lines.warning(
            SUBJECT,
            "it is not https: everybody on the way can read the messages",
            "let a proxy serve HTTPS, and write its address",
        );
    }
    match health(url).await {
        Ok(answer) => {
            let here = Timestamp::now();
            if is_alive(&answer) {
                lines.ok(SUBJECT, &format!("{url}{HEALTH} answers"));
            } else {
                lines.warning(
                    SUBJECT,
                    &format!(
                        "{url}{HEALTH} answers with {}, and not as Ringback does",
                        answer.status
                    ),
                    "if the proxy passes on only `/webhooks/` and `/callbacks/`, nothing need be \
                     done; otherwise let it lead to the address in `BIND`",
                );
            }
            let date = answer.header("date")?;
            let there = rfc2822::parse(date).ok()?.timestamp();
            Some(Seen { whose: "the public address", here, there })
        }
        Err(failure) => {
            let cure = if failure.is_tls() {
                "give the proxy a certificate of a public authority for this host"
            } else {
                "start the service and its proxy; if they run, a NAT or a name server may hide the \
                 address from this machine alone"
            };
            lines.warning(SUBJECT, &format!("{url}{HEALTH} has no answer: {failure}"), cure);
            None
        }
    }
}

/// Looks whether a service listens already, and whether it could.
pub(super) async fn look_at_bind(lines: &mut Lines, settings: &Settings) {
    const SUBJECT: &str = "BIND";
    let bind = settings.bind;
    let base = PublicUrl::of_bind(bind);
    if bind.port() != 0 && health(&base).await.is_ok_and(|answer| is_alive(&answer)) {
        if get(&base, READY).await.is_ok_and(|answer| answer.status == 200) {
            lines.ok(SUBJECT, &format!("a Ringback serves {bind}"));
        } else {
            lines.warning(
                SUBJECT,
                &format!("a Ringback serves {bind}, and cannot take a message now"),
                "read its log: most likely its database is away",
            );
        }
        return;
    }
    let others = settings.metrics_bind.map(|address| ("METRICS_BIND", address));
    for (setting, address) in [(SUBJECT, bind)].into_iter().chain(others) {
        match server::try_to_listen(setting, address) {
            Ok(()) => lines.ok(setting, &format!("{address} is free")),
            Err(error) => lines.error(setting, &error),
        }
    }
}
