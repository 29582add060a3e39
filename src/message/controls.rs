//! Drops characters that no person writes: control characters.
//!
//! NUL comes in practice, from phones that pad a text. Line ends and tabs are
//! what people write.

/// The text without its control characters.
pub fn without_controls(mut text: String) -> String {
    if text.contains(is_dropped) {
        text.retain(|c| !is_dropped(c));
    }
    text
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
            assert_eq!(without_controls(format!("a{c}b")), expected, "{c:?}");
        }
        for text in ["", "hello", "zwei Zeilen\r\nund\tein Tab", "¡Olé! 👋🏽\u{200d}\u{a0}"] {
            assert_eq!(without_controls(text.to_owned()), text);
        }
        assert_eq!(without_controls("\0\u{1}\u{9f}".to_owned()), "");
    }
}
