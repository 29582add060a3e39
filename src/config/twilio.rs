//! How requests from Twilio are recognized.

use std::net::SocketAddr;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::setting::{SettingError, given, secret};
use super::token::{is_account_sid, oddity};
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::{AuthToken, TokenError};

/// The Twilio settings as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Twilio")]
pub struct TwilioArgs {
    /// The account's auth token, which signs every request
    ///
    /// Several tokens, separated by commas, are all accepted, so that a token
    /// can be rotated. Without a token nothing from outside is accepted. Prefer
    /// the variable to the flag: other users of the machine can read a command
    /// line.
    #[arg(
        long,
        env = "TWILIO_AUTH_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        value_parser = secret
    )]
    pub twilio_auth_token: Option<SecretString>,
    /// The account whose messages are accepted (`AC…`); by default any that the token signs
    #[arg(long, env = "TWILIO_ACCOUNT_SID", hide_env_values = true, value_name = "SID")]
    pub twilio_account_sid: Option<String>,
    /// The address at which Twilio calls this server
    ///
    /// Scheme, host, port, and any path prefix that a proxy strips, as in
    /// `https://bot.example.com`. The signature covers it, so it must match
    /// exactly. By default it is made from `BIND`.
    #[arg(long, env = "PUBLIC_URL", hide_env_values = true, value_name = "URL")]
    pub public_url: Option<String>,
}

/// How requests from Twilio are recognized.
#[derive(Clone, Debug)]
pub struct TwilioSettings {
    /// The tokens that sign requests; `None` if no request from outside can be authentic.
    pub auth_tokens: Option<Vec<AuthToken>>,
    /// The only account whose messages are taken, if there is such a limit.
    pub account_sid: Option<String>,
    /// The configured address, if any; see [`TwilioSettings::public_url`].
    pub configured_url: Option<PublicUrl>,
    /// Why one of the tokens is hardly a token.
    odd_token: Option<&'static str>,
}

impl TwilioArgs {
    /// Returns the settings.
    pub fn settings(&self) -> Result<TwilioSettings, SettingError> {
        Ok(TwilioSettings {
            auth_tokens: self.twilio_auth_token.as_ref().map(auth_tokens).transpose()?,
            account_sid: self.twilio_account_sid.as_deref().map(account_sid).transpose()?,
            configured_url: self.public_url.as_deref().map(public_url).transpose()?,
            odd_token: self.twilio_auth_token.as_ref().and_then(|tokens| {
                tokens.expose_secret().split(',').find_map(|token| oddity(token.trim()))
            }),
        })
    }
}

impl TwilioSettings {
    /// Returns the address that Twilio calls: the configured one, otherwise the
    /// one on which the service listens.
    #[must_use]
    pub fn public_url(&self, listening: SocketAddr) -> PublicUrl {
        self.configured_url.clone().unwrap_or_else(|| PublicUrl::of_bind(listening))
    }

    /// Returns a sentence for each setting that is allowed but looks wrong.
    #[must_use]
    pub fn warnings(&self, listening: SocketAddr) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.account_sid.as_deref().is_some_and(|sid| !is_account_sid(sid)) {
            warnings.push(
                "`TWILIO_ACCOUNT_SID` does not look like one (`AC` and 32 hexadecimal digits): messages of any other account are refused".to_owned(),
            );
        }
        if self.auth_tokens.is_none() {
            return warnings;
        }
        warnings.extend(self.odd_token.map(|oddity| {
            format!(
                "`TWILIO_AUTH_TOKEN` {oddity}; with a wrong token every message is refused: copy the auth token that is next to the account SID in the Twilio console"
            )
        }));
        let url = self.public_url(listening);
        if let Some(surplus) = url.surplus() {
            warnings.push(format!(
                "`PUBLIC_URL` ends with `{surplus}`, and Twilio is taken to call {}: remove `{surplus}` unless the Twilio console has exactly that URL",
                url.webhook_url()
            ));
        }
        if self.public_url(listening).is_loopback() {
            let how = if self.configured_url.is_some() { "is" } else { "is not set and becomes" };
            warnings.push(format!(
                "`PUBLIC_URL` {how} {}, which Twilio cannot reach: set it to the address in the Twilio console",
                self.public_url(listening)
            ));
        }
        warnings
    }
}

/// Reads the tokens of a list.
pub(super) fn auth_tokens(tokens: &SecretString) -> Result<Vec<AuthToken>, SettingError> {
    const NAME: &str = "TWILIO_AUTH_TOKEN";
    given(NAME, tokens.expose_secret())?;
    AuthToken::list(tokens).map_err(|error| {
        let hint = "write the auth token from the Twilio console, or several separated by commas";
        let problem = match error {
            // It is known by now that the setting as a whole is not empty.
            TokenError::Empty => "has an empty token in its list".to_owned(),
            other => other.to_string(),
        };
        SettingError::new(NAME, problem, hint)
    })
}

