//! How requests of Twilio are known to be Twilio's.

use std::net::SocketAddr;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::setting::{SettingError, given};
use super::store::secret;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::AuthToken;

/// The Twilio settings as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Twilio")]
pub struct TwilioArgs {
    /// The account's auth token, which signs every request
    ///
    /// Several, separated by commas, are all accepted: that is how a token is
    /// rotated. Without one nothing from outside is accepted. Prefer the
    /// variable to the flag: other users of the machine can read a command line.
    #[arg(
        long,
        env = "TWILIO_AUTH_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        value_parser = secret
    )]
    pub twilio_auth_token: Option<SecretString>,
    /// The account whose messages are accepted (`AC…`); without it any that the token signs
    #[arg(long, env = "TWILIO_ACCOUNT_SID", value_name = "SID")]
    pub twilio_account_sid: Option<String>,
    /// The address at which Twilio calls this server
    ///
    /// Scheme, host, port, and any path prefix that a proxy strips, as in
    /// `https://bot.example.com`. The signature covers it, so it must be right
    /// to the letter. By default it is made from `BIND`.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// How requests of Twilio are known to be Twilio's.
#[derive(Clone, Debug)]
pub struct TwilioSettings {
    /// What signs requests; `None` if no request from outside can be authentic.
    pub auth_tokens: Option<Vec<AuthToken>>,
    /// The only account whose messages are taken, if there is such a limit.
    pub account_sid: Option<String>,
    /// The address that was set, if any; see [`TwilioSettings::public_url`].
    pub configured_url: Option<PublicUrl>,
    /// Whether one of the tokens looks like an account's SID.
    sid_for_token: bool,
}

impl TwilioArgs {
    /// The settings that are meant.
    pub fn settings(&self) -> Result<TwilioSettings, SettingError> {
        Ok(TwilioSettings {
            auth_tokens: self.twilio_auth_token.as_ref().map(auth_tokens).transpose()?,
            account_sid: self.twilio_account_sid.as_deref().map(account_sid).transpose()?,
            configured_url: self.public_url.as_deref().map(public_url).transpose()?,
            sid_for_token: self.twilio_auth_token.as_ref().is_some_and(|tokens| {
                tokens.expose_secret().split(',').any(|token| is_account_sid(token.trim()))
            }),
        })
    }
}

impl TwilioSettings {
    /// The address that Twilio calls: the one set, else the one listened on.
    #[must_use]
    pub fn public_url(&self, listening: SocketAddr) -> PublicUrl {
        self.configured_url.clone().unwrap_or_else(|| PublicUrl::of_bind(listening))
    }

    /// What is allowed but looks wrong, a sentence each.
    #[must_use]
    pub fn warnings(&self, bind: SocketAddr) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.account_sid.as_deref().is_some_and(|sid| !is_account_sid(sid)) {
            warnings.push(
                "`TWILIO_ACCOUNT_SID` does not look like one (`AC` and 32 hexadecimal digits): messages of any other account are refused".to_owned(),
            );
        }
        if self.auth_tokens.is_none() {
            return warnings;
        }
        if self.sid_for_token {
            warnings.push(
                "`TWILIO_AUTH_TOKEN` holds an account SID: the auth token stands beside it in the Twilio console".to_owned(),
            );
        }
        if self.public_url(bind).is_loopback() {
            let how = if self.configured_url.is_some() { "is" } else { "is not set and becomes" };
            warnings.push(format!(
                "`PUBLIC_URL` {how} {}, where Twilio cannot call: set it to the address that is in the Twilio console",
                self.public_url(bind)
            ));
        }
        warnings
    }
}

fn auth_tokens(tokens: &SecretString) -> Result<Vec<AuthToken>, SettingError> {
    const NAME: &str = "TWILIO_AUTH_TOKEN";
    given(NAME, tokens.expose_secret())?;
    AuthToken::list(tokens).map_err(|error| {
        let hint = "write the auth token from the Twilio console, or several with a comma between each two";
        SettingError::new(NAME, error.to_string(), hint)
    })
}

fn account_sid(text: &str) -> Result<String, SettingError> {
    given("TWILIO_ACCOUNT_SID", text).map(str::to_owned)
}

fn public_url(text: &str) -> Result<PublicUrl, SettingError> {
    const NAME: &str = "PUBLIC_URL";
    let hint = "write it as Twilio calls it, for example `PUBLIC_URL=https://bot.example.com`";
    given(NAME, text)?.parse().map_err(|error| SettingError::new(NAME, format!("{error}"), hint))
}

fn is_account_sid(text: &str) -> bool {
    text.strip_prefix("AC")
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}
