//! How texts are sent that answer no message.

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::setting::{SettingError, given, secret};
use super::twilio::TwilioArgs;
use crate::message::check_address;
use crate::outbox::order::Mode;
use crate::outbox::pace::{MAX_RATE, Rates};
use crate::twilio::rest::api_url::{ApiUrl, DEFAULT};
use crate::twilio::rest::credentials::{Credentials, CredentialsError};

/// The settings of sending as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sending")]
pub struct SendingArgs {
    /// An API key to send texts with, in place of the auth token (`SK…`)
    ///
    /// Together with `TWILIO_API_SECRET` and `TWILIO_ACCOUNT_SID`. Requests from
    /// Twilio are still recognized by the auth token.
    #[arg(long, env = "TWILIO_API_KEY", hide_env_values = true, value_name = "SID")]
    pub twilio_api_key: Option<String>,
    /// The secret of the API key
    #[arg(
        long,
        env = "TWILIO_API_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        value_parser = secret
    )]
    pub twilio_api_secret: Option<SecretString>,
    /// The address of the REST API: a region, or a compatible provider
    ///
    /// By default `https://api.twilio.com`. Plain `http` is only for this machine.
    #[arg(long, env = "TWILIO_API_URL", hide_env_values = true, value_name = "URL")]
    pub twilio_api_url: Option<String>,
    /// Whether texts are sent that answer no message
    ///
    /// `on` needs `TWILIO_ACCOUNT_SID` with an auth token or an API key, and is the
    /// default with these. `paused`: texts wait. `off`: texts are dropped and
    /// counted.
    #[arg(long, env = "SENDING", hide_env_values = true, value_name = "on|paused|off")]
    pub sending: Option<String>,
    /// How many segments a second each of our addresses sends
    ///
    /// By default 10. A list sets single addresses:
    /// `10,+15005550006=1,whatsapp:+14155238886=80`.
    #[arg(long, env = "SEND_RATE", hide_env_values = true, value_name = "RATE")]
    pub send_rate: Option<String>,
    /// What becomes of a question if nobody knows whether it was sent
    ///
    /// `keep`, the default: it is not sent again. `resend`: it is sent once more
    /// after 15 minutes without any sign of it.
    #[arg(long, env = "UNKNOWN", hide_env_values = true, value_name = "keep|resend")]
    pub unknown: Option<String>,
}

/// How texts are sent that answer no message.
#[derive(Clone, Debug)]
pub struct SendingSettings {
    /// What was said about sending; `None` if nothing was.
    pub mode: Option<Mode>,
    /// The account that sends, if it is known.
    pub credentials: Option<Credentials>,
    /// The address of the API.
    pub api_url: ApiUrl,
    /// How fast our addresses send.
    pub rates: Rates,
    /// Whether a question is sent once more of which nobody knows.
    pub resends: bool,
}

impl SendingArgs {
    /// Returns the settings, given those of Twilio.
    pub fn settings(&self, twilio: &TwilioArgs) -> Result<SendingSettings, SettingError> {
        let mode = self.mode()?;
        // Who sends nothing needs no account for it.
        let sends = mode.is_none_or(|mode| mode == Mode::On);
        let credentials = if sends { self.credentials(twilio)? } else { None };
        Ok(SendingSettings {
            mode,
            credentials,
            api_url: self.api_url()?,
            rates: self.rates()?,
            resends: self.resends()?,
        })
    }

    /// Fails if texts are to be sent and nothing takes them; the phone page would.
    pub fn check(&self, settings: &SendingSettings, has_page: bool) -> Result<(), SettingError> {
        if settings.mode != Some(Mode::On) || settings.credentials.is_some() || has_page {
            return Ok(());
        }
        Err(SettingError::new(
            "SENDING",
            "is `on`, but the account that sends is not known",
            "set `TWILIO_ACCOUNT_SID` with `TWILIO_AUTH_TOKEN`, or with `TWILIO_API_KEY` and \
             `TWILIO_API_SECRET`",
        ))
    }

    fn mode(&self) -> Result<Option<Mode>, SettingError> {
        const NAME: &str = "SENDING";
        match self.sending.as_deref().map(|text| given(NAME, text)).transpose()? {
            None => Ok(None),
            Some("on") => Ok(Some(Mode::On)),
            Some("paused") => Ok(Some(Mode::Paused)),
            Some("off") => Ok(Some(Mode::Off)),
            Some(other) => Err(SettingError::new(
                NAME,
                format!("is `{other}`, which is none of `on`, `paused` and `off`"),
                "write `SENDING=on`, `SENDING=paused` or `SENDING=off`, or remove it",
            )),
        }
    }

