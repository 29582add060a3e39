//! Texts with `{{ … }}` in them.
//!
//! Nothing else is special: there is no `{% %}` and no escape (two opening
//! braces are written `{{ "{{" }}`), and a `}}` that closes nothing is plain
//! text. [`expression`](super::expression) parses what stands between the
//! braces.

use std::fmt::Write;
use std::ops::Range;

use super::Value;
use super::expression::comparisons::{Compares, Side};
use super::expression::literals::{Bare, Compared};
use super::expression::types::{Mismatch, Types, TypesOf};
use super::expression::{Expression, NameUse, Scope, SyntaxError, end_of_literal};
use super::length::Length;

/// The longest text, in bytes; ten messages hold less.
const MAX_LENGTH: usize = 60_000;

/// A part of a text that was filled in.
pub(super) enum Filled<'t> {
    /// What the flow writes.
    Own(&'t str),
    /// The value of an expression; with its name if it is a variable alone.
    Value(Option<&'t str>, Value),
}

/// A parsed text.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Plain(String),
    Expression(Expression),
}

impl Template {
    /// Parses a text.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        if text.len() > MAX_LENGTH {
            return Err(error(
                0..text.len(),
                "this text is longer than the ten messages of a turn can hold",
                "shorten it",
            ));
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(length) = text[at..].find("{{") {
            let open = at + length;
            push_plain(text, at..open, &mut parts)?;
            let close = closing(text, open + 2)?;
            let inside = open + 2..close;
            if text[inside.clone()].trim().is_empty() {
                return Err(error(
                    open..close + 2,
                    "nothing is written between these braces",
                    "write a name between them, such as `{{ user_name }}`",
                ));
            }
            parts.push(Part::Expression(Expression::parse_within(text, inside)?));
            at = close + 2;
        }
        push_plain(text, at..text.len(), &mut parts)?;
        Ok(Self { parts })
    }

    /// Returns every name that is used.
    pub fn names(&self) -> Vec<NameUse> {
        self.expressions().flat_map(Expression::names).collect()
    }

    /// Returns the text as it is written, with single braces around each
    /// expression.
    pub(super) fn written(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Expression(expression) => {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{{{}}}", expression.text());
                }
            }
        }
        text
    }

    /// Returns the text if it contains no expression.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Plain(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the variable if the text consists of one and nothing else.
    pub(super) fn variable(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Expression(expression)] => expression.variable(),
            _ => None,
        }
    }

    /// Returns the types of [its value](Self::value).
    pub(super) fn types(&self, of: TypesOf<'_>) -> Types {
        match self.parts.as_slice() {
            [Part::Expression(expression)] => expression.types(of),
            _ => Types::TEXT,
        }
    }

    /// Returns the variables that are compared with a value that they never
    /// have.
    pub(super) fn mismatches(&self, of: TypesOf<'_>) -> Vec<Mismatch> {
        self.expressions().flat_map(|expression| expression.mismatches(of)).collect()
    }

    /// Returns every variable that is compared with a text, and that text.
    pub(super) fn compared(&self) -> Vec<Compared<'_>> {
        self.expressions().flat_map(Expression::compared).collect()
    }

    /// Returns every comparison.
    pub(super) fn comparisons(&self) -> Vec<Compares<'_>> {
        self.expressions().flat_map(Expression::comparisons).collect()
    }

    /// Returns the expression as one side of a comparison, if the text is one
    /// `{{ … }}`.
    pub(super) fn side(&self) -> Option<Side<'_>> {
        match self.parts.as_slice() {
            [Part::Expression(expression)] => Some(expression.side()),
            _ => None,
        }
    }

    /// Returns the names after a comparison, in a list and in `default`.
    pub(super) fn bare_names(&self) -> Vec<Bare<'_>> {
        self.expressions().flat_map(Expression::bare_names).collect()
    }

    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.parts.iter().filter_map(|part| match part {
            Part::Plain(_) => None,
            Part::Expression(expression) => Some(expression),
        })
    }

    /// Returns the length of the text, given the lengths of the variables.
    pub(super) fn length(&self, of: &dyn Fn(&str) -> Length) -> Length {
        let filled_in = self.expressions().map(|expression| expression.length(of));
        filled_in.fold(Length::of(&self.own()), Length::then)
    }

    /// Returns each expression as it is written.
    pub(super) fn written_expressions(&self) -> impl Iterator<Item = &str> {
        self.expressions().map(Expression::text)
    }

    /// Returns each expression as it is written, with its length.
    pub(super) fn filled_in(&self, of: &dyn Fn(&str) -> Length) -> Vec<(&str, Length)> {
        self.expressions().map(|expression| (expression.text(), expression.length(of))).collect()
    }

    /// Returns the text without its expressions.
    pub(super) fn own(&self) -> String {
        let plain = self.parts.iter().filter_map(|part| match part {
            Part::Plain(text) => Some(text.as_str()),
            Part::Expression(_) => None,
        });
        plain.collect()
    }

    /// Renders the text. Beyond `most` bytes, only one more character follows,
    /// so that a caller who cuts the text sees what comes after the cut.
    pub fn render(&self, scope: &dyn Scope, most: usize) -> String {
        let mut text = String::new();
        for part in &self.parts {
            if text.len() > most {
                break;
            }
            match part {
                Part::Plain(plain) => push(&mut text, plain, most),
                Part::Expression(expression) => match expression.value(scope) {
                    Value::Text(value) => push(&mut text, &value, most),
                    number => push(&mut text, &number.to_string(), most),
                },
            }
        }
        text
    }

    /// Fills in the text part by part.
    pub(super) fn filled<'t>(&'t self, scope: &dyn Scope) -> impl Iterator<Item = Filled<'t>> {
        self.parts.iter().map(|part| match part {
            Part::Plain(plain) => Filled::Own(plain),
            Part::Expression(expression) => {
                Filled::Value(expression.variable(), expression.value(scope))
            }
        })
    }

    /// Returns the variables that are expressions alone.
    pub(super) fn whole_variables(&self) -> impl Iterator<Item = &str> {
        self.expressions().filter_map(Expression::variable)
    }

    /// Returns the value of the text. If the text is one `{{ … }}`, that is the
    /// value of its expression, with its type; otherwise it is the
    /// [rendered](Self::render) text.
    pub fn value(&self, scope: &dyn Scope, most: usize) -> Value {
        match self.parts.as_slice() {
            [Part::Expression(expression)] => expression.value(scope),
            _ => Value::Text(self.render(scope, most)),
        }
    }
}

