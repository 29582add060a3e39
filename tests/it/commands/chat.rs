//! `ringback chat`: a phone in the terminal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use super::{COLOUR, shown, write};
use crate::support::ringback::{command, run, run_with_input};
use crate::support::skip;

fn chat(folder: &Path, arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    shown(&run_with_input(folder, &[], &[&["chat"], arguments].concat(), input))
}

#[test]
fn what_was_said_comes_out_as_a_chat_file() {
    let folder = tempfile::tempdir().unwrap();
    let said = "hello\n/state\n\nJohn\\nDoe\n/whatsapp\n/state\n/unknown\n//unknown\n/state\n/sms\nbye\n/quit\nunread\n";
    let talk = chat(folder.path(), &[], said);
    assert_snapshot!(talk);

    let chat_file = talk.split_once("--- stdout\n").unwrap().1.split_once("--- stderr").unwrap().0;
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/favorite-song.yaml");
    std::fs::copy(flow, folder.path().join("favorite-song.yaml")).unwrap();
    write(folder.path(), "favorite-song.chat", chat_file);
    let checked = run(folder.path(), &[], &["check", "favorite-song.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
}

#[test]
fn the_state_tells_the_flows_around_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let whole = "flow: whole\nstart: [go]\nsteps:\n  WHO: {ask: Who?}\n  PART: {run: part}\n";
    write(folder.path(), "whole.yaml", whole);
    write(folder.path(), "part.yaml", "flow: part\nsteps:\n  A: {ask: A?}\n  B: {ask: B?}\n");
    assert_snapshot!(chat(folder.path(), &["whole.yaml"], "go\nAnn\nyes\n/state\n"), @r"
    exit code: 0
    --- stdout
    > go
    < Who?
    > Ann
    < A?
    > yes
    < B?
    # waits at B of part, which whole runs at PART
    # A = yes
    # whole: WHO = Ann
    --- stderr
    ");
}

const PRICE: &str = "flow: price
start: [go]
secrets: [KEY]
steps:
  WHICH: {ask: Which?, max: 20}
  ONE:
    call: POST https://shop.example/{{ WHICH }}
    headers: {Authorization: 'Bearer {{ KEY }}'}
    body: {which: '{{ WHICH }}'}
    keep: {total: /total}
    meanwhile: Wait.
    when: {failed: NONE}
  TWO: {call: 'GET https://shop.example/?t={{ total }}', when: {failed: NONE}}
  DONE: {say: '{{ total }} euros.', end: SOLD}
  NONE: {say: None., end: UNSOLD}
";

#[test]
fn calls_are_answered_by_hand_and_saved() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "price.yaml", PRICE);
    let said = "/call 200\ngo\na b\n/call\n/call 99\n/call 200 after 3s {}\n/call 200 {\"total\": 3}\n/call 204\n/call 200\n";
    let talk = chat(folder.path(), &["price.yaml", "--save", "price.chat"], said);
    assert_snapshot!(talk);
    let slow = "go\na\nhm\n/wait 9s\n/call 200 {\"total\": 3}\n/call refused\n";
    let talk = chat(folder.path(), &["price.yaml", "--save", "price.slow.chat"], slow);
    assert_snapshot!(talk);
    let checked = run(folder.path(), &[], &["check", "price.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
    let over = "go\na\n/call timeout\n/wait 9s\n/wait 1s\n";
    let talk = chat(folder.path(), &["price.yaml", "--save", "price.over.chat"], over);
    assert_snapshot!(talk);
    let traced = "go\na\nhm\n/call 500\n/quit\n";
    assert_snapshot!(chat(folder.path(), &["price.yaml", "--trace"], traced));
}

#[test]
fn a_call_that_nobody_answers_is_saved_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "price.yaml", PRICE);
    let talk = chat(folder.path(), &["price.yaml", "--save", "price.chat"], "go\na\n");
    assert_snapshot!(talk);
    let left = "go\na\n/call 200 {\"total\": 3}\n/wait 10s\n";
    let talk = chat(folder.path(), &["price.yaml", "--save", "price.left.chat"], left);
    assert_snapshot!(talk);
    let checked = run(folder.path(), &[], &["check", "price.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
    assert_snapshot!(chat(folder.path(), &["price.yaml"], "go\na\n/new\ngo\nb\n"));
}

#[test]
fn stop_and_start_are_heard_as_on_a_phone() {
    let folder = tempfile::tempdir().unwrap();
    let said = "start\nhello\nSTOP\nhello\n/whatsapp\nhello\nstop!\nstop\n/state\nstart\n/sms\n\
                unstop\nhello\n/state\n";
    assert_snapshot!(chat(folder.path(), &[], said));
}

#[test]
fn a_trace_tells_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let flow = COLOUR.replace("How nice.", "How nice – isn’t it?");
    write(folder.path(), "colour.yaml", flow);
    let said = "what\nhello\ngreen\n2\nhello\n/whatsapp\n/media image/png\n1\n/trace\nhello\n/trace\n\
                /redeliver\n/wait 2d\nred\n/sms\nhello\n1\nstop\n";
    assert_snapshot!(chat(folder.path(), &["--trace", "colour.yaml"], said));
}

#[test]
fn a_trace_tells_of_parts_and_languages() {
    let folder = tempfile::tempdir().unwrap();
    let whole = "flow: whole\nstart: [go]\nlanguages: [en, de]\ncommands: {DE: [deutsch]}\nsteps:\n  \
                 WHO: {ask: Who?, options: {a: One, b: Two}}\n  PART: {run: part, keep: {town: A}, when: {FAR: WHO}}\n  \
                 LAST: {run: part}\n  DONE: {say: '{{ WHO_label }}, {{ town }}', end: COMPLETED}\n  \
                 DE: {set: {language: de}, resume: true}\n";
    write(folder.path(), "whole.yaml", whole);
    write(folder.path(), "whole.de.yaml", "WHO.ask: Wer?\nWHO.options.a: Eins\n");
    let part = "flow: part\nlanguages: [en, de]\nsteps:\n  A: {ask: A?, if: [{is: A == \"x\", go: B}]}\n  \
                END: {end: NEAR}\n  B: {say: B., end: FAR}\n";
    write(folder.path(), "part.yaml", part);
    let said = "go\n1\nx\n2\ndeutsch\nyes\nno\n";
    assert_snapshot!(chat(folder.path(), &["--trace", "whole.yaml"], said));
}

#[test]
fn it_is_said_why_nothing_is_said_in_a_quiet_time() {
    let folder = tempfile::tempdir().unwrap();
    let flow = "flow: desk\nstart: [desk]\notherwise: Write DESK.\nsteps:\n  NAME: {ask: Your name?, max: 9}\n  \
                DONE: {say: Soon., end: HANDED_OVER, quiet_after: 1h}\n";
    write(folder.path(), "desk.yaml", flow);
    assert_snapshot!(chat(
        folder.path(),
        &["--trace", "desk.yaml"],
        "desk\nAnn\nhm\n/trace\nhm\n/wait 1h\nhm\n"
    ));
}

#[test]
fn what_was_said_is_saved_as_a_chat_file_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "colour.yaml",
        COLOUR.replace("Say hello.", "It is {{ now }}. Say hello."),
    );
    let said = "what\nhello\n/media image/jpeg https://example.com/a.jpg\n/wait 10m\n\n\
                /location 1,2\n/button red\nsome\\nlines \n/redeliver\n/whatsapp\nhello\n/wait 2d\n\
                2\n/wait soon\nhello\nSTOP\nhello\nstart\nhello\n/media image/png\n";
    let talk = chat(folder.path(), &["--save", "colour.said.chat", "colour.yaml"], said);
    let saved = std::fs::read_to_string(folder.path().join("colour.said.chat")).unwrap();
    assert_snapshot!(format!("{talk}--- colour.said.chat\n{saved}"));
    let checked = run(folder.path(), &[], &["check", "colour.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
    assert!(checked.stdout.contains("ok   colour.said.chat"), "{checked}");

    // What the screen shows, or a pipe takes, is a chat file, too.
    let talk = run_with_input(folder.path(), &[], &["chat", "colour.yaml"], said);
    write(folder.path(), "colour.piped.chat", talk.stdout);
    let checked = run(folder.path(), &[], &["check", "colour.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
}

#[test]
fn a_chat_file_is_saved_where_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    write(folder.path(), "colour.chat", "# Mine.\n");
    let save = |name: &str| {
        let told = chat(folder.path(), &["--save", name, "colour.yaml"], "hello\n");
        format!("$ ringback chat --save {name}\n{told}")
    };
    let told = ["colour.chat", "colour.txt", "nowhere/colour.chat", "other.chat", "colour.1.chat"];
    assert_snapshot!(told.map(save).join("\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("colour.chat")).unwrap(), "# Mine.\n");
}

#[test]
fn help_tells_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(chat(folder.path(), &[], "/help\n"));
}

#[test]
fn a_command_that_there_is_none_of_is_no_message() {
    let folder = tempfile::tempdir().unwrap();
    let said = "hello\n/sate\n/Quit\n/hello\n/\n  /nwe\n//etc/hosts\n/state\n";
    assert_snapshot!(chat(folder.path(), &[], said));
}

#[test]
fn somebody_else_begins_where_nothing_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let said = "hello\nAnn\nSTOP\n/media image/png\n/new\n/state\nhello\nBert\n";
    assert_snapshot!(chat(folder.path(), &[], said));
    let told = chat(folder.path(), &["--save", "a.chat"], "hello\n/new\nAnn\n");
    assert!(told.contains("a.chat holds the talk of one person"), "{told}");
    assert!(told.contains("< Hello Ann"), "{told}");
}

/// Types into a terminal, each as soon as the screen has shown what stands before it.
fn type_in_terminal(folder: &Path, typed: &[(&str, &str)]) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        skip("`script` (of util-linux) is not there to make a terminal");
        return None;
    }
    let line = format!("'{}' chat", env!("CARGO_BIN_EXE_ringback"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(folder)
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = String::new();
    for (seen, text) in typed {
        let mut bytes = [0; 4096];
        // The next prompt behind it is there, too.
        while !shown.rsplit_once(seen).is_some_and(|(_, rest)| rest.contains("> ")) {
            let read = screen.read(&mut bytes).unwrap();
            assert!(read > 0, "{seen:?} never came:\n{shown}");
            shown += &String::from_utf8_lossy(&bytes[..read]);
        }
        keys.write_all(text.as_bytes()).unwrap();
    }
    let mut rest = Vec::new();
    screen.read_to_end(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    Some(shown + String::from_utf8_lossy(&rest).as_ref())
}

#[test]
fn a_line_can_be_edited_and_fetched_again_in_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let (left, up, end) = ("\x1b[D", "\x1b[A", "\x04");
    let edited = format!("hllo{left}{left}{left}e\r");
    let typed = [
        ("for what else there is.", edited.as_str()),
        ("What is your name?", &format!("{up}\r")),
        ("Hello hello", end),
    ];
    if let Some(shown) = type_in_terminal(folder.path(), &typed) {
        assert!(shown.contains("Hello hello, what is your favorite song?"), "{shown}");
    }
}

#[test]
fn nothing_to_read_is_an_end() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(chat(folder.path(), &[], ""), "exit code: 0\n--- stdout\n--- stderr\n");
}

#[test]
fn what_is_no_text_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(chat(folder.path(), &[], b"hello\ncaf\xe9\n"));
}

