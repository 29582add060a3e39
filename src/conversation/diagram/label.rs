//! The texts of a diagram, cut at a word and escaped for Mermaid.

use std::fmt::Write;

/// Returns a text in one line. A text that is longer than this is cut after a
/// word.
pub(super) fn shorten(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= longest {
        return text;
    }
    // One character is left for the sign that something is missing.
    let fits: String = text.chars().take(longest.saturating_sub(1)).collect();
    let goes_on = text.chars().nth(longest.saturating_sub(1)).is_some_and(|c| c != ' ');
    let at_word = fits.rfind(' ').filter(|at| goes_on && *at > 0);
    let cut = fits.get(..at_word.unwrap_or(fits.len())).unwrap_or(&fits);
    format!("{}…", cut.trim_end().trim_end_matches([',', ';', ':', '/', ' ']))
}

/// Escapes a text for use in quotes. Characters with a meaning in Mermaid, its
/// Markdown or HTML become entities, which Mermaid writes with `#`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_text = match c {
            _ if c.is_control() => {
                escaped.push(' ');
                continue;
            }
            // A `%` begins a comment; a `:` behind the word `style` makes a
            // line one of style; `@` makes a link of an address.
            '"' | '<' | '>' | '&' | '#' | ';' | '%' | ':' | '@' | '`' | '*' | '\\' | '~' | '$'
            | '[' | ']' => false,
            // Inside a word it does not emphasise.
            '_' => {
                before.ends_with(char::is_alphanumeric)
                    && rest.peek().is_some_and(|after| after.is_alphanumeric())
            }
            '-' | '+' => !before.trim().is_empty(),
            '.' | ')' => {
                let is_number = !before.is_empty() && before.chars().all(|c| c.is_ascii_digit());
                !is_number && !before.to_lowercase().ends_with("www")
            }
            _ => true,
        };
        if is_text {
            escaped.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "#{};", u32::from(c));
        }
        before.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_behind_a_word() {
        for (text, shortened) in [
            ("short", "short"),
            ("exactly ten", "exactly…"),
            ("ten chars!", "ten chars!"),
            ("one, two, three", "one, two…"),
            ("two\n lines", "two lines"),
            ("abcdefghijkl", "abcdefghi…"),
            ("größe größer", "größe…"),
            ("123456789 0", "123456789…"),
            ("", ""),
        ] {
            assert_eq!(shorten(text, 10), shortened, "{text:?}");
            assert!(shorten(text, 10).chars().count() <= 10, "{text:?}");
        }
    }

    #[test]
    fn what_mermaid_might_read_is_an_entity() {
        for (text, escaped) in [
            ("What is your name?", "What is your name?"),
            ("say \"hi\"", "say #34;hi#34;"),
            ("<b> & #1; 100 %", "#60;b#62; #38; #35;1#59; 100 #37;"),
            ("style: x", "style#58; x"),
            ("WAITING_FOR_NAME", "WAITING_FOR_NAME"),
            ("_x_ a_", "#95;x#95; a#95;"),
            ("**bold** `code`", "#42;#42;bold#42;#42; #96;code#96;"),
            ("1. first", "1#46; first"),
            ("21) first", "21#41; first"),
            ("at 10.30", "at 10.30"),
            ("- item - other", "#45; item - other"),
            ("www.example.com", "www#46;example.com"),
            ("a@example.com", "a#64;example.com"),
            ("[x](y)", "#91;x#93;(y)"),
            ("end", "end"),
        ] {
            assert_eq!(escape(text), escaped, "{text:?}");
        }
    }
}
