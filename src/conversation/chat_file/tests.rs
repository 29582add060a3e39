//! What chat files notice, and what is said of those that cannot be read.

use std::fmt::Write;

use proptest::prelude::*;

use super::{ChatFile, Mismatch, Report, run};
use crate::conversation::testing::{TEXT, ask, favorite_song, flow, flows, say, shop, template};
use crate::conversation::{Gap, Kind, Way};

fn play(chat: &str) -> Report {
    let flows = flows(vec![favorite_song(), shop()]);
    run(&flows, &ChatFile::parse("test.chat", chat).unwrap())
}

#[test]
fn a_chat_that_goes_as_written() {
    let chat = "# The built-in conversation.\n\n\
                > hello\r\n< What is your name?\n\
                @wait 23h\n@whatsapp\n\
                > John\n# A comment between.\n< Hello John, what is your favorite song?\n\
                @redeliver\n< Hello John, what is your favorite song?\n= @WAITING_FOR_SONG\n\
                @sms\n@redeliver\n@wait 90s\n\
                > A\\nB\n< Playing A\n< B\n= COMPLETED\n? favorite_song = A\\nB\n";
    assert_eq!(play(chat).mismatch, None);
    assert_eq!(play("").mismatch, None);
}

#[test]
fn mismatches_name_the_line_and_both_sides() {
    let check = |chat: &str, line: usize, expected: &str, got: &str| {
        let mismatch = Mismatch { line, expected: expected.to_owned(), got: got.to_owned() };
        assert_eq!(play(chat).mismatch, Some(mismatch), "{chat}");
    };
    check("> hello\n< What's your name?", 2, "< What's your name?", "< What is your name?");
    check("> hello\n\n> John", 1, "<", "< What is your name?");
    check("> hello\n<", 2, "<", "< What is your name?");
    check(
        "> hello\n< What is your name?\n< Well?",
        3,
        "< What is your name?\n< Well?",
        "< What is your name?",
    );
    check("> hello\n< What is your name? ", 2, "< What is your name? ", "< What is your name?");
    check("> hello\n< What is your name?\n= COMPLETED", 3, "= COMPLETED", "= @WAITING_FOR_NAME");
    check("> hello\n< What is your name?\n= @OTHER", 3, "= @OTHER", "= @WAITING_FOR_NAME");
    check("= COMPLETED", 1, "= COMPLETED", "= INITIAL");
    check("? size = small", 1, "? size = small", "? size is not set");
    let pizza =
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n> 1\n< How many?\n> 2\n";
    check(
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 31 cm",
        4,
        "< Which size?\n< 1. Small, 20 cm\n< 2. Large, 31 cm",
        "< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm",
    );
    let note = "< Anything else? Say skip if not.\n";
    check(&format!("{pizza}{note}? count = 3"), 9, "? count = 3", "? count = 2");
    check(
        &format!("{pizza}{note}@redeliver\n< What?"),
        10,
        "< What?",
        "< Anything else? Say skip if not.",
    );
    check(
        &format!(
            "{pizza}{note}> skip\n< Is it a gift?\n> no\n< 2 x Small, 20 cm. No note.\n< Like this:"
        ),
        13,
        "< 2 x Small, 20 cm. No note.\n< Like this:",
        "< 2 x Small, 20 cm. No note.\n<---\n< Like this:\n<media https://example.com/small.jpg",
    );
}

#[test]
fn the_next_message_carries_what_stands_above_it() {
    let steps = vec![
        ask("photo", "A photo?", Kind::Media),
        ask(
            "size",
            "Size?",
            crate::conversation::testing::options(&[
                ("s", "Small", "little"),
                ("l", "Large", "big"),
            ]),
        ),
        ask("why", "Why?", TEXT),
        say("end", "{{ channel }}"),
    ];
    let flows = flows(vec![flow("photo", "go", steps)]);
    let chat = "> go\n< A photo?\n@location 52.5,13.4\n>\n< A photo?\n\
                @media image/jpeg\n>\n< Size?\n< 1. Small\n< 2. Large\n\
                ? photo = https://example.com/media\n\
                @button l\n> Whatever\n< Why?\n? size = l\n@whatsapp\n\
                @media image/png https://example.com/a.png\n> because\n< whatsapp\n? why = because";
    assert_eq!(run(&flows, &ChatFile::parse("photo.chat", chat).unwrap()).mismatch, None);
}

