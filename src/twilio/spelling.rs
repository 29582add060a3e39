//! The spellings of one URL that a provider may have signed.
//!
//! Each spelling is the received URL rewritten, never a different URL. Trying
//! all of them therefore weakens nothing: each needs the key.

use std::borrow::Cow;

use super::public_url::{PublicUrl, RETRIES, STATUS_PATH};

/// Returns the URL with its port as configured, without a port, and with the
/// scheme's default.
pub(super) fn of_port(url: &PublicUrl) -> Vec<PublicUrl> {
    let mut spellings = vec![url.clone()];
    for port in [None, Some(url.default_port())] {
        if !spellings.iter().any(|known| known.port() == port) {
            spellings.push(url.with_port(port));
        }
    }
    spellings
}

/// Returns the target unchanged, and as Twilio has been seen to sign it: with
/// `'` and `%27` swapped, and re-encoded. The Node SDK tries these.
pub(super) fn of_target(target: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = of_query(target);
    if target.starts_with(STATUS_PATH) {
        // This URL goes to the provider with a fragment, which Twilio does not sign.
        let with_fragment = |target: &Cow<'_, str>| Cow::Owned(format!("{target}{RETRIES}"));
        let others: Vec<Cow<'_, str>> = spellings.iter().map(with_fragment).collect();
        spellings.extend(others);
    }
    spellings
}

/// Returns the spellings of a query.
fn of_query(target: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = vec![Cow::Borrowed(target)];
    if let Some((path, query)) = target.split_once('?') {
        for other in [query.replace('\'', "%27"), query.replace("%27", "'"), reencode(query)] {
            let other = Cow::Owned(format!("{path}?{other}"));
            if !spellings.contains(&other) {
                spellings.push(other);
            }
        }
    }
    spellings
}

/// Appends a query as JavaScript's `encodeURIComponent` would write its names
/// and values, as Node's legacy `querystring` does. Escapes that remain keep
/// their case, so no two spellings differ in one byte only.
fn reencode(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            out.push('&');
        }
        if let Some((name, value)) = pair.split_once('=') {
            reencode_part(name, &mut out);
            out.push('=');
            reencode_part(value, &mut out);
        } else {
            reencode_part(pair, &mut out);
        }
    }
    out
}

fn reencode_part(part: &str, out: &mut String) {
    let mut rest = part.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, escaped_byte(tail)) {
            (b'%', Some(escaped)) => {
                if is_unreserved(escaped) {
                    out.push(char::from(escaped));
                } else {
                    out.push('%');
                    out.extend(tail.iter().take(2).copied().map(char::from));
                }
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) => out.push_str("%20"),
            (&byte, _) if is_unreserved(byte) => out.push(char::from(byte)),
            (&byte, _) => out.push_str(percent_encoding::percent_encode_byte(byte)),
        }
    }
}

/// Returns the byte that the two hexadecimal digits at the front stand for.
fn escaped_byte(digits: &[u8]) -> Option<u8> {
    let nibble = |index: usize| char::from(*digits.get(index)?).to_digit(16);
    u8::try_from(nibble(0)? * 16 + nibble(1)?).ok()
}

/// Returns whether `encodeURIComponent` leaves a byte unchanged.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_respelt_as_node_does() {
        for (query, expected) in [
            ("a=1&b=2", "a=1&b=2"),
            ("", ""),
            ("a=It%27s+fine", "a=It's%20fine"),
            ("a=x@y:z/é", "a=x%40y%3Az%2F%C3%A9"),
            ("a=%2f%2F%41%7e", "a=%2f%2FA~"),
            ("a=b=c&d", "a=b%3Dc&d"),
            ("a=100%&b=%4&c=%zz", "a=100%25&b=%254&c=%25zz"),
        ] {
            assert_eq!(reencode(query), expected);
        }
    }

    #[test]
    fn spellings_are_few() {
        let url: PublicUrl = "https://bot.example.com:8443".parse().unwrap();
        assert_eq!(of_port(&url).len(), 3);
        assert_eq!(of_port(&url.with_port(None)).len(), 2);
        assert_eq!(of_query("/webhooks/twilio").len(), 1);
        assert_eq!(of_query("/webhooks/twilio?a=1&b=2").len(), 1);
        assert_eq!(of_query("/x?a='&b=%27&c=+").len(), 4);
    }
}
