//! `type: phone`, with `country`.
//!
//! **Accepted** is a number as people type it, in digits, with spaces and
//! `- . / ( )` wherever they like: `+49 (0)30 5550-1234`, `0049 30 55501234`, and
//! with `country: DE` also `030/5550 1234`. It must be a number of the number
//! plan that it belongs to, by Google's libphonenumber: right in length and in
//! its first digits. `+` or `00` and the country's code may always stand first,
//! whatever `country` says; without `country` one of them must.
//!
//! Not accepted: a number that no plan has (emergency calls and short codes
//! among them), one without the `0` that its country writes before the area
//! (`5550 1234`: of which city?), an extension (`ext. 5`, which the stored form has no place for),
//! letters (`1-800-FLOWERS`), two numbers.
//!
//! **Stored** in E.164: `+`, then up to 15 digits: `+493055501234`.
//!
//! `country` is the two letters of ISO 3166 (`DE`, `US`), and says which country
//! a number without a country's code is of.

use std::str::FromStr;
use std::sync::LazyLock;

use phonenumber::country::Source;
use phonenumber::metadata::{DATABASE, Database};
use phonenumber::{Mode, PhoneNumber, country};

/// The longest text that is looked at, in characters: more than any number with
/// a space behind each digit.
const MAX_TEXT: usize = 40;

/// The most digits of a number in E.164.
const MAX_DIGITS: usize = 15;

/// How many compiled patterns the library keeps, each some 200 kB: those of
/// three or four countries. Its own limit of 100 takes 28 MB.
const CACHED_PATTERNS: usize = 32;

/// The number plans; read when the first number is, since most flows ask for none.
static PLANS: LazyLock<&Database> = LazyLock::new(|| {
    if let Ok(mut cache) = DATABASE.cache().lock() {
        cache.set_capacity(CACHED_PATTERNS);
    }
    &DATABASE
});

/// A country that has a number plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// The country of these two capital letters.
    pub(in crate::conversation) fn named(code: &str) -> Option<Self> {
        country::Id::from_str(code).ok().map(Self)
    }
}

/// The number that a text is, in E.164.
pub(super) fn read(text: &str, country: Option<Country>) -> Option<String> {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let is_sign = |c: char| c.is_ascii_digit() || " -./()".contains(c);
    if text.chars().count() > MAX_TEXT || !rest.chars().all(is_sign) {
        return None;
    }
    // Most of the world dials `00` before a country's code.
    let international = || text.strip_prefix("00").map(|rest| format!("+{rest}"));
    in_plan(text, country).or_else(|| in_plan(&international()?, None))
}

fn in_plan(text: &str, country: Option<Country>) -> Option<String> {
    let country = country.map(|Country(id)| id);
    let number = phonenumber::parse_with(&PLANS, country, text).ok()?;
    if !phonenumber::is_valid_with(&PLANS, &number) || is_local(text, &number, country) {
        return None;
    }
    let number = number.format_with(&PLANS).mode(Mode::E164).to_string();
    let digits = number.strip_prefix('+')?;
    let is_e164 = digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_e164.then_some(number)
}

