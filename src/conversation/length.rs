//! The greatest length of a text, known before anybody answers.
//!
//! A text has characters that the flow writes, and characters that people
//! choose. Each of the latter may be an emoji, which has two UTF-16 units.
//! `load` determines what a variable can hold.

use crate::message::segments;

/// From this many characters that people choose, a length counts as unlimited.
const ENDLESS: u64 = 1 << 40;

/// The greatest length of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    /// The characters that the flow writes.
    known: Known,
    /// The same characters in capital or small letters, whichever are longer.
    cased: Known,
    /// The number of characters that people choose.
    any: u64,
    /// Whether the case of their letters may change, which makes up to three
    /// letters of one: `ß` becomes `SS`.
    is_cased: bool,
}

/// The greatest length of a text that the flow writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Known {
    /// UTF-16 units.
    units: u64,
    /// The number of septets, which counts if all of it is GSM-7.
    septets: u64,
    is_ucs2: bool,
}

impl Known {
    fn of(text: &str) -> Self {
        let units = text.encode_utf16().count() as u64;
        let septets = segments::septets(text);
        Self {
            units,
            septets: septets.map_or(units, |septets| septets as u64),
            is_ucs2: septets.is_none(),
        }
    }

    /// Returns the length of a character whose case may change.
    fn of_cased(c: char) -> Self {
        let small: String = c.to_lowercase().collect();
        let large: String = c.to_uppercase().collect();
        let again = [small.to_uppercase(), large.to_lowercase()].map(|text| Self::of(&text));
        let itself = Self::of(c.encode_utf8(&mut [0; 4]));
        again.into_iter().fold(itself.or(Self::of(&small)).or(Self::of(&large)), Self::or)
    }

    fn or(self, other: Self) -> Self {
        Self {
            units: self.units.max(other.units),
            septets: self.septets.max(other.septets),
            is_ucs2: self.is_ucs2 || other.is_ucs2,
        }
    }

    fn then(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units).min(ENDLESS),
            septets: self.septets.saturating_add(other.septets).min(ENDLESS),
            is_ucs2: self.is_ucs2 || other.is_ucs2,
        }
    }
}

impl Length {
    /// Returns the length of exactly this text.
    pub(super) fn of(text: &str) -> Self {
        let known = Known::of(text);
        let cased = if text.is_ascii() {
            known
        } else {
            text.chars().map(Known::of_cased).fold(Known::default(), Known::then)
        };
        Self { known, cased, ..Self::default() }
    }

    /// Returns the length of at most this many ASCII digits and signs.
    pub(super) fn ascii(characters: u64) -> Self {
        let known = Known { units: characters, septets: characters, is_ucs2: false };
        Self { known, cased: known, ..Self::default() }
    }

    /// Returns the length of signs of any script with at most this many UTF-16
    /// units.
    pub(super) fn units_of_any(units: u64) -> Self {
        let known = Known { units, septets: units, is_ucs2: true };
        let cased = Known { units: 3 * units, ..known };
        Self { known, cased, ..Self::default() }
    }

    /// Returns the length of what people write in at most this many characters.
    pub(super) fn any(characters: u64) -> Self {
        Self { any: characters.min(ENDLESS), ..Self::default() }
    }

    /// Returns a length without a limit.
    pub(super) fn endless() -> Self {
        Self::any(ENDLESS)
    }

    /// Returns this length if people write at most this many characters.
    pub(super) fn capped(self, characters: u64) -> Self {
        Self { any: self.any.min(characters), ..self }
    }

    /// Returns whether the length has no limit.
    pub(super) fn is_endless(self) -> bool {
        self.any >= ENDLESS
    }

    /// Returns the length of one text or the other. Characters that are fixed
    /// in one and chosen in the other count once, since a chosen character has
    /// at least one unit.
    pub(super) fn or(self, other: Self) -> Self {
        let any = self.any.max(other.any);
        let beside = |known: Known, own: u64| Known {
            units: (known.units + own).saturating_sub(any),
            ..known
        };
        let either = |one, another| beside(one, self.any).or(beside(another, other.any));
        Self {
            known: either(self.known, other.known),
            cased: either(self.cased, other.cased),
            any,
            is_cased: self.is_cased || other.is_cased,
        }
    }

