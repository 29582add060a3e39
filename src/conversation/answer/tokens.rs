//! Splits a sentence into words, so that each of them can be accounted for.
//!
//! A word has no apostrophes (`I’d` is `id`). White space, hyphens and the marks
//! that end, quote or format go; every other sign is a word of its own, and so
//! are an emoji and what joins two numbers: `1-2`, `1.5`, `10:30` are one word
//! each. Nothing that could change an answer is dropped.

use unicode_normalization::char::is_combining_mark;

use crate::conversation::signs::{JOINER, is_doubtful, is_emoji};
use crate::conversation::words::{fold, is_mark};

/// Smileys of letters and signs.
const SMILEYS: [&str; 16] = [
    ":d", ":-d", ";d", ";-d", "=d", "xd", ":p", ":-p", ";p", ";-p", "=p", ":3", "<3", "^^", "^_^",
    ":o)",
];

/// Returns the words of a text.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut tokens = Vec::new();
    for piece in folded.split(' ').filter(|piece| !SMILEYS.contains(piece)) {
        let characters: Vec<char> = piece.chars().collect();
        of_piece(&characters, &mut tokens);
    }
    for index in 0..tokens.len() {
        let is_numbered = tokens
            .get(index + 1)
            .is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        if !is_numbered && tokens[index].ends_with('.') {
            tokens[index].pop();
        }
    }
    tokens
}

/// Returns whether a token is an emoji that expresses no doubt.
pub(super) fn is_picture(token: &str) -> bool {
    token.chars().all(|c| (is_emoji(c) || c == JOINER) && !is_doubtful(c))
}

/// Adds the tokens of the characters between two spaces.
fn of_piece(characters: &[char], tokens: &mut Vec<String>) {
    let at = |index: usize| characters.get(index).copied().unwrap_or(' ');
    let is_digit = |index: usize| at(index).is_ascii_digit();
    let mut index = 0;
    while index < characters.len() {
        let c = at(index);
        // `-1`, `.5`: another number than the digits alone.
        let is_sign = index == 0 && matches!(c, '-' | '.' | ',') && is_digit(1);
        if is_word(c) || is_sign {
            let mut word = String::from(c);
            index += 1;
            loop {
                let c = at(index);
                let is_joint = is_digit(index.wrapping_sub(1)) && is_digit(index + 1);
                if is_word(c) || is_joint && matches!(c, '.' | ',' | ':' | '/' | '-') {
                    word.push(c);
                } else if c != '\'' || !is_word(at(index + 1)) {
                    break;
                }
                index += 1;
            }
            // `No. 1`: the number, and no denial.
            if at(index) == '.' && matches!(word.as_str(), "no" | "nr") {
                word.push('.');
            }
            tokens.push(word);
        } else if is_emoji(c) {
            let mut emoji = String::from(c);
            index += 1;
            while is_joined(at(index)) || emoji.ends_with(JOINER) && is_emoji(at(index)) {
                emoji.push(at(index));
                index += 1;
            }
            // A man or a woman who shrugs says no more than somebody who does.
            let end = emoji.trim_end_matches(['♀', '♂', JOINER]).len();
            emoji.truncate(end.max(c.len_utf8()));
            tokens.push(emoji);
        } else {
            let says_something = matches!(c, '%' | '‰' | '#' | '/' | '\\' | '@' | '&' | '§');
            if says_something || is_doubtful(c) || !is_mark(c) {
                tokens.push(c.to_string());
            }
            index += 1;
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Returns whether a character continues an emoji.
fn is_joined(c: char) -> bool {
    c == JOINER || matches!(c, '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn every_word_and_every_sign_that_says_something() {
        for (text, expected) in [
            ("Small", "small"),
            ("  I’d like SMALL, please!", "id|like|small|please"),
            ("small,please", "small|please"),
            ("Pick-up", "pick|up"),
            ("'small'", "small"),
            ("*small* _one_", "small|one"),
            ("1. Small", "1|small"),
            ("1.Small", "1|small"),
            ("1)Small", "1|small"),
            ("1 - Small", "1|small"),
            ("#1", "#|1"),
            ("No. 1", "no.|1"),
            ("nr.1", "nr.|1"),
            ("No.", "no"),
            ("No. Small", "no|small"),
            ("-1", "-1"),
            ("+1", "+|1"),
            ("1.5", "1.5"),
            ("1,5 or 1-2", "1,5|or|1-2"),
            (".5", ".5"),
            ("10:30", "10:30"),
            ("1/2", "1/2"),
            ("small/large", "small|/|large"),
            ("a & b", "a|&|b"),
            ("5%", "5|%"),
            ("2nd", "2nd"),
            ("small?", "small|?"),
            ("small？", "small|?"),
            ("small 👍🏽", "small|👍"),
            ("👎👎", "👎|👎"),
            ("👩🏽‍🚀🚀", "👩‍🚀|🚀"),
            ("🙅🏽‍♀️🤷‍♂️", "🙅|🤷"),
            ("yes :) :D <3", "yes"),
            ("yes :/", "yes|/"),
            ("C++", "c|+|+"),
            ("", ""),
            ("...", ""),
        ] {
            assert_eq!(tokens(text).join("|"), expected, "{text:?}");
        }
    }
}
