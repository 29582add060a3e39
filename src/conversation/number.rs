//! Reads the numbers that people write in messages.
//!
//! What two people would read as two different numbers is refused: `1,500` is
//! one and a half in Berlin and fifteen hundred in Boston. So a lone `,` or
//! `.` between one to three digits and exactly three more is no number, unless
//! the first digit is 0. Everything else decides itself: `1,5` and `1.50` have
//! a fraction, `1,234.5`, `1.234,5`, `1 500` and `2'000'000` have thousands.

/// A decimal number of more digits is not understood: so many are kept and
/// shown exactly as they were written.
const MAX_DIGITS: usize = 15;

/// Signs that part thousands and never fractions.
const SPACERS: [char; 6] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];

/// A whole number.
pub(super) fn integer(text: &str) -> Option<i64> {
    let written = Written::read(text)?;
    if !written.fraction.is_empty() {
        return None;
    }
    format!("{}{}", written.sign, written.whole).parse().ok()
}

/// A decimal number, finite and never a negative zero.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let written = Written::read(text)?;
    if written.whole.trim_start_matches('0').len() + written.fraction.len() > MAX_DIGITS {
        return None;
    }
    let number: f64 =
        format!("{}{}.{}", written.sign, written.whole, written.fraction).parse().ok()?;
    Some(number + 0.0)
}

/// A number taken apart; both parts hold only ASCII digits, and not both are empty.
struct Written {
    sign: &'static str,
    whole: String,
    fraction: String,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches(['.', ',', '!', '?', ';']).trim_end();
        let (sign, text) = match text.chars().next()? {
            '+' => ("", &text[1..]),
            '-' => ("-", &text[1..]),
            minus @ '−' => ("-", &text[minus.len_utf8()..]),
            _ => ("", text),
        };
        let (whole, fraction) = match text.rfind(['.', ',']) {
            Some(at) if is_decimal_mark(text, at) => (&text[..at], Some(&text[at + 1..])),
            _ => (text, None),
        };
        let whole = without_thousands(whole, fraction.is_some())?;
        let fraction = fraction.unwrap_or_default();
        let is_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
        (is_digits && !(whole.is_empty() && fraction.is_empty())).then(|| Self {
            sign,
            whole,
            fraction: fraction.to_owned(),
        })
    }
}

/// Whether the last `.` or `,` of a text, at this byte, begins the fraction.
fn is_decimal_mark(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 1..]);
    if before.contains(&text[at..=at]) {
        // The same mark twice: it parts thousands.
        return false;
    }
    let has_thousands = before.contains(|c: char| !c.is_ascii_digit());
    let could_be_thousands = after.len() == 3 && (1..=3).contains(&before.len());
    has_thousands || !could_be_thousands || before.starts_with('0')
}

/// The digits of a whole number whose thousands may be parted, always by the
/// same sign. `None` where they are parted otherwise, or by a lone sign that
/// could as well begin a fraction.
fn without_thousands(text: &str, has_fraction: bool) -> Option<String> {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(text.to_owned());
    };
    let groups: Vec<&str> = text.split(sign).collect();
    let (first, others) = groups.split_first()?;
    let well_parted = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && others.iter().all(|group| group.len() == 3)
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let is_separator = match sign {
        '.' | ',' => has_fraction || others.len() > 1,
        _ => SPACERS.contains(&sign),
    };
    (well_parted && is_separator).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decimal, integer};

    #[test]
    fn whole_numbers() {
        for (text, number) in [
            ("5", Some(5)),
            (" 5 ", Some(5)),
            ("5.", Some(5)),
            ("5!", Some(5)),
            ("+5", Some(5)),
            ("-3", Some(-3)),
            ("−3", Some(-3)),
            ("007", Some(7)),
            ("1 500", Some(1_500)),
            ("1\u{a0}500", Some(1_500)),
            ("1'500", Some(1_500)),
            ("2,000,000", Some(2_000_000)),
            ("2.000.000", Some(2_000_000)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1,500", None),
            ("1.500", None),
            ("1.5", None),
            ("5.0", None),
            ("12 34", None),
            ("1 2345", None),
            ("1,000.000,000", None),
            ("0,500,000", None),
            ("five", None),
            ("5 kg", None),
            ("5-6", None),
            ("+-5", None),
            ("1e3", None),
            ("0x10", None),
            ("٥", None),
            ("-", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(integer(text), number, "{text:?}");
        }
    }

    #[test]
    fn decimal_numbers() {
        for (text, number) in [
            ("5", Some(5.0)),
            ("1.5", Some(1.5)),
            ("1,5", Some(1.5)),
            ("1.50", Some(1.5)),
            ("-0,25", Some(-0.25)),
            (".5", Some(0.5)),
            ("0.125", Some(0.125)),
            ("0,125", Some(0.125)),
            ("1234.567", Some(1234.567)),
            ("1,234.5", Some(1234.5)),
            ("1.234,5", Some(1234.5)),
            ("1 234,567", Some(1234.567)),
            ("1,234,567", Some(1_234_567.0)),
            ("99999999999999.9", Some(99_999_999_999_999.9)),
            ("999999999999999.9", None),
            ("1,500", None),
            ("1.500", None),
            ("12,500", None),
            ("1.5.2", None),
            ("1,5,2", None),
            ("1,5.2", None),
            ("inf", None),
            ("NaN", None),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(decimal(text), number, "{text:?}");
        }
        assert!(decimal("-0").is_some_and(f64::is_sign_positive), "there is no negative zero");
    }

    proptest! {
        #[test]
        fn any_text_is_a_finite_number_or_none(text in "[-+−0-9., '’]{0,24}") {
            prop_assert!(decimal(&text).is_none_or(f64::is_finite));
            integer(&text);
        }

        #[test]
        fn a_whole_number_is_read_as_it_is_shown(number: i64) {
            prop_assert_eq!(integer(&number.to_string()), Some(number));
        }

        #[test]
        fn a_decimal_is_read_shown_and_stored_as_it_was_written(
            whole in 0..1_000_000_u32, fraction in 0..1_000_000_u32,
        ) {
            let written = format!("{whole}.{fraction:06}");
            let number = decimal(&written).unwrap();
            let shown = format!("{number}");
            let end = written.trim_end_matches('0').trim_end_matches('.');
            prop_assert_eq!(&shown, end);
            let stored: f64 = serde_json::from_str(&serde_json::to_string(&number).unwrap()).unwrap();
            prop_assert_eq!(stored.to_bits(), number.to_bits());
        }
    }
}
