//! `ringback check`: what is found in flows, and how their chat files go.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

use super::{COLOUR, SHIPPED, shown, write};
use crate::support::ringback::{self, run};
use crate::support::skip;

/// What `check` prints in this folder.
fn check(folder: &Path, arguments: &[&str]) -> String {
    shown(&run(folder, &[], &[&["check"], arguments].concat()))
}

#[test]
fn the_built_in_flow_is_well() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(check(folder.path(), &[]), @"
    exit code: 0
    --- stdout
    ok   favorite-song.chat
    ok   favorite-song.interrupted.chat
    1 flow, 2 chat files: all well
    --- stderr
    ");
}

#[test]
fn the_flows_that_ship_are_well_even_strictly() {
    let outcome = run(Path::new(SHIPPED), &[], &["check", "--strict", "."]);
    assert_snapshot!(shown(&outcome));
    let by_setting = run(Path::new(SHIPPED), &[("FLOWS", ".")], &["check"]);
    assert_eq!(by_setting.stdout, outcome.stdout);
}

#[test]
fn a_word_of_the_setting_that_stops_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let flow = "flow: gym\nstart: [Baja, alta]\nsteps:\n  NAME: {ask: Your name?}\n";
    write(folder.path(), "gym.yaml", flow);
    let warns = |settings: &[(&str, &str)]| {
        let outcome = run(folder.path(), settings, &["check", "gym.yaml"]);
        outcome.stdout.contains("`Baja` is a wish to stop over WhatsApp")
    };
    assert!(warns(&[("OPT_OUT_WORDS", "parar,baja")]));
    assert!(!warns(&[]));
    assert!(!warns(&[("OPT_OUT_WORDS", "parar")]));
    let wrong = run(folder.path(), &[("OPT_OUT_WORDS", ",")], &["check", "gym.yaml"]);
    assert_eq!(wrong.code, Some(1), "{wrong}");
}

const WHOLE: &str = "flow: whole\nstart: [go]\nsteps:\n  PART: {run: part}\n";
const PART: &str = "flow: part\nsteps:\n  NAME: {ask: Your name?}\n";

#[test]
fn a_flow_alone_brings_those_that_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "whole.yaml", WHOLE);
    write(folder.path(), "the-part.yaml", PART);
    write(folder.path(), "whole.chat", "> go\n< Your name?\n= @part/NAME\n> Ann\n= COMPLETED\n");
    // What is wrong with the others is no matter.
    write(folder.path(), "another.yaml", "flow: another\nsteps: {}\n");
    write(folder.path(), "broken.yaml", [0xff]);
    write(folder.path(), "no.yaml", "flow: [\n");
    assert_snapshot!(check(folder.path(), &["whole.yaml"]), @r"
    exit code: 0
    --- stdout
    ok   whole.chat
    2 flows, 1 chat file: all well
    --- stderr
    ");
    assert_eq!(check(folder.path(), &["./whole.yaml"]), check(folder.path(), &["whole.yaml"]));
    assert_snapshot!(check(folder.path(), &["the-part.yaml"]), @r#"
    exit code: 1
    --- stdout
    error[missing-key]: nothing begins this flow: `start` is missing
     --> the-part.yaml:1:1
      |
    1 | flow: part
      | ^^^^^^^^^^
      |
      = help: write `start: [hello]` with the words that begin it, or `start: ["*"]` for any message; only a flow that another one runs needs none

    For more about a finding, try `ringback explain missing-key`.
    1 error: the flows do not load
    --- stderr
    "#);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", format!("\u{feff}{COLOUR}"));
    write(folder.path(), "colour.chat", "\u{feff}> what\n< Say hello.\n");
    let outcome = run(folder.path(), &[], &["check", "colour.yaml"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
}

#[test]
fn a_chat_that_goes_another_way_shows_where() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    write(
        folder.path(),
        "colour.chat",
        "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n> 1\n< Cold.\n",
    );
    write(
        folder.path(),
        "colour.blue.chat",
        "# The other one.\n> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n> blue\n< Cold.\n= CHILLED\n",
    );
    write(
        folder.path(),
        "colour.long.chat",
        "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n> red\n< Warm.\n< How bad.\n",
    );
    write(folder.path(), "colour.silence.chat", "> what\n> hello\n");
    write(
        folder.path(),
        "colour.state.chat",
        "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n= CHILLED\n",
    );
    write(
        folder.path(),
        "colour.unreadable.chat",
        "> hello\nRed or blue?\n  < indented\n@nonsense\n",
    );
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
    assert_eq!(check(folder.path(), &["colour.yaml"]), check(folder.path(), &["."]));
}

#[test]
fn a_deploy_takes_a_file_in_the_place_of_the_flows_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("next")).unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    write(folder.path(), "next/colour.yaml", COLOUR.replace("Cold.", "Brr."));
    write(folder.path(), "next/broken.yaml", COLOUR.replace("WARM}", "WARN}"));
    let asked = "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n";
    let told = |deploy: &str, came: &str| {
        write(folder.path(), "colour.chat", format!("{asked}{deploy}> blue\n< {came}\n"));
        check(folder.path(), &["colour.yaml"])
    };
    let deployed = told("@deploy next/colour.yaml\n", "Brr.");
    assert!(deployed.starts_with("exit code: 0"), "{deployed}");
    let failures = [
        told("@deploy next/colour.yaml\n", "Cold."),
        told("@deploy colour.yaml\n@deploy next/nowhere.yaml\n", "Cold."),
        told("@deploy next/broken.yaml\n", "Cold."),
    ];
    assert_snapshot!(failures.join("\n"));

    std::fs::remove_file(folder.path().join("colour.chat")).unwrap();
    write(
        folder.path(),
        "other.chat",
        format!("{asked}@deploy next/colour.yaml\n> blue\n< Brr.\n"),
    );
    assert_snapshot!(check(folder.path(), &["."]));
}

