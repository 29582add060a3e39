//! Finds the end of text literals.

/// Returns the end of a text literal that begins at `start`: the position after
/// its closing quote, if it has one.
pub(in crate::conversation) fn end_of_literal(text: &str, start: usize) -> Option<usize> {
    let quote = text.get(start..)?.chars().next()?;
    let inside = start + quote.len_utf8();
    text.get(inside..)?.find(quote).map(|length| inside + length + quote.len_utf8())
}
