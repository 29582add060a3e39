//! Finds where brackets and quotes open and close in a file that is not valid YAML:
//! the parser says where it could not go on, and this says where the fault began.

/// A `{` or `[` that opens a mapping or a list in one line.
#[derive(Clone, Debug)]
pub(crate) struct Bracket {
    pub(crate) at: usize,
    /// The start of the text that it is in the middle of, or that begins with
    /// it and goes on after it.
    pub(crate) in_text: Option<usize>,
    /// Whether its entry already has its `:`.
    has_key: bool,
    /// The bracket around it.
    pub(crate) around: Option<u8>,
    pub(crate) is_closed: bool,
}

/// A second `:` in an entry, which breaks the text before it.
#[derive(Clone, Debug)]
pub(crate) struct Colon {
    pub(crate) at: usize,
    /// Where that text begins.
    pub(crate) text: usize,
}

/// A quote at the beginning of a text.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    pub(crate) start: usize,
    /// The byte after the quote that closes it.
    pub(crate) end: Option<usize>,
    /// The bracket around it.
    pub(crate) around: Option<u8>,
}

/// The brackets, quotes and colons of a file, in its order.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) brackets: Vec<Bracket>,
    pub(crate) quotes: Vec<Quote>,
    pub(crate) colons: Vec<Colon>,
}

impl Scan {
    /// Reads a whole file as far as it can.
    pub(crate) fn of(text: &str) -> Self {
        let mut scan = Self::default();
        let mut at = 0;
        while at < text.len() {
            let line = line_from(text, at);
            let next = at + line.len() + 1;
            let indent = indent_of(line);
            let value = at + value_in(line);
            let rest = text.get(value..at + line.trim_end().len()).unwrap_or_default();
            at = match rest.as_bytes().first() {
                Some(b'{' | b'[') => after_line(text, scan.collection(text, value)),
                Some(b'"' | b'\'') => after_line(text, scan.quoted(text, value, None)),
                Some(b'|' | b'>') => after_block(text, next, indent),
                _ => next,
            };
        }
        scan
    }

    /// Reads a text in quotes, and returns its end.
    fn quoted(&mut self, text: &str, start: usize, around: Option<u8>) -> usize {
        let bytes = text.as_bytes();
        let sign = bytes[start];
        let mut at = start + 1;
        let mut end = None;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            if *byte == b'\\' && sign == b'"' {
                at += 1;
            } else if *byte == sign {
                // Doubled in single quotes, it is one quote of the text.
                if sign == b'\'' && bytes.get(at) == Some(&sign) {
                    at += 1;
                    continue;
                }
                end = Some(at);
                break;
            }
        }
        self.quotes.push(Quote { start, end, around });
        end.unwrap_or(text.len())
    }

    /// Reads from a `{` or `[` on, and returns where it is closed.
    fn collection(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let mut open: Vec<usize> = Vec::new();
        let mut in_text: Option<usize> = None;
        let mut has_key = false;
        // The bracket that was closed where a `,` should follow.
        let mut closed: Option<(usize, usize)> = None;
        let mut at = start;
        while let Some(byte) = bytes.get(at).copied() {
            let around = open.last().map(|open| bytes[self.brackets[*open].at]);
            match byte {
                b'{' | b'[' => {
                    open.push(self.brackets.len());
                    in_text = in_text.filter(|from| is_one_line(text, *from, at));
                    self.brackets.push(Bracket { at, in_text, has_key, around, is_closed: false });
                    (in_text, has_key, closed) = (None, false, None);
                }
                b'}' | b']' => {
                    let opening = if byte == b'}' { b'{' } else { b'[' };
                    let last = open.last().copied().filter(|_| around == Some(opening));
                    let Some(last) = last else { return text.len() };
                    open.pop();
                    self.brackets[last].is_closed = true;
                    (in_text, has_key) = (self.brackets[last].in_text, self.brackets[last].has_key);
                    closed = in_text.is_none().then_some((last, at));
                    if open.is_empty() {
                        return at + 1;
                    }
                }
                b'"' | b'\'' if in_text.is_none() => {
                    at = self.quoted(text, at, around);
                    continue;
                }
                b'#' if bytes[at - 1].is_ascii_whitespace() => {
                    at += line_from(text, at).len();
                    continue;
                }
                b',' => (in_text, has_key, closed) = (None, false, None),
                b':' if bytes.get(at + 1).is_none_or(|next| b" \t\r\n,[]{}".contains(next)) => {
                    let is_second = has_key && around == Some(b'{');
                    if let Some(text) =
                        in_text.filter(|from| is_second && is_one_line(text, *from, at))
                    {
                        self.colons.push(Colon { at, text });
                        in_text = None;
                    } else {
                        (in_text, has_key, closed) = (None, true, None);
                    }
                }
                _ if byte.is_ascii_whitespace() => {}
                _ => {
                    if let Some((before, end)) = closed.take()
                        && is_one_line(text, end, at)
                    {
                        in_text = Some(self.brackets[before].at);
                        self.brackets[before].in_text = in_text;
                    }
                    in_text = in_text.or(Some(at));
                }
            }
            at += 1;
        }
        text.len()
    }
}

/// The end of a text that begins here inside `{ }` or `[ ]` and needs quotes
/// there. In `{ }`, a comma ends it only if a key follows.
pub(super) fn text_end(text: &str, start: usize, around: u8) -> usize {
    let line = line_from(text, start);
    let mut depth = 0_usize;
    for (at, c) in line.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 0 => return start + line[..at].trim_end().len(),
            '}' | ']' => depth -= 1,
            ',' if depth == 0 && (around == b'[' || begins_with_key(&line[at + 1..])) => {
                return start + at;
            }
            _ => {}
        }
    }
    start + line.trim_end().len()
}

/// Whether a name and a `:` follow.
fn begins_with_key(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find([':', ',', '{', '}']).filter(|end| text[*end..].starts_with(':'));
    let Some((key, rest)) = end.map(|end| (&text[..end], &text[end + 1..])) else { return false };
    let key = key.trim_matches(['"', '\'']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !key.is_empty() && key.chars().all(is_name) && (rest.is_empty() || rest.starts_with(' '))
}

fn is_one_line(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|between| !between.contains('\n'))
}

/// The rest of the line from this byte on.
pub(super) fn line_from(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default()
}

pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Where a line's value begins, after `- ` and its key.
fn value_in(line: &str) -> usize {
    let mut at = indent_of(line);
    while let Some(rest) = line[at..].strip_prefix("- ") {
        at = line.len() - rest.trim_start().len();
    }
    let opens = |rest: &str| rest.starts_with(['{', '[', '"', '\'', '|', '>', '#']);
    if !opens(&line[at..])
        && let Some(colon) = line[at..].find(": ")
    {
        at += colon + 1;
        at += indent_of(&line[at..]);
    } else if line[at..].starts_with('"')
        && let Some(key) = line[at + 1..].find("\": ")
    {
        at += key + 4;
        at += indent_of(&line[at..]);
    }
    at
}

/// The start of the line after the one that contains this byte.
fn after_line(text: &str, at: usize) -> usize {
    at + line_from(text, at).len() + 1
}

/// The start of the line after a text of several lines, which are indented deeper
/// than `indent`.
fn after_block(text: &str, mut at: usize, indent: usize) -> usize {
    while at < text.len() {
        let line = line_from(text, at);
        if !line.trim().is_empty() && indent_of(line) <= indent {
            break;
        }
        at += line.len() + 1;
    }
    at
}
