//! Messages as Twilio posts them: signed forms, over real HTTP.

use std::net::SocketAddr;

use reqwest::{Client, StatusCode, header};
use ringback::twilio::form::Pairs;
use ringback::twilio::signature::{AuthToken, sign};
use ringback::twilio::twiml;
use sha2::{Digest as _, Sha256};

use super::plain;
use super::service::Service;

/// What signs the messages.
pub(crate) const TOKEN: &str = "a-token-of-the-tests";

/// The address that they are signed for, which is not the one they go to.
pub(crate) const PUBLIC_URL: &str = "https://bot.example.com";

const PATH: &str = "/webhooks/twilio";

/// The settings of a service that takes such messages, on this database.
pub(crate) fn settings(database_url: &str) -> [(&str, &str); 3] {
    [("DATABASE_URL", database_url), ("TWILIO_AUTH_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC_URL)]
}

/// A client that uses no proxy.
pub(crate) fn client() -> Client {
    plain::client().build().unwrap()
}

/// A message, ready to be posted as often as one likes.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// As it goes over the wire.
    pub(crate) body: String,
    pub(crate) signature: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: String,
}

impl Form {
    pub(crate) fn new(id: &str, from: &str, says: &str) -> Self {
        Self::with(id, from, says, &[])
    }

    /// The same with further parameters.
    pub(crate) fn with(id: &str, from: &str, says: &str, further: &[(&str, &str)]) -> Self {
        let ours = [
            ("MessageSid", id),
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("From", from),
            ("To", "+15005550006"),
            ("Body", says),
            ("ProfileName", "Profile Marker"),
            ("FromCity", ""),
        ];
        Self::of(&[&ours[..], further].concat())
    }

    /// Any parameters, signed.
    pub(crate) fn of(parameters: &[(&str, &str)]) -> Self {
        let body = serde_urlencoded::to_string(parameters).unwrap();
        let pairs = Pairs::decode(body.as_bytes()).unwrap();
        let token = AuthToken::new(&TOKEN.into()).unwrap();
        let signature = sign(&format!("{PUBLIC_URL}{PATH}"), &pairs, &token);
        Self { body, signature }
    }

    /// A message of `from`, and what somebody who recorded it makes of it under
    /// its signature: a START of `stranger`.
    pub(crate) fn recut(from: &str, stranger: &str) -> [Self; 2] {
        let [id, other_id] = ["SM0123456789abcdef0123456789abcdef", &format!("SM{:032x}", 1)];
        let to = "+15005550006";
        let text = format!("STARTFrom{stranger}MessageSid{other_id}To{to}Zip");
        let honest = Self::new(id, from, &text);
        let rest = format!("From{from}FromCityMessageSid{id}ProfileNameProfile MarkerTo{to}");
        let body = serde_urlencoded::to_string([
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("Body", "START"),
            ("From", stranger),
            ("MessageSid", other_id),
            ("To", to),
            ("Zip", &rest),
        ])
        .unwrap();
        let forged = Self { body, signature: honest.signature.clone() };
        [honest, forged]
    }

    /// The whole request, for a test that writes to a socket.
    pub(crate) fn head(&self) -> String {
        format!(
            "POST {PATH} HTTP/1.1\r\nHost: bot.example.com\r\nX-Twilio-Signature: {}\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.signature,
            self.body.len()
        )
    }

    /// Posts it. An error says that no whole answer came.
    pub(crate) async fn post(&self, client: &Client, to: SocketAddr) -> reqwest::Result<Answer> {
        let response = client
            .post(format!("http://{to}{PATH}"))
            .header("X-Twilio-Signature", &self.signature)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
            .body(self.body.clone())
            .send()
            .await?;
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.map(|value| value.to_str().unwrap().to_owned());
        Ok(Answer { status: response.status(), retry_after, body: response.text().await? })
    }
}

/// A whole id, as Twilio makes them: a message with another costs the service a
/// further transaction.
pub(crate) fn sid(name: &str) -> String {
    let hash = Sha256::digest(name);
    hash.iter().take(16).fold("SM".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}

/// Posts a message to a service that is there; what it answers, in bytes.
pub(crate) async fn post(service: &Service, id: &str, from: &str, says: &str) -> String {
    post_with(service, id, from, says, &[]).await
}

/// The same with further parameters.
pub(crate) async fn post_with(
    service: &Service,
    id: &str,
    from: &str,
    says: &str,
    further: &[(&str, &str)],
) -> String {
    let form = Form::with(id, from, says, further);
    let answer = form.post(&client(), service.address()).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// Posts a message; the texts of the reply.
pub(crate) async fn say(service: &Service, id: &str, from: &str, says: &str) -> Vec<String> {
    let twiml = post(service, id, from, says).await;
    twiml::read(twiml.as_bytes()).unwrap().into_iter().map(|reply| reply.text).collect()
}
