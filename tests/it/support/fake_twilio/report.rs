//! Status callbacks, signed as the real ones.

use std::net::SocketAddr;

use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use ringback::twilio::form::Pairs;
use ringback::twilio::signature::{AuthToken, sign};

use super::{ACCOUNT, TOKEN, Text};
use crate::support::twilio::client;

/// Posts a status of a text to its `StatusCallback`; what the service answers, or
/// 0 if it does not.
pub(super) async fn post(
    text: &Text,
    status: &str,
    code: Option<u32>,
    reached_at: Option<SocketAddr>,
) -> u16 {
    let told = text.status_callback.as_deref().expect("the text asks for no reports");
    // The signature covers the URL as it was told, without a fragment.
    let signed_url = told.split('#').next().unwrap();
    let code = code.map(|code| code.to_string());
    let mut parameters = vec![
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("From", text.from.as_deref().unwrap_or("+15005550006")),
        ("MessageSid", &text.sid),
        ("MessageStatus", status),
        ("SmsSid", &text.sid),
        ("SmsStatus", status),
        ("To", &text.to),
    ];
    parameters.extend(code.as_deref().map(|code| ("ErrorCode", code)));
    let body = serde_urlencoded::to_string(&parameters).unwrap();
    let token = AuthToken::new(&TOKEN.into()).unwrap();
    let signature = sign(signed_url, &Pairs::decode(body.as_bytes()).unwrap(), &token);
    let mut url: Url = signed_url.parse().unwrap();
    if let Some(address) = reached_at {
        url.set_scheme("http").unwrap();
        url.set_ip_host(address.ip()).unwrap();
        url.set_port(Some(address.port())).unwrap();
    }
    let request = client()
        .post(url)
        .header("X-Twilio-Signature", signature)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body);
    // The service may just have been killed.
    request.send().await.map_or(0, |answer| answer.status().as_u16())
}