#[test]
fn an_empty_line_of_a_message() {
    let mut song = favorite_song();
    song.otherwise = Some(template("One\n\nThree"));
    let chat = ChatFile::parse("song.chat", "> what\n< One\n<\n< Three").unwrap();
    assert_eq!(run(&flows(vec![song]), &chat).mismatch, None);
}

#[test]
fn lines_that_cannot_be_read() {
    let mut report = String::new();
    for chat in [
        "hello",
        ">hello",
        "<hello",
        "  > hello",
        "< Nobody asked",
        "> hello\n= COMPLETED\n< What is your name?",
        "=",
        "= not a state",
        "= @",
        "? size",
        "? = small",
        "@wait",
        "@wait soon",
        "@wait 10",
        "@wait +5m",
        "@wait é",
        "@redeliver",
        "> hello\n@redeliver now",
        "@media",
        "@media picture\n>",
        "@location here\n>",
        "@button\n>",
        "@button l",
        "@deploy other.yaml",
        "@restart",
        "@whatsapp please",
    ] {
        let errors = ChatFile::parse("test.chat", chat).unwrap_err();
        writeln!(report, "{chat}").unwrap();
        for error in errors {
            writeln!(report, "  {error}").unwrap();
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn coverage_tells_what_no_chat_went_through() {
    let flows = flows(vec![shop()]);
    let gaps = |chats: &[&str]| {
        let mut coverage = crate::conversation::Coverage::default();
        for chat in chats {
            let report = run(&flows, &ChatFile::parse("test.chat", chat).unwrap());
            assert_eq!(report.mismatch, None);
            coverage.merge(report.coverage);
        }
        coverage
            .gaps(&flows)
            .into_iter()
            .map(|Gap { step, way, .. }| (step, way))
            .collect::<Vec<_>>()
    };
    let of = |step: &str, way: Way| (step.to_owned(), way);
    assert_eq!(gaps(&[]).len(), 14, "each step once");
    let begun = "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n";
    assert_eq!(gaps(&[begun])[0], of("size", Way::Answered));
    let order = format!(
        "{begun}> 1\n< How many?\n> 1\n< Anything else? Say skip if not.\n> skip\n\
         < Is it a gift?\n> no\n< 1 x Small, 20 cm. No note.\n<---\n< Like this:\n\
         <media https://example.com/small.jpg"
    );
    let many = format!(
        "{begun}> 1\n< How many?\n> menu\n< We sell pizza.\n< How many?\n> 10\n< So many! Please call us."
    );
    assert_eq!(
        gaps(&[&order, &many]),
        [
            of("count", Way::Failed),
            of("gift", Way::Next),
            of("wrap", Way::Reached),
            of("sort", Way::If(0)),
            of("big", Way::Reached),
            of("give_up", Way::Reached),
            of("human", Way::Reached),
        ]
    );
}

proptest! {
    #[test]
    fn any_text_is_a_chat_file_or_its_faults(
        lines in proptest::collection::vec(r"(> |< |<|= |= @|\? a = |@wait |@media |@button |@redeliver|# )?\PC{0,12}", 0..12),
    ) {
        if let Ok(chat) = ChatFile::parse("any.chat", &lines.join("\n")) {
            let report = run(&flows(vec![favorite_song(), shop()]), &chat);
            if let Some(mismatch) = report.mismatch {
                prop_assert!((1..=lines.len()).contains(&mismatch.line));
            }
        }
    }
}
