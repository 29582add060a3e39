//! The patterns of all flows that load together: each is compiled once, however
//! many questions and languages have it, and all within one budget.

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

/// What takes so much is surely more than that in the end.
const MAX_PATTERN: u64 = 4 << 20;

/// Bytes that all patterns may take together, which are compiled in a third of
/// a second.
const MAX_TOGETHER: u64 = 16 << 20;

const DOES_NOT_COMPILE: &str = "a sign that stands for itself has a `\\` before it; look-around and back references do not exist";

/// A pattern that can be used; cloning it is cheap.
#[derive(Clone)]
struct Pattern {
    regex: Regex,
    characters: Option<Characters>,
}

/// What is wrong with a pattern, and what to write.
type Fault = (String, String);

/// Those that were seen.
#[derive(Default)]
struct Patterns {
    /// By their text; `None` where it was not looked at any more.
    known: HashMap<String, Option<Result<Pattern, Fault>>>,
    /// Bytes of those that can be used.
    taken: u64,
    /// Bytes of all that were looked at.
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
                    let help = "no answer would be taken: change one of the two";
                    report.found(Code::Pattern, written.span, message).help(help);
                }
            }
            Some(Some(Err((message, help)))) => {
                report.found(Code::Pattern, written.span, message).help(help);
            }
            Some(None) | None => {}
        }
    }

    /// `None`: so many patterns are refused that no further one is looked at.
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
                "this pattern takes {} in memory, with those before it {}, and all patterns of the flows at most {}",
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

/// Reads a pattern: what that, and what compiling it, takes.
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
        let help = "write fewer classes such as `\\w` and `\\p{L}`, and leave out `(?i)` where they stand for large and small letters anyway";
        return (size, Err((TOO_LARGE.to_owned(), help.to_owned())));
    }
    let hir = match Translator::new().translate(text, &ast) {
        Ok(hir) => hir,
        Err(error) => return (size, Err(does_not_compile(&error.to_string()))),
    };
    size = size.saturating_add(of_compiled(&hir));
    if size > MAX_PATTERN {
        // No more than it took to find out, and to compile it as far as it goes.
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
        "write `+` in place of the number of times, and `min` and `max` for the length";
    match (has_large_class(hir), repeats(hir)) {
        (true, true) => format!(
            "a class such as `\\w` or `\\p{{L}}` has the letters of all scripts, once for each repetition: {COUNT}; or write `[A-Za-z0-9_]`, which takes little"
        ),
        (true, false) => "a class such as `\\w` or `\\p{L}` has the letters of all scripts: write `[A-Za-z0-9_]`, which takes little".to_owned(),
        (false, true) => COUNT.to_owned(),
        (false, false) => list_less(),
    }
}

fn list_less() -> String {
    "write what all answers have in common, such as `[A-Z]+`, in place of a list of them".to_owned()
}

/// What the library says, in one line.
fn does_not_compile(error: &str) -> Fault {
    let last = error.lines().last().unwrap_or_default();
    let reason = last.trim_start_matches("error: ");
    let message = format!("this regular expression does not compile: {reason}");
    (message, DOES_NOT_COMPILE.to_owned())
}

/// Says so where a pattern matches no text of a length that is an answer.
fn never_matches(answer: &Answer, characters: Option<Characters>) -> Option<String> {
    let Kind::Text { min, max } = answer.kind else { return None };
    match characters {
        None => Some("no text matches this pattern".to_owned()),
        Some((_, Some(0))) => {
            Some("only the empty text matches this pattern, and no answer is empty".to_owned())
        }
        Some((fewest, _)) if fewest > max => Some(format!(
            "what matches this pattern has at least {fewest} characters, and an answer at most {max}"
        )),
        Some((_, Some(most))) if most < min => Some(format!(
            "what matches this pattern has at most {most} characters, and an answer at least {min}"
        )),
        Some(_) => None,
    }
}

/// A pattern that matches what `pattern`, which has been parsed alone, matches
/// from end to end.
fn whole_match(pattern: &str) -> Result<Regex, regex::Error> {
    let compile = |text: &str| RegexBuilder::new(text).size_limit(MAX_COMPILED).build();
    match compile(&format!("^(?:{pattern})$")) {
        // With `(?x)` a comment at its end takes our closing bracket in, unless a
        // line break ends it; without, a line break would be part of the answer.
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
        // And then no longer looked at.
        let read: Vec<_> = (1..100).map(|n| patterns.read(&format!(r"\w{{20}}{n}"))).collect();
        let taken = read.iter().filter(|read| matches!(read, Some(Ok(_)))).count();
        let refused = read.iter().filter(|read| matches!(read, Some(Err(_)))).count();
        assert!((5..20).contains(&taken) && (5..20).contains(&refused), "{taken} {refused}");
        assert!(read.last().unwrap().is_none());
        assert!(patterns.taken <= MAX_TOGETHER);
    }
}