/// Appends to a text up to the first character beyond `most` bytes.
fn push(text: &mut String, more: &str, most: usize) {
    let room = (most + 1).saturating_sub(text.len());
    text.push_str(&more[..more.ceil_char_boundary(room)]);
}

fn push_plain(text: &str, range: Range<usize>, parts: &mut Vec<Part>) -> Result<(), SyntaxError> {
    let plain = &text[range.clone()];
    if let Some(at) = plain.find("{%") {
        let start = range.start + at;
        let end = plain[at..].find("%}").map_or(range.end, |length| start + length + 2);
        return Err(error(
            start..end,
            "texts can contain only `{{ … }}`",
            "write a step with the key `if` for each case",
        ));
    }
    if !plain.is_empty() {
        parts.push(Part::Plain(plain.to_owned()));
    }
    Ok(())
}

/// Returns the position of the `}}` that closes the braces before `from`.
/// Inside a text literal it closes nothing.
fn closing(text: &str, from: usize) -> Result<usize, SyntaxError> {
    let mut at = from;
    while let Some(length) = text[at..].find(['"', '\'', '{', '}']) {
        at += length;
        if text[at..].starts_with("}}") {
            return Ok(at);
        }
        at = match text.as_bytes()[at] {
            b'{' | b'}' => return Err(badly_closed(text, from, at)),
            // The lexer reports a literal without an end, up to the next `}}`.
            _ => match end_of_literal(text, at) {
                Some(end) => end,
                None => break,
            },
        };
    }
    match text[from..].find("}}") {
        Some(length) => Ok(from + length),
        None => Err(badly_closed(text, from, text.len())),
    }
}

/// Returns the error for braces that one `}` closes, or that another `{`
/// follows.
fn badly_closed(text: &str, from: usize, at: usize) -> SyntaxError {
    let is_brace = |c: char| matches!(c, '{' | '}' | ' ');
    let is_opening = text[at..].starts_with('{');
    let inner = text[from..].trim_start_matches(['{', ' ']);
    let begins = text.len() - inner.len();
    // Three braces open as two are meant to.
    let ends = if is_opening && begins > at {
        inner.find('}').map_or(begins, |length| begins + length)
    } else {
        at
    };
    let inside = text[begins..ends.max(begins)].trim();
    // What is not closed at all ends with its first word.
    let inside = match Expression::parse(inside) {
        Ok(_) if ends != at || !is_opening => inside,
        _ => inside.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(""),
    };
    let end = begins + inside.len();
    let rest = &text[end..];
    // A `}` with a space after it, or a third one, closes no more than the first.
    let braces = rest.find(|c| c != '}' && c != ' ').unwrap_or(rest.len());
    let end = end + rest[..braces].rfind('}').map_or(0, |last| last + 1);
    let message = match &text[from..] {
        rest if rest.trim_start().starts_with('{') => "a variable has two braces, not three",
        _ if text[..end].ends_with('}') => "`{{` is closed by `}}`, not by one `}`",
        _ => "these braces are not closed",
    };
    if inside.is_empty() || !inside.trim_matches(is_brace).starts_with(|c: char| c.is_alphabetic())
    {
        return error(from - 2..text.len(), message, "write `}}` after the name");
    }
    error(from - 2..end, message, &format!("write `{{{{ {inside} }}}}`"))
}

fn error(at: Range<usize>, message: &str, hint: &str) -> SyntaxError {
    SyntaxError { at, message: message.to_owned(), hint: Some(hint.to_owned()) }
}

#[cfg(test)]
mod tests;
