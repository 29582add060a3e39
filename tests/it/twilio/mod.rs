//! The protocol: published vectors, recorded shapes of webhooks, properties.

mod diagnosis;
mod inbound;
mod properties;
mod recut;
mod rest;
mod twiml;
mod vectors;

use ringback::twilio::{
    public_url::PublicUrl,
    signature::{AuthToken, SignedRequest, Verifier},
};

const FORM: &[u8] = b"application/x-www-form-urlencoded";

fn token(text: &str) -> AuthToken {
    AuthToken::new(&text.into()).unwrap()
}

fn verifier(public_url: &str, token_text: &str) -> Verifier {
    let public_url: PublicUrl = public_url.parse().unwrap();
    Verifier::new(public_url, vec![token(token_text)]).unwrap()
}

/// A form as it arrives.
fn request<'a>(target: &'a str, signature: &'a str, body: &'a [u8]) -> SignedRequest<'a> {
    SignedRequest {
        path_and_query: target,
        content_type: Some(FORM),
        signature: Some(signature.as_bytes()),
        body,
    }
}

/// Parts a URL after its host and port.
fn origin_and_target(url: &str) -> (&str, &str) {
    let host = url.find("://").unwrap() + 3;
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    url.split_at(path)
}

fn encode(pairs: &[(String, String)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap()
}
