//! `type: email`.
//!
//! **Accepted** is one address as people type it: a name, `@`, and a domain of
//! at least two parts (`ada@example.com`, `o'brien+news@mail.example.co.uk`,
//! `jürgen@bücher.example`). Around it may stand white space, quotes, `<` and
//! `>`, `mailto:`, what introduces it (`my email is …`), and the `.`, `,`, `;` or
//! `!` that ends a sentence.
//!
//! - The name has 1 to 64 bytes: letters and digits of any script, and
//!   ``.!#$%&'*+/=?^_`{|}~-``; no dot at its ends, no two in a row.
//! - Each part of the domain has 1 to 63 bytes: letters and digits of any
//!   script, and hyphens inside; the last part has a letter.
//! - The whole has at most 254 bytes, as mail servers take it.
//!
//! Not accepted, though mail standards know them: quoted names (`"a b"@…`),
//! comments, addresses of machines (`ada@[192.0.2.1]`, `ada@localhost`), display names
//! (`Ada <ada@…>`, since it may say `Not <ada@…>`). Nor is an address in words
//! (`ada at example dot com`). Whether the mailbox exists is not asked.
//!
//! **Stored** as written, the domain in small letters: `Ada@Example.COM` is
//! `Ada@example.com` (what stands before the `@` may mean two mailboxes).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::phrases::{self, INTRODUCTIONS};

/// The longest address, in bytes (RFC 5321, 4.5.3.1.3: a path has 256 with its brackets).
pub(in crate::conversation) const MAX_LENGTH: usize = 254;

/// The longest name, in bytes (RFC 5321, 4.5.3.1.1).
const MAX_NAME: usize = 64;

/// The longest part of a domain, in bytes (RFC 1035, 2.3.4).
const MAX_LABEL: usize = 63;

/// Signs that a name may have beside letters, digits and dots (RFC 5322, 3.2.3).
const NAME_SIGNS: &str = "!#$%&'*+/=?^_`{|}~-";

/// Phrases before an address that do not change it.
const BEFORE: &[&str] = &[
    "e-mail",
    "email",
    "mail",
    "my e-mail is",
    "my email is",
    "my mail is",
    "my e-mail",
    "my email",
    "my email address is",
    "my e-mail address is",
    "my address is",
    "my email address",
    "email address",
    "e-mail address",
    "the address is",
    "address",
    "mine is",
    "you can reach me at",
    "reach me at",
    "contact me at",
    "write to",
    "write me at",
    "email me at",
    "mail me at",
    "send it to",
    "please send it to",
    "at",
    "here",
    "here it is",
    "here you go",
    "here is my email",
    "here's my email",
    "this is my email",
    "e mail",
];

/// Phrases after an address that do not change it.
const BEHIND: &[&str] = &[
    "is my email",
    "is my e-mail",
    "is my mail",
    "is my email address",
    "is my e-mail address",
    "is my address",
    "is mine",
    "is the address",
];

/// Reads a text as an address.
pub(super) fn read(text: &str) -> Option<String> {
    let composed: String = text.nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    let at = words.iter().position(|word| word.contains('@'))?;
    let (before, behind) = (words[..at].join(" "), words[at + 1..].join(" "));
    let is_accounted = phrases::are_all(&before.to_lowercase(), &[BEFORE, INTRODUCTIONS])
        && phrases::are_all(behind.trim_end_matches(['.', '!']).to_lowercase().as_str(), &[BEHIND]);
    is_accounted.then(|| address(words[at])).flatten()
}

/// Reads a word as an address.
fn address(word: &str) -> Option<String> {
    let is_around = |c: char| "*\"'`“”„«»()[]".contains(c);
    let is_end = |c: char| is_around(c) || ".,;!".contains(c);
    let mut address = word.trim_start_matches(is_around).trim_end_matches(is_end);
    for (open, close) in [('_', '_'), ('<', '>')] {
        if let Some(rest) = address.strip_prefix(open) {
            address = match rest.strip_suffix(close) {
                Some(inside) => inside.trim_end_matches(is_end),
                None if open == '<' => return None,
                None => address,
            };
        }
    }
    let scheme = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address = scheme.map_or(address, |scheme| &address[scheme.len()..]);
    let address = address.rsplit_once(':').map_or(address, |(label, rest)| {
        if phrases::are_all(&label.to_lowercase(), &[BEFORE]) { rest } else { address }
    });
    let (name, domain) = address.split_once('@')?;
    let domain = domain.to_lowercase();
    let is_address = is_name(name) && is_domain(&domain);
    let address = format!("{name}@{domain}");
    (is_address && address.len() <= MAX_LENGTH).then_some(address)
}

fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| is_letter(c) || NAME_SIGNS.contains(c))
    };
    name.len() <= MAX_NAME && name.split('.').all(is_part)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.chars().all(|c| is_letter(c) || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.split('.').all(is_label)
        && domain.rsplit_once('.').is_some_and(|(_, last)| last.contains(char::is_alphabetic))
}

