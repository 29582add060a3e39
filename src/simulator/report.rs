//! Status callbacks of the page's own Twilio, signed as the real ones.

use tower::ServiceExt as _;

use super::delivery;
use super::shared::Simulator;

/// A text that is reported.
#[derive(Clone, Debug)]
pub(super) struct Report {
    /// Where reports about it go.
    pub(super) callback: String,
    pub(super) sid: String,
    pub(super) account: String,
    pub(super) from: String,
    pub(super) to: String,
}

impl Report {
    /// Reports a status of the text. Like a lost report of the real Twilio, one
    /// that the service does not take is not repeated.
    pub(super) async fn post(&self, simulator: &Simulator, status: &str, code: Option<u32>) {
        let code = code.map(|code| code.to_string());
        let mut form = vec![
            ("AccountSid", self.account.as_str()),
            ("ApiVersion", "2010-04-01"),
            ("From", &self.from),
            ("MessageSid", &self.sid),
            ("MessageStatus", status),
            ("SmsSid", &self.sid),
            ("SmsStatus", status),
            ("To", &self.to),
        ];
        form.extend(code.as_deref().map(|code| ("ErrorCode", code)));
        match delivery::report(simulator, &self.callback, &form) {
            Ok(request) => drop(simulator.webhook.clone().oneshot(request).await),
            Err(error) => {
                tracing::warn!(%error, "the phone page could not write its request to the webhook");
            }
        }
    }
}
