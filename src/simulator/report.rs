//! Status callbacks of the page's own Twilio, signed as the real ones.

use axum::body::Body;
use axum::http::{Request, Uri, header};
use tower::ServiceExt as _;

use super::shared::Simulator;
use crate::twilio::form::Pairs;
use crate::twilio::signature;

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
        if let Some(request) = self.request(simulator, status, code) {
            drop(simulator.webhook.clone().oneshot(request).await);
        }
    }

    fn request(
        &self,
        simulator: &Simulator,
        status: &str,
        code: Option<u32>,
    ) -> Option<Request<Body>> {
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
        let body = serde_urlencoded::to_string(form).ok()?;
        let pairs = Pairs::decode(body.as_bytes()).ok()?;
        let signature = signature::sign(&self.callback, &pairs, &simulator.token);
        let url: Uri = self.callback.parse().ok()?;
        let target = url.path_and_query().map_or("/", |target| target.as_str());
        Request::post(target)
            .header(header::HOST, simulator.address.to_string())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
            .header("X-Twilio-Signature", signature)
            .body(Body::from(body))
            .ok()
    }
}