    fn resends(&self) -> Result<bool, SettingError> {
        const NAME: &str = "UNKNOWN";
        match self.unknown.as_deref().map(|text| given(NAME, text)).transpose()? {
            None | Some("keep") => Ok(false),
            Some("resend") => Ok(true),
            Some(other) => Err(SettingError::new(
                NAME,
                format!("is `{other}`, which is neither `keep` nor `resend`"),
                "write `UNKNOWN=keep` or `UNKNOWN=resend`, or remove it",
            )),
        }
    }

    fn api_url(&self) -> Result<ApiUrl, SettingError> {
        const NAME: &str = "TWILIO_API_URL";
        let text = self.twilio_api_url.as_deref().unwrap_or(DEFAULT);
        let hint = format!("write it as `{NAME}={DEFAULT}`, or remove it");
        given(NAME, text)?
            .parse()
            .map_err(|error| SettingError::new(NAME, format!("{error}"), hint))
    }

    fn rates(&self) -> Result<Rates, SettingError> {
        const NAME: &str = "SEND_RATE";
        let mut rates = Rates::default();
        let Some(text) = &self.send_rate else { return Ok(rates) };
        for part in given(NAME, text)?.split(',').map(str::trim) {
            let (address, rate) = match part.rsplit_once('=') {
                Some((address, rate)) => (Some(address.trim()), rate.trim()),
                None => (None, part),
            };
            let rate = rate.parse().ok().filter(|rate| (1..=MAX_RATE).contains(rate));
            let rate = rate.ok_or_else(|| {
                let problem = format!("has a rate that is not a number from 1 to {MAX_RATE}");
                SettingError::new(NAME, problem, "write it as `SEND_RATE=10,+15005550006=1`")
            })?;
            match address {
                None => rates.default = rate,
                Some(address) if check_address(address).is_ok() => {
                    rates.by_address.insert(address.to_owned(), rate);
                }
                Some(_) => {
                    return Err(SettingError::new(
                        NAME,
                        "has a rate without an address in front of its `=`",
                        "write it as `SEND_RATE=10,+15005550006=1`",
                    ));
                }
            }
        }
        Ok(rates)
    }

    fn credentials(&self, twilio: &TwilioArgs) -> Result<Option<Credentials>, SettingError> {
        let (key, key_secret) = (self.twilio_api_key.as_deref(), &self.twilio_api_secret);
        let account = twilio.twilio_account_sid.as_deref().map(str::trim);
        let missing = |name, other: &str| {
            let problem = format!("is missing beside `{other}`");
            SettingError::new(name, problem, format!("set both, or remove `{other}`"))
        };
        let credentials = match (key, key_secret) {
            (Some(key), Some(key_secret)) => {
                let key = given("TWILIO_API_KEY", key)?;
                let key_secret = given("TWILIO_API_SECRET", key_secret.expose_secret())?;
                let account =
                    account.ok_or_else(|| missing("TWILIO_ACCOUNT_SID", "TWILIO_API_KEY"))?;
                Credentials::with_key(account, key, key_secret.into())
            }
            (Some(_), None) => return Err(missing("TWILIO_API_SECRET", "TWILIO_API_KEY")),
            (None, Some(_)) => return Err(missing("TWILIO_API_KEY", "TWILIO_API_SECRET")),
            (None, None) => {
                let tokens = twilio.twilio_auth_token.as_ref();
                let first = tokens.and_then(|tokens| tokens.expose_secret().split(',').next());
                let (Some(account), Some(first)) = (account, first) else { return Ok(None) };
                let credentials = Credentials::with_token(account, first.trim().into());
                if self.sending.is_none() && credentials.is_err() {
                    // They need not be fit for that: nobody said that they send.
                    return Ok(None);
                }
                credentials
            }
        };
        credentials.map(Some).map_err(|error| {
            let name = match error {
                CredentialsError::Account => "TWILIO_ACCOUNT_SID",
                CredentialsError::Key => "TWILIO_API_KEY",
                CredentialsError::Secret if key.is_some() => "TWILIO_API_SECRET",
                CredentialsError::Secret => "TWILIO_AUTH_TOKEN",
            };
            SettingError::new(name, format!("cannot be used to send: {error}"), "copy it again")
        })
    }
}
