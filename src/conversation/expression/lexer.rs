//! Splits the text of an expression into tokens, and advises people who know
//! other languages.

use std::ops::Range;

use super::error::SyntaxError;
use super::foreign;
use super::quotes::end_of_literal;
use super::tree::Comparison;
use crate::conversation::Value;

/// A token and its range in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Name(String),
    Literal(Value),
    And,
    Or,
    Not,
    In,
    /// `==`, `!=`, `<`, `<=`, `>` or `>=`.
    Comparison(Comparison),
    /// `(`, `)`, `[`, `]`, `,` or `|`.
    Sign(char),
}

impl Kind {
    /// Returns whether a value can end with this token, so that a `-` after it
    /// would subtract.
    fn ends_value(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Literal(_) | Self::Sign(')' | ']'))
    }
}

/// Returns all tokens of this range of `text`.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: range.start, end: range.end.min(text.len()) };
    let mut tokens: Vec<Token> = Vec::new();
    loop {
        lexer.skip(char::is_whitespace);
        let start = lexer.at;
        let Some(first) = lexer.peek() else { return Ok(tokens) };
        let after_value = tokens.last().is_some_and(|token| token.kind.ends_value());
        let kind = lexer.token(first, after_value)?;
        tokens.push(Token { kind, at: start..lexer.at });
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    end: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over the characters that `accept` takes and returns them.
    fn skip(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn token(&mut self, first: char, after_value: bool) -> Result<Kind, SyntaxError> {
        match first {
            '"' | '\'' => self.text_literal(first),
            '0'..='9' => self.number(),
            '-' if !after_value && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.number()
            }
            c if c.is_ascii_alphabetic() || c == '_' => self.word(),
            _ => self.sign(first),
        }
    }

    fn text_literal(&mut self, quote: char) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let Some(end) = end_of_literal(self.text, start).filter(|end| *end <= self.end) else {
            return Err(SyntaxError::new(start..self.end, "this text has no closing quote")
                .hint(format!("write `{quote}` at its end, too")));
        };
        self.at = end;
        Ok(Kind::Literal(Value::from(&self.text[start + 1..end - 1])))
    }

    fn number(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        self.skip(|c| c.is_ascii_digit());
        let fraction = self.rest().strip_prefix('.');
        let is_decimal =
            fraction.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if is_decimal {
            self.at += 1;
            self.skip(|c| c.is_ascii_digit());
        }
        let written = &self.text[start..self.at];
        let value = if is_decimal {
            written.parse().ok().map(Value::Number)
        } else {
            written.parse().ok().map(Value::Integer)
        };
        value.map(Kind::Literal).ok_or_else(|| {
            SyntaxError::new(start..self.at, "this number is too large").hint(format!(
                "write a whole number between {} and {}",
                i64::MIN,
                i64::MAX
            ))
        })
    }

    fn word(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let word = self.skip(|c| c.is_ascii_alphanumeric() || c == '_');
        let at = start..self.at;
        let refused = |message: String, hint: &str| Err(SyntaxError::new(at, message).hint(hint));
        Ok(match word {
            "and" => Kind::And,
            "or" => Kind::Or,
            "not" => Kind::Not,
            "in" => Kind::In,
            "AND" | "OR" | "NOT" | "IN" | "And" | "Or" | "Not" | "In" => {
                let small = word.to_lowercase();
                return refused(
                    format!("`{word}` is not part of the language"),
                    &format!("write `{small}`"),
                );
            }
            "true" | "True" | "TRUE" => {
                return refused(
                    format!("`{word}` is not part of the language"),
                    "a `yes_no` answer is kept as `yes` or `no`: write `\"yes\"`",
                );
            }
            "false" | "False" | "FALSE" => {
                return refused(
                    format!("`{word}` is not part of the language"),
                    "a `yes_no` answer is kept as `yes` or `no`: write `\"no\"`",
                );
            }
            "is" => return refused("`is` is not part of the language".to_owned(), "write `==`"),
            "if" | "else" => {
                return refused(
                    format!("`{word}` is not part of the language"),
                    "use a step with the key `if` and one `say` for each case",
                );
            }
            _ => Kind::Name(word.to_owned()),
        })
    }

    fn sign(&mut self, first: char) -> Result<Kind, SyntaxError> {
        use super::tree::Comparison as C;

        let start = self.at;
        if let Some(error) = foreign::refused(self.text, start..self.end) {
            return Err(error);
        }
        let rest = self.rest();
        let (length, kind) = match rest.as_bytes() {
            [b'=', b'=', ..] => (2, Kind::Comparison(C::Equal)),
            [b'!', b'=', ..] => (2, Kind::Comparison(C::NotEqual)),
            [b'<', b'=', ..] => (2, Kind::Comparison(C::LessOrEqual)),
            [b'>', b'=', ..] => (2, Kind::Comparison(C::GreaterOrEqual)),
            [b'<', ..] => (1, Kind::Comparison(C::Less)),
            [b'>', ..] => (1, Kind::Comparison(C::Greater)),
            [b'(' | b')' | b'[' | b']' | b',' | b'|', ..] => (1, Kind::Sign(first)),
            _ => return Err(unknown_sign(start, first)),
        };
        self.at += length;
        Ok(kind)
    }
}

fn refusal(start: usize, sign: &str, hint: &str) -> SyntaxError {
    let message = format!("`{sign}` is not part of the language");
    SyntaxError::new(start..start + sign.len(), message).hint(hint)
}

fn unknown_sign(start: usize, sign: char) -> SyntaxError {
    let hint = match sign {
        '+' | '-' | '*' | '/' | '%' | '~' => {
            "there is no arithmetic; to join texts, put `{{ … }}` side by side"
        }
        '.' => "there are no attributes: a name is one word, such as `user_name`",
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '`' => {
            "write straight quotes around a text: \"…\" or '…'"
        }
        '{' | '}' => "write names without braces here",
        _ => {
            "use names, texts in quotes, numbers, comparisons, `and`, `or`, `not`, `in` and filters"
        }
    };
    refusal(start, sign.encode_utf8(&mut [0; 4]), hint)
}
