//! Cuts texts that are too long, but never inside a sequence that shows as one
//! sign.

/// The number of characters that a cut may move back.
const MAX_CLUSTER: usize = 16;

/// Cuts a text to at most `most` bytes, and returns whether it was longer.
pub(super) fn to(text: &mut String, most: usize) -> bool {
    let is_longer = text.len() > most;
    if is_longer {
        text.truncate(place(text, text.floor_char_boundary(most)));
    }
    is_longer
}

/// Returns the last place for a cut in a text of which only the first `fits`
/// bytes fit.
pub(super) fn place(text: &str, fits: usize) -> usize {
    let mut after = text[fits..].chars().next();
    for (at, before) in text[..fits].char_indices().rev().take(MAX_CLUSTER) {
        let end = at + before.len_utf8();
        if !after.is_some_and(|after| clings(before, after)) {
            return end;
        }
        after = Some(before);
    }
    fits
}

/// Returns whether two neighbours belong to one visible sign: a joined or
/// coloured emoji, a flag, a letter and its accent.
fn clings(before: char, after: char) -> bool {
    const JOINER: char = '\u{200d}';
    let is_regional = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    before == JOINER
        || matches!(after, JOINER | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
        || unicode_normalization::char::is_combining_mark(after)
        || is_regional(before) && is_regional(after)
}

#[cfg(test)]
mod tests {
    use super::to;

    #[test]
    fn a_text_is_cut_between_signs() {
        for (text, most, expected) in [
            ("abc", 3, "abc"),
            ("abc", 2, "ab"),
            ("abc", 0, ""),
            ("äöü", 3, "ä"),
            ("a👍🏽b", 5, "a"),
            ("a👨‍👩‍👧b", 15, "a"),
            ("ae\u{301}", 2, "a"),
            ("a1\u{fe0f}\u{20e3}", 4, "a"),
            ("a🇩🇪", 6, "a"),
            // A sign without an end is cut all the same.
            (&"\u{301}".repeat(20), 40, &"\u{301}".repeat(20)),
            (&"\u{301}".repeat(20), 39, &"\u{301}".repeat(19)),
        ] {
            let mut cut = text.to_owned();
            assert_eq!(to(&mut cut, most), text.len() > most, "{text} {most}");
            assert_eq!(cut, expected, "{text} {most}");
        }
    }
}
