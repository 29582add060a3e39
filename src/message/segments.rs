//! Counts how many SMS segments a text takes.
//!
//! A text is sent in septets if all of its characters are in the GSM 7-bit
//! alphabet. Any other text is sent as UCS-2, in UTF-16 units (3GPP TS 23.038;
//! Twilio docs, "SMS character limit", and its message-segment-calculator). The
//! provider's Smart Encoding may do better and is not taken into account here.

/// The encoding of a text on its way to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet and its extension table.
    Gsm7,
    /// Two bytes for each UTF-16 unit.
    Ucs2,
}

impl Encoding {
    /// Returns the units in a message of one segment.
    const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Returns the units in each segment of a longer message; its header takes six bytes.
    const fn concatenated(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 if is_extension(character) => 2,
            Self::Gsm7 => 1,
            Self::Ucs2 => character.len_utf16(),
        }
    }
}

/// The size of a text as SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// How it is encoded.
    pub encoding: Encoding,
    /// The number of SMS; an empty text takes one.
    pub segments: usize,
    /// The length in septets or UTF-16 units.
    pub units: usize,
}

/// Counts the segments of a text. No character is split between two segments.
#[must_use]
pub fn count(text: &str) -> Segments {
    let encoding =
        if first_ucs2_character(text).is_some() { Encoding::Ucs2 } else { Encoding::Gsm7 };
    let units = text.chars().map(|character| encoding.units(character)).sum();
    if units <= encoding.single() {
        return Segments { encoding, segments: 1, units };
    }
    let (mut segments, mut filled) = (1, 0);
    for character in text.chars() {
        let more = encoding.units(character);
        if filled + more > encoding.concatenated() {
            segments += 1;
            filled = 0;
        }
        filled += more;
    }
    Segments { encoding, segments, units }
}

/// Returns the most segments that a text of this many units takes, wherever they are split.
#[must_use]
pub fn at_most(encoding: Encoding, units: u64) -> u64 {
    // A character of two units moves to the next segment as a whole.
    let (single, filled) = match encoding {
        Encoding::Gsm7 => (160, 152),
        Encoding::Ucs2 => (70, 66),
    };
    if units <= single { 1 } else { units.div_ceil(filled) }
}

/// Returns the septets of a text; `None` if the text is UCS-2.
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    let units = |c: char| is_gsm7(c).then(|| Encoding::Gsm7.units(c));
    text.chars().map(units).sum()
}

/// Returns whether a text with this character can still be GSM-7.
#[must_use]
pub fn is_gsm7(character: char) -> bool {
    is_basic(character) || is_extension(character)
}

/// Returns the first character, with its byte offset, that makes the whole text UCS-2.
#[must_use]
pub fn first_ucs2_character(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|&(_, character)| !is_gsm7(character))
}

fn is_basic(character: char) -> bool {
    matches!(character, '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z')
        || "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ".contains(character)
}

/// Characters that need an escape septet.
fn is_extension(character: char) -> bool {
    matches!(character, '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€')
}

#[cfg(test)]
mod tests {
    use super::{Encoding::*, *};

    /// The cases of Twilio's message-segment-calculator, and boundaries computed with it.
    #[test]
    fn texts_take_as_many_segments_as_twilio_counts() {
        let n = |text: &str, times| text.repeat(times);
        for (text, encoding, segments, units) in [
            (String::new(), Gsm7, 1, 0),
            (n("1", 160), Gsm7, 1, 160),
            (n("1", 161), Gsm7, 2, 161),
            (n("1", 306), Gsm7, 2, 306),
            (n("1", 307), Gsm7, 3, 307),
            (n("😜", 1) + &n("1", 68), Ucs2, 1, 70),
            (n("😜", 1) + &n("1", 69), Ucs2, 2, 71),
            (n("😜", 1) + &n("1", 132), Ucs2, 2, 134),
            (n("😜", 1) + &n("1", 133), Ucs2, 3, 135),
            (n("€", 1) + &n("1", 158), Gsm7, 1, 160),
            (n("€", 1) + &n("1", 159), Gsm7, 2, 161),
            (n("a", 305) + "€", Gsm7, 3, 307),
            (n("Á", 70), Ucs2, 1, 70),
            (n("Á", 71), Ucs2, 2, 71),
            (n("😀", 1) + &n("]", 68), Ucs2, 1, 70),
            (n("😀", 1) + &n("]", 69), Ucs2, 2, 71),
            // The emoji would straddle the boundary after 67 units, so it moves as a whole.
            (n("Á", 66) + "😀" + &n("Á", 65), Ucs2, 2, 133),
            (n("Á", 66) + "😀" + &n("Á", 66), Ucs2, 3, 134),
            ("\rabcde\r\n123".to_owned(), Gsm7, 1, 11),
            (n("Ç", 160), Gsm7, 1, 160),
            (n("Ç", 159) + "ç", Ucs2, 3, 160),
        ] {
            let expected = Segments { encoding, segments, units };
            assert_eq!(count(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_alphabet_is_the_standards() {
        let gsm = |c: &char| count(&c.to_string()).encoding == Gsm7;
        // The basic table has 127 characters and the escape; the extension has ten.
        assert_eq!((char::MIN..=char::MAX).filter(gsm).count(), 127 + 10);
        for other in ['`', '\t', 'ç', 'á', 'í', 'ó', 'ú', '’', '“', '–', '—', '\u{a0}', '…']
        {
            assert!(!gsm(&other), "{other:?}");
        }
    }

    #[test]
    fn no_text_takes_more_segments_than_its_length_can() {
        for text in ["a", "€", "ab€", "é", "😜", "Á😜", "ÁÁÁ😜"] {
            for times in 0..400 {
                let text = text.repeat(times);
                let Segments { encoding, segments, units } = count(&text);
                assert!(segments as u64 <= at_most(encoding, units as u64), "{times} x {text:.8}");
                assert_eq!(septets(&text), (encoding == Gsm7).then_some(units));
            }
        }
        for (encoding, units, expected) in
            [(Gsm7, 160, 1), (Gsm7, 161, 2), (Ucs2, 70, 1), (Ucs2, 71, 2), (Ucs2, 133, 3)]
        {
            assert_eq!(at_most(encoding, units), expected);
        }
    }

    #[test]
    fn the_character_that_costs_is_named() {
        assert_eq!(first_ucs2_character("Ça va? €5 [ok]"), None);
        assert_eq!(first_ucs2_character("It’s ñot"), Some((2, '’')));
        assert_eq!(first_ucs2_character("ñ—"), Some((2, '—')));
    }
}
