//! Large files: read, or refused, before anybody loses patience.

use std::fmt::Write;

use ringback::conversation::Source;

use super::{load_in_time, one};

/// A thousand questions, each with a branch back to an earlier one.
fn thousand_steps() -> String {
    let mut text =
        "flow: long\nstart: [hello]\ncommands: {restart: [again], S0: [first]}\nsteps:\n"
            .to_owned();
    for step in 0..1000 {
        let (back, before) = (step / 2, step.max(1) - 1);
        let condition = if step == 0 { "S0 == \"\"" } else { "S0 == \"back\"" };
        write!(
            text,
            "  S{step}:\n    ask: Question {step} after {{{{ S{before} | default(\"\") }}}}?\n    if: [{{is: {condition:?}, go: S{back}}}]\n"
        )
        .unwrap();
    }
    text
}

#[test]
fn a_thousand_steps_load_quickly() {
    let sources = one(&thousand_steps());
    let loaded = load_in_time(sources).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(loaded.flows.get("long").unwrap().steps.len(), 1000);
}

#[test]
fn language_files_are_read_quickly_or_refused() {
    let flow =
        thousand_steps().replacen("commands", "languages: [en, de, fr, it, es]\ncommands", 1);
    let texts = |key: &str, lines: usize| {
        (0..lines).fold(String::new(), |mut text, line| {
            writeln!(text, "S{}.{key}: Frage {{{{ S0 | default(\"\") }}}}", line % 1000).unwrap();
            text
        })
    };
    let strange = (0..80_000).fold(String::new(), |mut text, line| {
        writeln!(text, "T{line}.ask: x").unwrap();
        text
    });
    for (text, loads) in [
        (texts("ask", 1000), true),
        (texts("error", 1000), false),
        (texts("ask", 10_000), false),
        (strange, false),
    ] {
        let mut sources = one(&flow);
        sources.extend(["de", "fr", "it", "es"].map(|language| Source {
            name: format!("flows/test.{language}.yaml"),
            text: text.clone(),
        }));
        let loaded = load_in_time(sources);
        assert_eq!(loaded.is_ok(), loads);
        if let Err(findings) = loaded {
            assert!(findings.len() <= 100);
            assert!(!findings.render(false).is_empty());
        }
    }
}

#[test]
fn a_thousand_flows_that_run_each_other_load_quickly() {
    let sources: Vec<Source> = (0..1000)
        .map(|flow| {
            // The first file runs the last, and so on.
            let next =
                if flow == 0 { String::new() } else { format!("  P: {{run: f{}}}\n", flow - 1) };
            Source {
                name: format!("flows/f{flow:04}.yaml"),
                text: format!("flow: f{flow}\nstart: [w{flow}]\nsteps:\n  A: {{ask: A?}}\n{next}"),
            }
        })
        .collect();
    let loaded = load_in_time(sources).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(loaded.flows.iter().count(), 1000);
}

/// A flow with a question, before or after this many steps that ask nothing.
fn silent_steps(count: usize, question_first: bool) -> String {
    let mut steps: Vec<String> =
        (0..count).map(|step| format!("  S{step}: {{say: Step {step}.}}\n")).collect();
    let place = if question_first { 0 } else { count };
    steps.insert(place, "  NAME: {ask: Your name?}\n".to_owned());
    format!("flow: long\nstart: [hello]\nsteps:\n{}", steps.concat())
}

#[test]
fn a_turn_passes_at_most_a_hundred_steps() {
    for (count, question_first, loads) in
        [(99, false, true), (100, false, false), (100, true, true), (101, true, false)]
    {
        let loaded = load_in_time(one(&silent_steps(count, question_first)));
        assert_eq!(loaded.is_ok(), loads, "{count} steps, question first: {question_first}");
    }
    let findings = load_in_time(one(&silent_steps(150, false))).unwrap_err();
    insta::assert_snapshot!(findings.render(false), @r"
    error[turn-steps]: from `S0` on, 151 steps follow in one turn
     --> flows/test.yaml:4:3
      |
    4 |   S0: {say: Step 0.}
      |   ^^
      |
      = help: a turn passes at most 100 steps: ask something in between, or do more in one step
    ");
}

#[test]
fn hostile_files_are_refused_quickly() {
    let deep = format!("flow: {}", "[".repeat(100_000));
    let braces = format!("flow: {}", "{".repeat(100_000));
    let keys: String = (0..100_000).fold(String::new(), |mut text, key| {
        writeln!(text, "k{key}: v").unwrap();
        text
    });
    let same = "same: v\n".repeat(100_000);
    let steps = thousand_steps() + "  S1000:\n    ask: One too many?\n";
    let long = " ".repeat((1 << 20) + 1);
    let comments = "# allow: x\n".repeat(90_000);
    let codes = format!("a: [{}] # allow: {}", "x,".repeat(20_000), "ucs2,".repeat(20_000));
    for text in [deep, braces, keys, same, steps, long, comments, codes] {
        let sources = one(&text);
        let findings = load_in_time(sources).unwrap_err();
        assert!(!findings.is_empty() && findings.len() <= 100);
        assert!(!findings.render(false).is_empty());
    }
}

/// Four hundred questions, each of which leads by silence to every other one.
#[test]
fn a_maze_of_timeouts_is_read_quickly() {
    const QUESTIONS: usize = 400;
    let mut text = "flow: maze\nstart: [hello]\nsteps:\n".to_owned();
    for question in 0..QUESTIONS {
        writeln!(text, "  Q{question}: {{ask: \"Q{question}?\", timeout: 1h, on_timeout: FORK}}")
            .unwrap();
    }
    text += "  FORK:\n    if:\n";
    for question in 0..QUESTIONS {
        writeln!(text, "      - {{is: 'channel == \"{question}\"', go: Q{question}}}").unwrap();
    }
    let findings = load_in_time(one(&text)).unwrap_err();
    assert!(findings.to_string().contains("unasked-texts"), "{findings}");
}
