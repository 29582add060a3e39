//! The account at the page's own Twilio, and where that is found.

use std::net::SocketAddr;

use secrecy::SecretString;
use uuid::Uuid;

use crate::twilio::rest::api_url::{ApiUrl, ApiUrlError};
use crate::twilio::rest::credentials::{Credentials, CredentialsError};

/// The path below which it stands.
pub(super) const PATH: &str = "/simulator/twilio";

/// The account at the page's own Twilio, with a token of this start.
#[derive(Clone, Debug)]
pub struct Account {
    sid: String,
    token: SecretString,
}

impl Account {
    /// Returns an account with a random token.
    #[must_use]
    pub fn random(sid: Option<&str>) -> Self {
        let sid = sid.map_or_else(|| format!("AC{}", Uuid::nil().simple()), str::to_owned);
        Self { sid, token: Uuid::new_v4().simple().to_string().into() }
    }

    /// Returns what the service authorizes its requests with.
    pub fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Credentials::with_token(&self.sid, self.token.clone())
    }

    /// Returns where the service finds it.
    pub fn api_url(address: SocketAddr) -> Result<ApiUrl, ApiUrlError> {
        format!("http://{address}{PATH}").parse()
    }
}
