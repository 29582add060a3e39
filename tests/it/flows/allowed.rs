//! `# allow: CODE` silences the warnings that are meant, and nothing else.

use ringback::conversation::finding::{Code, Severity};
use ringback::conversation::{Flows, Source};

/// A text that one character makes twice as dear.
const DEAR: &str =
    "Before we begin we’d like to know who you are and what we may call you. Your name";

/// The same by another character.
const OTHER: &str =
    "Before we end – this is the last question – we would like to know where you live. Your town";

/// What is found in these files, each as `CODE FILE:LINE`; the last file is the flow's own.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let sources = files.iter().map(|(name, text)| Source {
        name: (*name).to_owned(),
        text: text.replace("DEAR", DEAR).replace("OTHER", OTHER),
    });
    let findings = match Flows::load(&sources.collect::<Vec<_>>()) {
        Ok(loaded) => loaded.warnings,
        Err(findings) => findings,
    };
    let shown = findings.iter().map(|f| format!("{} {}:{}", f.code, f.file, f.line));
    shown.collect()
}

/// What is found in a flow with these steps, which begin on line 4, each as `CODE LINE`.
fn found_in(steps: &str) -> Vec<String> {
    let text = format!("flow: a\nstart: [a]\nsteps:\n{steps}");
    found(&[("a.yaml", &text)]).into_iter().map(|found| found.replace(" a.yaml:", " ")).collect()
}

