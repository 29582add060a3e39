//! Small numbers as people number options: `2`, `two`, `2nd`, `second`.

use super::language::{Role, roles};

/// Reads a word as a number, written as options are numbered: not `01`.
pub(super) fn cardinal(word: &String, languages: &[String]) -> Option<usize> {
    if let Ok(number) = word.parse::<usize>() {
        return (number.to_string() == *word).then_some(number);
    }
    roles(languages, std::slice::from_ref(word)).find_map(|role| match role {
        Role::Cardinal(number) => Some(number),
        _ => None,
    })
}

/// Reads a word as a rank. `last` is the rank of the last of this many.
pub(super) fn ordinal(word: &String, languages: &[String], count: usize) -> Option<usize> {
    if let Some(number) = with_suffix(word) {
        return Some(number);
    }
    roles(languages, std::slice::from_ref(word)).find_map(|role| match role {
        Role::Ordinal(number) => Some(number),
        Role::Last => Some(count),
        _ => None,
    })
}

/// Returns the numbers for which a label may be taken. Each of its words may
/// begin with one in digits (`2 rooms`, `2nd floor`, `Room 2`), and the label
/// with one in letters (`Two rooms`, but not `Small one`).
pub(super) fn in_label<'a>(
    label: &'a [String],
    languages: &'a [String],
) -> impl Iterator<Item = usize> {
    let digits = label.iter().filter_map(|word| {
        let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        word[..end].parse().ok()
    });
    digits.chain(label.first().and_then(|word| cardinal(word, languages)))
}

/// Reads `1st` or `22nd`, but not `1th`.
fn with_suffix(word: &str) -> Option<usize> {
    let (digits, suffix) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    let number: usize = digits.parse().ok()?;
    let expected = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    (suffix == expected).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{cardinal, in_label, ordinal};
    use crate::conversation::answer::tokens::tokens;

    #[test]
    fn numbers_as_they_are_written() {
        let de = ["de".to_owned()];
        for (word, expected) in [
            ("1", Some(1)),
            ("12", Some(12)),
            ("0", Some(0)),
            ("two", Some(2)),
            ("zwei", Some(2)),
            ("dos", None),
            ("01", None),
            ("+1", None),
            ("-1", None),
            ("1.0", None),
            ("99999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(cardinal(&word.to_owned(), &de), expected, "{word:?}");
        }
        for (word, expected) in [
            ("first", Some(1)),
            ("1st", Some(1)),
            ("2nd", Some(2)),
            ("3rd", Some(3)),
            ("4th", Some(4)),
            ("11th", Some(11)),
            ("21st", Some(21)),
            ("zweite", Some(2)),
            ("last", Some(5)),
            ("1th", None),
            ("2st", None),
            ("1", None),
            ("st", None),
            ("premier", None),
        ] {
            assert_eq!(ordinal(&word.to_owned(), &de, 5), expected, "{word:?}");
        }
        for (label, expected) in [
            ("2 rooms", &[2, 2][..]),
            ("Room 2", &[2]),
            ("2nd floor", &[2]),
            ("2:30 or 3:30", &[2, 3]),
            ("Two rooms", &[2]),
            ("Zwei Zimmer", &[2]),
            ("Small one", &[]),
            ("x2", &[]),
        ] {
            let label = tokens(label);
            assert_eq!(in_label(&label, &de).collect::<Vec<_>>(), expected, "{label:?}");
        }
    }
}
