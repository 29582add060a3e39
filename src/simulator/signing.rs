//! Signs a form as Twilio does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;

/// The `X-Twilio-Signature` of a form whose names are all different: the URL,
/// then every name and value in the order of the names.
pub(super) fn sign(
    url: &str,
    form: &[(&str, String)],
    token: &SecretString,
) -> Result<String, hmac::digest::InvalidLength> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes())?;
    mac.update(url.as_bytes());
    let mut sorted: Vec<_> = form.iter().collect();
    sorted.sort();
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_documentation_does() {
        // Twilio, docs/usage/security, "Validating signatures": the worked example.
        let form = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let url = "https://example.com/myapp.php?foo=1&bar=2";
        assert_eq!(
            sign(url, &form, &SecretString::from("12345")).unwrap(),
            "L/OH5YylLD5NRKLltdqwSvS0BnU="
        );
    }
}
