//! Writes texts for advice: in quotes where they need them.

/// A text as it is written in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let text = text.trim();
    if text.contains(['"', '\\']) {
        format!("`'{}'`", text.replace('\'', "''"))
    } else {
        format!("`\"{text}\"`")
    }
}

/// A text as it is written in double quotes, in which `\n` is a line break.
pub(crate) fn double_quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace("\\\\n", "\\n").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// A text as a value of YAML, in quotes where it needs them. Inside `{ }`, more
/// characters need them.
pub(crate) fn as_value(text: &str, inside: bool) -> String {
    let begins = text.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '_'));
    let holds = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let ends = inside && text.contains([',', '[', ']', '{', '}']);
    if begins || holds || ends {
        quoted(text).trim_matches('`').to_owned()
    } else {
        text.to_owned()
    }
}
