//! Whether the phone page is served, and where it must not be.

use std::net::SocketAddr;

use clap::Args;

use super::setting::{SettingError, given};

/// `SIMULATOR` as it was given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Phone page")]
pub struct SimulatorArgs {
    /// Whether the phone page is served at `/`
    ///
    /// By default it is on if `TWILIO_AUTH_TOKEN` is not set and `BIND` is a
    /// loopback address, else off. Whoever reaches the page can write as
    /// anyone, so `on` is refused beside a token or on another address.
    #[arg(long, env = "SIMULATOR", hide_env_values = true, value_name = "on|off")]
    pub simulator: Option<String>,
}

impl SimulatorArgs {
    /// Whether the phone page is on, beside these other settings.
    pub fn is_on(&self, bind: SocketAddr, has_token: bool) -> Result<bool, SettingError> {
        const NAME: &str = "SIMULATOR";
        let harmless = !has_token && bind.ip().is_loopback();
        let refuse = |problem, hint| Err(SettingError::new(NAME, problem, hint));
        match self.simulator.as_deref().map(|text| given(NAME, text)).transpose()? {
            None => Ok(harmless),
            Some("off") => Ok(false),
            Some("on") if harmless => Ok(true),
            Some("on") if has_token => refuse(
                "is on although `TWILIO_AUTH_TOKEN` is set: whoever reaches the phone page could write as anyone".to_owned(),
                "remove one of the two; with a token, test with a real phone or with `ringback chat`",
            ),
            Some("on") => refuse(
                format!("is on although `BIND` is {bind}, which others can reach: they could write as anyone"),
                "use `BIND=127.0.0.1:5000`, or remove `SIMULATOR`",
            ),
            Some(other) => refuse(
                format!("is `{other}`, which is neither `on` nor `off`"),
                "write `SIMULATOR=on` or `SIMULATOR=off`, or remove it",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_on_only_where_nobody_else_can_reach_it() {
        for (simulator, bind, has_token, expected) in [
            (None, "127.0.0.1:5000", false, Some(true)),
            (None, "[::1]:5000", false, Some(true)),
            (None, "127.0.0.1:5000", true, Some(false)),
            (None, "0.0.0.0:5000", false, Some(false)),
            (None, "192.168.0.2:5000", true, Some(false)),
            (Some("on"), "127.8.9.1:0", false, Some(true)),
            (Some("on"), "127.0.0.1:5000", true, None),
            (Some("on"), "0.0.0.0:5000", false, None),
            (Some("on"), "[::]:5000", false, None),
            (Some("off"), "127.0.0.1:5000", false, Some(false)),
            (Some("off"), "0.0.0.0:5000", true, Some(false)),
            (Some(" on\n"), "127.0.0.1:5000", false, Some(true)),
            (Some("ON"), "127.0.0.1:5000", false, None),
            (Some(""), "127.0.0.1:5000", false, None),
        ] {
            let arguments = SimulatorArgs { simulator: simulator.map(str::to_owned) };
            let found = arguments.is_on(bind.parse().unwrap(), has_token).ok();
            assert_eq!(found, expected, "{simulator:?} on {bind}, token: {has_token}");
        }
    }
}
