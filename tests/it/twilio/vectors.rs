//! Every signature in `fixtures/signatures` is made, and is accepted or refused, as it says there.

use ringback::twilio::{
    form::Pairs,
    signature::{Authentic, Rejection, SignedRequest, Verifier, sign},
};
use serde::Deserialize;

use super::{FORM, encode, origin_and_target, token, verifier};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    token: String,
    /// As the request arrived.
    url: String,
    /// As it was signed, where that is another spelling.
    signed_url: Option<String>,
    #[serde(default)]
    parameters: Vec<(String, String)>,
    /// The parameters, encoded.
    form: Option<String>,
    /// A body that is no form.
    body: Option<String>,
    signature: String,
    valid: bool,
}

impl Vector {
    /// A user name never reaches a server, and `PublicUrl` refuses one.
    fn has_user_name(&self) -> bool {
        origin_and_target(&self.url).0.contains('@')
    }

    fn content(&self) -> (Option<&'static [u8]>, String) {
        match (&self.body, &self.form) {
            (Some(body), _) => (Some(b"application/json; charset=utf-8"), body.clone()),
            (None, Some(form)) => (Some(FORM), form.clone()),
            (None, None) if self.parameters.is_empty() => (None, String::new()),
            (None, None) => (Some(FORM), encode(&self.parameters)),
        }
    }

    fn verify(&self, verifier: &Verifier) -> Result<Authentic, Rejection> {
        let (content_type, body) = self.content();
        verifier.verify(&SignedRequest {
            path_and_query: origin_and_target(&self.url).1,
            content_type,
            signature: Some(self.signature.as_bytes()),
            body: body.as_bytes(),
        })
    }
}

fn vectors() -> Vec<Vector> {
    let read = |json: &str| serde_json::from_str::<Vec<Vector>>(json).unwrap();
    let mut all = read(include_str!("../../../fixtures/signatures/published.json"));
    all.extend(read(include_str!("../../../fixtures/signatures/computed.json")));
    all
}

#[test]
fn signatures_are_made_as_published() {
    for vector in vectors().iter().filter(|vector| vector.valid) {
        let (content_type, body) = vector.content();
        let pairs = if content_type == Some(FORM) { body.as_bytes() } else { b"" };
        let pairs = Pairs::decode(pairs).unwrap();
        let url = vector.signed_url.as_ref().unwrap_or(&vector.url);
        assert_eq!(sign(url, &pairs, &token(&vector.token)), vector.signature, "{}", vector.name);
    }
}

#[test]
fn requests_are_judged_as_published() {
    let mut judged = 0;
    for vector in vectors().iter().filter(|vector| !vector.has_user_name()) {
        let verifier = verifier(origin_and_target(&vector.url).0, &vector.token);
        let verdict = vector.verify(&verifier);
        assert_eq!(verdict.is_ok(), vector.valid, "{}: {verdict:?}", vector.name);
        judged += 1;
    }
    assert_eq!(judged, vectors().len() - 7, "all but those with a user name");
}

#[test]
fn any_token_of_the_list_may_sign() {
    for vector in vectors().iter().filter(|vector| vector.valid && !vector.has_user_name()) {
        let public_url = origin_and_target(&vector.url).0.parse().unwrap();
        let tokens = vec![token("another"), token(&vector.token)];
        let verifier = Verifier::new(public_url, tokens).unwrap();
        assert!(vector.verify(&verifier).is_ok(), "{}", vector.name);
    }
}

#[test]
fn a_path_prefix_that_a_proxy_strips_is_signed() {
    let pairs = Pairs::decode(b"Body=hi").unwrap();
    let signature = sign("https://bot.example.com/bots/sms", &pairs, &token("12345"));
    let verify = |public_url| {
        verifier(public_url, "12345").verify(&super::request("/sms", &signature, b"Body=hi"))
    };
    assert!(verify("https://bot.example.com/bots").is_ok());
    assert!(verify("https://bot.example.com/bots/").is_ok());
    assert_eq!(verify("https://bot.example.com"), Err(Rejection::Mismatch));
}

#[test]
fn every_kind_of_wrong_request_is_told_apart() {
    let verifier = verifier("https://mycompany.com", "12345");
    let right: &[u8] = b"RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    let form = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    let many = vec!["a=1"; 1_000].join("&");
    let target = "/myapp.php?foo=1&bar=2";
    let hashed = "/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    let hashed_signature: &[u8] = b"a9nBmqA0ju/hNViExpshrM61xv4=";
    let json: Option<&[u8]> = Some(b"application/json");
    let upper: Option<&[u8]> = Some(b"APPLICATION/X-WWW-FORM-URLENCODED ; charset=UTF-8");
    let request = |path_and_query, content_type, signature, body| {
        verifier.verify(&SignedRequest { path_and_query, content_type, signature, body }).map(drop)
    };
    for (verdict, expected) in [
        (request(target, Some(FORM), Some(right), form), Ok(())),
        (request(target, upper, Some(right), form), Ok(())),
        (request(target, Some(FORM), None, form), Err(Rejection::Missing)),
        (request(target, Some(FORM), Some(b""), form), Err(Rejection::Malformed)),
        (request(target, Some(FORM), Some(b"UlNPWQ=="), form), Err(Rejection::Malformed)),
        (request(target, Some(FORM), Some(&right[..27]), form), Err(Rejection::Malformed)),
        (request(target, Some(FORM), Some(b"\xFF"), form), Err(Rejection::Malformed)),
        (request("/myapp.php", Some(FORM), Some(right), form), Err(Rejection::Mismatch)),
        (request(target, Some(FORM), Some(right), b""), Err(Rejection::Mismatch)),
        (request(target, None, Some(right), form), Err(Rejection::BodyNotSigned)),
        (request(target, json, Some(right), form), Err(Rejection::BodyNotSigned)),
        (request(hashed, json, Some(hashed_signature), form), Err(Rejection::BodyHash)),
        (request(hashed, json, Some(right), form), Err(Rejection::Mismatch)),
    ] {
        assert_eq!(verdict, expected);
    }
    let too_many = request(target, Some(FORM), Some(right), many.as_bytes());
    assert!(matches!(too_many, Err(Rejection::Form(_))));
}

#[test]
fn bytes_that_are_no_text_are_not_confused() {
    let pairs = Pairs::decode(b"Body=%FF").unwrap();
    let signature = sign("https://bot.example.com/sms", &pairs, &token("12345"));
    let verifier = verifier("https://bot.example.com", "12345");
    let verify = |body| verifier.verify(&super::request("/sms", &signature, body));
    assert!(verify(b"Body=%FF").unwrap().into_pairs().texts().is_err());
    assert_eq!(verify(b"Body=%FE"), Err(Rejection::Mismatch));
    assert_eq!(verify(b"Body=%EF%BF%BD"), Err(Rejection::Mismatch));
}
