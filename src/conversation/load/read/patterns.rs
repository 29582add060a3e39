//! Compiles the patterns of all flows that load together: each one once, however
//! many questions and languages use it, and all within one budget.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::Parser;
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::Translator;

use super::pattern;
use super::pattern_size::{has_large_class, of_compiled, of_reading, repeats};
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Characters, Draft, DraftAsk, DraftVerb};
use crate::conversation::{Answer, Kind};

/// The longest pattern, in bytes.
const MAX_LENGTH: usize = 1 << 16;

/// Bytes that `regex` may take for a pattern while it compiles.
const MAX_COMPILED: usize = 1 << 20;

/// A pattern of this estimated size surely exceeds that when it is compiled.
const MAX_PATTERN: u64 = 4 << 20;

/// Bytes that all patterns may take together. So many compile in a third of a
/// second.
const MAX_TOGETHER: u64 = 16 << 20;

const DOES_NOT_COMPILE: &str = "put a `\\` before a character that stands for itself; look-around and back references are not supported";

/// A pattern that can be used; cloning it is cheap.
#[derive(Clone)]
struct Pattern {
    regex: Regex,
    characters: Option<Characters>,
}

/// What is wrong with a pattern, and what to write.
type Fault = (String, String);

/// The patterns that have been seen.
#[derive(Default)]
struct Patterns {
    /// By their text; `None` for a pattern that was not examined any more.
    known: HashMap<String, Option<Result<Pattern, Fault>>>,
    /// Bytes of the patterns that can be used.
    taken: u64,
    /// Bytes of all patterns that were examined.
    looked_at: u64,
}

/// Compiles the patterns of all questions, in each language.
pub(crate) fn compile(files: &mut [(Report<'_>, Draft)]) {
    let mut patterns = Patterns::default();
    for (report, draft) in files {
        patterns.of_flow(report, draft);
    }
}

impl Patterns {
    fn of_flow(&mut self, report: &mut Report<'_>, draft: &mut Draft) {
        for step in &mut draft.steps {
            if let DraftVerb::Ask(ask) = &mut step.verb {
                self.of_question(report, ask);
            }
        }
        for (_, translation) in &mut draft.translations {
            self.of_flow(report, translation);
        }
    }

    fn of_question(&mut self, report: &mut Report<'_>, ask: &mut DraftAsk) {
        let (Some(written), Some(answer)) = (&mut ask.pattern, &mut ask.answer) else { return };
        if !self.known.contains_key(&written.text) {
            let read = self.read(&written.text);
            self.known.insert(written.text.clone(), read);
        }
        match self.known.get(&written.text) {
            Some(Some(Ok(pattern))) => {
                written.characters = pattern.characters;
                answer.pattern = Some(pattern.regex.clone());
                if let Some(message) = never_matches(answer, pattern.characters) {
                    let help = "change one of the two: no answer would be accepted";
                    report.found(Code::Pattern, written.span, message).help(help);
                }
            }
            Some(Some(Err((message, help)))) => {
                report.found(Code::Pattern, written.span, message).help(help);
            }
            Some(None) | None => {}
        }
    }

    /// `None` means that so many patterns are refused that no further one is examined.
    fn read(&mut self, text: &str) -> Option<Result<Pattern, Fault>> {
        if self.looked_at > 2 * MAX_TOGETHER {
            return None;
        }
        let (size, read) = parse(text);
        self.looked_at = self.looked_at.saturating_add(size);
        let hir = match read {
            Ok(hir) => hir,
            Err(fault) => return Some(Err(fault)),
        };
        let together = self.taken.saturating_add(size);
        if together > MAX_TOGETHER {
            let message = format!(
                "this pattern takes {} of memory, {} together with the patterns before it, and all patterns of the flows may take at most {}",
                megabytes(size),
                megabytes(together),
                megabytes(MAX_TOGETHER)
            );
            return Some(Err((message, smaller(&hir))));
        }
        let compiled = whole_match(text).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => too_large(&hir),
            other => does_not_compile(&other.to_string()),
        });
        Some(compiled.map(|regex| {
            self.taken = together;
            Pattern { regex, characters: pattern::characters(&hir) }
        }))
    }
}

/// Reads a pattern. The number is what reading and compiling it takes.
fn parse(text: &str) -> (u64, Result<Hir, Fault>) {
    if text.len() > MAX_LENGTH {
        let message = format!("this regular expression is longer than {MAX_LENGTH} characters");
        return (0, Err((message, list_less())));
    }
    let ast = match Parser::new().parse(text) {
        Ok(ast) => ast,
        Err(error) => return (text.len() as u64, Err(does_not_compile(&error.to_string()))),
    };
    let mut size = of_reading(text, &ast, MAX_PATTERN);
    if size > MAX_PATTERN {
        let help = "write fewer classes such as `\\w` and `\\p{L}`, and leave out `(?i)` where they include uppercase and lowercase letters anyway";
        return (size, Err((TOO_LARGE.to_owned(), help.to_owned())));
    }
    let hir = match Translator::new().translate(text, &ast) {
        Ok(hir) => hir,
        Err(error) => return (size, Err(does_not_compile(&error.to_string()))),
    };
    size = size.saturating_add(of_compiled(&hir));
    if size > MAX_PATTERN {
        // It counts no more than what compiling it up to the limit would take.
        return (MAX_COMPILED as u64, Err(too_large(&hir)));
    }
    (size, Ok(hir))
}