#[test]
fn a_deploy_brings_the_flows_and_languages_that_a_new_version_needs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("next")).unwrap();
    let order = "flow: order\nstart: [order]\nlanguages: [en, de]\nsteps:\n  PIZZA: {ask: Which?}\n  \
                 WHERE: {run: address}\n  DONE: {say: Bye.}\n";
    let german = "start: [bestellen]\nPIZZA.ask: Welche?\nDONE.say: Tschau.\n";
    let address = "flow: address\nlanguages: [en, de]\nsteps:\n  STREET: {ask: Street?}\n";
    write(folder.path(), "order.yaml", order);
    write(folder.path(), "order.de.yaml", german);
    write(folder.path(), "address.yaml", address);
    write(folder.path(), "address.de.yaml", "STREET.ask: Straße?\n");
    let paid = "WHERE: {run: address}\n  PAY: {run: pay}\n";
    write(folder.path(), "next/order.yaml", order.replace("WHERE: {run: address}\n", paid));
    write(folder.path(), "next/order.de.yaml", german.replace("Tschau", "Servus"));
    let house = "renamed: {STREET: HOUSE}\nsteps:\n  HOUSE: {ask: House?}\n  DOOR: {ask: Door?}\n";
    let (head, _) = address.split_once("steps:").unwrap();
    write(folder.path(), "next/address.yaml", format!("{head}{house}"));
    write(folder.path(), "next/address.de.yaml", "HOUSE.ask: Haus?\nDOOR.ask: Tür?\n");
    let pay = "flow: pay\nlanguages: [en, de]\nsteps:\n  HOW: {ask: Card?}\n";
    write(folder.path(), "next/pay.yaml", pay);
    write(folder.path(), "next/pay.de.yaml", "HOW.ask: Karte?\n");
    let chat = "> bestellen\n< Welche?\n> Salami\n< Straße?\n= @address/STREET\n\
                @deploy next/order.yaml\n> Ring 1\n< Tür?\n= @address/DOOR\n? HOUSE = Ring 1\n\
                > 2\n< Karte?\n> ja\n< Servus.\n";
    write(folder.path(), "order.chat", chat);
    for named in ["order.yaml", "."] {
        let outcome = run(folder.path(), &[], &["check", named]);
        assert!(outcome.stdout.contains("ok   order.chat"), "{outcome}");
    }
}

