//! Where `post` delivers a message, and with which token and for which address
//! it is signed.

use std::env;

use clap::Args;
use secrecy::SecretString;
use url::Url;

use super::http::BindArgs;
use super::setting::{SettingError, given};
use super::twilio::{account_sid, auth_tokens, public_url};
use crate::twilio::public_url::{PublicUrl, WEBHOOK_PATH};
use crate::twilio::signature::AuthToken;

/// What the path of each of our routes for Twilio begins with.
const ROUTES: &str = "/webhooks/";

/// The settings of a delivery as they were given.
///
/// The auth token is not an argument: other users of the machine can read a command
/// line.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    /// Where to post it; by default, to the service of this machine at `BIND`
    ///
    /// Without a path, `/webhooks/twilio` is added.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The address for which it is signed: that of the service's own settings
    ///
    /// By default, the URL to which it is posted.
    #[arg(long, env = "PUBLIC_URL", hide_env_values = true, value_name = "URL")]
    pub public_url: Option<String>,
    #[expect(missing_docs, reason = "it says it itself")]
    #[command(flatten)]
    pub bind: BindArgs,
    /// The account that the message is for (`AC…`), unless the form names one
    #[arg(long, env = "TWILIO_ACCOUNT_SID", hide_env_values = true, value_name = "SID")]
    pub twilio_account_sid: Option<String>,
}

/// Where a message goes, and how it is signed.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The URL to which it is posted.
    pub url: Url,
    /// The URL that is signed.
    pub signed_url: String,
    /// The token that signs it.
    pub token: AuthToken,
    /// The account that it is for, if one is set.
    pub account_sid: Option<String>,
}

impl DeliveryArgs {
    /// Returns the settings, with the token of the environment.
    pub fn delivery(&self) -> Result<Delivery, SettingError> {
        let url = match &self.url {
            Some(text) => url(text)?,
            None => self.local()?,
        };
        let public_url = self.public_url.as_deref().map(public_url).transpose()?;
        let signed_url =
            public_url.map_or_else(|| url.to_string(), |base| format!("{base}{}", route(&url)));
        let account_sid = self.twilio_account_sid.as_deref().map(account_sid).transpose()?;
        Ok(Delivery { url, signed_url, token: token()?, account_sid })
    }

    /// Returns the webhook of the service that listens at `BIND`.
    fn local(&self) -> Result<Url, SettingError> {
        const NAME: &str = "BIND";
        let bind = self.bind.address()?;
        let unknown = || {
            let hint = "write the address of the service, as in `--url http://127.0.0.1:5000`";
            SettingError::new(NAME, "does not say on which port the service listens", hint)
        };
        if bind.port() == 0 {
            return Err(unknown());
        }
        PublicUrl::of_bind(bind).webhook_url().parse().map_err(|_| unknown())
    }
}

fn url(text: &str) -> Result<Url, SettingError> {
    const NAME: &str = "--url";
    let wrong = |problem: &str| {
        SettingError::new(NAME, problem, "write it as in `--url https://bot.example.com`")
    };
    let mut url: Url = given(NAME, text)?.parse().map_err(|_| wrong("is not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("begins with neither `https://` nor `http://`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "has a user name or a password, which Twilio leaves out of what it signs",
        ));
    }
    // A fragment is for Twilio alone: it says what is tried again.
    url.set_fragment(None);
    if url.path() == "/" {
        url.set_path(WEBHOOK_PATH);
    }
    Ok(url)
}

/// Returns the path and query of our own route: what stands before it in the
/// path is a prefix, which `PUBLIC_URL` has as well.
fn route(url: &Url) -> String {
    let path = url.path();
    let path = path.rfind(ROUTES).and_then(|at| path.get(at..)).unwrap_or(path);
    url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

/// Returns the first token in the environment.
#[expect(clippy::disallowed_methods, reason = "a token that is an argument can be read by others")]
fn token() -> Result<AuthToken, SettingError> {
    const NAME: &str = "TWILIO_AUTH_TOKEN";
    let missing = || {
        SettingError::new(
            NAME,
            "is not set, and nothing can be signed without it",
            "set it in the environment or in `.env`, to the token of the service; a service without \
             a token takes the messages of its phone page only",
        )
    };
    let text = env::var_os(NAME).ok_or_else(missing)?.into_string();
    let text =
        text.map_err(|_| SettingError::new(NAME, "is not UTF-8", "write it again as text"))?;
    auth_tokens(&SecretString::from(text))?.into_iter().next().ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_leads_to_the_webhook_and_is_signed_below_the_public_one() {
        for (given, posted, route) in [
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000/webhooks/twilio", "/webhooks/twilio"),
            ("https://a.example/", "https://a.example/webhooks/twilio", "/webhooks/twilio"),
            (
                "https://a.example/bots/webhooks/twilio#rc=2&rp=ct,rt,5xx",
                "https://a.example/bots/webhooks/twilio",
                "/webhooks/twilio",
            ),
            (
                "https://a.example/webhooks/twilio/status?m=7",
                "https://a.example/webhooks/twilio/status?m=7",
                "/webhooks/twilio/status?m=7",
            ),
            ("https://a.example/other", "https://a.example/other", "/other"),
        ] {
            let url = url(given).unwrap();
            assert_eq!((url.as_str(), super::route(&url).as_str()), (posted, route), "{given}");
        }
        for wrong in ["", "a.example", "ftp://a.example", "https://me:s3cret@a.example", "https://"]
        {
            let error = url(wrong).unwrap_err();
            assert!(!format!("{error} {}", error.hint()).contains("s3cret"), "{wrong}: {error}");
        }
    }
}
