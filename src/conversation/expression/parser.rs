//! Builds a tree from tokens, from the loosest operator to the tightest: `or`,
//! `and`, `not`, comparisons and `in`, filters.

use std::ops::Range;

use super::error::SyntaxError;
use super::lexer::{Kind, Token};
use super::tree::{Filter, MAX_DEPTH, Node};
use crate::conversation::{Value, suggest};

/// The names of the filters.
const FILTERS: [&str; 7] = ["default", "upper", "lower", "title", "length", "date", "time"];

/// Parses a whole expression. `range` is the range of its text.
pub(super) fn parse(tokens: Vec<Token>, range: Range<usize>) -> Result<Node, SyntaxError> {
    if tokens.is_empty() {
        return Err(SyntaxError::new(range, "nothing is written here")
            .hint("write a name, such as `user_name`"));
    }
    let mut parser = Parser { tokens, next: 0, end: range.end, depth: 0 };
    let root = parser.or()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.leftover()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    depth: usize,
}

type Parsed = Result<Node, SyntaxError>;

impl Parser {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// Returns the range of the next token, or the end of the text.
    fn here(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.end..self.end, |token| token.at.clone())
    }

    /// Returns the end of the last token that was taken.
    fn behind(&self) -> usize {
        let last = self.next.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(self.end, |token| token.at.end)
    }

    /// Takes the next token if it is this one.
    fn take(&mut self, kind: &Kind) -> bool {
        let found = self.peek() == Some(kind);
        self.next += usize::from(found);
        found
    }

    fn or(&mut self) -> Parsed {
        self.chain(&Kind::Or, Self::and, Node::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain(&Kind::And, Self::not, Node::And)
    }

    /// Parses one or more operands with `part`, with `operator` between them.
    fn chain(
        &mut self,
        operator: &Kind,
        part: fn(&mut Self) -> Parsed,
        node: fn(Vec<Node>) -> Node,
    ) -> Parsed {
        let first = part(self)?;
        if self.peek() != Some(operator) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(operator) {
            parts.push(part(self)?);
        }
        Ok(node(parts))
    }

    fn not(&mut self) -> Parsed {
        if self.take(&Kind::Not) {
            self.nested(|parser| Ok(Node::Not(Box::new(parser.not()?))))
        } else {
            self.comparison()
        }
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.here().start;
        let left = self.filtered()?;
        let node = match self.peek() {
            Some(Kind::Comparison(operator)) => {
                let operator = *operator;
                self.next += 1;
                let right = Box::new(self.filtered()?);
                let at = start..self.behind();
                Node::Compare { left: Box::new(left), operator, right, at }
            }
            Some(Kind::In) => self.membership(left, false, start)?,
            Some(Kind::Not) => {
                self.next += 1;
                self.membership(left, true, start)?
            }
            _ => return Ok(left),
        };
        match self.peek() {
            Some(Kind::Comparison(_) | Kind::In | Kind::Not) => {
                Err(SyntaxError::new(self.here(), "comparisons cannot be chained")
                    .hint("write two with `and` between them: `1 < size and size < 5`"))
            }
            _ => Ok(node),
        }
    }

    /// Parses the list after `in` or `not in`; the next token is one of the
    /// two.
    fn membership(&mut self, needle: Node, negated: bool, start: usize) -> Parsed {
        const EXAMPLE: &str = "write `size in [\"small\", \"large\"]`";
        if !self.take(&Kind::In) {
            return Err(SyntaxError::new(self.here(), "no `in` follows `not`").hint(EXAMPLE));
        }
        if !self.take(&Kind::Sign('[')) {
            return Err(SyntaxError::new(self.here(), "no list follows `in`").hint(EXAMPLE));
        }
        let list = self.nested(Self::list)?;
        let at = start..self.behind();
        Ok(Node::In { needle: Box::new(needle), list, negated, at })
    }

    /// Parses the entries of a list and its closing bracket.
    fn list(&mut self) -> Result<Vec<Node>, SyntaxError> {
        let mut list = Vec::new();
        while !self.take(&Kind::Sign(']')) {
            list.push(self.filtered()?);
            if !self.take(&Kind::Sign(',')) && self.peek() != Some(&Kind::Sign(']')) {
                return Err(SyntaxError::new(self.here(), "the list continues without a comma")
                    .hint("write `,` between entries and `]` at the end"));
            }
        }
        Ok(list)
    }

    fn filtered(&mut self) -> Parsed {
        let value = self.primary()?;
        let mut filters = Vec::new();
        while self.take(&Kind::Sign('|')) {
            filters.push(self.filter()?);
        }
        Ok(if filters.is_empty() { value } else { Node::Filtered(Box::new(value), filters) })
    }

    fn filter(&mut self) -> Result<Filter, SyntaxError> {
        const KNOWN: &str = "the filters are `default(\"…\")`, `upper`, `lower`, `title`, `length`, `date` and `time`";
        let at = self.here();
        let Some(Kind::Name(name)) = self.peek().cloned() else {
            return Err(self
                .not_or()
                .unwrap_or_else(|| SyntaxError::new(at, "no filter follows `|`").hint(KNOWN)));
        };
        self.next += 1;
        let filter = match name.as_str() {
            "default" => return self.default_filter(at),
            "upper" => Filter::Upper,
            "lower" => Filter::Lower,
            "title" => Filter::Title,
            "length" => Filter::Length,
            "date" => Filter::Date,
            "time" => Filter::Time,
            _ => {
                let compares = matches!(self.peek(), Some(Kind::Comparison(_) | Kind::In));
                self.next -= 1;
                if compares && let Some(error) = self.not_or() {
                    return Err(error);
                }
                let near = suggest::nearest(&name, FILTERS);
                let hint = near.map_or(KNOWN.to_owned(), |near| format!("write `{near}`"));
                return Err(SyntaxError::new(at, format!("there is no filter `{name}`")).hint(hint));
            }
        };
        if self.peek() == Some(&Kind::Sign('(')) {
            let message = format!("`{name}` takes nothing in parentheses");
            return Err(SyntaxError::new(self.here(), message).hint(format!("write `| {name}`")));
        }
        Ok(filter)
    }

    /// Returns the error for a `|` that is not followed by a filter.
    fn not_or(&self) -> Option<SyntaxError> {
        let next = self.peek()?;
        let begins = matches!(next, Kind::Name(_) | Kind::Literal(_) | Kind::Not | Kind::Sign('('));
        let bar = self.tokens.get(self.next.checked_sub(1)?).filter(|_| begins)?;
        Some(
            SyntaxError::new(bar.at.clone(), "`|` is not `or`: a filter follows it")
                .hint("write `or`"),
        )
    }

    fn default_filter(&mut self, at: Range<usize>) -> Result<Filter, SyntaxError> {
        const EXAMPLE: &str = "write `| default(\"friend\")`";
        if !self.take(&Kind::Sign('(')) {
            return Err(
                SyntaxError::new(at, "`default` needs a value to fall back on").hint(EXAMPLE)
            );
        }
        let argument = self.nested(Self::filtered)?;
        if !self.take(&Kind::Sign(')')) {
            return Err(
                SyntaxError::new(self.here(), "`default` takes one value and a `)`").hint(EXAMPLE)
            );
        }
        Ok(Filter::Default(Box::new(argument)))
    }

    fn primary(&mut self) -> Parsed {
        let at = self.here();
        let kind = self.peek().cloned();
        self.next += 1;
        match kind {
            Some(Kind::Literal(value)) => Ok(Node::Literal(value)),
            Some(Kind::Name(name)) => self.name(name, at),
            Some(Kind::Sign('(')) => {
                let inner = self.nested(Self::or)?;
                if self.take(&Kind::Sign(')')) {
                    Ok(inner)
                } else if self.next < self.tokens.len() {
                    Err(self.leftover())
                } else {
                    Err(SyntaxError::new(at, "this parenthesis is not closed").hint("write `)`"))
                }
            }
            Some(Kind::Sign('[')) => Err(SyntaxError::new(at, "a list is allowed only after `in`")
                .hint("write `size in [\"small\", \"large\"]`")),
            Some(_) => Err(SyntaxError::new(at, "a value is missing before this")
                .hint("write a name, a number or a text in quotes")),
            None => Err(SyntaxError::new(at, "the expression ends where a value is missing")
                .hint("write a name, a number or a text in quotes")),
        }
    }

    fn name(&mut self, name: String, at: Range<usize>) -> Parsed {
        let sign = match self.peek() {
            Some(Kind::Sign('(')) => "calls",
            Some(Kind::Sign('[')) => "indexes",
            _ => return Ok(Node::Name { name, at }),
        };
        let hint = match name.as_str() {
            "default" | "upper" | "lower" | "title" | "length" | "date" | "time" => {
                format!("write a filter after a value: `user_name | {name}`")
            }
            _ => "write the name alone; filters follow it after `|`".to_owned(),
        };
        Err(SyntaxError::new(self.here(), format!("{sign} are not part of the language"))
            .hint(hint))
    }

    /// Parses something that is nested inside something else.
    fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth == MAX_DEPTH {
            let message = format!("this nests deeper than {MAX_DEPTH} levels");
            return Err(SyntaxError::new(self.here(), message)
                .hint("split it over several steps that each have an `if`"));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Returns the error for a token that fits nowhere.
    fn leftover(&self) -> SyntaxError {
        let at = self.here();
        match self.peek() {
            Some(Kind::Sign(')')) => SyntaxError::new(at, "this parenthesis was never opened")
                .hint("write `(` before, or leave it out"),
            Some(Kind::Literal(Value::Text(_)) | Kind::Name(_)) => {
                SyntaxError::new(at, "an operator is missing before this")
                    .hint("write `==`, `and`, `or` or `|` between them; put a whole text in quotes")
            }
            _ => SyntaxError::new(at, "this does not belong here").hint(
                "write `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `and` or `or` between two values",
            ),
        }
    }
}
