//! Commands that are printed to be typed or pasted into a shell.

use std::borrow::Cow;

/// Returns a path as an argument, as a shell and the command read it.
pub(super) fn argument(path: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+,:@%".contains(&byte);
    let text = if path.starts_with('-') {
        // It would be read as an option.
        Cow::Owned(format!("./{path}"))
    } else {
        Cow::Borrowed(path)
    };
    if text.bytes().all(is_plain) && !text.is_empty() {
        return text;
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_path_as_it_is() {
        for (path, expected) in [
            ("bot", "bot"),
            ("../a/b_c-1.2", "../a/b_c-1.2"),
            ("my bot", "'my bot'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("~", "'~'"),
            ("caf\u{e9}", "'caf\u{e9}'"),
            ("-x", "./-x"),
        ] {
            assert_eq!(argument(path), expected, "{path}");
        }
    }
}
