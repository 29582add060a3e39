//! How the path of a request that found no route differs from the webhook's, for the log.
//!
//! A path may contain anything, including a token or a number. The log
//! therefore shows only words that cannot identify anybody.

use percent_encoding::percent_decode_str;

use super::public_url::{PublicUrl, WEBHOOK_PATH};

/// Parts of paths that are shown; every other part may be a secret.
const WORDS: [&str; 34] = [
    "webhooks",
    "webhook",
    "hooks",
    "hook",
    "twilio",
    "sms",
    "mms",
    "whatsapp",
    "rcs",
    "voice",
    "calls",
    "call",
    "messages",
    "message",
    "messaging",
    "inbound",
    "incoming",
    "receive",
    "reply",
    "replies",
    "status",
    "callback",
    "callbacks",
    "fallback",
    "handler",
    "bot",
    "api",
    "v1",
    "v2",
    "twiml",
    "chat",
    "ringback",
    "healthz",
    "readyz",
];

/// The most parts of a path that are shown.
const MAX_SHOWN: usize = 8;

/// Returns a path with `…` in the place of each part that may be a secret.
#[must_use]
pub fn shown(path: &str, own: &PublicUrl) -> String {
    let mut parts = path.split('/');
    // A path has nothing before the first `/`.
    let _ = parts.next();
    let mut shown = String::new();
    for part in parts.by_ref().take(MAX_SHOWN) {
        let is_harmless = part.is_empty()
            || WORDS.iter().any(|word| word.eq_ignore_ascii_case(part))
            || own.prefix().split('/').any(|known| known == part);
        shown.push('/');
        shown.push_str(if is_harmless { part } else { "…" });
    }
    if parts.next().is_some() {
        shown.push_str("/…");
    }
    shown
}

/// Says what is wrong with the path, and which URL is right.
#[must_use]
pub fn advice(path: &str, own: &PublicUrl) -> String {
    format!(
        "{}; the URL at the provider should be {}, which must arrive here with the path {}",
        fault(path, own),
        own.webhook_url(),
        WEBHOOK_PATH
    )
}

fn fault(path: &str, own: &PublicUrl) -> &'static str {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let parts = parts_of(&decoded);
    let ours = parts_of(WEBHOOK_PATH);
    let prefix = parts_of(own.prefix());
    if parts == ours {
        return if path.contains('%') {
            "the path is the webhook's, but percent-encoded: see that nothing on the way encodes it"
        } else {
            "the path has an extra slash"
        };
    }
    if is_same(&parts, &ours) {
        return "the path differs in upper and lower case";
    }
    if let Some(front) =
        parts.len().checked_sub(ours.len()).and_then(|at| parts.split_at_checked(at))
        && is_same(front.1, &ours)
    {
        return if is_same(front.0, &prefix) {
            "the path still has the prefix of PUBLIC_URL: let the proxy remove it"
        } else {
            "there is something before the webhook's path: check whether the URL at the provider or a \
             proxy puts it there"
        };
    }
    if parts.len() > ours.len() && is_same(parts.split_at(ours.len()).0, &ours) {
        return "the path continues after the webhook's";
    }
    let is_cut_off = parts.is_empty()
        || is_same(&parts, &prefix)
        || ours.first().is_some_and(|first| is_same(&parts, &[first]));
    if is_cut_off {
        return "the path ends too early";
    }
    if ours.last().is_some_and(|last| is_same(&parts, &[last])) {
        return "the beginning of the webhook's path is missing: let the proxy pass the path on \
                unchanged";
    }
    "the path is a different one"
}

fn parts_of(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

fn is_same(left: &[&str], right: &[&str]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| left.eq_ignore_ascii_case(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_named_and_nothing_private_is_shown() {
        let own: PublicUrl = "https://bot.example.com/a-bot".parse().unwrap();
        let right = "the URL at the provider should be https://bot.example.com/a-bot/webhooks/twilio, which must arrive here with the path /webhooks/twilio";
        for (path, seen, expected) in [
            ("/webhooks/twilio/", "/webhooks/twilio/", "an extra slash"),
            ("//webhooks//twilio", "//webhooks//twilio", "an extra slash"),
            ("/webhooks%2Ftwilio", "/…", "percent-encoded"),
            ("/Webhooks/TWILIO", "/Webhooks/TWILIO", "upper and lower case"),
            ("/webhooks/Twilio/", "/webhooks/Twilio/", "upper and lower case"),
            ("/a-bot/webhooks/twilio", "/a-bot/webhooks/twilio", "the prefix of PUBLIC_URL"),
            ("/x/webhooks/twilio", "/…/webhooks/twilio", "something before"),
            ("/webhooks/webhooks/twilio", "/webhooks/webhooks/twilio", "something before"),
            ("/webhooks/twilio/sms", "/webhooks/twilio/sms", "continues after"),
            ("/webhooks/twilio/+14155552671", "/webhooks/twilio/…", "continues after"),
            ("/twilio", "/twilio", "beginning of the webhook's path is missing"),
            ("/webhooks", "/webhooks", "ends too early"),
            ("/a-bot", "/a-bot", "ends too early"),
            ("/", "/", "ends too early"),
            ("/sms", "/sms", "a different one"),
            ("/s3cret/0123456789abcdef", "/…/…", "a different one"),
            ("/sms/a/b/c/d/e/f/g/h/i", "/sms/…/…/…/…/…/…/…/…", "a different one"),
            ("/hello\u{1b}[2J", "/…", "a different one"),
        ] {
            assert_eq!(shown(path, &own), seen);
            let advice = advice(path, &own);
            let (fault, rest) = advice.split_once("; ").unwrap();
            assert!(fault.contains(expected), "{path}: {fault}");
            assert_eq!(rest, right);
        }
    }
}
