//! What the fake checks of a request, in the order of the real one: where it
//! goes, whose it is, what it holds.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::http::{self, Request};
use super::{ACCOUNT, KEY, TOKEN};

/// A text that was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) sid: String,
    pub(crate) to: String,
    pub(crate) from: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) body: String,
    pub(crate) media: Vec<String>,
    pub(crate) status_callback: Option<String>,
    pub(crate) validity: Option<u32>,
}

/// Reads a request, or says how it is refused.
pub(super) fn check(request: &Request) -> Result<Text, Vec<u8>> {
    let refuse = |status, code| Err(http::error(status, code));
    if request.method != "POST"
        || request.path != format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    {
        return refuse(404, 20_404);
    }
    let is_ours = |(user, password)| {
        let basic = format!("Basic {}", BASE64.encode(format!("{user}:{password}")));
        request.header("authorization") == Some(&basic)
    };
    if !is_ours((ACCOUNT, TOKEN)) && !is_ours(KEY) {
        return refuse(401, 20_003);
    }
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return refuse(415, 20_415);
    }
    let text = parse(&request.body);
    let validity = 1..=36_000;
    let is_url = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    // A `+` that was not encoded has become a space.
    if text.to.is_empty() {
        refuse(400, 21_604)
    } else if text.to.contains(' ') {
        refuse(400, 21_211)
    } else if text.from.is_none() && text.service.is_none() {
        refuse(400, 21_603)
    } else if text.body.is_empty() && text.media.is_empty() {
        refuse(400, 21_619)
    } else if text.body.encode_utf16().count() > 1_600 {
        refuse(400, 21_617)
    } else if text.media.len() > 10 {
        refuse(400, 21_623)
    } else if text.validity.is_some_and(|seconds| !validity.contains(&seconds)) {
        refuse(400, 21_624)
    } else if text.status_callback.as_ref().is_some_and(|url| !is_url(url)) {
        refuse(400, 21_609)
    } else {
        Ok(text)
    }
}

/// Reads what the real one knows, and ignores the rest as it does.
fn parse(body: &str) -> Text {
    let mut text = Text::default();
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        let value = value.into_owned();
        match name.as_ref() {
            "To" => text.to = value,
            "From" => text.from = Some(value),
            "MessagingServiceSid" => text.service = Some(value),
            "Body" => text.body = value,
            "MediaUrl" => text.media.push(value),
            "StatusCallback" => text.status_callback = Some(value),
            "ValidityPeriod" => text.validity = Some(value.parse().unwrap_or(0)),
            _ => {}
        }
    }
    text
}
