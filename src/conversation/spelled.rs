//! Numbers in English words, from zero to ninety-nine.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// The tens from twenty on.
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Reads words in small letters as a number: `four`, `twenty-one`,
/// `twenty one`.
pub(super) fn number(text: &str) -> Option<u8> {
    let place = |list: &[&str], word: &str| {
        list.iter().position(|known| *known == word).and_then(|at| u8::try_from(at).ok())
    };
    let tens = |word: &str| place(&TENS, word).map(|at| 20 + 10 * at);
    if let Some(number) = place(&ONES, text).or_else(|| tens(text)) {
        return Some(number);
    }
    let (first, second) = text.split_once([' ', '-'])?;
    let ones = place(&ONES, second.trim()).filter(|ones| (1..=9).contains(ones))?;
    Some(tens(first)? + ones)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_in_words() {
        for (text, expected) in [
            ("zero", Some(0)),
            ("one", Some(1)),
            ("twelve", Some(12)),
            ("twenty", Some(20)),
            ("twenty-one", Some(21)),
            ("twenty one", Some(21)),
            ("ninety nine", Some(99)),
            ("forty", Some(40)),
            ("twenty ten", None),
            ("twenty zero", None),
            ("ten one", None),
            ("one two", None),
            ("twenty one two", None),
            ("hundred", None),
            ("fourty", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }
}