/// Whether a number lacks the digit that its country writes before an area's
/// code: what looks like such a code may as well be the beginning of a number
/// in an area that is not said.
fn is_local(text: &str, number: &PhoneNumber, country: Option<country::Id>) -> bool {
    if number.code().source() != Source::Default {
        return false;
    }
    let Some(plan) = country.and_then(|id| PLANS.by_id(id.as_ref())) else { return false };
    let Some(prefix) = plan.national_prefix() else { return false };
    let national = number.national().to_string();
    let format = plan.formats().iter().find(|format| {
        let leading = format.leading_digits().last();
        let begins_so = leading.and_then(|leading| leading.find(&national));
        let is_so = format.pattern().find(&national);
        (leading.is_none() || begins_so.is_some_and(|found| found.start() == 0))
            && is_so.is_some_and(|found| found.as_str() == national)
    });
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    format.is_some_and(|format| {
        // `$NP` is the prefix in such a rule, `$FG` the first group of digits.
        let is_written = format.national_prefix().is_some_and(|rule| rule.contains("$NP"));
        is_written && !format.is_national_prefix_optional() && !digits.starts_with(prefix)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Country, DATABASE, read};

    /// The codes of all countries.
    fn codes() -> Vec<String> {
        let letters = || 'A'..='Z';
        letters()
            .flat_map(|first| letters().map(move |second| format!("{first}{second}")))
            .filter(|code| Country::named(code).is_some())
            .collect()
    }

    #[test]
    fn numbers() {
        for (country, text, number) in [
            ("", "+49 30 5550 1234", Some("+493055501234")),
            ("", "+49 (0)30 5550-1234", Some("+493055501234")),
            ("", "+49.30.55501234", Some("+493055501234")),
            ("", "0049 30 5550 1234", Some("+493055501234")),
            ("", "+1 (415) 555-0100", Some("+14155550100")),
            ("", "+14155550100", Some("+14155550100")),
            ("", "+39 02 3661 8300", Some("+390236618300")),
            ("", "+44 20 7946 0018", Some("+442079460018")),
            // Of which country?
            ("", "030 5550 1234", None),
            ("", "493055501234", None),
            ("", "415-555-0100", None),
            ("DE", "030 5550 1234", Some("+493055501234")),
            ("DE", "(030) 5550/1234", Some("+493055501234")),
            ("DE", "0151 12345678", Some("+4915112345678")),
            ("DE", "+1 415 555 0100", Some("+14155550100")),
            ("DE", "0049 30 5550 1234", Some("+493055501234")),
            ("US", "415-555-0100", Some("+14155550100")),
            ("US", "1 415 555 0100", Some("+14155550100")),
            ("US", "011 49 30 5550 1234", Some("+493055501234")),
            ("US", "0049 30 5550 1234", Some("+493055501234")),
            ("IT", "02 3661 8300", Some("+390236618300")),
            ("FR", "06 12 34 56 78", Some("+33612345678")),
            ("BR", "(11) 91234-5678", Some("+5511912345678")),
            // Without the digit that begins a national number, where its country can do without.
            ("DE", "30 5550 1234", None),
            ("DE", "5550 1234", None),
            ("DE", "49 30 5550 1234", Some("+493055501234")),
            ("FR", "6 12 34 56 78", None),
            ("JP", "90-1234-5678", None),
            ("JP", "090-1234-5678", Some("+819012345678")),
            ("IN", "98765 43210", Some("+919876543210")),
            ("IN", "098765 43210", Some("+919876543210")),
            ("BR", "011 91234-5678", Some("+5511912345678")),
            ("RU", "912 345-67-89", Some("+79123456789")),
            ("RU", "8 (912) 345-67-89", Some("+79123456789")),
            ("ES", "612 34 56 78", Some("+34612345678")),
            ("AT", "0664 123 4567", Some("+436641234567")),
            ("AR", "11 2345-6789", Some("+541123456789")),
            // No number, or one that no plan has.
            ("US", "555-0100", None),
            ("US", "+1 555 555 5555", None),
            ("US", "911", None),
            ("DE", "110", None),
            ("", "+999 123456", None),
            ("", "+49", None),
            ("", "+49 30 5550 1234 5678 9012", None),
            ("DE", "0", None),
            ("DE", "5", None),
            ("US", "415-555-0100 ext. 5", None),
            ("US", "415-555-0100x5", None),
            ("US", "1-800-FLOWERS", None),
            ("US", "415-555-0100, 415-555-0101", None),
            ("US", "415-555-0100+", None),
            ("US", "++14155550100", None),
            ("", "tel:+14155550100", None),
            ("", "+", None),
            ("", "()", None),
            ("", "none", None),
            ("", "", None),
        ] {
            let country = (!country.is_empty()).then(|| Country::named(country).unwrap());
            assert_eq!(read(text, country).as_deref(), number, "{country:?} {text:?}");
        }
    }

    /// The library takes this for granted where it reads a number.
    #[test]
    fn every_country_has_a_number_plan() {
        let codes = codes();
        assert!(codes.len() > 240, "{}", codes.len());
        for code in codes {
            assert!(DATABASE.by_id(&code).is_some(), "{code}");
        }
        for code in ["de", "UK", "XX", "DEU", "001", ""] {
            assert_eq!(Country::named(code), None, "{code:?}");
        }
    }

    proptest! {
        #[test]
        fn any_digits_are_a_number_or_none_in_any_country(
            code in proptest::sample::select(codes()),
            text in r"\+?[0-9 ()./-]{0,24}|(00|0|\+)?[0-9]{5,15}",
        ) {
            for country in [None, Country::named(&code)] {
                if let Some(number) = read(&text, country) {
                    prop_assert!(number.len() <= 16, "{}", number);
                    // The stored form is international, and says the same again.
                    prop_assert_eq!(read(&number, None), Some(number));
                }
            }
        }
    }
}
