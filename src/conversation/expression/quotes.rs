//! Where a text literal ends.

/// Where a text literal that begins at `start` ends: behind its closing quote,
/// or `None` where it has none.
pub(in crate::conversation) fn end_of_literal(text: &str, start: usize) -> Option<usize> {
    let quote = text.get(start..)?.chars().next()?;
    let inside = start + quote.len_utf8();
    text.get(inside..)?.find(quote).map(|length| inside + length + quote.len_utf8())
}