/// Returns whether a character is a letter, a digit, or a mark that scripts put
/// above or below one.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;

    #[test]
    fn addresses() {
        for (text, address) in [
            ("ada@example.com", Some("ada@example.com")),
            ("Ada.Lovelace@Example.COM", Some("Ada.Lovelace@example.com")),
            ("o'brien+news@mail.example.co.uk", Some("o'brien+news@mail.example.co.uk")),
            ("a@b.co", Some("a@b.co")),
            ("x_y-z%q@sub-domain.example", Some("x_y-z%q@sub-domain.example")),
            ("1@2.example", Some("1@2.example")),
            ("ada@xn--bcher-kva.example", Some("ada@xn--bcher-kva.example")),
            ("jürgen@Bücher.example", Some("jürgen@bücher.example")),
            ("ju\u{308}rgen@example.com", Some("jürgen@example.com")),
            ("अजय@डाटा.भारत", Some("अजय@डाटा.भारत")),
            ("<ada@example.com>", Some("ada@example.com")),
            ("ada@example.com.", Some("ada@example.com")),
            ("ada@example.com!", Some("ada@example.com")),
            ("<ada@example.com>.", Some("ada@example.com")),
            ("mailto:ada@example.com", Some("ada@example.com")),
            ("MAILTO:Ada@example.com", Some("Ada@example.com")),
            ("<mailto:ada@example.com>", Some("ada@example.com")),
            ("\"ada@example.com\"", Some("ada@example.com")),
            ("'ada@example.com'", Some("ada@example.com")),
            ("(ada@example.com)", Some("ada@example.com")),
            ("My email is ada@example.com.", Some("ada@example.com")),
            ("my e-mail is: ada@example.com", Some("ada@example.com")),
            ("my email address is Ada@Example.com!", Some("Ada@example.com")),
            ("email: ada@example.com", Some("ada@example.com")),
            ("Email:ada@example.com", Some("ada@example.com")),
            ("it's ada@example.com", Some("ada@example.com")),
            ("It’s ada@example.com", None),
            ("its\nada@example.com", Some("ada@example.com")),
            ("you can reach me at ada@example.com", Some("ada@example.com")),
            ("ada@example.com is my email", Some("ada@example.com")),
            ("email@example.com", Some("email@example.com")),
            ("its@example.com", Some("its@example.com")),
            ("mail-ada@example.com", Some("mail-ada@example.com")),
            ("my.email@example.com", Some("my.email@example.com")),
            ("_ada_@example.com", Some("_ada_@example.com")),
            ("ada@example.co.uk", Some("ada@example.co.uk")),
            ("ada+bookings@example.com", Some("ada+bookings@example.com")),
            ("my email is not ada@example.com", None),
            ("here you go: ada@example.com", Some("ada@example.com")),
        ] {
            assert_eq!(read(text).as_deref(), address, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for (text, address) in [
            ("not ada@example.com", None),
            ("ada@example.com not bob's", None),
            ("ada@example.com or bob@example.com", None),
            ("ada@example.com / bob@example.com", None),
            ("ada@example.com and bob", None),
            ("ada@example.com?", None),
            ("ada or bob@example.com", None),
            ("old: ada@example.com", None),
            ("ada@example.com (old)", None),
            ("I think ada@example.com", None),
            ("maybe ada@example.com", None),
            ("ada@example,com", None),
            ("ada@example. com", None),
            ("ada@ example.com", None),
            ("ada example.com", None),
            ("ada(at)example.com", None),
            ("ada[at]example[dot]com", None),
            ("@ada", None),
            ("same as before", None),
            ("https://example.com/@ada", None),
            ("mailto:ada@example.com?subject=x", None),
            ("\"ada@example.com", Some("ada@example.com")),
            ("It's *ada@example.com", Some("ada@example.com")),
            ("It's *ada@example.com*", Some("ada@example.com")),
            ("_ada@example.com_", Some("ada@example.com")),
            ("_ada@example.com", Some("_ada@example.com")),
            ("email: “ada@example.com”", Some("ada@example.com")),
            ("ada*bob@example.com", Some("ada*bob@example.com")),
            ("ada", None),
            ("ada@", None),
            ("@example.com", None),
            ("ada@example", None),
            ("ada@localhost", None),
            ("ada@example..com", None),
            ("ada@.example.com", None),
            ("ada@-example.com", None),
            ("ada@example-.com", None),
            ("ada@exam_ple.com", None),
            ("ada@192.0.2.1", None),
            ("ada@[192.0.2.1]", None),
            (".ada@example.com", None),
            ("ada.@example.com", None),
            ("a..da@example.com", None),
            ("ada lovelace@example.com", None),
            ("ada @example.com", None),
            ("ada@example.com bob@example.com", None),
            ("ada@example.com, bob@example.com", None),
            ("ada@@example.com", None),
            ("ada@home@example.com", None),
            ("\"ada lovelace\"@example.com", None),
            ("ada(home)@example.com", None),
            ("Ada <ada@example.com>", None),
            ("<ada@example.com", None),
            ("Not <ada@example.com>", None),
            ("ada at example dot com", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), address, "{text:?}");
        }
    }

    #[test]
    fn limits() {
        let address = |name: usize, label: usize, rest: usize| {
            format!("{}@{}.{}.com", "n".repeat(name), "l".repeat(label), "r.".repeat(rest) + "r")
        };
        assert!(read(&address(64, 63, 1)).is_some());
        assert!(read(&address(65, 63, 1)).is_none());
        assert!(read(&address(64, 64, 1)).is_none());
        let longest = address(64, 63, 60);
        assert_eq!(longest.len(), 254);
        assert!(read(&longest).is_some());
        assert!(read(&address(64, 63, 61)).is_none());
    }

    proptest! {
        #[test]
        fn what_is_stored_is_an_address_that_is_stored_alike(
            text in r"[a-zA-Z0-9.@<>' -é_+]{0,30}|[a-z.]{1,8}@[a-z.-]{1,8}\.[a-z0-9]{1,4}",
        ) {
            if let Some(address) = read(&text) {
                prop_assert_eq!(read(&address), Some(address));
            }
        }
    }
}
