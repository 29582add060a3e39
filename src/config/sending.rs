//! How texts are sent that answer no message.

use std::collections::BTreeSet;

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
                format!("is `{other}`, but can only be `on`, `paused` or `off`"),
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
        let mut known = BTreeSet::new();
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
            if !known.insert(address) {
                let whose = address.unwrap_or("all addresses");
                return Err(SettingError::new(
                    NAME,
                    format!("has two rates for {whose}"),
                    "write one rate for all, and one for each address that has its own",
                ));
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "AC0123456789abcdef0123456789abcdef";
    const KEY: &str = "SK0123456789abcdef0123456789abcdef";

    fn arguments(given: &[(&str, &str)]) -> (SendingArgs, TwilioArgs) {
        let find = |name: &str| {
            let found = given.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let sending = SendingArgs {
            twilio_api_key: find("TWILIO_API_KEY"),
            twilio_api_secret: find("TWILIO_API_SECRET").map(SecretString::from),
            twilio_api_url: find("TWILIO_API_URL"),
            sending: find("SENDING"),
            send_rate: find("SEND_RATE"),
            unknown: find("UNKNOWN"),
        };
        let twilio = TwilioArgs {
            twilio_auth_token: find("TWILIO_AUTH_TOKEN").map(SecretString::from),
            twilio_account_sid: find("TWILIO_ACCOUNT_SID"),
            public_url: None,
        };
        (sending, twilio)
    }

    fn settings(given: &[(&str, &str)]) -> Result<SendingSettings, SettingError> {
        let (sending, twilio) = arguments(given);
        let settings = sending.settings(&twilio)?;
        sending.check(&settings, false)?;
        Ok(settings)
    }

    #[test]
    fn the_account_is_known_by_its_token_or_by_a_key() {
        let sid = ("TWILIO_ACCOUNT_SID", SID);
        let token = ("TWILIO_AUTH_TOKEN", "first,second");
        let (key, secret) = (("TWILIO_API_KEY", KEY), ("TWILIO_API_SECRET", "s3cret"));
        for (given, expected) in [
            (&[][..], Ok(None)),
            (&[token], Ok(None)),
            (&[sid], Ok(None)),
            (&[sid, token], Ok(Some(SID))),
            (&[sid, token, key, secret], Ok(Some(SID))),
            (&[sid, key, secret], Ok(Some(SID))),
            (&[key, secret], Err("TWILIO_ACCOUNT_SID")),
            (&[sid, token, key], Err("TWILIO_API_SECRET")),
            (&[sid, token, secret], Err("TWILIO_API_KEY")),
            (&[sid, ("TWILIO_API_KEY", "S K"), secret], Err("TWILIO_API_KEY")),
            (&[sid, ("TWILIO_API_KEY", ""), secret], Err("TWILIO_API_KEY")),
            (&[("TWILIO_ACCOUNT_SID", "AC/1"), token], Ok(None)),
            (
                &[("TWILIO_ACCOUNT_SID", "AC/1"), token, ("SENDING", "on")],
                Err("TWILIO_ACCOUNT_SID"),
            ),
            (&[("TWILIO_ACCOUNT_SID", "AC/1"), token, ("SENDING", "off")], Ok(None)),
            (&[("SENDING", "on")], Err("SENDING")),
            (&[("SENDING", "paused")], Ok(None)),
            (&[("SENDING", "maybe")], Err("SENDING")),
            (&[("SENDING", "")], Err("SENDING")),
            (&[("UNKNOWN", "resend")], Ok(None)),
            (&[("UNKNOWN", "drop")], Err("UNKNOWN")),
            (&[("TWILIO_API_URL", "https://api.dublin.ie1.twilio.com")], Ok(None)),
            (&[("TWILIO_API_URL", "http://api.twilio.com")], Err("TWILIO_API_URL")),
        ] {
            let found = settings(given);
            match (found, expected) {
                (Ok(found), Ok(account)) => {
                    let found = found.credentials.as_ref().map(Credentials::account);
                    assert_eq!(found, account, "{given:?}");
                }
                (Err(error), Err(name)) => {
                    let shown = error.to_string();
                    assert!(shown.starts_with(&format!("`{name}`")), "{given:?}: {shown}");
                    assert!(!shown.contains("s3cret") && !error.hint().contains("s3cret"));
                }
                (found, expected) => panic!("{given:?}: {found:?} and not {expected:?}"),
            }
        }
    }

    #[test]
    fn rates_are_for_all_addresses_or_for_one() {
        for (given, default, single) in [
            ("3", Some(3), &[][..]),
            ("+15005550006=1", Some(10), &[("+15005550006", 1)]),
            (
                "5, +15005550006 = 1,whatsapp:+14155238886=80",
                Some(5),
                &[("+15005550006", 1), ("whatsapp:+14155238886", 80)],
            ),
            ("10000", Some(10_000), &[]),
            ("0", None, &[]),
            ("10001", None, &[]),
            ("1.5", None, &[]),
            ("5,", None, &[]),
            ("=5", None, &[]),
            ("+1=", None, &[]),
            ("fast", None, &[]),
            ("10,10", None, &[]),
            ("+15005550006=1,5,+15005550006=2", None, &[]),
        ] {
            let found = settings(&[("SEND_RATE", given)]).ok().map(|settings| settings.rates);
            let by_address = single.iter().map(|(address, rate)| ((*address).to_owned(), *rate));
            let expected =
                default.map(|default| Rates { default, by_address: by_address.collect() });
            assert_eq!(found, expected, "{given}");
        }
    }
}
