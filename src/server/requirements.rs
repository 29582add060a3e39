//! What flows require of the settings: their secrets, and something that sends
//! the texts that answer no message.

use super::sending::Plan;
use crate::calls::secrets::Secrets;
use crate::config::Settings;
use crate::conversation::{Flow, Flows, shown};

/// Something that a flow requires, and the settings do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing.
    pub what: String,
    /// What to do.
    pub cure: String,
}

/// Why a flow is not served.
const SENDS: &str = "sends texts that answer no message, and nothing says which account sends them";

/// What to do about it.
const CURE: &str = "set `TWILIO_ACCOUNT_SID` with `TWILIO_AUTH_TOKEN` (or with `TWILIO_API_KEY` and \
     `TWILIO_API_SECRET`), or `SENDING=paused` to keep such texts, or `SENDING=off` to drop them";

/// Returns everything that is missing for these flows.
#[must_use]
pub fn missing(flows: &Flows, settings: &Settings) -> Vec<Missing> {
    let takes_texts = Plan::of(settings).takes_texts();
    missing_beside(flows, &settings.calls.secrets, takes_texts).collect()
}

/// Does the same, given whether flows may say texts that answer no message.
pub(super) fn missing_beside<'a>(
    flows: &'a Flows,
    secrets: &'a Secrets,
    takes_texts: bool,
) -> impl Iterator<Item = Missing> + 'a {
    let sentence = |flow: &Flow, why: &str| format!("the flow `{}` {why}", shown(&flow.name));
    let of_secrets = flows.iter().flat_map(move |flow| {
        let names = flow.secrets.iter().filter(|name| !secrets.has(name));
        names.map(move |name| {
            let why = format!("sends the secret `{name}`, and `SECRET_{name}` is not set");
            let cure = format!("set `SECRET_{name}` in the environment or in `.env`");
            Missing { what: sentence(flow, &why), cure }
        })
    });
    // What follows a slow call answers no message either.
    let sends = flows.iter().find(|flow| !takes_texts && flow.sends_by_itself());
    let of_texts = sends.map(|flow| Missing { what: sentence(flow, SENDS), cure: CURE.to_owned() });
    of_secrets.chain(of_texts)
}
