//! Reads the numbers that people write in digits.
//!
//! A lone `,` or `.` between one to three digits and exactly three more has two
//! readings: `1,500` is one and a half in Berlin and fifteen hundred in Boston.
//! The caller chooses between them by the values that it takes. Everything else
//! has one reading: `1,5`, `1.50` and `0,500` have a fraction; `1,234.5`,
//! `1.234,5`, `1 500`, `2'000'000` and `1,50,000` have thousands.

/// The most digits of a decimal number: up to this many are kept and shown
/// exactly as they were written.
const MAX_DIGITS: usize = 15;

/// Signs that separate thousands and never fractions.
const SPACERS: [char; 7] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’', '٬'];

/// Signs that begin a fraction. The last one has no other use.
const MARKS: [char; 3] = ['.', ',', '٫'];

/// Fractions of one sign, and their decimals.
const FRACTIONS: [(char, &str); 3] = [('¼', "25"), ('½', "5"), ('¾', "75")];

/// Reads a whole number. It has no fraction, so that `1,500` has only one
/// reading.
pub(super) fn integer(text: &str) -> Option<i64> {
    let whole = Written::readings(text)?.into_iter().flatten().find(|it| it.fraction.is_empty())?;
    format!("{}{}", whole.sign, whole.whole).parse().ok()
}

/// Returns the one or two decimal numbers that a text can mean. They are
/// finite, and never a negative zero.
pub(super) fn decimals(text: &str) -> [Option<f64>; 2] {
    let readings = Written::readings(text).unwrap_or_default();
    readings.map(|reading| reading.and_then(|written| written.decimal()))
}

/// A number taken apart; both parts hold only ASCII digits, and not both are empty.
struct Written {
    sign: &'static str,
    whole: String,
    fraction: String,
}

impl Written {
    fn readings(text: &str) -> Option<[Option<Self>; 2]> {
        let text = text.trim().trim_end_matches(['.', ',', '!', ';']).trim_end();
        let (sign, text) = match text.chars().next()? {
            '+' => ("", &text[1..]),
            '-' => ("-", &text[1..]),
            minus @ '−' => ("-", &text[minus.len_utf8()..]),
            _ => ("", text),
        };
        let new = |whole: &str, fraction: &str| {
            let is_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
            (is_digits && !(whole.is_empty() && fraction.is_empty())).then(|| Self {
                sign,
                whole: whole.to_owned(),
                fraction: fraction.to_owned(),
            })
        };
        if let Some((_, decimals)) = FRACTIONS.iter().find(|(sign, _)| text.ends_with(*sign)) {
            let whole = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            let is_one_sign = text[whole.len()..].trim_start().chars().count() == 1;
            let is_whole = is_one_sign && whole.bytes().all(|byte| byte.is_ascii_digit());
            return is_whole.then(|| [new(whole, decimals), None]);
        }
        let parted = text.rfind(MARKS).and_then(|at| {
            let mark = text[at..].chars().next()?;
            Some((mark, &text[..at], &text[at + mark.len_utf8()..]))
        });
        Some(match parted {
            Some((mark, before, after)) if mark != '٫' && is_either(before, after) => {
                [new(&format!("{before}{after}"), ""), new(before, after)]
            }
            // The same mark twice separates thousands.
            Some((mark, before, after)) if !before.contains(mark) => {
                [new(&without_thousands(before, true)?, after), None]
            }
            _ => [new(&without_thousands(text, false)?, ""), None],
        })
    }

    fn decimal(&self) -> Option<f64> {
        if self.whole.trim_start_matches('0').len() + self.fraction.len() > MAX_DIGITS {
            return None;
        }
        let number: f64 = format!("{}{}.{}", self.sign, self.whole, self.fraction).parse().ok()?;
        Some(number + 0.0)
    }
}

/// Returns whether the mark between these digits may separate thousands as well
/// as a fraction.
fn is_either(before: &str, after: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    after.len() == 3
        && (1..=3).contains(&before.len())
        && !before.starts_with('0')
        && is_digits(before)
        && is_digits(after)
}

/// Returns the digits of a whole number whose thousands may be separated by one
/// sign. `None` means that they are separated otherwise, or by a lone sign that
/// may also begin a fraction.
fn without_thousands(text: &str, has_fraction: bool) -> Option<String> {
    let Some(sign) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(text.to_owned());
    };
    let groups: Vec<&str> = text.split(sign).collect();
    let (first, others) = groups.split_first()?;
    let (last, middle) = others.split_last()?;
    // India separates digits in pairs above the thousands: `1,50,000`.
    let in_twos = sign == ','
        && !middle.is_empty()
        && first.len() <= 2
        && middle.iter().all(|group| group.len() == 2);
    let in_threes = middle.iter().all(|group| group.len() == 3);
    let well_parted = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && last.len() == 3
        && (in_threes || in_twos)
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let is_separator = match sign {
        '.' | ',' => has_fraction || others.len() > 1,
        _ => SPACERS.contains(&sign),
    };
    (well_parted && is_separator).then(|| groups.concat())
}

#[cfg(test)]
mod tests;