const TOO_LARGE: &str = "this regular expression is too large";

fn too_large(hir: &Hir) -> Fault {
    (TOO_LARGE.to_owned(), smaller(hir))
}

/// What to write in place of a pattern that takes too much.
fn smaller(hir: &Hir) -> String {
    const COUNT: &str =
        "write `+` in place of the number of times, and limit the length with `min` and `max`";
    match (has_large_class(hir), repeats(hir)) {
        (true, true) => format!(
            "a class such as `\\w` or `\\p{{L}}` contains the letters of all scripts, once for each repetition: {COUNT}; or write `[A-Za-z0-9_]`, which takes little memory"
        ),
        (true, false) => "a class such as `\\w` or `\\p{L}` contains the letters of all scripts: write `[A-Za-z0-9_]`, which takes little memory".to_owned(),
        (false, true) => COUNT.to_owned(),
        (false, false) => list_less(),
    }
}

fn list_less() -> String {
    "write what all answers have in common, such as `[A-Z]+`, in place of a list of them".to_owned()
}

/// The library's message in one line.
fn does_not_compile(error: &str) -> Fault {
    let last = error.lines().last().unwrap_or_default();
    let reason = last.trim_start_matches("error: ");
    let message = format!("this regular expression does not compile: {reason}");
    (message, DOES_NOT_COMPILE.to_owned())
}

/// The message for a pattern that matches no text of a length that is accepted.
fn never_matches(answer: &Answer, characters: Option<Characters>) -> Option<String> {
    let Kind::Text { min, max } = answer.kind else { return None };
    match characters {
        None => Some("no text matches this pattern".to_owned()),
        Some((_, Some(0))) => {
            Some("only the empty text matches this pattern, and no answer is empty".to_owned())
        }
        Some((fewest, _)) if fewest > max => Some(format!(
            "a text that matches this pattern has at least {fewest} characters, and an answer has at most {max}"
        )),
        Some((_, Some(most))) if most < min => Some(format!(
            "a text that matches this pattern has at most {most} characters, and an answer has at least {min}"
        )),
        Some(_) => None,
    }
}

/// Compiles a pattern that matches whole texts only. `pattern` has been parsed
/// alone before.
fn whole_match(pattern: &str) -> Result<Regex, regex::Error> {
    let compile = |text: &str| RegexBuilder::new(text).size_limit(MAX_COMPILED).build();
    match compile(&format!("^(?:{pattern})$")) {
        // With `(?x)`, a comment at the end would include our closing parenthesis unless
        // a line break ends it. Without `(?x)`, the line break would be part of the answer.
        Err(regex::Error::Syntax(_)) => compile(&format!("^(?:{pattern}\n)$")),
        compiled => compiled,
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_from_end_to_end() {
        for (pattern, text, matches) in [
            ("a|ab", "ab", true),
            ("a|ab", "abc", false),
            ("a|b", "xb", false),
            ("", "", true),
            ("a$", "a", true),
            ("(?m)^a$", "a\nb", false),
            ("(?i)yes", "YES", true),
            ("(?x) [a-z] [0-9] # a seat", "c4", true),
            ("(?x) [a-z] [0-9] # a seat", "c44", false),
            ("(?x) [a-z] # row\n [0-9] # seat", "c4", true),
            ("(?x) [a-z] # row\n [0-9] # seat", "c4\n", false),
            ("(?x: [a-z] # row\n )4", "c4", true),
            ("a # b", "a # b", true),
        ] {
            assert_eq!(
                whole_match(pattern).unwrap().is_match(text),
                matches,
                "{pattern:?} {text:?}"
            );
        }
        for pattern in ["a)(b", "(?x) (a # b"] {
            let mut patterns = Patterns::default();
            assert!(matches!(patterns.read(pattern), Some(Err(_))), "{pattern}");
        }
    }

    #[test]
    fn beyond_the_budget_patterns_are_refused() {
        let mut patterns = Patterns::default();
        assert!(matches!(patterns.read(r"\w{20}"), Some(Ok(_))));
        // After that they are not examined any more.
        let read: Vec<_> = (1..100).map(|n| patterns.read(&format!(r"\w{{20}}{n}"))).collect();
        let taken = read.iter().filter(|read| matches!(read, Some(Ok(_)))).count();
        let refused = read.iter().filter(|read| matches!(read, Some(Err(_)))).count();
        assert!((5..20).contains(&taken) && (5..20).contains(&refused), "{taken} {refused}");
        assert!(read.last().unwrap().is_none());
        assert!(patterns.taken <= MAX_TOGETHER);
    }
}
