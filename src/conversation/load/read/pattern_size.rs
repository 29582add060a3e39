//! Estimates the memory that a pattern takes, before it is compiled.
//!
//! Compiling takes time in proportion, and up to three times the memory, so this
//! bounds both. The figures are those of `regex`, rounded up: about forty bytes
//! for each state. A class has as many states as its characters have ways to
//! begin and to continue in UTF-8.

use regex_syntax::ast::{self, Ast, ClassSetItem, Flag, Flags, GroupKind};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};
use regex_syntax::utf8::Utf8Sequences;

/// Bytes of a state.
const STATE: u64 = 40;

/// The number of states beyond which those of a class share their continuations.
const UNSHARED: u64 = 100;

/// Bytes of each further state.
const SHARED: u64 = 16;

/// Bytes for each byte of the text, which represent the time that reading it takes.
const TEXT: u64 = 48;

/// Bytes of a class with all of its characters written out.
const WRITTEN_OUT: u64 = 8 << 10;

/// Bytes for each character whose uppercase and lowercase letters are looked up,
/// which represent the time, too.
const FOLDED: u64 = 3;

/// The number of states from which a class is large.
const LARGE: u64 = 300;

/// What reading a pattern costs, before its classes are written out.
pub(super) fn of_reading(text: &str, ast: &Ast, most: u64) -> u64 {
    let cost = TEXT * text.len() as u64;
    let reading = Reading { text, cost, is_folded: false, most };
    // An error means only that it is more than `most`.
    ast::visit(ast, reading).unwrap_or_else(|cost| cost)
}

/// The memory that a compiled pattern takes.
pub(super) fn of_compiled(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => STATE,
        HirKind::Literal(literal) => STATE.saturating_mul(literal.0.len() as u64),
        HirKind::Class(Class::Unicode(class)) => {
            let states = states(class);
            STATE * states.min(UNSHARED) + SHARED * states.saturating_sub(UNSHARED)
        }
        HirKind::Capture(capture) => of_compiled(&capture.sub).saturating_add(2 * STATE),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            let once = of_compiled(&repetition.sub).saturating_add(STATE);
            once.saturating_mul(times.into())
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            let own = STATE.saturating_mul(parts.len() as u64);
            parts.iter().map(of_compiled).fold(own, u64::saturating_add)
        }
    }
}

/// Whether it contains a class with the letters of many scripts.
pub(super) fn has_large_class(hir: &Hir) -> bool {
    let is_large = match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => states(class) >= LARGE,
        _ => false,
    };
    is_large || hir.kind().subs().iter().any(has_large_class)
}

/// Whether something is repeated a number of times.
pub(super) fn repeats(hir: &Hir) -> bool {
    let counts = match hir.kind() {
        HirKind::Repetition(repetition) => repetition.min.max(repetition.max.unwrap_or(0)) > 1,
        _ => false,
    };
    counts || hir.kind().subs().iter().any(repeats)
}

fn states(class: &ClassUnicode) -> u64 {
    let sequences = class.ranges().iter().flat_map(|r| Utf8Sequences::new(r.start(), r.end()));
    sequences.map(|sequence| sequence.len() as u64).sum()
}

/// Adds up what the classes of a pattern cost.
struct Reading<'a> {
    text: &'a str,
    cost: u64,
    /// Whether uppercase and lowercase letters are the same from here on.
    is_folded: bool,
    most: u64,
}

impl Reading<'_> {
    fn add(&mut self, cost: u64) -> Result<(), u64> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > self.most { Err(self.cost) } else { Ok(()) }
    }

    /// Adds a class that is written by its name.
    fn class(&mut self, class: &ast::ClassUnicode) -> Result<(), u64> {
        self.add(WRITTEN_OUT)?;
        if !self.is_folded {
            return Ok(());
        }
        let written = self.text.get(class.span.start.offset..class.span.end.offset);
        // A class that does not exist is reported later.
        let Ok(hir) = regex_syntax::parse(written.unwrap_or_default()) else { return Ok(()) };
        let HirKind::Class(Class::Unicode(ranges)) = hir.kind() else { return Ok(()) };
        let characters = ranges.iter().map(|range| u64::try_from(range.len()).unwrap_or(u64::MAX));
        let characters = characters.fold(0, u64::saturating_add);
        let all = u64::from(u32::from(char::MAX));
        // The letters of a negated class are looked up before it is negated.
        let looked_through =
            if class.is_negated() { all.saturating_sub(characters) } else { characters };
        self.add(FOLDED * looked_through)
    }

    fn flags(&mut self, flags: &Flags) {
        self.is_folded |= flags.flag_state(Flag::CaseInsensitive) == Some(true);
    }
}