#[test]
fn coverage_names_each_way_that_no_chat_goes_and_may_be_demanded() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    let asked = "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n";
    write(folder.path(), "colour.chat", format!("{asked}> red\n< Warm.\n< How nice.\n"));
    let covered = |argument: &str| check(folder.path(), &[argument, "colour.yaml"]);
    assert_snapshot!(covered("--coverage"));
    assert_snapshot!(covered("--coverage=100"));
    // Four of seven are 57 %.
    for (wanted, code) in [(0, 0), (57, 0), (58, 1), (100, 1)] {
        let told = covered(&format!("--coverage={wanted}"));
        assert!(told.starts_with(&format!("exit code: {code}\n")), "{wanted}: {told}");
    }
    write(
        folder.path(),
        "colour.blue.chat",
        format!("> so\n< Say hello.\n{asked}> 2\n< Cold.\n= CHILLED\n"),
    );
    assert_snapshot!(covered("--coverage=100"));
    write(folder.path(), "colour.wrong.chat", "> what\n< No.\n");
    let failed = covered("--coverage=0");
    assert!(failed.starts_with("exit code: 1\n") && !failed.contains("coverage"), "{failed}");
    std::fs::remove_file(folder.path().join("colour.chat")).unwrap();
    for wrong in ["--coverage=101", "--coverage=all", "--coverage=-1"] {
        assert!(covered(wrong).starts_with("exit code: 2\n"), "{wrong}");
    }
}

#[test]
fn the_flows_that_ship_are_covered_whole() {
    let outcome = run(Path::new(SHIPPED), &[], &["check", "--coverage=100", "."]);
    assert_snapshot!(shown(&outcome));
}

#[test]
fn ways_that_no_chat_goes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
    write(folder.path(), "colour.chat", "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n");
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
    write(
        folder.path(),
        "colour.chat",
        "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n> red\n< Warm.\n< How nice.\n",
    );
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
}

#[test]
fn questions_that_no_chat_answers_are_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let more =
        "  SIZE: {ask: Which size?, max: 20}\n  MORE: {ask: \"{{ SIZE }}, größer?\", max: 9}\n";
    let flow = COLOUR.replace("  COLD:\n", &format!("{more}  COLD:\n"));
    write(folder.path(), "colour.yaml", &flow);
    write(
        folder.path(),
        "other.yaml",
        PART.replace("flow: part\n", "flow: other\nstart: [other]\n"),
    );
    let asked = "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n> blue\n< Which size?\n";
    write(folder.path(), "colour.chat", asked);
    assert_snapshot!(check(folder.path(), &["."]));
    assert!(check(folder.path(), &["--strict", "."]).starts_with("exit code: 1\n"));
    write(folder.path(), "colour.chat", format!("{asked}> L\n< L, größer?\n> no\n< Cold.\n"));
    write(folder.path(), "other.chat", "> other\n< Your name?\n> Ann\n= COMPLETED\n");
    assert!(check(folder.path(), &["--strict", "."]).starts_with("exit code: 0\n"));
}

#[test]
fn segments_are_told_of_each_text() {
    let outcome = run(Path::new(SHIPPED), &[], &["check", "--segments", "."]);
    assert_snapshot!(shown(&outcome));
    let folder = tempfile::tempdir().unwrap();
    let cart = "  CART: {set: {cart: '{{ cart | default(\"\") }}, {{ COLOUR }}'}}\n  \
                SHOWN: {say: '{{ cart }}', if: [{is: COLOUR == \"blue\", go: COLOUR}]}\n";
    write(folder.path(), "colour.yaml", COLOUR.replace("  COLD:\n", &format!("{cart}  COLD:\n")));
    assert_snapshot!(check(folder.path(), &["--segments", "colour.yaml"]));
}

#[test]
fn a_broken_flow_shows_every_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let flow = COLOUR.replace("say: Cold", "sya: Cold").replace("WARM}", "WARN}");
    write(folder.path(), "colour.yaml", flow);
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
}

#[test]
fn a_warning_fails_only_where_it_shall() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR.replace("[hello]", "[hello, stop]"));
    assert_snapshot!(check(folder.path(), &["colour.yaml"]));
    assert_snapshot!(check(folder.path(), &["--strict", "colour.yaml"]));
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    write(folder.path(), "latin.yaml", b"flow: caf\xe9\n");
    write(folder.path(), "colour.yaml", COLOUR);
    write(folder.path(), "colour.chat", b"> caf\xe9\n");
    let told: Vec<String> = ["nowhere", "empty", "latin.yaml", "colour.yaml", "colour.chat"]
        .iter()
        .map(|path| format!("$ ringback check {path}\n{}", check(folder.path(), &[path])))
        .collect();
    assert_snapshot!(told.join("\n"));
}