    /// Returns the length of both texts in a row.
    pub(super) fn then(self, other: Self) -> Self {
        Self {
            known: self.known.then(other.known),
            cased: self.cased.then(other.cased),
            any: self.any.saturating_add(other.any).min(ENDLESS),
            is_cased: self.is_cased || other.is_cased,
        }
    }

    /// Returns the length in capital or in small letters.
    pub(super) fn cased(self) -> Self {
        Self { known: self.cased, is_cased: self.is_cased || self.any > 0, ..self }
    }

    /// Returns the most UTF-16 units.
    pub(super) fn units(self) -> u64 {
        self.known.units + self.any * if self.is_cased { 3 } else { 2 }
    }

    /// Returns the most characters.
    pub(super) fn characters(self) -> u64 {
        self.known.units + self.any * if self.is_cased { 3 } else { 1 }
    }

    /// Returns the most UTF-16 units of a text in which nobody writes an emoji.
    pub(super) fn plain_units(self) -> u64 {
        self.known.units + self.any
    }

    /// Returns the most bytes in UTF-8.
    pub(super) fn bytes(self) -> u64 {
        // A sign of GSM-7 has at most two for each septet, any other one three
        // for each UTF-16 unit.
        let known = match self.known {
            Known { is_ucs2: false, septets, .. } => 2 * septets,
            Known { units, .. } => 3 * units,
        };
        known + self.any * if self.is_cased { 6 } else { 4 }
    }

    /// Returns the number of characters that people choose.
    pub(super) fn of_people(self) -> u64 {
        self.any
    }

    /// Returns the most septets. `None` means that characters outside of GSM-7
    /// are possible.
    pub(super) fn septets(self) -> Option<u64> {
        (self.any == 0 && !self.known.is_ucs2).then_some(self.known.septets)
    }
}

#[cfg(test)]
mod tests {
    use super::Length;

    #[test]
    fn no_letter_becomes_more_than_is_thought() {
        let one = Length::any(1);
        let has_case = |c: &char| !c.to_lowercase().eq([*c]) || !c.to_uppercase().eq([*c]);
        for c in (char::MIN..=char::MAX).filter(has_case) {
            assert!(c.len_utf16() as u64 <= one.units());
            let small = c.to_lowercase().collect::<String>();
            let large = c.to_uppercase().collect::<String>();
            // However often its case is changed.
            for text in [small.to_uppercase(), large.to_lowercase(), small, large] {
                assert!(text.encode_utf16().count() as u64 <= one.cased().units(), "{c:?}");
                assert!(text.chars().count() as u64 <= one.cased().characters(), "{c:?}");
                assert!(text.len() as u64 <= one.cased().bytes(), "{c:?}");
                let known = Length::of(&c.to_string()).cased();
                assert!(text.encode_utf16().count() as u64 <= known.units(), "{c:?}");
            }
        }
        assert_eq!(Length::any(5).cased().cased(), Length::any(5).cased());
        assert_eq!(Length::of("Ada").cased(), Length::of("Ada"));
        assert_eq!(Length::of("Größe").cased().septets(), Some(6));
        assert_eq!(Length::of("à").cased().septets(), None, "`À` is not GSM-7");
    }

    #[test]
    fn no_character_has_more_bytes_than_is_thought() {
        // All signs of GSM-7 are among the first.
        for c in ('\0'..'\u{2200}').chain(('\u{2200}'..=char::MAX).step_by(97)) {
            assert!(c.len_utf8() as u64 <= Length::of(&c.to_string()).bytes(), "{c:?}");
            assert!(c.len_utf8() as u64 <= Length::any(1).bytes(), "{c:?}");
        }
    }

    #[test]
    fn lengths_add_up() {
        let text = Length::of("Ça €").then(Length::ascii(3));
        assert_eq!((text.units(), text.septets()), (7, Some(8)));
        assert_eq!(text.then(Length::of("’")).septets(), None);
        let name = Length::of("Hi ").then(Length::any(10)).or(Length::of("Nobody"));
        assert_eq!((name.units(), name.plain_units(), name.septets()), (23, 13, None));
        let name = Length::any(3).or(Length::of("Nobody"));
        assert_eq!((name.units(), name.characters()), (9, 6));
        assert!(Length::endless().then(Length::any(1)).is_endless());
    }
}
