//! Advice that is followed to the letter mends what it was given for.

use ringback::conversation::Flows;

use super::{one, repository};

/// The text that a help says to write.
fn advised<'a>(help: &'a str, text: &str) -> &'a str {
    let (_, from) =
        help.split_once("write `").unwrap_or_else(|| panic!("nothing to write: {help}\n{text}"));
    // The last sign before a `;` or the end closes it, whatever stands inside.
    let end = from.find("`;").unwrap_or(from.len() - 1);
    &from[..end]
}

/// Follows the first finding's advice, until the flow loads.
fn followed(text: &str, whole_value: bool) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        let Err(findings) = Flows::load(&one(&text)) else { return text };
        let Some(finding) = findings.iter().next() else { return text };
        let help = finding.help.as_deref().unwrap_or_default();
        let (mut start, end) = (finding.span.start, finding.span.end);
        if whole_value {
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            start = line + text[line..].find(": ").unwrap() + 2;
        }
        let advised = advised(help, &text).to_owned();
        text.replace_range(start..end, &advised);
    }
    panic!("no end of advice:\n{text}");
}

#[test]
fn what_is_written_in_the_place_of_the_fault() {
    for name in [
        "braces-alone",
        "braces-alone-in-braces",
        "braces-first-in-braces",
        "colon-in-braces",
        "braces-in-braces",
        "braces-unquoted",
        "colon-at-end",
        "colon-in-text",
        "dash-unquoted",
        "list-in-braces",
        "question-mark-unquoted",
        "space-missing",
        "space-missing-alone",
        "tag",
        "tag-alone",
    ] {
        let path = repository(&format!("fixtures/flows/broken/{name}.yaml"));
        let text = std::fs::read_to_string(path).unwrap();
        assert_ne!(followed(&text, false), text, "{name}");
    }
}

#[test]
fn what_is_written_in_the_place_of_the_whole_value() {
    for name in ["quote-inside", "quote-apostrophe"] {
        let path = repository(&format!("fixtures/flows/broken/{name}.yaml"));
        let text = std::fs::read_to_string(path).unwrap();
        assert_ne!(followed(&text, true), text, "{name}");
    }
}

#[test]
fn texts_inside_braces_come_out_as_they_were_meant() {
    let flow = |step: &str| format!("flow: a\nstart: [a]\nsteps:\n  Q: {step}\n");
    for (written, meant) in [
        ("{ask: Which pizza, please?, max: 30}", "{ask: \"Which pizza, please?\", max: 30}"),
        (
            "{ask: \"A, b\", max: 3, error: No, no, no}",
            "{ask: \"A, b\", max: 3, error: \"No, no, no\"}",
        ),
        (
            "{ask: \"Q?\", error: Not {{ sender }}, why, max: 3}",
            "{ask: \"Q?\", error: \"Not {{ sender }}, why\", max: 3}",
        ),
        ("{ask: One [1, 2], max: 3}", "{ask: \"One [1, 2]\", max: 3}"),
    ] {
        assert_eq!(followed(&flow(written), false), flow(meant));
    }
}

#[test]
fn nothing_is_said_of_what_is_meant() {
    for step in [
        "{ask: Q?, optional: [none, no thanks]}",
        "{ask: \"Hello, ask：me\", error: \"\u{a0}a, go:\u{a0}b\"}",
        "{ask: 'It''s “you”?', error: \"one\\ntwo\"}",
        "\n    ask: |-\n      {a\n      ask:\u{a0}[\n      \u{a0}b ”\n    error: Quelle pizza\u{a0}?",
        "\n    ask: Quelle pizza,\n      go:\u{a0}x",
        "{ask: Q?,\n   error: \"[a, {b\"} # it's {a",
    ] {
        let text = format!("flow: a\nstart: [a]\nsteps:\n  Q: {step}\n");
        let findings = match Flows::load(&one(&text)) {
            Ok(loaded) => loaded.warnings.render(false),
            Err(findings) => findings.render(false),
        };
        let own = findings.lines().filter(|line| line.starts_with(['e', 'w']));
        let other: Vec<&str> = own.filter(|line| !line.contains("UCS-2")).collect();
        assert!(other.is_empty(), "{text}{findings}");
    }
}
