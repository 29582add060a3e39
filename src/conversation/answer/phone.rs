//! `type: phone`, with `country`.
//!
//! **Accepted** is a number as people type it, in digits, with spaces and
//! `- . / ( )` wherever they like: `+49 (0)30 5550-1234`, `0049 30 55501234`, and
//! with `country: DE` also `030/5550 1234`; and beside it what leaves it as it is:
//! `my number is …`, `call me at …`, `Tel. …`, `tel:…`, `… (mobile)`. It must be a number of the number
//! plan that it belongs to, by Google's libphonenumber: right in length and in
//! its first digits. `+` or `00` and the country's code may always stand first,
//! whatever `country` says; without `country` one of them must.
//!
//! Not accepted: a number that no plan has (emergency calls and short codes
//! among them), one without the `0` that its country writes before the area
//! (`5550 1234`: of which city?), an extension (`ext. 5`, which the stored form has no place for),
//! letters (`1-800-FLOWERS`), two numbers (`030 5550 123/124` among them), a
//! contact card: it comes as a file, whose content is not fetched.
//!
//! **Stored** in E.164, `+`, then up to 15 digits, as the number's plan has it
//! today: `+493055501234`. WhatsApp knows some numbers by their older forms:
//! `+52 1 55 …` in Mexico, and mobile numbers without their first 9 in Brazil.
//!
//! `country` is the two letters of ISO 3166 (`DE`, `US`): the country of a
//! number that is written without a country's code.

use std::str::FromStr;
use std::sync::LazyLock;

use phonenumber::country::Source;
use phonenumber::metadata::{DATABASE, Database};
use phonenumber::{Mode, PhoneNumber, country};

use super::phrases::{self, INTRODUCTIONS};

/// The longest text that is read, in characters: more than any number with a
/// space after each digit.
const MAX_TEXT: usize = 40;

/// The most digits of a number in E.164.
const MAX_DIGITS: usize = 15;

/// The number of compiled patterns that the library keeps, each of about 200
/// kB. They suffice for three or four countries. The library's own limit of 100
/// takes 28 MB.
const CACHED_PATTERNS: usize = 32;

/// The number plans. They are loaded with the first number, since most flows
/// ask for no numbers.
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
    /// Returns the country of these two capital letters.
    pub(in crate::conversation) fn named(code: &str) -> Option<Self> {
        country::Id::from_str(code).ok().map(Self)
    }
}

/// Phrases before a number that do not change it.
const BEFORE: &[&str] = &[
    "my number is",
    "my phone number is",
    "my mobile number is",
    "my cell number is",
    "my phone is",
    "my mobile is",
    "my cell is",
    "my whatsapp is",
    "my whatsapp number is",
    "my tel is",
    "my number",
    "my phone number",
    "my mobile",
    "my cell",
    "the number is",
    "number is",
    "number",
    "phone number",
    "mobile number",
    "phone",
    "mobile",
    "mob.",
    "mob",
    "cell",
    "cellphone",
    "cell phone",
    "telephone",
    "tel.",
    "tel",
    "tel. no.",
    "tel no",
    "ph.",
    "ph",
    "whatsapp",
    "call",
    "call me",
    "call me at",
    "call me on",
    "please call",
    "please call me at",
    "please call me on",
    "you can call me at",
    "you can call me on",
    "you can reach me at",
    "you can reach me on",
    "reach me at",
    "reach me on",
    "ring me on",
    "text me at",
    "text me on",
    "contact me at",
    "contact me on",
    "mine is",
    "on",
    "at",
    "(mobile)",
    "(home)",
    "(work)",
    "☎",
    "📞",
    "📱",
    "here",
    "here it is",
    "here you go",
    "here is my number",
    "here's my number",
    "this is my number",
    "my nr is",
];

/// Phrases after a number that do not change it.
const BEHIND: &[&str] = &[
    "(mobile)",
    "(cell)",
    "(home)",
    "(work)",
    "(office)",
    "(whatsapp)",
    "(m)",
    "(h)",
    "(w)",
    "mobile",
    "cell",
    "is my number",
    "is my phone number",
    "is my mobile",
    "is my mobile number",
    "is my cell",
    "is mine",
    "is the number",
];

/// Reads a text in plain signs as a number in E.164.
pub(super) fn read(text: &str, country: Option<Country>) -> Option<String> {
    let text = phrases::spaced(text);
    let text = phrases::without(&text, &[BEFORE, INTRODUCTIONS], &[BEHIND]);
    let text = text.trim_end_matches(['.', ',', ';', '!', ' ']);
    // Brackets around the country's code: `(+49) 30 …`.
    let without_bracket = || Some(text.strip_prefix("(+")?.replacen(')', " ", 1));
    let text = without_bracket().map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
    let rest = text.strip_prefix('+').unwrap_or(&text);
    let is_sign = |c: char| c.is_ascii_digit() || " -./()".contains(c);
    if text.chars().count() > MAX_TEXT || !rest.chars().all(is_sign) || has_other_end(rest) {
        return None;
    }
    // Most of the world dials `00` before a country's code.
    let international = || text.strip_prefix("00").map(|rest| format!("+{rest}"));
    let international =
        |of: &dyn Fn(&str) -> Option<String>| international().and_then(|it| of(&it));
    in_plan(&text, country)
        .or_else(|| international(&|text| in_plan(text, None)))
        .or_else(|| in_plan(&as_today(&text)?, country))
        .or_else(|| international(&|text| in_plan(&as_today(text)?, None)))
}

/// Returns whether a number has two endings: `030 5550 123/124`.
fn has_other_end(text: &str) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit();
    text.rsplit_once('/').is_some_and(|(before, end)| {
        before.chars().filter(is_digit).count() > 5 && end.chars().filter(is_digit).count() <= 3
    })
}

/// Returns a number in the current form of its plan, if it has an older form
/// that WhatsApp still shows.
fn as_today(text: &str) -> Option<String> {
    let digits: String = text.strip_prefix('+')?.chars().filter(char::is_ascii_digit).collect();
    match (digits.get(..2)?, digits.get(2..)?) {
        // Until 2019 a 1 stood before mobile numbers.
        ("52", national) if national.len() == 11 => {
            Some(format!("+52{}", national.strip_prefix('1')?))
        }
        // Since 2016 a 9 stands before mobile numbers, which begin with 6 to 9.
        ("55", national) if national.len() == 10 => {
            let (area, number) = national.split_at_checked(2)?;
            number.starts_with(['6', '7', '8', '9']).then(|| format!("+55{area}9{number}"))
        }
        _ => None,
    }
}

/// Returns the number in E.164. Where the number contains its country's code,
/// the library gets no country: given the USA, it would cut the `1` of
/// `+55 11 …`.
fn in_plan(text: &str, country: Option<Country>) -> Option<String> {
    let country = country.filter(|_| !text.starts_with('+')).map(|Country(id)| id);
    let number = phonenumber::parse_with(&PLANS, country, text).ok()?;
    if !phonenumber::is_valid_with(&PLANS, &number) || is_local(text, &number, country) {
        return None;
    }
    let number = number.format_with(&PLANS).mode(Mode::E164).to_string();
    let digits = number.strip_prefix('+')?;
    let is_e164 = digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    // What is stored must be read as the same number by whoever gets it.
    let is_the_same = country.is_none() || in_plan(&number, None).as_ref() == Some(&number);
    (is_e164 && is_the_same).then_some(number)
}

/// Returns whether a number lacks the digit that its country writes before an
/// area's code. Its first digits may then belong to a number in an unnamed
/// area.
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
mod tests;
