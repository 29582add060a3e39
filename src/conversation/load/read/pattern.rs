//! Determines the length of the texts that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::conversation::load::draft::Characters;

/// The number of characters of a text that this pattern matches from end to end;
/// `None` if no text matches it, or if the number is unknown.
pub(super) fn characters(hir: &Hir) -> Option<Characters> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some((0, Some(0))),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let length = text.chars().count() as u64;
            Some((length, Some(length)))
        }
        HirKind::Class(class) => {
            let is_empty = match class {
                Class::Unicode(class) => class.ranges().is_empty(),
                Class::Bytes(class) => class.ranges().is_empty(),
            };
            (!is_empty).then_some((1, Some(1)))
        }
        HirKind::Capture(capture) => characters(&capture.sub),
        HirKind::Repetition(repetition) => {
            let Some((fewest, most)) = characters(&repetition.sub) else {
                return (repetition.min == 0).then_some((0, Some(0)));
            };
            let times = repetition.max.map(u64::from);
            let most = if most == Some(0) { Some(0) } else { most.zip(times).map(product) };
            Some((product((fewest, repetition.min.into())), most))
        }
        HirKind::Concat(parts) => {
            parts.iter().map(characters).try_fold((0_u64, Some(0_u64)), |sum, part| {
                let ((fewest, most), (min, max)) = (sum, part?);
                Some((fewest.saturating_add(min), most.zip(max).map(|(a, b)| a.saturating_add(b))))
            })
        }
        HirKind::Alternation(parts) => {
            parts.iter().filter_map(characters).reduce(|(fewest, most), (min, max)| {
                (fewest.min(min), most.zip(max).map(|(a, b)| a.max(b)))
            })
        }
    }
}

fn product((one, other): (u64, u64)) -> u64 {
    one.saturating_mul(other)
}

#[cfg(test)]
mod tests {
    use super::characters;

    #[test]
    fn patterns_bound_the_texts_that_they_match() {
        for (pattern, expected) in [
            (r"\d{4}", Some((4, Some(4)))),
            ("[A-Z]{2,3}-?é+", Some((3, None))),
            ("(yes|no|)", Some((0, Some(3)))),
            ("^(?:a|ab)$", Some((1, Some(2)))),
            ("(?i)ß{2}", Some((2, Some(2)))),
            ("(?x) [a-z] # a row\n", Some((1, Some(1)))),
            (r"(a{100}){100}", Some((10_000, Some(10_000)))),
            (r"(|\b)*x", Some((1, Some(1)))),
            (r"[^\s\S]", None),
            (r"[^\s\S]?a", Some((1, Some(1)))),
            (r"a|[^\s\S]", Some((1, Some(1)))),
            ("", Some((0, Some(0)))),
        ] {
            assert_eq!(characters(&regex_syntax::parse(pattern).unwrap()), expected, "{pattern}");
        }
    }
}