impl ast::Visitor for Reading<'_> {
    type Output = u64;
    type Err = u64;

    fn finish(self) -> Result<u64, u64> {
        Ok(self.cost)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), u64> {
        match ast {
            Ast::ClassUnicode(class) => return self.class(class),
            Ast::ClassPerl(_) => return self.add(WRITTEN_OUT),
            Ast::Flags(set) => self.flags(&set.flags),
            Ast::Group(group) => {
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    self.flags(flags);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), u64> {
        match item {
            ClassSetItem::Unicode(class) => self.class(class),
            ClassSetItem::Perl(_) => self.add(WRITTEN_OUT),
            ClassSetItem::Range(range) if self.is_folded => {
                let characters = u32::from(range.end.c).saturating_sub(range.start.c.into());
                self.add(FOLDED * u64::from(characters))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use regex::RegexBuilder;

    use super::*;

    /// `regex` refuses what takes more than a limit while it compiles.
    #[test]
    fn no_pattern_takes_more_than_is_thought() {
        let words: Vec<String> = (0..300).map(|word| format!("word{word}")).collect();
        for pattern in [
            "",
            "a",
            r"\d{5}",
            r"\w{20}",
            r"\W{20}",
            r"[A-Z]{3}\d{4}",
            r"\p{L}{1,9}",
            r"(?i)\p{L}{1,9}",
            r"\p{Greek}{10}",
            "[^a]{100}",
            ".{1,100}",
            r"\s{50}\S{50}",
            "[a-z]{1000}",
            "[a-zà-ÿ]{1,60}",
            "(a{100}){100}",
            "(((a{0,9}){0,9}){0,9})",
            r"(\b|^){9}x",
            &words.join("|"),
        ] {
            let thought = of_compiled(&regex_syntax::parse(pattern).unwrap());
            let limit = 3 * usize::try_from(thought).unwrap() + 4_000;
            let built = RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(limit).build();
            assert!(built.is_ok(), "{pattern} takes more than {thought} bytes");
        }
    }

    #[test]
    fn classes_are_counted_before_they_are_written_out() {
        let cost = |text: &str| {
            let ast = ast::parse::Parser::new().parse(text).unwrap();
            of_reading(text, &ast, u64::MAX) - TEXT * text.len() as u64
        };
        let letters = cost(r"(?i)\p{L}") - WRITTEN_OUT;
        assert!((100_000 * FOLDED..200_000 * FOLDED).contains(&letters), "{letters}");
        let all = FOLDED * u64::from(u32::from(char::MAX));
        for (pattern, expected) in [
            ("[A-Za-z]+é", 0),
            ("(?i)[b-d]x", 2 * FOLDED),
            (r"\w", WRITTEN_OUT),
            (r"(?i)\w", WRITTEN_OUT),
            (r"[\w\p{L}]", 2 * WRITTEN_OUT),
            (r"[\x00-\x{10FFFF}]{0}", 0),
            (r"(?i)[\x00-\x{10FFFF}]{0}", all),
            (r"\p{L}(?i)\p{L}", 2 * WRITTEN_OUT + letters),
            (r"(?i:[\p{L}&&\p{L}])", 2 * (WRITTEN_OUT + letters)),
        ] {
            assert_eq!(cost(pattern), expected, "{pattern}");
        }
        assert!(cost(r"(?i)\P{L}").abs_diff(cost(r"(?i)\p{L}")) < 10_000);
        assert!(cost(r"(?i)\p{Any}") > all / 2);
        // Counting stops at the limit.
        let text = r"\w".repeat(1_000);
        let ast = ast::parse::Parser::new().parse(&text).unwrap();
        assert!(of_reading(&text, &ast, 3 * TEXT * 1_000) < 4 * TEXT * 1_000);
    }
}
