//! Invisible differences: white space, quotes, accents.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use crate::conversation::lookalike::{LOOKALIKES, code_point, described};
use crate::conversation::shown::hidden_in;

/// Returns whether two different texts look the same, or nearly the same.
pub(super) fn are_alike(left: &str, right: &str) -> bool {
    left != right && folded(left) == folded(right)
}

/// Returns a text without everything that makes no visible difference.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for c in text.nfc() {
        match LOOKALIKES.iter().find(|(known, ..)| *known == c) {
            Some((_, plain, _)) => folded.push_str(plain),
            None if c.is_whitespace() => folded.push(' '),
            None => folded.push(c),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a line with its hidden characters made visible: white space at its
/// end, and characters that show as nothing or as a space. For a wrong line
/// that `looks_right`, characters inside an emoji or a letter are included.
pub(super) fn visible(line: &str, looks_right: bool) -> String {
    let is_composed = is_nfc(line);
    let end = line.trim_end_matches(' ').len();
    let mut shown = String::new();
    for (at, c) in line.char_indices() {
        let hides = match c {
            ' ' => false,
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => looks_right,
            c if is_combining_mark(c) => looks_right && !is_composed,
            c => {
                c.is_whitespace()
                    || is_nothing(c)
                    || hidden_in(c.encode_utf8(&mut [0; 4])).next().is_some()
            }
        };
        if hides {
            shown.push_str(&code_point(c));
        } else if c == ' ' && at >= end && at > 1 {
            // The space after a line's sign does not belong to the text.
            shown.push('·');
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_nothing(c: char) -> bool {
    LOOKALIKES.iter().any(|(known, plain, _)| *known == c && plain.is_empty())
}

/// Describes where two lines that look alike first differ.
pub(super) fn note(chat: &str, came: &str) -> Option<String> {
    let at = chat.chars().zip(came.chars()).take_while(|(left, right)| left == right).count();
    let (left, right) = (chat.chars().nth(at), came.chars().nth(at));
    let note = match (left, right) {
        (None, None) => return None,
        (Some(' '), None) => {
            "the line in the chat file ends with a space, and the actual line does not".to_owned()
        }
        (None, Some(' ')) => {
            "the actual line ends with a space, and the line in the chat file does not".to_owned()
        }
        (left, right) => format!(
            "at column {} the chat file has {}, and the actual line {}",
            at + 1,
            described(left),
            described(right)
        ),
    };
    let composed = chat.nfc().eq(came.nfc());
    Some(if composed { format!("{note}: the same letters, put together otherwise") } else { note })
}
