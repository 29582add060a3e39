//! English names of months, weekdays and days near today, as people write and
//! read them. No other file has such names, so that a further language begins
//! here.

use jiff::civil::{Date, Weekday};

/// The months in order; people shorten them to three letters.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days of the week, each by its name and its short forms.
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "mon"]),
    (Weekday::Tuesday, &["tuesday", "tue", "tues"]),
    (Weekday::Wednesday, &["wednesday", "wed", "weds"]),
    (Weekday::Thursday, &["thursday", "thu", "thur", "thurs"]),
    (Weekday::Friday, &["friday", "fri"]),
    (Weekday::Saturday, &["saturday", "sat"]),
    (Weekday::Sunday, &["sunday", "sun"]),
];

/// Days by their distance from today.
const NEAR: [(&str, i32); 16] = [
    ("day before yesterday", -2),
    ("yesterday", -1),
    ("today", 0),
    ("tonight", 0),
    ("this morning", 0),
    ("this afternoon", 0),
    ("this evening", 0),
    ("tomorrow", 1),
    ("tmrw", 1),
    ("tmr", 1),
    ("tmw", 1),
    ("2morrow", 1),
    ("2moro", 1),
    ("2mrw", 1),
    ("day after tomorrow", 2),
    ("day after tmrw", 2),
];

/// The endings of ordinals: `24th`.
pub(super) const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

/// Words without a meaning of their own: `on this Friday`,
/// `the 24th of December`.
pub(super) const FILLERS: [&str; 5] = ["on", "this", "coming", "the", "of"];

/// Returns the month of this name in small letters, from 1 to 12.
pub(super) fn month(word: &str) -> Option<i8> {
    let is_meant = |name: &&str| *name == word || name.get(..3) == Some(word);
    let found = (1..).zip(&MONTHS).find(|(_, name)| is_meant(name)).map(|(number, _)| number);
    found.or_else(|| (word == "sept").then_some(9))
}

/// Returns the day of the week of this name in small letters.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, names)| names.contains(&word)).map(|(weekday, _)| *weekday)
}

/// Returns how many days after today a day is, by its name in small letters.
pub(super) fn near(text: &str) -> Option<i32> {
    let text = text.strip_prefix("the ").unwrap_or(text);
    NEAR.iter().find(|(name, _)| *name == text).map(|(_, days)| *days)
}

/// Returns how many days a unit in small letters has, if the number is fixed.
pub(super) fn days_of(unit: &str) -> Option<i32> {
    match unit {
        "day" | "days" => Some(1),
        "week" | "weeks" => Some(7),
        _ => None,
    }
}

/// Returns a day as people read it: `24 December 2026`.
pub(super) fn show(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::{Date, MONTHS, Weekday, month, near, show, weekday};

    #[test]
    fn months() {
        for (word, number) in [
            ("january", Some(1)),
            ("jan", Some(1)),
            ("may", Some(5)),
            ("jun", Some(6)),
            ("jul", Some(7)),
            ("sep", Some(9)),
            ("sept", Some(9)),
            ("december", Some(12)),
            ("decem", None),
            ("ja", None),
            ("mars", None),
            ("", None),
        ] {
            assert_eq!(month(word), number, "{word:?}");
        }
    }

    #[test]
    fn weekdays_and_days_near_today() {
        assert_eq!(weekday("thurs"), Some(Weekday::Thursday));
        assert_eq!(weekday("sunday"), Some(Weekday::Sunday));
        assert_eq!(weekday("someday"), None);
        assert_eq!(near("today"), Some(0));
        assert_eq!(near("the day after tomorrow"), Some(2));
        assert_eq!(near("later"), None);
    }

    #[test]
    fn what_is_shown_is_understood() {
        for (number, name) in (1..).zip(MONTHS) {
            let shown = show(Date::constant(2026, number, 3)).to_lowercase();
            assert_eq!(shown, format!("3 {name} 2026"));
        }
    }
}
