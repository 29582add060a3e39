//! Characters that keyboards and phones write beside letters: digits of other
//! scripts, invisible marks, apostrophes, emoji, and signs of doubt.

/// The zeros of the scripts whose digits keyboards write. The other nine digits
/// follow each zero.
const ZEROS: [char; 19] = [
    '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '０',
];

/// The character that joins several emoji into one.
pub(super) const JOINER: char = '\u{200d}';

/// Returns the ASCII digit for a digit of another script.
pub(super) fn digit(c: char) -> Option<char> {
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

/// Returns whether a character is invisible: a joiner, a mark for the direction
/// of text, a variation selector, the frame of a keycap, a control character,
/// or the colour of a skin.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20e3}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || c.is_control() && !c.is_whitespace()
}

/// Returns whether people see it as an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʻ' | '′' | '´' | '`' | '＇')
}

/// Returns whether it is a picture, as opposed to a sign of arithmetic, an
/// arrow or a letter.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{231a}'..='\u{231b}'
            | '\u{23e9}'..='\u{23fa}'
            | '\u{25aa}'..='\u{25ab}'
            | '\u{25fb}'..='\u{25fe}'
            | '\u{2600}'..='\u{2794}'
            | '\u{2798}'..='\u{27af}'
            | '\u{2b1b}'..='\u{2b1c}'
            | '\u{2b50}'..='\u{2b55}'
            | '\u{1f004}'
            | '\u{1f0cf}'
            | '\u{1f18e}'..='\u{1f19a}'
            | '\u{1f1e6}'..='\u{1f1ff}'
            | '\u{1f300}'..='\u{1f3fa}'
            | '\u{1f400}'..='\u{1faff}'
    ) && !matches!(c, '➕' | '➖' | '➗')
}

/// Returns whether it asks, denies or doubts, so that the words beside it are
/// not meant literally: `yes?`, `large 👎`.
pub(super) fn is_doubtful(c: char) -> bool {
    matches!(
        c,
        '?' | '¿'
            | '؟'
            | '？'
            | '﹖'
            | '⁇'
            | '⁈'
            | '⁉'
            | '‽'
            | '՞'
            | '\u{37e}'
            | '❓'
            | '❔'
            | '👎'
            | '❌'
            | '❎'
            | '✖'
            | '✗'
            | '✘'
            | '🚫'
            | '⛔'
            | '🛑'
            | '🙅'
            | '🤷'
            | '🤔'
            | '🤨'
            | '😕'
            | '🫤'
            | '🙄'
            | '🙃'
            | '😏'
            | '🤞'
    )
}

#[cfg(test)]
mod tests {
    use super::{is_doubtful, is_emoji, is_invisible};

    #[test]
    fn pictures_and_marks_are_told_from_signs() {
        for c in "👍👋🍕❤☺⭐✅🇩🕐🥇🫶☀✔".chars() {
            assert!(is_emoji(c) && !is_doubtful(c) && !is_invisible(c), "{c:?}");
        }
        for c in "👎❌🤔🤷❓🙄".chars() {
            assert!(is_emoji(c) && is_doubtful(c), "{c:?}");
        }
        for c in "a1é中+-*#$€≈→➕➖➗½°©".chars() {
            assert!(!is_emoji(c) && !is_doubtful(c) && !is_invisible(c), "{c:?}");
        }
        for c in "\u{200b}\u{200e}\u{202c}\u{fe0f}\u{20e3}\u{1f3fd}\u{feff}\u{0}\u{7f}".chars() {
            assert!(is_invisible(c), "{c:?}");
        }
        for c in " \n\t\u{a0}\u{85}".chars() {
            assert!(!is_invisible(c), "{c:?}");
        }
    }
}
