//! The numbers and words that a day is written in.

use jiff::civil::Weekday;

use crate::conversation::calendar;

/// A number or a word, and what stands between it and the part before it.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    gap: &'a str,
    pub(super) text: &'a str,
    /// Whether it is an ordinal: `24th`.
    pub(super) is_ordinal: bool,
}

/// Returns the parts of a text, without the words that say nothing.
pub(super) fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (gap, after) = split(rest, |c| !c.is_alphanumeric());
        if !gap.chars().all(|c| " .,/-'()".contains(c)) {
            return None;
        }
        let is_digit = |c: char| c.is_ascii_digit();
        let is_in_number = after.starts_with(is_digit);
        let (text, after) = split(after, |c| c.is_alphanumeric() && is_digit(c) == is_in_number);
        rest = after;
        let follows_number =
            gap.is_empty() && parts.last().is_some_and(|part| is_number(part.text));
        if follows_number && calendar::ORDINALS.contains(&text) {
            parts.last_mut()?.is_ordinal = true;
        } else if !text.is_empty() && !calendar::FILLERS.contains(&text) {
            parts.push(Part { gap, text, is_ordinal: false });
        }
    }
    Some(parts)
}

/// Splits a text behind the accepted characters that it begins with.
fn split(text: &str, accept: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !accept(c)).unwrap_or(text.len()))
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes a weekday from the beginning or the end, and returns it.
pub(super) fn take_weekday(parts: &mut Vec<Part<'_>>) -> Option<Weekday> {
    let weekday = |part: Option<&Part<'_>>| calendar::weekday(part?.text);
    if let Some(first) = weekday(parts.first()) {
        parts.remove(0);
        return Some(first);
    }
    let last = weekday(parts.last())?;
    parts.pop();
    Some(last)
}

impl Part<'_> {
    /// Returns the mark between it and the part before it: a dot, a slash, a
    /// hyphen, or a space where there is only white space.
    pub(super) fn mark(&self) -> Option<char> {
        match self.gap.trim() {
            "" => Some(' '),
            "." => Some('.'),
            "/" => Some('/'),
            "-" => Some('-'),
            _ => None,
        }
    }
}