/// `script` gives the command a terminal, as far as it can tell.
#[test]
fn colours_are_for_terminals_that_want_them() {
    let folder = tempfile::tempdir().unwrap();
    if Command::new("script").arg("--version").output().is_err() {
        return skip("there is no `script` to make a terminal");
    }
    write(folder.path(), "colour.yaml", COLOUR);
    let asked = "> hello\n< Red or blue?\n< 1. Red\n< 2. Blue\n";
    write(folder.path(), "colour.chat", format!("{asked}> red\n< Warm.\n< How nice.\n"));
    let in_terminal = |settings: &[(&str, &str)]| {
        let check = format!("'{}' check colour.yaml", env!("CARGO_BIN_EXE_ringback"));
        let mut script = Command::new("script");
        script
            .args(["--quiet", "--return", "--command", &check, "/dev/null"])
            .current_dir(folder.path())
            .envs(settings.iter().copied());
        ringback::finish(ringback::piped(&mut script).spawn().unwrap())
    };
    let coloured = in_terminal(&[("NO_COLOR", "")]);
    assert_eq!(coloured.code, Some(0), "{coloured}");
    assert!(coloured.stdout.contains("\x1b[1;33mnote\x1b[0m: "), "{coloured}");
    let plain = in_terminal(&[("NO_COLOR", "1")]);
    assert_eq!(plain.code, Some(0), "{plain}");
    assert!(plain.stdout.contains("note: ") && !plain.stdout.contains('\x1b'), "{plain}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_flow_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "order.yaml", "flow: order\nstart: [go]\nsteps:\n  A: {ask: What?}\n");
    std::os::unix::fs::symlink("nowhere.yaml", folder.path().join("survey.yaml")).unwrap();
    let checked = check(folder.path(), &["."]);
    assert!(checked.contains("exit code: 1") && checked.contains("survey.yaml"), "{checked}");
}

#[test]
fn a_language_file_that_cannot_be_read_is_not_missing() {
    let folder = tempfile::tempdir().unwrap();
    let order = "flow: order\nstart: [go]\nlanguages: [en, de]\nsteps:\n  A: {ask: What?}\n";
    write(folder.path(), "order.yaml", order);
    write(folder.path(), "order.de.yaml", b"A.ask: W\xe4s?\n");
    for flows in [".", "order.yaml"] {
        let checked = check(folder.path(), &[flows]);
        assert!(checked.contains("exit code: 1") && checked.contains("is not UTF-8"), "{checked}");
    }
}

/// Whether a question is answered only the chat files say, so `check` says it of their comments.
#[test]
fn a_question_may_be_left_without_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let flow = "flow: a\nstart: [a]\nsteps:\n  # allow: unanswered-question\n  A: {ask: A?}\n  B: {ask: B?}\n";
    let chat = "> a\n< A?\n> x\n< B?\n";
    let named = |flow: &str, chat: Option<&str>| {
        write(folder.path(), "a.yaml", flow);
        write(folder.path(), "a.chat", chat.unwrap_or_default());
        if chat.is_none() {
            std::fs::remove_file(folder.path().join("a.chat")).unwrap();
        }
        let printed = run(folder.path(), &[], &["check", "."]).stdout;
        let findings = printed.lines().filter(|line| line.starts_with("warning"));
        findings.map(str::to_owned).collect::<Vec<_>>()
    };
    let both = flow.replace("  B:", "  # allow: unanswered-question\n  B:");
    let other = flow.replace("unanswered-question", "ucs2, unanswered-question");
    let idle = "warning[unused-allowance]: `unanswered-question` is allowed here, and there is no such warning on line";
    for (flow, chat, expected) in [
        // The first question is answered, and the second is not.
        (flow, Some(chat), vec![
            "warning[unanswered-question]: no chat file answers `B`".to_owned(),
            format!("{idle} 5"),
        ]),
        (&both, Some(chat), vec![format!("{idle} 5")]),
        (&both, Some(&(chat.to_owned() + "> y\n= COMPLETED\n")[..]), vec![format!("{idle} 5"), format!("{idle} 7")]),
        // None is.
        (flow, None, vec!["warning[unanswered-question]: no chat file answers a question of `a`".to_owned()]),
        (&both, None, vec![]),
        (&other, None, vec![
            "warning[unused-allowance]: `ucs2` is allowed here, and there is no such warning on line 5".to_owned(),
            "warning[unanswered-question]: no chat file answers a question of `a`".to_owned(),
        ]),
    ] {
        let mut found = named(flow, chat);
        let mut expected = expected;
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{flow}");
    }
}