#[test]
fn a_flow_with_mistakes_is_not_talked_to() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR.replace("say: Cold", "sya: Cold"));
    assert_snapshot!(chat(folder.path(), &["colour.yaml"], "hello\n"));
}

#[test]
fn reload_takes_the_flow_as_it_is_now_unless_it_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "colour.yaml", COLOUR);
    let mut phone =
        command(folder.path(), &[], &["chat", "--save", "colour.reloaded.chat", "colour.yaml"]);
    let mut phone = phone.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = phone.stdin.take().unwrap();
    let mut output = BufReader::new(phone.stdout.take().unwrap()).lines();
    // Says something, and reads what is printed until this line.
    let mut say = |text: &str, last: &str| -> Vec<String> {
        writeln!(input, "{text}").unwrap();
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line| line != last) {
            lines.push(output.next().unwrap().unwrap());
        }
        lines
    };
    say("/whatsapp", "@whatsapp");
    say("hello", "< 2. Blue");
    write(folder.path(), "colour.yaml", COLOUR.replace("ask:", "aks:"));
    let broken = say("/reload", "# The flows stay as they were.");
    assert!(broken.iter().any(|line| line.contains("did you mean `ask`?")), "{broken:#?}");
    assert_eq!(say("/state", "# waits at COLOUR").len(), 1);
    write(folder.path(), "colour.yaml", COLOUR.replace("Red or", "Green or"));
    say("/reload", "# Loaded; the conversation waits at COLOUR.");
    assert_eq!(say("what", "< 2. Blue")[1], "< Green or blue?");

    let renamed = COLOUR
        .replace("  COLOUR:", "  SHADE:")
        .replace("steps:", "changed: All is new on {{ channel }}.\nsteps:");
    write(folder.path(), "colour.yaml", renamed);
    say("/reload", "# Loaded; the conversation waits at COLOUR.");
    let lost =
        "# The conversation could not continue at COLOUR of colour: the flow has no such step.";
    let asked = ["< All is new on whatsapp.", "< Red or blue?", "< 1. Red", "< 2. Blue"];
    assert_eq!(say("what", lost), [&["> what"], &asked[..], &[lost]].concat());
    say("/reload", "# Loaded; the conversation waits at SHADE.");
    drop(input);
    assert!(phone.wait().unwrap().success());
    let saved = std::fs::read_to_string(folder.path().join("colour.reloaded.chat")).unwrap();
    assert!(saved.contains("# The flow was read again here.\n> what\n< Green or blue?"), "{saved}");
    let rest: Vec<String> = output.map(Result::unwrap).collect();
    assert_eq!(
        rest[0],
        "# Saved colour.reloaded.chat, but when it is played from its beginning, it goes differently:"
    );
}
