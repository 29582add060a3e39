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
    #[arg(long, env = "SIMULATOR", value_name = "on|off")]
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
