//! Drops characters that no person types: control characters.
//!
//! NUL occurs in practice, from phones that pad a text. Line ends and tabs are
//! kept, since people type them.

use std::borrow::Cow;

/// Returns the text without its control characters.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    // Looks at all bytes, several at a time, where `any` would look at one byte
    // after the other.
    if text.bytes().fold(false, |found, byte| found | may_begin_one(byte)) {
        text.chars().filter(|c| !is_dropped(*c)).collect()
    } else {
        text.into()
    }
}

/// Returns whether a control character may begin with this byte. Most texts
/// have none of these bytes, so their characters need not be checked.
fn may_begin_one(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 0x7f | 0xc2)
}

fn is_dropped(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_ends_and_tabs_stay() {
        for c in ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}') {
            let stays = matches!(c, '\t' | '\n' | '\r');
            let expected = if stays { format!("a{c}b") } else { "ab".to_owned() };
            assert_eq!(without_controls(&format!("a{c}b")), expected, "{c:?}");
        }
        for text in ["", "hello", "zwei Zeilen\r\nund\tein Tab", "¡Olé! 👋🏽\u{200d}\u{a0}"] {
            assert_eq!(without_controls(text), text);
        }
        assert_eq!(without_controls("\0\u{1}\u{9f}"), "");
    }
}
