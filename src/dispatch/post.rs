//! One text as a request.

use std::time::Duration;

use jiff::Timestamp;

use crate::outbox::text::Text as OutboxText;
use crate::sending::client::Client;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::rest::codes::Class;
use crate::twilio::rest::outcome::{Outcome, Refused};
use crate::twilio::rest::text::{From, Text};

/// The longest and the shortest time that the provider may keep a text.
const VALIDITY: (Duration, Duration) = (Duration::from_secs(5), Duration::from_hours(10));

/// Makes the request for a text. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Poster {
    client: Client,
    /// `None` if the provider cannot reach the service, which would make it
    /// refuse the text.
    reports_to: Option<PublicUrl>,
}

impl Poster {
    /// Returns a poster whose texts are reported to this address.
    #[must_use]
    pub fn new(client: Client, reports_to: Option<PublicUrl>) -> Self {
        Self { client, reports_to }
    }

    /// Sends a text. Its number comes back with each report.
    pub(super) async fn post(&self, id: i64, text: &OutboxText, now: Timestamp) -> Outcome {
        let status_callback = self.reports_to.as_ref().map(|url| url.status_url(id));
        let left: Duration = text.good_until.duration_since(now).try_into().unwrap_or_default();
        let validity = left.clamp(VALIDITY.0, VALIDITY.1).as_secs();
        let form = Text {
            to: &text.route.them,
            from: From::Address(&text.route.us),
            body: &text.reply.text,
            media: &text.reply.media,
            status_callback: status_callback.as_deref(),
            validity: u32::try_from(validity).ok(),
        }
        .form();
        match form {
            Ok(form) => self.client.send(&form).await,
            Err(error) => {
                tracing::error!(text.id = id, %error, "a text cannot be sent");
                Outcome::Refused(Refused { status: 0, code: None, class: Class::Permanent })
            }
        }
    }
}