#[track_caller]
fn assert_found(cases: &[(&str, &[&str])]) {
    let wrong = cases.iter().filter_map(|(steps, expected)| {
        let found = found_in(steps);
        (found != *expected).then(|| format!("{steps}found {found:?}, not {expected:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn it_holds_for_the_line_below_it_or_for_its_own() {
    assert_found(&[
        ("  A: {ask: DEAR}\n", &["ucs2 4"]),
        ("  # allow: ucs2\n  A: {ask: DEAR}\n", &[]),
        ("  A: {ask: DEAR} # allow: ucs2\n", &[]),
        ("  A:\n    # allow: ucs2\n    ask: DEAR\n    max: 9\n", &[]),
        ("  A:\n    ask: DEAR  # allow: ucs2\n    max: 9\n", &[]),
        ("  A:\n    ask: \"DEAR\" # allow: ucs2\n", &[]),
        ("  A:\n    ask: \"DEAR \\\" ' # x\"   # allow: ucs2\n", &[]),
        ("  A: {ask: 'DEAR '' \" # x', max: 9} # allow: ucs2\n", &[]),
        ("  A:\n    # allow: ucs2\n    ask: 'DEAR' # why\n", &[]),
        // However it is indented, and whatever blanks it has.
        ("# allow: ucs2\n  A: {ask: DEAR}\n", &[]),
        ("          #allow:ucs2   \n  A: {ask: DEAR}\n", &[]),
        ("  #\tallow:\tucs2\t\n  A: {ask: DEAR}\n", &[]),
        ("  # allow: ucs2\r\n  A: {ask: DEAR}\r\n", &[]),
        ("  A: {ask: DEAR} # allow: ucs2\r\n", &[]),
        (
            "  # allow: ucs2\n  # It is worth it.\n\t# allow: text-too-long\n  A: {ask: DEAR}\n",
            &["unused-allowance 6"],
        ),
        // The line above, the one after, and one behind an empty one are others.
        ("  A: {ask: DEAR}\n  # allow: ucs2\n", &["ucs2 4", "unused-allowance 5"]),
        ("  A:\n    # allow: ucs2\n    max: 9\n    ask: DEAR\n", &["unused-allowance 5", "ucs2 7"]),
        ("  # allow: ucs2\n  A:\n    ask: DEAR\n", &["unused-allowance 4", "ucs2 6"]),
        ("  # allow: ucs2\n\n  A: {ask: DEAR}\n", &["unused-allowance 4", "ucs2 6"]),
        ("  A: {ask: A?}\n  # allow: ucs2", &["unused-allowance 5"]),
        ("  A: {ask: A?} # allow: ucs2", &["unused-allowance 4"]),
        // Inside braces and lists, too.
        ("  A: {max: 9,\n    # allow: ucs2\n    ask: DEAR}\n", &[]),
        ("  A: {ask: DEAR, # allow: ucs2\n    max: 9}\n", &[]),
        (
            "  A:\n    ask: A?\n    optional:\n      # allow: carrier-keyword\n      - stop\n      - end\n",
            &["carrier-keyword 9"],
        ),
    ]);
}

#[test]
fn a_text_of_several_lines_is_the_line_on_which_it_begins() {
    assert_found(&[
        ("  A:\n    # allow: ucs2\n    ask: |-\n      One.\n\n      DEAR\n    max: 9\n", &[]),
        ("  A:\n    # allow: ucs2\n    ask: >\n\n\n      One.\n      DEAR\n", &[]),
        ("  A:\n    ask: |- # allow: ucs2\n      One.\n      DEAR\n", &[]),
        ("  A:\n    # allow: ucs2\n    ask: \"One.\n\n      DEAR\"\n", &[]),
        ("  A:\n    # allow: ucs2\n    ask: One.\n      DEAR\n", &[]),
        (
            "  A:\n    # allow: text-too-long\n    ask: |-\n      One.\n      DEAR\n",
            &["unused-allowance 5", "ucs2 8"],
        ),
        // What follows on its last line is no part of it.
        ("  # allow: ucs2\n  A: {ask: \"One\n    DEAR\", error: \"OTHER\"}\n", &["ucs2 6"]),
        // The next text of the step is another one.
        (
            "  A:\n    # allow: ucs2\n    ask: |-\n      DEAR\n    error: |-\n      OTHER\n",
            &["ucs2 9"],
        ),
    ]);
}

#[test]
fn inside_a_text_it_is_text() {
    assert_found(&[
        ("  A:\n    ask: |-\n      # allow: ucs2\n      DEAR\n", &["ucs2 7"]),
        ("  A:\n    ask: >-\n      One.\n\n        # allow: ucs2\n      DEAR\n", &["ucs2 9"]),
        ("  A:\n    ask: |2-\n        One\n      # allow: ucs2\n      DEAR\n", &["ucs2 8"]),
        ("  A:\n    ask: 'One.\n      # allow: ucs2\n      DEAR'\n", &["ucs2 7"]),
        ("  A: {ask: \"DEAR # allow: ucs2\"}\n", &["ucs2 4"]),
        ("  A: {ask: \"DEAR # allow: nothing\"}\n", &["ucs2 4"]),
        ("  A: {ask: 'DEAR#allow: ucs2'}\n", &["ucs2 4"]),
        // Behind a text and not so deep it is a comment.
        ("  A:\n    ask: |-\n      One.\n    # allow: ucs2\n    error: DEAR\n", &[]),
        ("  A:\n    ask: |-\n      One.\n\n  # allow: ucs2\n  B: {ask: DEAR}\n", &[]),
    ]);
}

#[test]
fn only_its_codes_are_silenced() {
    assert_found(&[
        ("  A: {ask: “DEAR”}\n", &["curly-quotes 4", "ucs2 4"]),
        ("  # allow: ucs2\n  A: {ask: “DEAR”}\n", &["curly-quotes 5"]),
        ("  # allow: ucs2, curly-quotes\n  A: {ask: “DEAR”}\n", &[]),
        ("  # allow: ucs2\n  # allow: curly-quotes\n  A: {ask: “DEAR”}\n", &[]),
        ("  # allow: curly-quotes\n  A: {ask: “DEAR”} # allow: ucs2\n", &[]),
        ("  # allow: curly-quotes,ucs2,\n  A: {ask: “DEAR”}\n", &[]),
        // One that stands twice is needed once.
        ("  # allow: ucs2, ucs2\n  A: {ask: DEAR}\n", &["unused-allowance 4"]),
        ("  # allow: ucs2\n  A: {ask: DEAR} # allow: ucs2\n", &["unused-allowance 5"]),
        // Many of one kind on one line need one.
        ("  # allow: carrier-keyword\n  A: {ask: A?, optional: [stop, end, quit]}\n", &[]),
    ]);
}

/// What was reported for one text and holds for others is reported for the next.
#[test]
fn the_next_of_a_kind_is_seen_where_the_first_is_allowed() {
    let long = "  N: {ask: N?, max: 900}\n";
    let twice = "{{ N }} {{ N }}";
    let two = |first: &str, second: &str| {
        format!("{long}{first}  A: {{ask: \"{twice}\"}}\n{second}  B: {{ask: \"{twice}\"}}\n")
    };
    let allow = "  # allow: text-too-long\n";
    assert_found(&[
        ("  A: {ask: DEAR}\n  B: {ask: DEAR}\n", &["ucs2 4"]),
        ("  # allow: ucs2\n  A: {ask: DEAR}\n  B: {ask: DEAR}\n", &["ucs2 6"]),
        ("  A: {ask: DEAR}\n  # allow: ucs2\n  B: {ask: DEAR}\n", &["ucs2 4"]),
        ("  # allow: ucs2\n  A: {ask: DEAR}\n  # allow: ucs2\n  B: {ask: DEAR}\n", &[]),
        (&two("", ""), &["text-too-long 5"]),
        (&two(allow, ""), &["text-too-long 7"]),
        (&two("", allow), &["text-too-long 5"]),
        (&two(allow, allow), &[]),
        (
            "  A:\n    ask: A?\n    options:\n      # allow: ambiguous-number\n      a: 3 rooms\n      b: 1 room\n      c: 2 rooms\n",
            &["ambiguous-number 9"],
        ),
    ]);
    let commands = "flow: a\nstart: [a]\ncommands: {restart: [new, fresh]}\nsteps:\n  A:\n    ask: A?\n    options:\n      \
                    # allow: hidden-answer\n      new: New\n      old: Old\n    words:\n      new: [fresh]\n";
    assert_eq!(found(&[("a.yaml", commands)]), ["hidden-answer a.yaml:12"]);
}

#[test]
fn it_holds_in_each_file_of_a_flow_and_for_each_language() {
    let flow = "flow: a\nstart: [a]\nlanguages: [en, de, fr]\nsteps:\n  \
                # allow: missing-translation\n  A: {ask: A?}\n  B: {ask: B?}\n";
    let german = |line: &str| format!("start: [b]\nB.ask: B?\n{line}");
    let with = |german: &str, flow: &str| {
        found(&[("a.de.yaml", german), ("a.fr.yaml", "start: [c]\nB.ask: B?\n"), ("a.yaml", flow)])
    };
    assert_eq!(with(&german(""), flow), [""; 0]);
    let named = flow.replace("allow:", "alas:");
    assert_eq!(
        with(&german(""), &named),
        ["missing-translation a.yaml:6", "missing-translation a.yaml:6"]
    );
    let dear = flow.replace("B?", "DEAR");
    assert_eq!(
        with(&german("").replace("B?", "DEAR"), &dear),
        ["ucs2 a.yaml:7", "ucs2 a.de.yaml:2"]
    );
    // In its own file only.
    let allowed = dear.replace("  B:", "  # allow: ucs2\n  B:");
    assert_eq!(with(&german("").replace("B?", "DEAR"), &allowed), ["ucs2 a.de.yaml:2"]);
    let other = "start: [b]\r\n# allow: ucs2\r\nB.ask: DEAR\r\n";
    assert_eq!(with(other, &allowed), [""; 0]);
    assert_eq!(with(&german("# allow: ucs2\n"), flow), ["unused-allowance a.de.yaml:3"]);
    // A flow that another one runs has comments of its own.
    let part = "flow: p\nsteps:\n  # allow: unused-quiet-after\n  P: {ask: P?, end: DONE, quiet_after: 1h}\n";
    let runs = "flow: a\nstart: [a]\nsteps: {A: {run: p}}\n";
    assert_eq!(found(&[("p.yaml", part), ("a.yaml", runs)]), [""; 0]);
}

#[test]
fn what_cannot_be_allowed_is_refused() {
    assert_found(&[
        ("  # allow: ucs3\n  A: {ask: DEAR}\n", &["unknown-allowance 4", "ucs2 5"]),
        ("  # allow: UCS2\n  A: {ask: DEAR}\n", &["unknown-allowance 4", "ucs2 5"]),
        (
            "  # allow: ucs2 for it is worth it\n  A: {ask: DEAR}\n",
            &["unknown-allowance 4", "ucs2 5"],
        ),
        ("  # allow: ucs2 text-too-long\n  A: {ask: DEAR}\n", &["unknown-allowance 4", "ucs2 5"]),
        ("  # allow:\n  A: {ask: A?}\n", &["unknown-allowance 4"]),
        ("  # allow: ,\n  A: {ask: A?}\n", &["unknown-allowance 4"]),
        ("  # allow: ucs2, nothing\n  A: {ask: DEAR}\n", &["unknown-allowance 4"]),
        ("  # allow: unknown-target\n  A: {ask: A?}\n", &["allowed-error 4"]),
        (
            "  # allow: unknown-target\n  A: {ask: A?, go: B}\n",
            &["allowed-error 4", "unknown-target 5"],
        ),
        ("  # allow: allowed-error\n  A: {ask: A?}\n", &["allowed-error 4"]),
        // Other comments are none.
        ("  # allowed: ucs2\n  A: {ask: DEAR}\n", &["ucs2 5"]),
        ("  # We allow: ucs2\n  A: {ask: DEAR}\n", &["ucs2 5"]),
        // As long as there is an error, not all warnings are known.
        ("  # allow: ucs2\n  A: {ask: DEAR, go: B}\n", &["unknown-target 5"]),
        // Idle allowances and unknown codes are warnings, and may be meant.
        ("  A: {ask: A?} # allow: ucs2, unused-allowance\n", &[]),
        ("  A: {ask: A?} # allow: nothing, unknown-allowance\n", &[]),
        ("  # allow: unused-allowance\n  A: {ask: A?}\n", &["unused-allowance 4"]),
    ]);
    let loaded = |steps: &str| {
        let text = format!("flow: a\nstart: [a]\nsteps:\n{steps}  A: {{ask: A?}}\n");
        match Flows::load(&super::one(&text)) {
            Ok(loaded) => loaded.warnings,
            Err(findings) => findings,
        }
    };
    for (comment, help) in [
        ("unused-branches", "did you mean `unused-branch`?"),
        ("ucs2 because", "write `ucs2` alone: a comment of its own can say why"),
        ("something else", "write the code that is in brackets after `warning`"),
        ("ucs2", "remove it, or write it right above the line that the warning names"),
        ("yaml", "remove it, and fix the error: `ringback explain yaml` says how"),
    ] {
        let findings = loaded(&format!("  # allow: {comment}\n"));
        let finding = findings.iter().next().unwrap();
        assert_eq!(finding.help.as_deref(), Some(help), "{comment}");
    }
}

#[test]
fn what_is_allowed_does_not_count() {
    let allowed = "  # allow: carrier-keyword\n";
    let question = |n: usize, word: &str| format!("  A{n}: {{ask: A?, optional: [{word}]}}\n");
    let all = (0..150).flat_map(|n| [allowed.to_owned(), question(n, "stop")]);
    let steps: String = all.chain([question(150, "stop")]).collect();
    assert_eq!(found_in(&steps), ["carrier-keyword 304"]);
    let text = format!("flow: a\nstart: [a]\nsteps:\n{steps}");
    let warnings = Flows::load(&super::one(&text)).unwrap().warnings;
    assert_eq!(warnings.count(Severity::Warning), 1);
    assert!(!warnings.render(false).contains("more"));
}

/// A comment as of each warning's code on a line without one is idle, and each error's is refused.
#[test]
fn each_code_may_be_named() {
    let of_chats = [
        Code::UnansweredQuestion,
        Code::UnplayedSilence,
        Code::UnplayedCall,
        Code::UnplayedCallback,
    ];
    for code in Code::ALL.iter().filter(|code| !of_chats.contains(code)) {
        let found = found_in(&format!("  # allow: {code}\n  A: {{ask: A?}}\n"));
        let expected = if code.is_error() { "allowed-error 4" } else { "unused-allowance 4" };
        assert_eq!(found, [expected], "{code}");
    }
}
