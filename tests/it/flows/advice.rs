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

/// Follows the first finding's advice to the letter, until the flow loads: what
/// stands in backticks takes the place of what is marked, and where that is a
/// key with its value, of the key with it.
fn obeyed(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..40 {
        let Err(findings) = Flows::load(&one(&text)) else { return text };
        let finding = findings.iter().next().unwrap();
        let help = finding.help.as_deref().unwrap_or_default();
        let (mut start, end) = (finding.span.start, finding.span.end);
        let advised = match (help.split_once(":\n"), help.split_once("did you mean `")) {
            (Some((_, block)), _) => block.trim_start().replace("STEP", "D"),
            (None, Some((_, near))) if !help.starts_with("write") => {
                near.split_once('`').unwrap().0.to_owned()
            }
            _ => {
                let (_, written) =
                    help.split_once("write `").unwrap_or_else(|| panic!("{help}\n{text}"));
                let end = written.find("` in place").or_else(|| written.rfind('`')).unwrap();
                written[..end].to_owned()
            }
        };
        let is_entry = advised
            .split_once(": ")
            .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        if is_entry && !help.contains(":\n") {
            let before = text[..start].trim_end_matches(|c: char| c.is_whitespace() || c == ':');
            start = before.rfind(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap() + 1;
        }
        let unchanged = text.clone();
        text.replace_range(start..end, &advised);
        assert_ne!(text, unchanged, "{help}");
        assert!(text.len() < 2000, "{help}");
    }
    panic!("no end of advice:\n{text}");
}

const HEAD: &str = "flow: a\nstart: [a]\nsteps:\n  SCORE: {ask: Q?, type: integer}\n  NAME: {ask: N?, max: 50}\n  \
                DAY: {ask: Q?, type: date}\n  TIME: {ask: Q?, type: time}\n";
const TAIL: &str = "  C: {say: c}\n  D: {say: d, end: ORDERED}\n";

#[test]
fn conditions_of_other_languages_come_out_as_they_are_written_here() {
    let conditions = [
        ("SCORE => 4", "SCORE >= 4"),
        ("SCORE =< 4", "SCORE <= 4"),
        ("SCORE = 4", "SCORE == 4"),
        ("SCORE === 4", "SCORE == 4"),
        ("SCORE !== 4", "SCORE != 4"),
        ("SCORE <> 4", "SCORE != 4"),
        ("SCORE =! 4", "SCORE != 4"),
        ("SCORE ! = 4", "SCORE != 4"),
        ("SCORE > = 4", "SCORE >= 4"),
        ("SCORE ≥ 4", "SCORE >= 4"),
        ("SCORE ≠ 4", "SCORE != 4"),
        ("SCORE > 1 && SCORE < 3", "SCORE > 1 and SCORE < 3"),
        ("SCORE>1&&SCORE<3", "SCORE>1 and SCORE<3"),
        ("SCORE > 1 & SCORE < 3", "SCORE > 1 and SCORE < 3"),
        ("SCORE == 1 || SCORE == 3", "SCORE == 1 or SCORE == 3"),
        ("SCORE == 1 | SCORE == 3", "SCORE == 1 or SCORE == 3"),
        ("SCORE == 1 OR SCORE == 3", "SCORE == 1 or SCORE == 3"),
        ("!SCORE", "not SCORE"),
        ("!SCORE && !NAME", "not SCORE and not NAME"),
        ("'!(SCORE > 3)'", "'not (SCORE > 3)'"),
        ("SCORE !in [1]", "SCORE not in [1]"),
        ("$SCORE > 3", "SCORE > 3"),
        ("NAME == “ada”", "NAME == \"ada\""),
        ("\"NAME == “ada”\"", "\"NAME == 'ada'\""),
        ("{{ SCORE }} > 3", "SCORE > 3"),
        ("\"{{ SCORE }} > 3\"", "SCORE > 3"),
        ("\"{{ SCORE > 3 }}\"", "SCORE > 3"),
        ("{SCORE} > 3", "SCORE > 3"),
        ("'{{ NAME }} == \"ada\"'", "NAME == \"ada\""),
        ("'\"{{ NAME }}\" == \"ada\"'", "NAME == \"ada\""),
        ("score > 3", "SCORE > 3"),
        ("now >= \"17:00\"", "now | time >= \"17:00\""),
        ("\"now >= '5 pm'\"", "\"now | time >= '17:00'\""),
        ("now | time >= \"9:00\"", "now | time >= \"09:00\""),
        ("DAY == now", "DAY | date == now | date"),
        ("now != DAY", "now | date != DAY | date"),
        ("DAY in [now]", "DAY | date in [now | date]"),
        ("TIME < now", "TIME < now | time"),
        ("now > TIME", "now | time > TIME"),
        ("now > \"24.12.2026\"", "now > \"2026-12-24\""),
        ("now == \"2026-12-24\"", "now | date == \"24 December 2026\""),
        ("now > \"2026-12-24 17:00:00\"", "now > \"2026-12-24T17:00\""),
        (
            "now in [\"2026-12-24\", \"2026-12-31\"]",
            "now | date in [\"24 December 2026\", \"31 December 2026\"]",
        ),
        ("now | date < \"2026-12-24\"", "now < \"2026-12-24\""),
        ("DAY < now | date", "DAY < now"),
        ("DAY == now | date", "DAY | date == now | date"),
        ("DAY | date == \"2026-12-24\"", "DAY | date == \"24 December 2026\""),
    ];
    for (written, meant) in conditions {
        let flow = |condition| {
            format!("{HEAD}  B:\n    if:\n      - is: {condition}\n        go: D\n{TAIL}")
        };
        assert_eq!(obeyed(&flow(written)), flow(meant), "{written}");
    }
}

#[test]
fn steps_of_another_shape_come_out_as_they_were_meant() {
    let block = "  B:\n    if:\n      - is: SCORE >= 4\n        go: D\n";
    let steps = [
        ("  B:\n    if: SCORE >= 4\n    go: D\n", block),
        ("  B:\n    if: SCORE => 4\n    then: D\n", block),
        ("  B:\n    if: \"{{ SCORE }} >= 4\"\n    go: D\n", block),
        ("  B:\n    if:\n      is: SCORE >= 4\n      go: D\n", block),
        ("  B:\n    if: [SCORE >= 4, D]\n", block),
        ("  B:\n    if:\n      - SCORE >= 4: D\n", block),
        ("  B:\n    if:\n      - {if: SCORE >= 4, then: D}\n", block),
        ("  B:\n    if: SCORE >= 4\n", block),
        ("  B: {if: SCORE >= 4, go: D}\n", "  B: {if: [{is: SCORE >= 4, go: D}]}\n"),
        (
            "  B: {if: 'SCORE in [4, 5]', go: D}\n",
            "  B: {if: [{is: \"SCORE in [4, 5]\", go: D}]}\n",
        ),
        (
            "  B: {aks: Q?, type: integer, min: 1, error: no}\n",
            "  B: {ask: Q?, type: integer, min: 1, error: no}\n",
        ),
        ("  B: {question: Q?, max: 9}\n", "  B: {ask: Q?, max: 9}\n"),
        (
            "  B: {ask: Q?, options: [Small, Large], words: {small: [s]}, when: {small: D}}\n",
            "  B: {ask: Q?, options: {small: Small, large: Large}, words: {small: [s]}, when: {small: D}}\n",
        ),
        (
            "  B: {ask: Q?, options: [{s: Small}, {l: Large}]}\n",
            "  B: {ask: Q?, options: {s: Small, l: Large}}\n",
        ),
        ("  B: {say: \"{{ SCORE } {{ SCORE }}\"}\n", "  B: {say: \"{{ SCORE }} {{ SCORE }}\"}\n"),
        ("  B: {say: \"{{ SCORE {{ SCORE }}\"}\n", "  B: {say: \"{{ SCORE }} {{ SCORE }}\"}\n"),
        ("  B: {say: \"{{{ SCORE }}}.\"}\n", "  B: {say: \"{{ SCORE }}.\"}\n"),
        ("  B: {say: \"{{ SCORE } }.\"}\n", "  B: {say: \"{{ SCORE }}.\"}\n"),
        ("  B: {say: \"Hi {{ SCORE\"}\n", "  B: {say: \"Hi {{ SCORE }}\"}\n"),
        (
            "  B: {say: \"{{ from }}{{ today }}\"}\n",
            "  B: {say: \"{{ sender }}{{ now | date }}\"}\n",
        ),
        ("  B: {say: \"{{ score }}{{ Name }}\"}\n", "  B: {say: \"{{ SCORE }}{{ NAME }}\"}\n"),
        ("  B: {say: \"{{ SCORE | uper }}\"}\n", "  B: {say: \"{{ SCORE | upper }}\"}\n"),
        (
            "  B: {say: b, if: [{is: SCORE > 1, go: c}], go: d}\n",
            "  B: {say: b, if: [{is: SCORE > 1, go: C}], go: D}\n",
        ),
        (
            "  B: {ask: B?, if: [{is: B == \"x\", go: C}], go: END}\n",
            "  B: {ask: B?, if: [{is: B == \"x\", go: C}], end: COMPLETED}\n",
        ),
        ("  B: {ask: B?, tries: 2, on_fail: ORDERED}\n", "  B: {ask: B?, tries: 2, on_fail: D}\n"),
        (
            "  B: {ask: B?, if: [{is: B == \"x\", go: C}], end: done}\n",
            "  B: {ask: B?, if: [{is: B == \"x\", go: C}], end: DONE}\n",
        ),
    ];
    for (written, meant) in steps {
        let flow = |step| format!("{HEAD}{step}{TAIL}");
        assert_eq!(obeyed(&flow(written)), flow(meant), "{written}");
    }
}

#[test]
fn steps_that_are_a_list_load_without_its_dashes() {
    for steps in [
        "  - A: {ask: Q?}\n  - B: {say: b}\n",
        "  - A:\n      ask: Q?\n  - B:\n      say: b\n",
        "  - A:\n    ask: Q?\n  - B:\n    say: b\n",
        "  - name: A\n    ask: Q?\n  - name: B\n    say: b\n",
    ] {
        let text = format!("flow: a\nstart: [a]\nsteps:\n{steps}");
        let findings = Flows::load(&one(&text)).unwrap_err();
        assert_eq!(findings.len(), 1, "{}", findings.render(false));
        let help = findings.iter().next().unwrap().help.clone().unwrap();
        let quoted: Vec<&str> = help.split('`').collect();
        let (new, old) = (quoted[3], quoted[5]);
        assert_eq!(new, "A:", "{help}");
        let mended = text.replace(old, new).replace(&old.replace('A', "B"), "B:");
        assert!(Flows::load(&one(&mended)).is_ok(), "{help}\n{mended}");
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

/// Each way out that the advice names, written where it says.
#[test]
fn ends_that_differ_in_quiet_after_agree_once_it_is_written() {
    let flow = |desk: &str, last: &str| {
        format!(
            "flow: a\nstart: [a]\nsteps:\n  Q: {{ask: Q?, type: yes_no, when: {{\"no\": LAST}}}}\n  \
             DESK: {{say: Soon., {desk}}}\n  LAST: {{say: Last.{last}}}\n"
        )
    };
    let with = "end: HANDED_OVER, quiet_after: 90m";
    for (desk, last, advice, mended) in [
        (
            with,
            ", end: HANDED_OVER",
            "write `quiet_after: 90m` here, too",
            (with, ", end: HANDED_OVER, quiet_after: 90m"),
        ),
        (
            with,
            ", end: HANDED_OVER, quiet_after: 2h",
            "write `quiet_after: 90m` here, too",
            (with, ", end: HANDED_OVER, quiet_after: 90m"),
        ),
        (
            "end: HANDED_OVER",
            ", end: HANDED_OVER, quiet_after: 90m",
            "write `quiet_after: 90m` there, too",
            (with, ", end: HANDED_OVER, quiet_after: 90m"),
        ),
        (
            "end: COMPLETED, quiet_after: 90m",
            "",
            "write `end: COMPLETED` and `quiet_after: 90m` here, too",
            ("end: COMPLETED, quiet_after: 90m", ", end: COMPLETED, quiet_after: 90m"),
        ),
        (with, ", end: HANDED_OVER", "with another outcome", (with, ", end: CALL_BACK")),
        ("end: COMPLETED, quiet_after: 90m", "", "with another outcome", (with, "")),
    ] {
        let findings = Flows::load(&one(&flow(desk, last))).unwrap_err();
        assert_eq!(findings.len(), 1, "{}", findings.render(false));
        let finding = findings.iter().next().unwrap();
        let help = finding.help.as_deref().unwrap();
        assert!(help.contains(advice), "{help}");
        assert_eq!(finding.labels.len(), 1, "both places");
        let loaded = Flows::load(&one(&flow(mended.0, mended.1))).unwrap();
        assert!(loaded.warnings.is_empty(), "{}", loaded.warnings.render(false));
    }
}
