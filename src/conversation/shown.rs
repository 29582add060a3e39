//! Shows text from people, flows and files safely on a terminal.
//!
//! Characters that act on the terminal, reverse the direction of the line or
//! hide in it are written out: `\x1b`, `\u{202e}`. Invisible characters inside
//! an emoji or a word of their script stay: 👩‍👩‍👧, می‌خواهم.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use regex::Regex;

/// Matches single characters that hide, and ordinary sequences that contain
/// such characters.
///
/// These sequences are ordinary: flags of parts of a country, keycaps, and
/// emoji that are joined or have a variation selector. So are Han and Mongolian
/// characters with a selector of their form, and letters with a joiner between
/// them in scripts that join.
static FOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \x{1F3F4}\x{E0067}\x{E0062}(?:\x{E0065}\x{E006E}\x{E0067}|\x{E0073}\x{E0063}\x{E0074}|\x{E0077}\x{E006C}\x{E0073})\x{E007F}
        | [0-9\#*]\x{FE0F}\x{20E3}
        | EMOJI(?:\x{200D}EMOJI)+
        | \p{Extended_Pictographic}[\x{FE0E}\x{FE0F}]
        | \p{Han}[\x{FE00}-\x{FE02}\x{E0100}-\x{E01EF}]
        | \p{Mongolian}[\x{180B}-\x{180F}]
        | JOINING(?:[\x{200C}\x{200D}]JOINING)+
        | [[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]--\p{Prepended_Concatenation_Mark}]
        "
        .replace("EMOJI", r"\p{Extended_Pictographic}[\x{FE0E}\x{FE0F}]?\p{Emoji_Modifier}?")
        .replace("JOINING", JOINING)
        .as_str(),
    )
    .expect("the pattern is fixed and tested")
});

/// Letters and marks of the scripts in whose words a joiner is ordinary.
const JOINING: &str = r"[[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]&&[\p{L}\p{M}]--\p{Default_Ignorable_Code_Point}]+";

/// Returns a text for use within one line, with its line breaks written out.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    shown_but(text, &[])
}

/// Returns a text of several lines, each like [`shown`].
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    shown_but(text, &['\n'])
}

fn shown_but<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    let hidden = hidden_in(text).filter(|(_, c)| !kept.contains(c));
    shown_at(text, hidden)
}

/// Returns a value in one line, with `\n` for each line break, as chat files
/// write it.
#[must_use]
pub fn in_one_line(value: impl Display) -> String {
    value.to_string().replace('\n', "\\n")
}

/// Returns a text with the characters at these positions written out.
pub(super) fn shown_at(text: &str, hidden: impl Iterator<Item = (usize, char)>) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut from = 0;
    for (at, c) in hidden {
        shown.push_str(text.get(from..at).unwrap_or_default());
        shown.push_str(&written(c));
        from = at + c.len_utf8();
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(shown)
}

/// Returns the characters that are to be written out, with their positions.
pub(super) fn hidden_in(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_ascii = text.is_ascii();
    // Nearly all texts are like this, and some are whole files.
    let bytes = is_ascii.then(|| text.bytes().enumerate()).into_iter().flatten();
    let bytes = bytes.filter(|(_, byte)| byte.is_ascii_control());
    let found = (!is_ascii).then(|| FOUND.find_iter(text)).into_iter().flatten();
    let found = found.filter_map(|found| {
        let mut characters = found.as_str().chars();
        let first = characters.next().filter(|_| characters.next().is_none());
        first.map(|c| (found.start(), c))
    });
    bytes.map(|(at, byte)| (at, char::from(byte))).chain(found)
}

/// Returns a character in plain ASCII.
pub(super) fn written(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_turns_or_hides_is_written_out() {
        for (text, expected) in [
            ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
            ("\x1b]52;c;cm0gLXJm\x07", r"\x1b]52;c;cm0gLXJm\x07"),
            ("\u{9b}31m \u{9d}0;title\u{9c}", r"\u{9b}31m \u{9d}0;title\u{9c}"),
            ("\0 \u{8} \x7f \u{85}", r"\x00 \x08 \x7f \u{85}"),
            ("a\nb\r\nc\td", r"a\nb\r\nc\td"),
            ("a\u{2028}b\u{2029}c", r"a\u{2028}b\u{2029}c"),
            ("\u{202e}evil\u{202c}", r"\u{202e}evil\u{202c}"),
            (
                "\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}",
                r"\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}",
            ),
            ("a\u{200b}b\u{2060}c\u{feff}d\u{ad}e", r"a\u{200b}b\u{2060}c\u{feff}d\u{ad}e"),
            ("\u{e0041}\u{e0042}", r"\u{e0041}\u{e0042}"),
            ("\u{fff9}a\u{fffb}\u{fffe}", r"\u{fff9}a\u{fffb}\u{fffe}"),
            ("\u{3164}\u{115f}\u{ffa0}\u{34f}\u{17b4}", r"\u{3164}\u{115f}\u{ffa0}\u{34f}\u{17b4}"),
            // What is ordinary within an emoji or a word is not so elsewhere.
            ("a\u{200d}b \u{200c}", r"a\u{200d}b \u{200c}"),
            ("م\u{200c}\u{200c}م", r"م\u{200c}\u{200c}م"),
            ("👩\u{200d}a \u{200d}👩", r"👩\u{200d}a \u{200d}👩"),
            ("a\u{fe0f}1\u{fe0f}", r"a\u{fe0f}1\u{fe0f}"),
            ("❤\u{fe0f}\u{fe01}\u{e0101}", r"❤️\u{fe01}\u{e0101}"),
            ("葛\u{e0100}\u{e0101}", "葛\u{e0100}\\u{e0101}"),
            ("🏴\u{e0067}\u{e0062}\u{e0041}\u{e007f}", r"🏴\u{e0067}\u{e0062}\u{e0041}\u{e007f}"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
            // It says itself only once.
            assert_eq!(shown(expected), expected);
            let lines: Vec<_> = text.split('\n').map(shown).collect();
            assert_eq!(shown_lines(text), lines.join("\n"), "{text:?}");
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in [
            "",
            "plain ~ \\x1b é ß",
            "naïve cafe\u{301}, a\u{a0}b, 10\u{202f}€",
            "👩‍👩‍👧‍👦 👨🏽‍🚀 ❤️‍🔥 ☎︎ 1️⃣ #️⃣ 🇩🇪 🏳️‍🌈 👁️‍🗨️ 🧑🏽‍🤝‍🧑🏿",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "می‌خواهم نمی‌دانم",
            "السلام عليكم، كَتَبَ",
            "שלום עולם שָׁלוֹם",
            "क्‍ष श्री ক্‌ষ ක්‍ෂ മലയാളം",
            "\u{600}١٢ ۝",
            "葛\u{e0100}城市 한국어 日本語 ไทย",
        ] {
            assert_eq!(shown(text), text, "{text:?}");
        }
    }
}
