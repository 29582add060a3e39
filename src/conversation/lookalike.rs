//! Characters that look like a plain one, and that editors and phones write in
//! its place. They are found where chat files are compared, where the cost of a
//! text is counted, and where a flow file needs the plain character.

use unicode_normalization::char::is_combining_mark;

/// Characters that people take for another one, each with that character and
/// its own name.
pub(super) const LOOKALIKES: &[(char, &str, &str)] = &[
    ('\'', "'", "apostrophe"),
    ('’', "'", "right single quotation mark"),
    ('‘', "'", "left single quotation mark"),
    ('‚', "'", "single low-9 quotation mark"),
    ('`', "'", "grave accent"),
    ('´', "'", "acute accent"),
    ('ʼ', "'", "modifier letter apostrophe"),
    ('"', "\"", "quotation mark"),
    ('“', "\"", "left double quotation mark"),
    ('”', "\"", "right double quotation mark"),
    ('„', "\"", "double low-9 quotation mark"),
    ('-', "-", "hyphen-minus"),
    ('‐', "-", "hyphen"),
    ('‑', "-", "non-breaking hyphen"),
    ('–', "-", "en dash"),
    ('—', "-", "em dash"),
    ('−', "-", "minus sign"),
    ('…', "...", "horizontal ellipsis"),
    ('：', ":", "fullwidth colon"),
    (' ', " ", "space"),
    ('\t', " ", "tab"),
    ('\r', " ", "carriage return"),
    ('\u{a0}', " ", "no-break space"),
    ('\u{2009}', " ", "thin space"),
    ('\u{202f}', " ", "narrow no-break space"),
    ('\u{3000}', " ", "ideographic space"),
    ('\u{ad}', "", "soft hyphen"),
    ('\u{200b}', "", "zero width space"),
    ('\u{200c}', "", "zero width non-joiner"),
    ('\u{200d}', "", "zero width joiner"),
    ('\u{200e}', "", "left-to-right mark"),
    ('\u{200f}', "", "right-to-left mark"),
    ('\u{2060}', "", "word joiner"),
    ('\u{fe0e}', "", "variation selector-15"),
    ('\u{fe0f}', "", "variation selector-16"),
    ('\u{feff}', "", "byte order mark"),
];

/// Returns a character as it looks, with its code point, and its name if it is
/// known.
pub(super) fn described(c: Option<char>) -> String {
    let Some(c) = c else { return "nothing more".to_owned() };
    let known = LOOKALIKES.iter().find(|(known, ..)| *known == c);
    match known {
        Some((_, plain, name)) if plain.trim().is_empty() => {
            format!("a {name} (U+{:04X})", u32::from(c))
        }
        Some((_, _, name)) => format!("`{c}` (U+{:04X}, {name})", u32::from(c)),
        None if c.is_whitespace() || c.is_control() || is_combining_mark(c) => code_point(c),
        None => format!("`{c}` (U+{:04X})", u32::from(c)),
    }
}

/// Returns a character by its code point.
pub(super) fn code_point(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}
