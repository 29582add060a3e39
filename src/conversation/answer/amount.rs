//! `type: integer` and `type: number`.
//!
//! **Accepted** is one number, in digits as [`number`] reads them or in English
//! words up to ninety-nine, and beside it what leaves it as it is:
//!
//! | written | |
//! | --- | --- |
//! | `4`, `four`, `1 500`, `1,234,567`, `1,50,000` | |
//! | `for 4`, `party of 6`, `we are 4`, `just 2`, `there are 3 of us`, `2 people` | how many people |
//! | `2x`, `x2` | how many |
//! | `30 years old` | how old |
//! | `$20`, `20 €`, `EUR 20`, `Rs. 500`, `20,-` | a currency; no cents |
//! | `50%`, `20 kg`, `20 km` | these units only |
//! | `about 20`, `~20`, `ca. 20` | `type: number` only, in digits |
//!
//! `1,500` can be fifteen hundred or one and a half: at `type: integer` it is the
//! former, at `type: number` the one that lies within `min` and `max`, and asked
//! again if both do. With a currency it is never one and a half.
//!
//! Whatever else stands there makes it unclear: `2 or 3`, `2-3`, `at least 4`,
//! `4+`, `4?`, `a couple`, `about thirty`, `half`, `20k`, `50 cents`, `2nd`, `3 weeks`.

use super::phrases::{self, AGREEMENTS, INTRODUCTIONS};
use crate::conversation::{number, spelled};

/// Phrases before a number that do not change it.
const BEFORE: &[&str] = &[
    "for",
    "just",
    "only",
    "exactly",
    "party of",
    "a party of",
    "group of",
    "a group of",
    "table for",
    "a table for",
    "table of",
    "a table of",
    "total of",
    "a total of",
    "in total",
    "total",
    "we are",
    "we're",
    "there are",
    "there're",
    "there is",
    "there's",
    "theres",
    "there will be",
    "there'll be",
    "we will be",
    "we'll be",
    "we have",
    "i have",
    "we need",
    "i need",
    "give me",
    "all",
    "the",
    "number",
    "people:",
    "guests:",
    "persons:",
    "pax:",
    "i am",
    "i'm",
    "im",
    "aged",
    "age",
    "my age is",
    "my budget is",
    "budget",
    "budget is",
    "x",
    "×",
];

/// Phrases after a number that do not change it.
const BEHIND: &[&str] = &[
    "people",
    "persons",
    "person",
    "guests",
    "guest",
    "pax",
    "ppl",
    "of us",
    "in total",
    "total",
    "in all",
    "altogether",
    "all together",
    "all in all",
    "only",
    "exactly",
    "x",
    "×",
    "years old",
    "yrs old",
    "year old",
    "yo",
    "y.o",
    "y/o",
];

/// Units with which a number is kept as it is written.
const UNITS: &[&str] = &[
    "%",
    "percent",
    "per cent",
    "pct",
    "kg",
    "kgs",
    "kilo",
    "kilos",
    "kilogram",
    "kilograms",
    "kilogramme",
    "kilogrammes",
    "km",
    "kms",
    "kilometer",
    "kilometers",
    "kilometre",
    "kilometres",
];

/// Currencies, by their signs, codes and names. Cents and the like are left
/// out.
const CURRENCIES: &[&str] = &[
    "$",
    "€",
    "£",
    "¥",
    "₹",
    "₽",
    "₺",
    "₩",
    "₪",
    "₫",
    "₴",
    "₦",
    "₱",
    "฿",
    "₵",
    "us$",
    "us $",
    "r$",
    "a$",
    "c$",
    "s$",
    "hk$",
    "nz$",
    "mx$",
    "rs.",
    "rs",
    "usd",
    "eur",
    "gbp",
    "inr",
    "chf",
    "jpy",
    "cny",
    "rmb",
    "aud",
    "cad",
    "nzd",
    "sek",
    "nok",
    "dkk",
    "pln",
    "czk",
    "huf",
    "try",
    "rub",
    "brl",
    "mxn",
    "zar",
    "aed",
    "sar",
    "sgd",
    "hkd",
    "thb",
    "idr",
    "myr",
    "php",
    "vnd",
    "krw",
    "ils",
    "ngn",
    "kes",
    "egp",
    "ghs",
    "kr",
    "zł",
    "zl",
    "dollar",
    "dollars",
    "us dollars",
    "bucks",
    "euro",
    "euros",
    "pound",
    "pounds",
    "quid",
    "rupee",
    "rupees",
    "yen",
    "yuan",
    "franc",
    "francs",
    "fr",
    "fr.",
    "peso",
    "pesos",
    "real",
    "reais",
    "lira",
    "rouble",
    "roubles",
    "ruble",
    "rubles",
    "zloty",
    "zlotys",
    "krona",
    "kronor",
    "krone",
    "kroner",
    "dirham",
    "dirhams",
    "baht",
    "shilling",
    "shillings",
    "rand",
    "naira",
    "ringgit",
    "rupiah",
];

/// Signs in place of a currency's fraction: `20,-`.
const NO_FRACTION: &[&str] = &[",-", ".-", "/-"];

/// Phrases that say that a number is not exact.
const ABOUT: &[&str] = &[
    "about",
    "around",
    "roughly",
    "approximately",
    "approx.",
    "approx",
    "circa",
    "ca.",
    "ca",
    "~",
    "≈",
];

/// Reads a text in plain signs as a whole number.
pub(in crate::conversation) fn integer(text: &str) -> Option<i64> {
    let text = phrases::spaced(text);
    let bare = bare(&text, &[]);
    number::integer(bare).or_else(|| spelled::number(bare).map(i64::from))
}

/// Returns the one or two decimal numbers that a text in plain signs can mean.
pub(in crate::conversation) fn decimals(text: &str) -> [Option<f64>; 2] {
    let text = phrases::spaced(text);
    match spelled::number(bare(&text, &[])) {
        Some(number) => [Some(f64::from(number)), None],
        None => number::decimals(bare(&text, ABOUT)),
    }
}

/// Returns the decimal number within these limits that a text in plain signs
/// means, unless two of its readings lie there.
pub(super) fn decimal(text: &str, min: f64, max: f64) -> Option<f64> {
    let taken = |number: Option<f64>| number.filter(|number| (min..=max).contains(number));
    match decimals(text) {
        [thousands, None] => taken(thousands),
        // Hardly any price has three decimals: `$1,500` is never one and a half.
        [thousands, fraction] => match (taken(thousands), taken(fraction)) {
            (Some(number), None) => Some(number),
            (None, Some(number)) if !names_currency(text) => Some(number),
            _ => None,
        },
    }
}

/// Returns whether a currency stands beside a number.
fn names_currency(text: &str) -> bool {
    let text = phrases::spaced(text);
    let is_sign = |c: char| c.is_ascii_digit() || ".,+-~ ".contains(c);
    let words = text.split(is_sign).filter(|word| !word.is_empty());
    words.into_iter().any(|word| CURRENCIES.iter().any(|name| name.trim_end_matches('.') == word))
}

/// Returns the number without what stands around it. A comma before it is part
/// of the number.
fn bare<'a>(text: &'a str, about: &[&str]) -> &'a str {
    // The ordinary answer has nothing beside it.
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let rest = phrases::without(
        text,
        &[BEFORE, about, CURRENCIES, INTRODUCTIONS],
        &[BEHIND, UNITS, CURRENCIES, NO_FRACTION, AGREEMENTS],
    );
    rest.strip_suffix('.').unwrap_or(rest)
}

#[cfg(test)]
mod tests;
