//! Recognizes values that can hardly be an auth token.
//!
//! The value is never quoted, since it may be a token nevertheless.

/// The fewest characters that a real token would have.
const FEWEST: usize = 16;

/// The number of hexadecimal digits in an auth token of Twilio.
const TWILIOS: usize = 32;

/// Placeholders from examples.
const PLACEHOLDERS: [&str; 14] = [
    "your",
    "change",
    "example",
    "placeholder",
    "replace",
    "insert",
    "secret_here",
    "token_here",
    "todo",
    "xxxx",
    "****",
    "....",
    "dummy",
    "auth_token",
];

/// The token of `.env.example`, and those of many manuals.
const EXAMPLES: [&str; 4] = [
    "...",
    "0123456789abcdef0123456789abcdef",
    "1234567890abcdef1234567890abcdef",
    "abcdef0123456789abcdef0123456789",
];

/// Returns why this is hardly a token, as the end of a sentence.
pub(super) fn oddity(token: &str) -> Option<&'static str> {
    let lower = token.to_lowercase();
    let is_placeholder = token.starts_with(['<', '{', '[', '$'])
        || token.ends_with(['>', '}', ']'])
        || PLACEHOLDERS.iter().any(|word| lower.contains(word))
        || EXAMPLES.contains(&lower.as_str())
        || has_one_letter(token);
    let are_digits = token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_account_sid(token) {
        Some("contains an account SID")
    } else if is_sid(token) {
        Some("contains the SID of an API key or of something else, which signs nothing")
    } else if token.starts_with(is_quote) || token.ends_with(is_quote) {
        Some("begins or ends with a quotation mark, which counts as part of it")
    } else if is_placeholder {
        Some("looks like a placeholder")
    } else if !token.is_ascii() {
        Some("contains characters that no token has")
    } else if token.len() < FEWEST {
        Some("is too short for a token")
    } else if are_digits && token.len() != TWILIOS {
        Some("was perhaps not copied whole: a token of Twilio has 32 hexadecimal digits")
    } else {
        None
    }
}

/// Returns whether this is the SID of an account.
pub(super) fn is_account_sid(text: &str) -> bool {
    text.starts_with("AC") && is_sid(text)
}

/// Two capital letters and 32 hexadecimal digits.
fn is_sid(text: &str) -> bool {
    text.split_at_checked(2).is_some_and(|(kind, digits)| {
        kind.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == TWILIOS
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '\u{b4}' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}')
}

/// Returns whether the token is one character, repeated.
fn has_one_letter(token: &str) -> bool {
    let mut letters = token.chars();
    let Some(first) = letters.next() else { return false };
    letters.clone().next().is_some() && letters.all(|letter| letter == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_hardly_be_a_token_is_recognized() {
        let digits = "9f86d081884c7d659a2feaa0c55ad015";
        for (token, expected) in [
            (digits.to_owned(), None),
            (digits.to_uppercase(), None),
            ("PTb4d1f00dcafe_of-another-provider".to_owned(), None),
            ("a-token-of-the-tests".to_owned(), None),
            (format!("AC{digits}"), Some("account SID")),
            (format!("SK{digits}"), Some("API key")),
            (format!("MG{digits}"), Some("API key")),
            (format!("\"{digits}\""), Some("quotation mark")),
            (format!("'{digits}"), Some("quotation mark")),
            (format!("{digits}\u{201d}"), Some("quotation mark")),
            ("your_auth_token".to_owned(), Some("placeholder")),
            ("YOUR-TOKEN".to_owned(), Some("placeholder")),
            ("changeme".to_owned(), Some("placeholder")),
            ("change-me".to_owned(), Some("placeholder")),
            ("<token>".to_owned(), Some("placeholder")),
            ("${TWILIO_AUTH_TOKEN}".to_owned(), Some("placeholder")),
            ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(), Some("placeholder")),
            ("0".repeat(32), Some("placeholder")),
            ("0123456789abcdef0123456789abcdef".to_owned(), Some("placeholder")),
            ("...".to_owned(), Some("placeholder")),
            ("\u{2026}".to_owned(), Some("no token has")),
            ("9f86d0".to_owned(), Some("too short")),
            ("token".to_owned(), Some("too short")),
            ("t".to_owned(), Some("too short")),
            (digits.split_at(31).0.to_owned(), Some("32 hexadecimal digits")),
            (format!("{digits}0"), Some("32 hexadecimal digits")),
        ] {
            let found = oddity(&token);
            match expected {
                None => assert_eq!(found, None, "{token}"),
                Some(words) => {
                    assert!(found.is_some_and(|told| told.contains(words)), "{token}: {found:?}");
                }
            }
        }
    }
}
