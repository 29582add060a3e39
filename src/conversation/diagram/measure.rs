//! How wide a text is, estimated without a font.
//!
//! Nobody knows in which font a picture will be shown. The widths are those of
//! the common sans-serif fonts, and a little more: a text with too much room looks
//! good, and one with too little does not.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The height of a line of text.
pub(super) const LINE: i32 = 17;

/// The size of the font.
pub(super) const FONT_SIZE: i32 = 13;

/// Returns the width of a text in pixels.
pub(super) fn width(text: &str) -> i32 {
    scaled(text.chars().map(thousandths).sum())
}

/// Returns the width of a text in bold letters.
pub(super) fn bold_width(text: &str) -> i32 {
    scaled(text.chars().map(|c| thousandths(c) * 9 / 8).sum())
}

fn scaled(thousandths: i32) -> i32 {
    thousandths.saturating_mul(FONT_SIZE) / 1_000 + 1
}

/// Returns the width of a character in thousandths of the font's size.
fn thousandths(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '\'' | ',' | '.' | ':' | ';' | ' ' => 340,
        'f' | 't' | 'r' | 'I' | '!' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '|' => 420,
        'm' | 'M' | 'W' | '%' | '@' | '…' | '→' => 1_020,
        'w' | '+' | '<' | '=' | '>' | '~' | '#' | '^' => 840,
        'O' | 'Q' | 'G' | 'D' | 'H' | 'N' | 'U' | '&' => 790,
        'A'..='Z' => 720,
        c if c.is_ascii() => 640,
        c => match c.width() {
            Some(0) | None => 0,
            Some(1) => 800,
            // Emoji are wider than the characters of East Asia.
            Some(_) => 1_250,
        },
    }
}

/// Breaks a text into lines that are not wider than `widest`. A wider word is
/// broken where it has to be.
pub(super) fn wrapped(text: &str, widest: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer) <= widest {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.graphemes(true) {
            if !line.is_empty() && width(&line) + width(character) > widest {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(character);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_said_and_lose_nothing() {
        for text in [
            "",
            "short",
            "What is your name, and where do you come from?",
            "WaitingForAnAnswerThatNeverComesWhateverSomebodyWrites and more",
            "größer größer größer größer größer",
            "日本語の長い文章がここにあります。それでも読めます。",
            "👩‍👩‍👧 👋🏽 👋🏽 👋🏽 👋🏽 👋🏽 👋🏽 👋🏽 👋🏽 👋🏽",
        ] {
            let lines = wrapped(text, 120);
            assert!(lines.iter().all(|line| width(line) <= 120), "{lines:?}");
            let kept = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(kept(&lines.concat()), kept(text));
        }
    }

    /// Where nothing fits, each character still gets a line.
    #[test]
    fn a_line_has_a_character_at_least() {
        assert_eq!(wrapped("WWW", 1), ["W", "W", "W"]);
    }

    /// The widths of these texts at 13 pixels in Liberation Sans, which has the
    /// widths of Arial, and in `DejaVu` Sans, the widest of the common fonts.
    #[test]
    fn there_is_room_in_common_fonts() {
        for (text, arial, dejavu) in [
            ("What is your name?", 116, 130),
            ("WAITING_FOR_NAME", 135, 135),
            ("iiiiiiiiii", 29, 37),
            ("Which cake would you like?", 160, 179),
        ] {
            assert!(width(text) >= arial.max(dejavu), "{text}: {}", width(text));
            assert!(width(text) <= dejavu * 3 / 2, "{text}: {}", width(text));
        }
    }
}