/// Reads the SID of an account.
pub(super) fn account_sid(text: &str) -> Result<String, SettingError> {
    given("TWILIO_ACCOUNT_SID", text).map(str::to_owned)
}

/// Reads the address that Twilio calls.
pub(super) fn public_url(text: &str) -> Result<PublicUrl, SettingError> {
    const NAME: &str = "PUBLIC_URL";
    let hint = "write it as Twilio calls it, for example `PUBLIC_URL=https://bot.example.com`";
    given(NAME, text)?.parse().map_err(|error| SettingError::new(NAME, format!("{error}"), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "a-token-of-the-tests";
    const SID: &str = "AC0123456789abcdef0123456789abcdef";

    fn settings(
        token: Option<&str>,
        sid: Option<&str>,
        url: Option<&str>,
    ) -> Result<TwilioSettings, SettingError> {
        let arguments = TwilioArgs {
            twilio_auth_token: token.map(SecretString::from),
            twilio_account_sid: sid.map(str::to_owned),
            public_url: url.map(str::to_owned),
        };
        arguments.settings()
    }

    #[test]
    fn tokens_are_a_list_without_gaps() {
        for (given, expected) in [
            ("one", Some(1)),
            (" one ,two\n", Some(2)),
            ("", None),
            (" ", None),
            (",", None),
            ("one,", None),
            ("one,,two", None),
            ("one two", None),
        ] {
            let found = settings(Some(given), None, None).ok();
            let found = found.and_then(|settings| settings.auth_tokens);
            assert_eq!(found.map(|tokens| tokens.len()), expected, "{given:?}");
        }
        assert!(settings(None, None, None).unwrap().auth_tokens.is_none());
    }

    #[test]
    fn warns_about_settings_that_are_probably_not_intended() {
        let listening = "127.0.0.1:5000".parse().unwrap();
        let everywhere = "0.0.0.0:5000".parse().unwrap();
        let public = Some("https://bot.example.com/a");
        for (token, sid, url, bind, expected) in [
            (None, None, None, listening, None),
            (Some(TOKEN), Some(SID), public, listening, None),
            (Some(TOKEN), Some("AC12"), public, listening, Some("TWILIO_ACCOUNT_SID")),
            (Some(SID), None, public, listening, Some("TWILIO_AUTH_TOKEN")),
            (
                Some("9f86d081884c7d659a2feaa0c55ad015,changeme"),
                None,
                public,
                listening,
                Some("TWILIO_AUTH_TOKEN"),
            ),
            (
                Some(TOKEN),
                None,
                Some("https://bot.example.com/webhooks"),
                listening,
                Some("PUBLIC_URL"),
            ),
            (
                Some(TOKEN),
                None,
                Some("https://bot.example.com/a/Webhooks/"),
                listening,
                Some("PUBLIC_URL"),
            ),
            (Some(TOKEN), None, Some("https://bot.example.com/my-webhooks"), listening, None),
            (Some(TOKEN), None, None, listening, Some("PUBLIC_URL")),
            (Some(TOKEN), None, None, everywhere, Some("PUBLIC_URL")),
            (Some(TOKEN), None, Some("http://localhost:5000"), everywhere, Some("PUBLIC_URL")),
            (Some(TOKEN), None, Some("http://[::1]:5000"), everywhere, Some("PUBLIC_URL")),
        ] {
            let warnings = settings(token, sid, url).unwrap().warnings(bind);
            let shown = warnings.join("\n");
            assert!(token.is_none_or(|token| !shown.contains(token)), "{shown}");
            let about: Vec<_> = warnings.iter().map(|w| w.split('`').nth(1).unwrap()).collect();
            assert_eq!(about, Vec::from_iter(expected), "{sid:?} {url:?} {bind}");
        }
    }

    #[test]
    fn the_public_url_is_the_configured_one_or_the_address_of_the_service() {
        let listening = "127.0.0.1:4711".parse().unwrap();
        for (set, expected) in [
            (None, "http://127.0.0.1:4711"),
            (Some("https://bot.example.com/a"), "https://bot.example.com/a"),
        ] {
            let found = settings(None, None, set).unwrap().public_url(listening);
            assert_eq!(found.to_string(), expected);
        }
        for refused in ["", "bot.example.com", "ftp://bot.example.com", "https://"] {
            settings(None, None, Some(refused)).unwrap_err();
        }
    }

    #[test]
    fn no_token_is_shown() {
        let shown = format!("{:?}", settings(Some("s3cret,s3cret2"), None, None).unwrap());
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
