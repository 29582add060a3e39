//! Whether the phone page is served, and where it must not be served.

use std::net::SocketAddr;

use clap::Args;

use super::setting::{SettingError, given};
use super::twilio::TwilioSettings;

/// `SIMULATOR` as it was given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Phone page")]
pub struct SimulatorArgs {
    /// Whether the phone page is served at `/`
    ///
    /// By default it is on if neither `TWILIO_AUTH_TOKEN` nor `PUBLIC_URL` is
    /// set and `BIND` is a loopback address, otherwise off. It opens with the
    /// link that is logged at the start, at level `info`. A person with that
    /// link can write as anyone, so `on` is refused together with a token or a
    /// public address.
    #[arg(long, env = "SIMULATOR", hide_env_values = true, value_name = "on|off")]
    pub simulator: Option<String>,
}

impl SimulatorArgs {
    /// Returns whether the phone page is on, given these other settings.
    pub fn is_on(&self, bind: SocketAddr, twilio: &TwilioSettings) -> Result<bool, SettingError> {
        const NAME: &str = "SIMULATOR";
        let danger = danger(bind, twilio);
        match self.simulator.as_deref().map(|text| given(NAME, text)).transpose()? {
            None => Ok(danger.is_none()),
            Some("off") => Ok(false),
            Some("on") => danger.map_or(Ok(true), |(problem, hint)| {
                let problem = format!("is on although {problem}: others could write as anyone");
                Err(SettingError::new(NAME, problem, hint))
            }),
            Some(other) => Err(SettingError::new(
                NAME,
                format!("is `{other}`, which is neither `on` nor `off`"),
                "write `SIMULATOR=on` or `SIMULATOR=off`, or remove it",
            )),
        }
    }
}

/// Returns which setting lets others reach the phone page, and what to do about it.
fn danger(bind: SocketAddr, twilio: &TwilioSettings) -> Option<(String, &'static str)> {
    if twilio.auth_tokens.is_some() {
        Some((
            "`TWILIO_AUTH_TOKEN` is set".to_owned(),
            "remove one of the two; with a token, test with a real phone or with `ringback chat`",
        ))
    } else if twilio.configured_url.is_some() {
        Some((
            "`PUBLIC_URL` is set".to_owned(),
            "remove `PUBLIC_URL` to use the phone page, or remove `SIMULATOR` and set `TWILIO_AUTH_TOKEN` to use a real phone",
        ))
    } else if !bind.ip().is_loopback() {
        Some((
            format!("`BIND` is {bind}, which can be reached from outside"),
            "use `BIND=127.0.0.1:5000`, or remove `SIMULATOR`",
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::twilio::TwilioArgs;
    use super::*;

    #[test]
    fn is_on_only_where_nobody_else_is_expected() {
        const URL: Option<&str> = Some("https://bot.example.com");
        const LOCAL: Option<&str> = Some("http://localhost:5000");
        for (simulator, bind, has_token, url, expected) in [
            (None, "127.0.0.1:5000", false, None, Some(true)),
            (None, "[::1]:5000", false, None, Some(true)),
            (None, "127.0.0.1:5000", true, None, Some(false)),
            (None, "127.0.0.1:5000", true, URL, Some(false)),
            (None, "127.0.0.1:5000", false, URL, Some(false)),
            (None, "127.0.0.1:5000", false, LOCAL, Some(false)),
            (None, "0.0.0.0:5000", false, None, Some(false)),
            (None, "0.0.0.0:5000", false, URL, Some(false)),
            (None, "192.168.0.2:5000", true, None, Some(false)),
            (Some("on"), "127.8.9.1:0", false, None, Some(true)),
            (Some("on"), "127.0.0.1:5000", true, None, None),
            (Some("on"), "127.0.0.1:5000", true, URL, None),
            (Some("on"), "127.0.0.1:5000", false, URL, None),
            (Some("on"), "127.0.0.1:5000", false, LOCAL, None),
            (Some("on"), "0.0.0.0:5000", false, None, None),
            (Some("on"), "[::]:5000", false, None, None),
            (Some("off"), "127.0.0.1:5000", false, None, Some(false)),
            (Some("off"), "127.0.0.1:5000", false, URL, Some(false)),
            (Some("off"), "0.0.0.0:5000", true, None, Some(false)),
            (Some(" on\n"), "127.0.0.1:5000", false, None, Some(true)),
            (Some("ON"), "127.0.0.1:5000", false, None, None),
            (Some(""), "127.0.0.1:5000", false, None, None),
        ] {
            let twilio = TwilioArgs {
                twilio_auth_token: has_token.then(|| "token".into()),
                twilio_account_sid: None,
                public_url: url.map(str::to_owned),
            };
            let arguments = SimulatorArgs { simulator: simulator.map(str::to_owned) };
            let found = arguments.is_on(bind.parse().unwrap(), &twilio.settings().unwrap()).ok();
            assert_eq!(found, expected, "{simulator:?} on {bind}, token: {has_token}, {url:?}");
        }
    }
}
